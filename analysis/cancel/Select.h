//===- Select.h - Awaits that end with the first of several ---------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Finds the selects of a unit: combinators that end with the first of several
// awaitables and cancel the rest, and tells what is lost with a branch that
// loses, if anybody can notice.
//
// Whether somebody notices is decided path by path, by a forward data flow
// that starts at the select: a branch "may have lost" until a test of the
// select's result shows that it won, or its object is closed, moved from,
// assigned or destroyed. Going on with the object before that is a finding:
// taking from it again when the branch took from it, putting into it again
// when the branch put. That the select stands in a loop is no evidence by
// itself.
//
// A function that returns after its branch has lost leaves the question to its
// callers: where one of them, whatever it was told, calls it again with the
// same object, the data is missed there.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_CANCEL_SELECT_H
#define CORO_ANALYSIS_CANCEL_SELECT_H

#include "analysis/cancel/Cancellation.h"
#include "analysis/facts/Report.h"

namespace clang {
class CXXTryStmt;
} // namespace clang

namespace coro {

/// One select.
struct SelectSite {
  const clang::FunctionDecl *Function = nullptr;
  const clang::CallExpr *Call = nullptr; ///< of the outermost combinator
  const clang::CoroutineSuspendExpr *Await = nullptr;
  const FunctionModel *Model = nullptr;
  /// The operands, with nested combinators of the same kind taken apart; a
  /// result's alternatives are numbered like them. Of a completion token, the
  /// operation that it is given to.
  llvm::SmallVector<const clang::Expr *, 4> Branches;
  llvm::SmallVector<AwaitedOperation, 4> Operations;
  /// A branch that loses ends the select with an exception, so that what comes
  /// after it is a path on which none has lost.
  bool Throws = false;
  /// The statement whose handlers go on after that, or null.
  const clang::CXXTryStmt *Try = nullptr;
};

/// Why a select loses data.
enum class SelectReason {
  DiscardedResult,
  PartialProgress,
  TerminalThenReused,
  PayloadInFrame,
  PayloadMovedIn,
  RestartedInLoop,
  TimerRestarted,
  QueuePosition,
};

/// A branch that loses something which is missed later.
struct SelectFinding {
  const SelectSite *Site = nullptr;
  unsigned Branch = 0;
  SelectReason Reason = SelectReason::TerminalThenReused;
  Confidence Sure = Confidence::High;
  ObjectPath Object;
  /// Where the object is used again; invalid for the reasons that are about the
  /// next round alone.
  clang::SourceRange UsedAgain;
  /// The use is the select itself, in the next round of a loop.
  bool NextRound = false;
  /// What was moved into the branch, and whether it is sent again, empty.
  ObjectPath Moved;
  bool SentEmpty = false;
  /// TimerRestarted: the timer is an overall deadline, not a tick.
  bool IsDeadline = false;
  /// More steps of the path, after those of the operation.
  std::vector<CancellationStep> Steps = {};
};

/// The selects of a unit and what they lose. Cost: one data flow a branch that
/// can lose something.
class Selects {
public:
  explicit Selects(Unit &U);

  llvm::ArrayRef<SelectFinding> findings() const { return Findings; }

private:
  void collect(const clang::FunctionDecl *Function, const Flow &F);
  void judge(const SelectSite &Site, const Flow &F);
  void askCallers(SelectFinding Finding, Payload Data);

  Unit &U;
  Cancellations &Guarantees;
  std::vector<std::unique_ptr<SelectSite>> Sites;
  std::vector<SelectFinding> Findings;
};

} // namespace coro

#endif // CORO_ANALYSIS_CANCEL_SELECT_H
