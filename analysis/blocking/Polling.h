//===- Polling.h - Loops that only wait for a condition -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_BLOCKING_POLLING_H
#define CORO_ANALYSIS_BLOCKING_POLLING_H

#include "analysis/unit/Unit.h"

namespace coro {

/// A loop that does nothing but look again and again whether somebody else has
/// changed something.
struct Poll {
  const clang::Stmt *Loop = nullptr;
  /// What is looked at.
  const clang::Expr *Condition = nullptr;
  /// The variable, field or function that the condition reads.
  const clang::ValueDecl *State = nullptr;
  /// How the loop passes the time; null if it spins.
  const clang::Expr *Pause = nullptr;
  bool Suspends = false; ///< Pause is awaited
  bool NoTime = false;   ///< Pause lets others have their turn, no longer
  bool Bounded = false;  ///< it gives up after a number of rounds
};

/// The polling loops of \p C. The condition must read state that somebody else
/// can change (a member, a global, something passed by reference or captured
/// so) and have no effect; the body must do nothing but pass the time. Whatever
/// else is done in a loop, be it a retry, a heartbeat or work, makes it no
/// poll. Linear in the size of the body.
std::vector<Poll> findPolls(Unit &U, const Coroutine &C);

} // namespace coro

#endif // CORO_ANALYSIS_BLOCKING_POLLING_H
