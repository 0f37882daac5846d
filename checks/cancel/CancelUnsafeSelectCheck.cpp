//===- CancelUnsafeSelectCheck.cpp - coro-cancel-unsafe-select ------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/cancel/CancelUnsafeSelectCheck.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace coro;

// One switch a reason.
static constexpr llvm::StringLiteral DiscardedResultOption = "DiscardedResult";
static constexpr llvm::StringLiteral PartialProgressOption = "PartialProgress";
static constexpr llvm::StringLiteral TerminalThenReusedOption =
    "TerminalThenReused";
static constexpr llvm::StringLiteral PayloadInFrameOption = "PayloadInFrame";

CancelUnsafeSelectCheck::CancelUnsafeSelectCheck(
    llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : CoroCheck(Name, Context),
      DiscardedResult(Options.get(DiscardedResultOption, true)),
      PartialProgress(Options.get(PartialProgressOption, true)),
      TerminalThenReused(Options.get(TerminalThenReusedOption, true)),
      PayloadInFrame(Options.get(PayloadInFrameOption, true)) {}

void CancelUnsafeSelectCheck::storeOptions(
    tidy::ClangTidyOptions::OptionMap &Opts) {
  CoroCheck::storeOptions(Opts);
  Options.store(Opts, DiscardedResultOption, DiscardedResult);
  Options.store(Opts, PartialProgressOption, PartialProgress);
  Options.store(Opts, TerminalThenReusedOption, TerminalThenReused);
  Options.store(Opts, PayloadInFrameOption, PayloadInFrame);
}

bool CancelUnsafeSelectCheck::isOn(SelectReason Reason) const {
  switch (Reason) {
  case SelectReason::DiscardedResult:
    return DiscardedResult;
  case SelectReason::PartialProgress:
    return PartialProgress;
  case SelectReason::TerminalThenReused:
    return TerminalThenReused;
  case SelectReason::PayloadInFrame:
    return PayloadInFrame;
  }
  llvm_unreachable("all reasons are listed");
}

void CancelUnsafeSelectCheck::analyze(Unit &U) {
  for (const SelectFinding &Finding : U.shared<Selects>().findings())
    if (isOn(Finding.Reason) &&
        !isAllowed(Finding.Site->Operations[Finding.Branch].Callee))
      report(Finding);
}

/// What is lost, at which suspension, and with what consequence.
static std::string whatHappens(const SelectFinding &Finding) {
  const AwaitedOperation &Op = Finding.Site->Operations[Finding.Branch];
  const std::string Object = Finding.Object.text();
  const std::string Branch = quoted(Op.Callee);
  const bool Writes = Op.Data == Payload::Commits;
  switch (Finding.Reason) {
  case SelectReason::DiscardedResult:
    return Branch +
           " may complete together with the branch that ends this "
           "select, which then drops its result: a message that was "
           "taken out of " +
           Object + " is lost, and " + Object + " is used again";
  case SelectReason::PayloadInFrame:
    return "when another branch ends this select, " + Branch +
           " may be suspended with a message that it took out of " + Object +
           ": the message is destroyed with its frame, and " + Object +
           " is used again";
  case SelectReason::PartialProgress:
  case SelectReason::TerminalThenReused:
    break;
  }
  std::string Cut =
      Op.Operation == Branch
          ? Branch + " is cancelled in the middle"
          : Branch + " is cancelled in the middle of " + Op.Operation;
  return "when another branch ends this select, " + Cut + ": " +
         (Writes ? "what it has put into " + Object +
                       " stays there unfinished, and " + Object +
                       " is written to again"
                 : "what it has taken out of " + Object + " is lost, and " +
                       Object + " is read from again");
}

static std::string whatToDo(const SelectFinding &Finding) {
  const SelectModel &Select = *Finding.Site->Model->Select;
  const AwaitedOperation &Op = Finding.Site->Operations[Finding.Branch];
  std::string Words;
  if (Finding.Reason == SelectReason::DiscardedResult)
    Words = Select.Replacement;
  else if (Finding.Reason == SelectReason::PayloadInFrame)
    Words = "hand it over before the branch suspends again";
  else if (Op.Data == Payload::Commits)
    Words = "close it when the write is cut off, or let the write end";
  else
    Words = "keep what arrives in a buffer that outlives the branch, or close "
            "the object";
  return Words.empty() ? Words : "; " + Words;
}

void CancelUnsafeSelectCheck::report(const SelectFinding &Finding) {
  const SelectSite &Site = *Finding.Site;
  Report R;
  // CallExpr hides the one that knows that an operator begins at its operand.
  R.Where = static_cast<const Stmt *>(Site.Call)->getBeginLoc();
  R.Message = whatHappens(Finding) + whatToDo(Finding);
  R.Sure = Finding.Sure;
  R.Highlights.push_back(Site.Branches[Finding.Branch]->getSourceRange());
  for (const CancellationStep &Step : Site.Operations[Finding.Branch].Steps)
    R.Notes.push_back({Step.Where, Step.Message});
  R.Notes.push_back(
      {Finding.UsedAgain,
       Finding.Object.text() + (Finding.NextRound
                                    ? " is used again here, in the next round"
                                    : " is used again here")});
  emit(std::move(R));
}
