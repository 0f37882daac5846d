//===- ThreadState.h - State of a thread that is trusted on another one ---===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A coroutine may go on, after a suspension, on another thread; and on the same
// one others have run meanwhile. What it learnt of the thread before (the
// address of a thread_local, the thread's id) is then another thread's, and
// what it left there (errno, a thread_local that it set) was overwritten.
//
// A forward data flow over each coroutine that has such a thing, with a state
// of one number for each. References and pointers to thread_local objects are
// borrows, and come from Borrows.h.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_THREADSTATE_H
#define CORO_ANALYSIS_LIFETIME_THREADSTATE_H

#include "analysis/facts/Report.h"
#include "analysis/unit/Unit.h"

namespace coro {

enum class ThreadFact {
  Reference, ///< refers to an object of the thread
  Value,     ///< a copy of what holds on the thread only: its id
  LastError, ///< how the thread's last system call ended: errno
  Set,       ///< a thread_local that this coroutine set
  Bound,     ///< an object that must stay on its thread
};

/// Does a suspension take a coroutine to another thread?
enum class ThreadMove {
  Never,   ///< its library resumes it where it was
  Unknown, ///< where it goes on depends on what is not seen
  Shown,   ///< it does: a transfer, a thread pool, a new thread
};

struct ThreadStateUse {
  const Coroutine *In = nullptr;
  ThreadFact Fact = ThreadFact::Value;
  /// The local that holds it, the thread_local, or the object.
  const clang::NamedDecl *What = nullptr;
  const clang::Stmt *Obtained = nullptr; ///< where it was read, set or made
  const clang::CoroutineSuspendExpr *Suspension = nullptr;
  const clang::Expr *Use = nullptr; ///< null for Bound
  std::string Reason;               ///< for Bound: why it must stay
  ThreadMove Move = ThreadMove::Unknown;
  Confidence Sure = Confidence::Medium;
};

/// All of them, in the order of the functions, each once: the first use of
/// what was obtained at one place. Functions in which the budget runs out
/// have none.
std::vector<ThreadStateUse> threadStateUses(Unit &U);

/// What is known of the thread on which \p C goes on after \p Suspension.
ThreadMove threadMove(Unit &U, const Coroutine &C,
                      const clang::CoroutineSuspendExpr *Suspension);

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_THREADSTATE_H
