//===- DyingArgument.h - Calls that let an argument of a task die ---------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Puts three questions about a call together: what is its argument bound to
// (ArgumentLife), how long does the task live (TaskLife), and does the
// coroutine still need the argument (LateUse)? The signature of a coroutine is
// no hazard, the call is.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_DYINGARGUMENT_H
#define CORO_ANALYSIS_LIFETIME_DYINGARGUMENT_H

#include "analysis/facts/Report.h"
#include "analysis/lifetime/TaskLife.h"

namespace coro {

struct LateUseSummary;
struct TaskSummary;

/// An argument, object or closure that dies while its task still needs it.
struct DyingArgument {
  const clang::CallExpr *Call = nullptr;
  const clang::FunctionDecl *Caller = nullptr;
  const clang::FunctionDecl *Callee = nullptr;
  Slot What = ObjectSlot;
  ArgumentLife Life;
  TaskLife Task;
  LateUse Use; ///< in this unit
  /// What the index says of a callee whose body is in another unit; both null
  /// otherwise.
  const TaskSummary *Beyond = nullptr;
  const LateUseSummary *UseBeyond = nullptr;
  Confidence Sure = Confidence::High;
  /// Where the task is awaited, started, put away or returned after all; may be
  /// null.
  const clang::Stmt *Later = nullptr;
  /// The lambda whose closure dies; null when it is something else.
  const clang::LambdaExpr *Closure = nullptr;
  /// What dies is not the closure, but what this capture of it refers to.
  const clang::ValueDecl *Captured = nullptr;

  /// A plain function hands the task out: what dies is its scope's.
  bool isReturned() const { return Task.What == Fate::Returned; }
  /// Was a suspension written before the use?
  bool isAfterSuspension() const;
};

class DyingArguments {
public:
  explicit DyingArguments(Unit &U);

  /// In the order of the source.
  llvm::ArrayRef<DyingArgument> all() const { return All; }

  /// The same for what coroutine lambdas refer to by their captures, where the
  /// closure itself is given to somebody who keeps it; Call is that call. Those
  /// of one closure stand together.
  llvm::ArrayRef<DyingArgument> captures() const { return Captures; }

  /// Is there a call of \p Function in this unit, and do all of them keep what
  /// is bound to \p What alive until the task has ended?
  /// Other units count as far as the index knows their calls.
  bool allCallsAreSafe(const clang::FunctionDecl *Function, Slot What);

  /// Does this call keep what is bound to \p What alive until the task has
  /// ended? Of a callee without a body the answer is that of this unit alone.
  bool isSafe(const TaskLives::Made &Made, Slot What);

private:
  void judge(const TaskLives::Made &Made, Slot What);
  bool goesOnAlone(const DyingArgument &D, bool &Survives) const;
  void judgeCallables(const TaskLives::Made &Made);
  void judgeCaptures(const clang::CallExpr *Call,
                     const clang::FunctionDecl *Caller);
  bool judgeTemporary(DyingArgument &D);
  bool judgeLocal(DyingArgument &D);
  bool awaitsWhatTaskWasGiven(const DyingArgument &D,
                              const clang::Stmt *Scope) const;

  Unit &U;
  LateUses &Late;
  TaskLives &Lives;
  std::vector<DyingArgument> All, Captures;
};

/// A coroutine lambda that is given, uncalled, to a function which destroys the
/// closure as soon as its call returned (a fact from the models).
struct DroppedClosure {
  const clang::LambdaExpr *Lambda = nullptr;
  const clang::CallExpr *Taker = nullptr;
  LateUse Use;
};
std::vector<DroppedClosure> droppedClosures(Unit &U);

/// What dies, and when, for a message about the task: "the temporary bound to
/// its parameter 's', which dies at the end of this statement".
std::string describe(const DyingArgument &D);

/// The name of a slot for a message: "'s'", "number 2", "'*this'".
std::string slotName(const clang::FunctionDecl *Function, Slot What);

/// The path to the late use: where the task goes, suspends, and uses it.
void addPath(Unit &U, const DyingArgument &D, std::vector<ReportNote> &Notes);

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_DYINGARGUMENT_H
