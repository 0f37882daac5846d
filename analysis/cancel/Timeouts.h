//===- Timeouts.h - Time limits that stop nothing -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A time limit asks an operation to stop; whether it does is the operation's
// business. Found here are selects (models: `select`) whose operation
//
//   - cannot be cancelled (models: `uncancellable`), itself or where a
//   coroutine
//     awaits it: the select waits for its end, however late;
//   - is a coroutine that never suspends: it runs to its end before the timer
//     that should limit it is even started;
//   - is only abandoned, and goes on with references to this frame.
//
// The same for an operation that is handed a token by which it cannot be
// cancelled.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_CANCEL_TIMEOUTS_H
#define CORO_ANALYSIS_CANCEL_TIMEOUTS_H

#include "analysis/facts/Report.h"
#include "analysis/lifetime/LateUse.h"
#include "analysis/unit/Unit.h"

namespace coro {

enum class TimeoutFault {
  Uncancellable, ///< the operation ends when it likes
  NeverSuspends, ///< there is nothing in it that could be stopped
  Abandoned,     ///< it goes on with what dies with the frame
};

struct IneffectiveTimeout {
  TimeoutFault Fault = TimeoutFault::Uncancellable;
  /// The select, or the call that is given a token in vain.
  const clang::CallExpr *Limit = nullptr;
  const FunctionModel *LimitModel = nullptr; ///< null for a token
  /// The operation that should be stopped: a branch, or Limit itself.
  const clang::CallExpr *Operation = nullptr;
  /// Uncancellable: the call that cannot be stopped, and the coroutines on the
  /// way to it, outermost first.
  const clang::CallExpr *Stuck = nullptr;
  llvm::SmallVector<const clang::CallExpr *, 4> Path;
  /// Abandoned: what dies, and its use after that if the body shows it.
  const clang::VarDecl *Dying = nullptr;
  LateUse Use;
  Confidence Sure = Confidence::High;
};

/// In the order of the source. Cost: a walk over each awaited expression of
/// \p C, and over the bodies that are awaited there.
std::vector<IneffectiveTimeout> findIneffectiveTimeouts(Unit &U,
                                                        const Coroutine &C);

} // namespace coro

#endif // CORO_ANALYSIS_CANCEL_TIMEOUTS_H
