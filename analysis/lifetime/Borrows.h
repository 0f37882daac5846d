//===- Borrows.h - Borrows that are used after a suspension ---------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// For each coroutine: which local references, pointers, iterators, views and
// aggregates of them are used after a suspension, though somebody else may have
// ended meanwhile what they refer to.
//
// The state of a forward data flow is, for each pair of a local borrow and a
// loan that it can have, whether it has it, and since which suspension it is
// stale. A definition kills and takes loans, a copy hands them on with their
// state, a suspension makes them stale, a new look-up or a version test makes
// them fresh. Which pairs there can be is found first, so that the state is a
// vector of small numbers. A second flow over the same pairs finds what the
// coroutine itself ends between the look-up and the use (OwnChanges.h). Cost:
// linear in the function times the pairs that are live, bounded by the budget
// of Dataflow.h and by MaxPairs.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_BORROWS_H
#define CORO_ANALYSIS_LIFETIME_BORROWS_H

#include "analysis/facts/Report.h"
#include "analysis/lifetime/Invalidation.h"
#include "analysis/lifetime/Origins.h"
#include <vector>

namespace clang {
class CXXForRangeStmt;
class CoroutineSuspendExpr;
} // namespace clang

namespace coro {

struct Coroutine;

/// A use of a borrow that may have been ended during a suspension.
struct StaleUse {
  const Coroutine *In = nullptr;
  const clang::VarDecl *Variable = nullptr;
  /// The loop of which Variable is a hidden iterator; null for others.
  const clang::CXXForRangeStmt *Loop = nullptr;
  const clang::Expr *Use = nullptr;
  const clang::CoroutineSuspendExpr *Suspension = nullptr;
  /// The operation by which the coroutine itself ends it; null where it is
  /// others who may.
  const clang::Expr *Changed = nullptr;
  Tie Effect = Tie::Removal; ///< of Changed
  Loan Taken;
  Tie How = Tie::Reference;
  /// Who may end it meanwhile, the most telling first; may be empty.
  std::vector<Invalidator> By;
  /// The call that passes the container, when a parameter is one.
  const clang::Expr *PassedAt = nullptr;
  Confidence Sure = Confidence::Low;
};

/// Shared by the checks of a unit; all coroutines are looked at once.
class Borrows {
public:
  explicit Borrows(Unit &U);

  static constexpr unsigned MaxPairs = 20'000;

  /// One entry for each loan that goes wrong, at its first use in the source.
  /// Functions in which the budget ran out have none.
  llvm::ArrayRef<StaleUse> staleUses() const { return Found; }

private:
  std::vector<StaleUse> Found;
};

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_BORROWS_H
