//===- Cleanup.h - Cleanup that a cancelled coroutine does not reach ------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A coroutine that is cancelled does not come to the statement after its
// await. Found here is what should have happened there:
//
//   Restore  a flag or counter that others look at is changed before an await
//            and put back after it (a forward data flow over such changes);
//   Await    after a handler that has kept the exception, cleanup is awaited,
//            in a library in which every await of a cancelled coroutine fails;
//   Guard    a scope guard that acts by whether an exception is thrown, in a
//            library that destroys frames without one.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_CANCEL_CLEANUP_H
#define CORO_ANALYSIS_CANCEL_CLEANUP_H

#include "analysis/ast/ObjectPath.h"
#include "analysis/cancel/SwallowedCancellation.h"

namespace coro {

enum class CleanupKind { Restore, Await, Guard };

struct UnshieldedCleanup {
  CleanupKind Kind = CleanupKind::Restore;
  /// The await that is cut off.
  const clang::CoroutineSuspendExpr *Await = nullptr;
  Confidence Sure = Confidence::High;
  /// How the coroutine is cancelled; null if that is not known.
  const CancellationModel *How = nullptr;

  // Restore
  ObjectPath Object;
  const clang::Expr *Changed = nullptr;
  const clang::Expr *Restored = nullptr;

  // Await
  const clang::CXXCatchStmt *Handler = nullptr;
  const clang::CoroutineSuspendExpr *Cleanup = nullptr;
  Canceller By;

  // Guard
  const clang::VarDecl *Guard = nullptr;
  GuardOn On = GuardOn::None;
};

/// Cost: one data flow for a coroutine that changes flags or counters.
std::vector<UnshieldedCleanup> findUnshieldedCleanup(Unit &U,
                                                     const Coroutine &C);

} // namespace coro

#endif // CORO_ANALYSIS_CANCEL_CLEANUP_H
