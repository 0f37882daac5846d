//===- AfterSelect.h - What happens where a branch lost -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Follows the paths from a select on which one of its branches has lost. A
// forward data flow: the branch "may have lost" until a test of the select's
// result shows that it won (SelectResult.h), or the object that is followed is
// closed, moved from, assigned or destroyed. Flags that were set to a constant
// on the way decide the conditions that test them.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_CANCEL_AFTERSELECT_H
#define CORO_ANALYSIS_CANCEL_AFTERSELECT_H

#include "analysis/cancel/Select.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace coro {

/// What to follow.
struct LosingBranch {
  unsigned Branch = 0;
  /// Follow the paths on which it has won instead.
  bool Wins = false;
  /// The object whose next use is asked for; none: only the way back to the
  /// select counts.
  ObjectPath Object;
  ObjectUse Again = ObjectUse::Takes; ///< the use that is asked for
  ObjectPath Timer;                   ///< whose setting is asked for, or none
};

/// What happens on the paths on which the branch lost.
struct LosingPaths {
  bool Complete = false; ///< false: out of budget, and nothing is known

  /// The next use of the object, the surest before others.
  bool UsedAgain = false;
  clang::SourceRange Use;
  bool NextRound = false; ///< the use is the select itself
  bool Unasked = false;   ///< nobody asked before who won
  Confidence Sure = Confidence::Low;

  /// Such a path leads to the select again.
  bool ComesBack = false;
  Confidence BackSure = Confidence::Low;
  bool BackUnasked = false;

  /// Such a path ends by returning: the caller may go on with the object.
  bool Returns = false;
  Confidence ReturnSure = Confidence::Low;

  /// On such a path, the timer is set anew, and the select reached again.
  bool SetAnew = false;
  clang::SourceRange Setting;

  /// What is evaluated on such paths, after a test said so.
  llvm::SmallPtrSet<const clang::Stmt *, 32> Known;
  /// What is evaluated on paths on which the branch may have lost.
  llvm::SmallPtrSet<const clang::Stmt *, 32> Possible;
};

/// Cost: one data flow.
LosingPaths followLoser(Unit &U, const Flow &F, const SelectSite &Site,
                        const LosingBranch &Loser);

/// Does \p Call (of a function, or the construction of a timer) set a timer to
/// a time from now on that is the same in each round?
bool setsFromNow(const Models &Known, const clang::Expr *Call);

/// Does \p E ask a clock for the time, itself or through a local variable?
bool asksClock(const clang::Expr *E, unsigned Depth = 0);

/// Is \p Time a length of time that does not depend on the clock?
bool isFixedLength(const clang::Expr *Time);

} // namespace coro

#endif // CORO_ANALYSIS_CANCEL_AFTERSELECT_H
