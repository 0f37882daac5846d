//===- DroppedErrors.h - Errors of cancelled operations that nobody obeys -===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// An await that returns its error instead of throwing it tells of a
// cancellation in that error. Found here are those whose error is dropped, so
// that the coroutine comes back to the same await without end:
//
//   auto [error, socket] = co_await acceptor.async_accept(as_tuple);
//   if (error) { log(error); continue; }      // close() ends only one round
//
// The paths from the await are followed as they are taken while the operation
// fails: `if (error)` goes one way there. A test of the error that is not
// understood goes both ways, and so does every other condition; a path that
// leaves, or that hands the error to a function which may throw it, makes the
// await a good one. That a cancelled coroutine is woken at its next await by an
// exception saves it from all this; it is the closing of an object that is told
// by nothing but errors, each time anew.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_CANCEL_DROPPEDERRORS_H
#define CORO_ANALYSIS_CANCEL_DROPPEDERRORS_H

#include "analysis/cancel/SwallowedCancellation.h"

namespace coro {

struct DroppedError {
  const clang::CoroutineSuspendExpr *Await = nullptr;
  Canceller By;
  /// Something else is awaited on the way round: it does not spin.
  bool Pauses = false;
  Confidence Sure = Confidence::High;
};

/// In the order of the source. Cost: a walk over the control flow for each
/// await of \p C that returns its error.
std::vector<DroppedError> findDroppedErrors(Unit &U, const Coroutine &C);

} // namespace coro

#endif // CORO_ANALYSIS_CANCEL_DROPPEDERRORS_H
