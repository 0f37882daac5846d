//===- Executor.h - Which thread a coroutine runs on ----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// May the thread that a coroutine runs on block? A coroutine belongs to an
// event loop unless its starts show otherwise: it is spawned on a thread pool,
// its promise is made with one, or it is only ever awaited by coroutines that
// are there. An awaited transfer that really
// moves changes that in mid-function; where a library brings coroutines back to
// their executor, the next await ends it.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_UNIT_EXECUTOR_H
#define CORO_ANALYSIS_UNIT_EXECUTOR_H

#include "analysis/unit/Unit.h"

namespace coro {

enum class ThreadRole {
  Loop,     ///< other coroutines wait for it
  MayBlock, ///< a thread that is there to block
  Unknown,
};

/// Use Unit::shared<ExecutorRoles>().
class ExecutorRoles {
public:
  explicit ExecutorRoles(Unit &U) : U(U) {}

  /// The role of the thread on which the body of \p C starts.
  ThreadRole entry(const Coroutine &C);

  /// The role of the thread at \p Point of \p C. Unknown when the budget of the
  /// data flow runs out.
  ThreadRole at(const Coroutine &C, FlowPoint Point);

  /// What \p Executor, an executor, scheduler or execution context, says about
  /// its threads: MayBlock for a thread pool by type, Unknown where only a name
  /// hints at one, otherwise Loop.
  ThreadRole roleOf(const clang::Expr *Executor, unsigned Depth = 0) const;

  /// Is \p Await an awaited transfer that moves the coroutine? If so \returns
  /// where to.
  std::optional<ThreadRole>
  moves(const clang::CoroutineSuspendExpr *Await) const;

private:
  struct State;
  struct Analysis;

  ThreadRole roleOfUse(const clang::Expr *Used, const clang::FunctionDecl *In,
                       bool IsCallable, unsigned Depth);

  Unit &U;
  llvm::DenseMap<const Coroutine *, std::optional<ThreadRole>> Entries;
  llvm::DenseMap<const Coroutine *, std::vector<std::optional<ThreadRole>>>
      Blocks;
};

/// The outermost call that \p Await awaits, or null.
const clang::Expr *awaitedCall(const clang::CoroutineSuspendExpr *Await);

} // namespace coro

#endif // CORO_ANALYSIS_UNIT_EXECUTOR_H
