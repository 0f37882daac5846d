//===- Suspensions.h - Which coroutines really suspend --------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A coroutine whose awaits only reach coroutines of this unit which never
// suspend does not suspend either: awaiting it runs it to its end and goes on.
// The greatest fixpoint over the coroutines of a unit, so that recursion alone
// makes none suspend. Of those with a body in another unit the index tells.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_UNIT_SUSPENSIONS_H
#define CORO_ANALYSIS_UNIT_SUSPENSIONS_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace clang {
class CoroutineSuspendExpr;
class FunctionDecl;
} // namespace clang

namespace coro {

class Unit;
struct Coroutine;

class Suspensions {
public:
  /// \p Alone: for a summary of the unit, which holds whatever other units
  /// contain. Their tasks are taken for such that never suspend then.
  explicit Suspensions(Unit &U, bool Alone = false);

  /// Can this await suspend, as far as the bodies in this unit tell?
  bool maySuspend(const clang::CoroutineSuspendExpr *Await) const;

  /// Is \p Function a coroutine of this unit that never suspends once it was
  /// started?
  bool neverSuspends(const clang::FunctionDecl *Function) const;

  /// Does a coroutine begin to run in the place where it is called or awaited?
  /// False when its initial suspension does more, such as to change threads.
  bool startsInPlace(const Coroutine &C) const;

  /// The coroutine of this unit whose call \p Await awaits directly, or null.
  const Coroutine *awaited(const clang::CoroutineSuspendExpr *Await) const;

  /// The function with its body in another unit whose task \p Await awaits
  /// directly, or null.
  const clang::FunctionDecl *
  awaitedElsewhere(const clang::CoroutineSuspendExpr *Await) const;

private:
  Unit &U;
  const bool Alone;
  llvm::DenseSet<const clang::FunctionDecl *> Never;
};

} // namespace coro

#endif // CORO_ANALYSIS_UNIT_SUSPENSIONS_H
