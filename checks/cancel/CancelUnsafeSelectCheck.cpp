//===- CancelUnsafeSelectCheck.cpp - coro-cancel-unsafe-select ------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/cancel/CancelUnsafeSelectCheck.h"
#include "analysis/ast/Walk.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace coro;

// One switch a reason, in the order of SelectReason.
static constexpr llvm::StringLiteral ReasonOptions[] = {
    "DiscardedResult", "PartialProgress", "TerminalThenReused",
    "PayloadInFrame",  "PayloadMovedIn",  "RestartedInLoop",
    "TimerRestarted",  "QueuePosition"};

CancelUnsafeSelectCheck::CancelUnsafeSelectCheck(
    llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : CoroCheck(Name, Context) {
  for (llvm::StringRef Option : ReasonOptions)
    IsOn.push_back(Options.get(Option, true));
}

void CancelUnsafeSelectCheck::storeOptions(
    tidy::ClangTidyOptions::OptionMap &Opts) {
  CoroCheck::storeOptions(Opts);
  for (auto [Option, On] : llvm::zip_equal(ReasonOptions, IsOn))
    Options.store(Opts, Option, On);
}

void CancelUnsafeSelectCheck::analyze(Unit &U) {
  for (const SelectFinding &Finding : U.shared<Selects>().findings())
    if (IsOn[static_cast<unsigned>(Finding.Reason)] &&
        !isAllowed(Finding.Site->Operations[Finding.Branch].Callee))
      report(Finding, U.flow(Finding.Site->Function));
}

/// What becomes of a branch that loses.
static std::string fate(LoserFate Losers, const std::string &Where) {
  switch (Losers) {
  case LoserFate::Destroyed:
    return " is destroyed" + Where;
  case LoserFate::Abandoned:
    return " goes on by itself";
  case LoserFate::Cancelled:
  case LoserFate::Awaited:
    break;
  }
  return " is cancelled" + Where;
}

/// A message that the losing branch takes, or has taken.
static std::string lostMessage(const SelectFinding &Finding,
                               const std::string &Branch) {
  const std::string Object = Finding.Object.text();
  if (Finding.Site->Model->Select->Losers == LoserFate::Abandoned)
    return "when another branch ends this select, " + Branch +
           " goes on by itself: the next message that comes out of " + Object +
           " is lost, and " + Object + " is used again";
  if (Finding.Reason == SelectReason::PayloadInFrame)
    return "when another branch ends this select, " + Branch +
           " may be suspended with a message that it took out of " + Object +
           ": the message is destroyed with its frame, and " + Object +
           " is used again";
  return Branch +
         " may complete together with the branch that ends this select, which "
         "then drops its result: a message that was taken out of " +
         Object + " is lost, and " + Object + " is used again";
}

/// An operation that is cut off in the middle.
static std::string lostProgress(const SelectFinding &Finding,
                                const std::string &Branch) {
  const AwaitedOperation &Op = Finding.Site->Operations[Finding.Branch];
  const LoserFate Losers = Finding.Site->Model->Select->Losers;
  const std::string Object = Finding.Object.text();
  const std::string Cut =
      "when another branch ends this select, " + Branch +
      fate(Losers, Op.Operation == Branch
                       ? " in the middle"
                       : " in the middle of " + Op.Operation) +
      ": ";
  const bool Writes = Op.Data == Payload::Commits;
  if (Losers == LoserFate::Abandoned)
    return Cut + Object + (Writes ? " is written to" : " is read from") +
           " again beside it, and " +
           (Writes ? "the two writes are mixed"
                   : "each takes a part of what arrives");
  return Cut + (Writes ? "what it has put into " + Object +
                             " stays there unfinished, and " + Object +
                             " is written to again"
                       : "what it has taken out of " + Object +
                             " is lost, and " + Object + " is read from again");
}

/// A select that stands in a loop.
static std::string eachRound(const SelectFinding &Finding,
                             const std::string &Branch) {
  const std::string Object =
      Finding.Object ? " of " + Finding.Object.text() : std::string();
  if (Finding.Reason == SelectReason::QueuePosition)
    return "when another branch ends this select, " + Branch + Object +
           " loses its place in the queue of those who wait, and the next "
           "round begins at its end";
  if (Finding.Reason == SelectReason::TimerRestarted)
    return Branch + Object +
           (Finding.IsDeadline
                ? " counts from the beginning of each round: whatever else "
                  "ends this select extends the time limit"
                : " begins anew in each round: as long as the other branches "
                  "end this select sooner, what is to be done when it expires "
                  "is never done");
  const bool Abandoned =
      Finding.Site->Model->Select->Losers == LoserFate::Abandoned;
  return Branch +
         " is begun anew in each round of this loop: whenever another "
         "branch ends the select first, " +
         (Abandoned ? "the one before goes on by itself beside it"
                    : "what it has done is thrown away, and it may never get "
                      "to its end");
}

static std::string whatHappens(const SelectFinding &Finding) {
  const std::string Branch =
      quoted(Finding.Site->Operations[Finding.Branch].Callee);
  switch (Finding.Reason) {
  case SelectReason::DiscardedResult:
  case SelectReason::PayloadInFrame:
    return lostMessage(Finding, Branch);
  case SelectReason::PartialProgress:
  case SelectReason::TerminalThenReused:
    return lostProgress(Finding, Branch);
  case SelectReason::PayloadMovedIn:
    return "when another branch ends this select, what was moved out of " +
           Finding.Moved.text() + " into " + Branch + " is destroyed" +
           (Finding.SentEmpty
                ? ": the next round sends " + Finding.Moved.text() + " empty"
                : " unsent: the message is lost, and " + Finding.Object.text() +
                      " is sent to again");
  case SelectReason::RestartedInLoop:
  case SelectReason::TimerRestarted:
  case SelectReason::QueuePosition:
    return eachRound(Finding, Branch);
  }
  llvm_unreachable("all reasons are listed");
}

static std::string whatToDo(const SelectFinding &Finding) {
  const SelectModel &Select = *Finding.Site->Model->Select;
  const AwaitedOperation &Op = Finding.Site->Operations[Finding.Branch];
  switch (Finding.Reason) {
  case SelectReason::DiscardedResult:
    return Select.Replacement;
  case SelectReason::PayloadInFrame:
    return "hand it over before the branch suspends again";
  case SelectReason::PartialProgress:
  case SelectReason::TerminalThenReused:
    return Op.Data == Payload::Commits
               ? "close it when the write is cut off, or let the write end"
               : "keep what arrives in a buffer that outlives the branch, or "
                 "close the object";
  case SelectReason::PayloadMovedIn:
    return "send a copy, or await the send by itself";
  case SelectReason::RestartedInLoop:
    return Select.Keep.empty() ? "begin it once before the loop, and await "
                                 "the same operation in each round"
                               : Select.Keep;
  case SelectReason::TimerRestarted:
    return Finding.IsDeadline ? "compute the point in time once before the loop"
                              : "set it anew only when it has expired";
  case SelectReason::QueuePosition:
    return "await it by itself, or begin it once before the loop";
  }
  llvm_unreachable("all reasons are listed");
}

/// Does somebody ask which error ended the select?
static bool errorIsLookedAt(const SelectSite &Site, const Flow &F) {
  for (const Stmt *S = Site.Await; S; S = F.parent(S))
    if (const auto *Try = dyn_cast<CXXTryStmt>(S))
      for (unsigned I = 0; I < Try->getNumHandlers(); ++I)
        if (Try->getHandler(I)->getExceptionDecl())
          return true;
  // result.hasException<Timeout>()
  const ValueDecl *Result = resultVariable(F, Site.Await);
  return contains(F.body(), [&](const Stmt *S) {
    const auto *Member = dyn_cast<MemberExpr>(S);
    if (!Member || !Member->hasExplicitTemplateArgs())
      return false;
    const auto *Ref =
        dyn_cast_or_null<DeclRefExpr>(stripTransfers(Member->getBase()));
    return Ref && Ref->getDecl() == Result;
  });
}

/// The rename to the sibling that loses nothing: its result has the same type,
/// but it ends with another error.
static std::optional<FixItHint> renamed(const SelectFinding &Finding,
                                        const Flow *F) {
  const SelectSite &Site = *Finding.Site;
  const SelectModel &Select = *Site.Model->Select;
  const auto *Name =
      dyn_cast<DeclRefExpr>(Site.Call->getCallee()->IgnoreParenImpCasts());
  if (Finding.Reason != SelectReason::DiscardedResult ||
      Select.Rename.empty() || !Name || !F || errorIsLookedAt(Site, *F))
    return std::nullopt;
  return FixItHint::CreateReplacement(Name->getNameInfo().getSourceRange(),
                                      Select.Rename);
}

void CancelUnsafeSelectCheck::report(const SelectFinding &Finding,
                                     const Flow *F) {
  const SelectSite &Site = *Finding.Site;
  Report R;
  // CallExpr hides the one that knows that an operator begins at its operand.
  R.Where = static_cast<const Stmt *>(Site.Call)->getBeginLoc();
  const std::string Instead = whatToDo(Finding);
  R.Message = whatHappens(Finding) + (Instead.empty() ? "" : "; " + Instead);
  R.Sure = Finding.Sure;
  R.Highlights.push_back(Site.Branches[Finding.Branch]->getSourceRange());
  for (const CancellationStep &Step : Site.Operations[Finding.Branch].Steps)
    R.Notes.push_back({Step.Where, Step.Message});
  for (const CancellationStep &Step : Finding.Steps)
    R.Notes.push_back({Step.Where, Step.Message});
  if (Finding.UsedAgain.isValid())
    R.Notes.push_back(
        {Finding.UsedAgain,
         Finding.Object.text() + (Finding.NextRound
                                      ? " is used again here, in the next round"
                                      : " is used again here")});
  if (std::optional<FixItHint> Fix = renamed(Finding, F))
    R.Fixes.push_back(*Fix);
  emit(std::move(R));
}
