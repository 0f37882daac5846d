//===- ThreadStateAcrossSuspendCheck.cpp ----------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/lifetime/ThreadStateAcrossSuspendCheck.h"
#include "analysis/lifetime/ThreadState.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace coro;

/// "after the co_await on line 7"
static std::string after(const ThreadStateUse &T, const Unit &U) {
  return std::string("after the ") +
         (isa<CoyieldExpr>(T.Suspension) ? "co_yield" : "co_await") +
         " on line " +
         std::to_string(U.ast().getSourceManager().getExpansionLineNumber(
             T.Suspension->getKeywordLoc()));
}

/// "…, which goes on elsewhere"
static std::string elsewhere(const ThreadStateUse &T) {
  return T.Move == ThreadMove::Shown
             ? "this coroutine goes on on another thread"
             : "this coroutine may go on on another thread";
}

static std::string message(const ThreadStateUse &T, const Unit &U) {
  std::string Name = quoted(T.What);
  switch (T.Fact) {
  case ThreadFact::Reference:
    return Name + " refers to state of the thread that ran before; " +
           after(T, U) + " " + elsewhere(T) +
           ", where that is shared without a lock or gone; obtain it again";
  case ThreadFact::Value:
    if (!T.Reason.empty())
      return Name + " is only valid on the thread that it was obtained on (" +
             T.Reason + "); " + after(T, U) + " " + elsewhere(T) +
             "; obtain it again";
    return Name + " tells about the thread that ran before; " + after(T, U) +
           " " + elsewhere(T) + "; ask again";
  case ThreadFact::LastError:
    return "the last error of the thread is read " + after(T, U) +
           ", but others ran on it meanwhile, and this coroutine may be on "
           "another one; copy it before the suspension";
  case ThreadFact::Set:
    return "thread_local " + Name + " was set before the suspension; " +
           after(T, U) + " " + elsewhere(T) +
           ", and others may have set it on this one; keep the value in the "
           "frame, or set it again";
  case ThreadFact::Bound:
    return Name + " must stay on its thread (" + T.Reason + "), but " +
           elsewhere(T) + " after this suspension; end its scope before it";
  }
  llvm_unreachable("all facts are handled");
}

void ThreadStateAcrossSuspendCheck::analyze(Unit &U) {
  for (const ThreadStateUse &T : threadStateUses(U)) {
    const auto *Value = dyn_cast<ValueDecl>(T.What);
    if (isAllowed(T.In->Function) || isAllowed(T.What) ||
        (Value &&
         isAllowed(
             Value->getType().getNonReferenceType()->getAsCXXRecordDecl())))
      continue;
    bool Bound = T.Fact == ThreadFact::Bound;
    // errno is a macro: the report stands where it is written.
    const SourceManager &SM = U.ast().getSourceManager();
    SourceLocation Where =
        Bound ? T.Suspension->getKeywordLoc() : T.Use->getBeginLoc();
    SourceRange Range =
        Bound ? T.Suspension->getSourceRange() : T.Use->getSourceRange();
    Report R{SM.getExpansionLoc(Where),
             message(T, U),
             T.Sure,
             {SM.getExpansionRange(Range).getAsRange()},
             {},
             {}};
    const char *Obtained = "obtained here";
    if (T.Fact == ThreadFact::Set || T.Fact == ThreadFact::LastError)
      Obtained = "set here";
    else if (Bound)
      Obtained = "made here";
    SourceRange From = T.Obtained->getSourceRange();
    if (isa<CoroutineBodyStmt>(T.Obtained))
      From = T.What->getSourceRange();
    R.Notes.push_back({From, Obtained});
    if (!Bound)
      R.Notes.push_back({T.Suspension->getSourceRange(), "suspended here"});
    emit(std::move(R));
  }
}
