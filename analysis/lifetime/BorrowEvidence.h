//===- BorrowEvidence.h - How sure is it that a borrow goes stale? --------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_BORROWEVIDENCE_H
#define CORO_ANALYSIS_LIFETIME_BORROWEVIDENCE_H

#include "analysis/lifetime/Borrows.h"

namespace coro {

class Exclusion;
class RunOrder;

/// Finds who may end a borrow while the coroutine is suspended, and weighs it.
///
/// `High` needs an operation on that very container, smart pointer or object,
/// in another function than the coroutine and what only it (or a constructor)
/// calls. A lock of coroutines that is held makes it `Low`; a member by which
/// the coroutine has shut out who could do it, an object that is a local of
/// every caller, or nobody but the coroutine itself makes it less than `High`.
class BorrowEvidence {
public:
  explicit BorrowEvidence(Unit &U);

  /// Fills in By, PassedAt and Sure. Cost: linear in the operations on what is
  /// borrowed and in the callers of the coroutine.
  void weigh(StaleUse &S);

private:
  Confidence weighElement(StaleUse &S);
  Confidence weighParameter(StaleUse &S);
  Confidence weighTemporaryOwner(StaleUse &S);
  Confidence collect(StaleUse &S, const clang::ValueDecl *Holder,
                     const clang::FunctionDecl *Caller);
  bool isLocalOfEveryCaller(const clang::FunctionDecl *Function);
  bool isGivenShared(const clang::FunctionDecl *Function);

  Unit &U;
  Origins &Where;
  Invalidation &Operations;
  RunOrder &Order;
  Exclusion &Locks;
};

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_BORROWEVIDENCE_H
