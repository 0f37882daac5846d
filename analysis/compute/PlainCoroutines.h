//===- PlainCoroutines.h - Coroutines that could be plain functions -------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Finds coroutines which use nothing that only a coroutine has: no await but
// of others of their kind, and nothing that asks for a coroutine in their
// place (an interface, a function pointer, a template's duck typing, a caller
// that starts the task elsewhere).
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_COMPUTE_PLAINCOROUTINES_H
#define CORO_ANALYSIS_COMPUTE_PLAINCOROUTINES_H

#include "analysis/facts/Report.h"
#include "analysis/unit/Unit.h"

namespace coro {

class Suspensions;
struct IndexedCallers;

struct PlainCoroutine {
  const Coroutine *What = nullptr;
  Confidence Sure = Confidence::High;
  /// The awaits in it; all of others in this list, or like them elsewhere.
  llvm::SmallVector<const clang::CoawaitExpr *, 2> Awaits = {};
  /// The awaits of it in this unit: every visible call is the operand of one.
  llvm::SmallVector<const clang::CoawaitExpr *, 4> AwaitedAt = {};
  /// Calls in other units, by the index; all of them are awaited at once.
  const IndexedCallers *Elsewhere = nullptr;
  /// What it would return, as it is written ("std::string", "void"); empty
  /// when that cannot be told.
  std::string Result = {};
  /// Changes it and all its callers; empty unless all of them can be seen.
  std::vector<clang::FixItHint> Fixes = {};
};

/// Finds them in a unit. Cost: one walk over the user's code, and only when
/// there is a coroutine that never suspends.
class PlainCoroutines {
public:
  /// \p Alone: for a summary of the unit; tasks of other units are taken for
  /// such that could be plain functions, too.
  explicit PlainCoroutines(Unit &U, bool Alone = false);
  llvm::ArrayRef<PlainCoroutine> all() const { return Found; }

private:
  class Uses;
  bool isCandidate(const Coroutine &C, const Uses &Used);
  bool couldBePlain(const clang::CoawaitExpr *Await,
                    const Suspensions &Facts) const;
  bool usesNothing(const Coroutine &C, PlainCoroutine &Result) const;
  bool isCalledPlainly(PlainCoroutine &Result) const;
  void judge(PlainCoroutine &Result) const;
  void fix(PlainCoroutine &Result) const;

  Unit &U;
  const bool Alone;
  std::vector<PlainCoroutine> Found;
  llvm::DenseMap<const clang::FunctionDecl *, unsigned> Index;
};

} // namespace coro

#endif // CORO_ANALYSIS_COMPUTE_PLAINCOROUTINES_H
