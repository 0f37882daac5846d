//===- AwaiterPublish.h - Awaiters that are used after they are gone ------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// An awaiter lives in the frame of the coroutine that awaits. As soon as
// await_suspend has resumed that coroutine, destroyed it, or put its handle (or
// a pointer to the awaiter that keeps it) where somebody finds it who may do
// so, the awaiter may be gone. This finds what await_suspend touches after
// that.
//
// What is put somewhere under a lock is found by others when the lock is free;
// a compare-exchange that failed has put nothing anywhere.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AWAIT_AWAITERPUBLISH_H
#define CORO_ANALYSIS_AWAIT_AWAITERPUBLISH_H

#include "analysis/await/HandleFate.h"
#include "analysis/facts/Report.h"
#include "analysis/unit/Unit.h"

namespace coro {

/// One use of an awaiter, or of its coroutine's frame, that comes too late.
struct LateTouch {
  const clang::FunctionDecl *Suspend = nullptr; ///< await_suspend
  PublishKind Kind = PublishKind::Resumed;
  const clang::Expr *Publish = nullptr;
  /// What Publish gives the handle to, or null.
  const clang::FunctionDecl *Taker = nullptr;
  const clang::Expr *Touch = nullptr;
  /// The member that is touched, or the local variable that refers into the
  /// frame; null for `this` itself and for the handle.
  const clang::ValueDecl *Member = nullptr;
  bool TouchesHandle = false;
  Confidence Sure = Confidence::High;
};

/// All late touches of a unit, the first of each await_suspend and publication.
/// Cost: one walk over all bodies; control flow for functions named
/// await_suspend, and the lambdas in them, that give the handle away.
class AwaiterPublish {
public:
  explicit AwaiterPublish(Unit &U);
  llvm::ArrayRef<LateTouch> touches() const { return Found; }

private:
  class Body;
  void findWakers(Unit &U);
  std::vector<LateTouch> Found;
  /// Members and globals that are named in functions which resume a handle in
  /// place: what is put there is resumed on the thread that finds it, at once.
  llvm::DenseMap<const clang::ValueDecl *,
                 llvm::SmallVector<const clang::FunctionDecl *, 1>>
      Wakers;
};

} // namespace coro

#endif // CORO_ANALYSIS_AWAIT_AWAITERPUBLISH_H
