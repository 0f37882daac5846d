//===- IneffectiveTimeoutCheck.cpp - coro-ineffective-timeout -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/cancel/IneffectiveTimeoutCheck.h"
#include "analysis/cancel/Timeouts.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace coro;

static std::string message(Unit &U, const IneffectiveTimeout &One) {
  const std::string Name = quoted(One.Operation->getDirectCallee());
  switch (One.Fault) {
  case TimeoutFault::Uncancellable: {
    const std::string Stuck = quoted(One.Stuck->getDirectCallee());
    const FunctionModel *Row = U.models().callee(One.Stuck);
    std::string Why = Row->Uncancellable;
    if (Why.empty())
      Why = Row->Operation->Reason;
    return (One.LimitModel ? "this time limit does not end "
                           : std::string("this token does not end ")) +
           Name +
           (One.Stuck == One.Operation ? std::string()
                                       : ", which awaits " + Stuck) +
           (Why.empty() ? std::string() : ": " + Why) +
           ", so that it is waited for, however late; let it go on by itself "
           "with what it owns, and wait for its result";
  }
  case TimeoutFault::NeverSuspends:
    return Name + " never suspends: it has run to its end before this time "
                  "limit can do anything; let it look at the time itself, or "
                  "run it on a pool";
  case TimeoutFault::Abandoned:
    break;
  }
  const SelectModel &Select = *One.LimitModel->Select;
  return (Select.Deadline ? "when the time is up, "
                          : "when it is not waited for any longer, ") +
         Name + " is not stopped but goes on, with '" +
         One.Dying->getNameAsString() + "', which dies with this frame" +
         (Select.Replacement.empty() ? std::string()
                                     : "; " + Select.Replacement);
}

void IneffectiveTimeoutCheck::analyze(Unit &U) {
  for (const Coroutine *C : U.coroutines())
    for (const IneffectiveTimeout &One : findIneffectiveTimeouts(U, *C)) {
      if (isAllowed(One.Operation->getDirectCallee()))
        continue;
      Report R;
      // CallExpr hides the one that knows that an operator begins at its
      // operand.
      R.Where = static_cast<const Stmt *>(One.Limit)->getBeginLoc();
      R.Sure = One.Sure;
      R.Message = message(U, One);
      R.Highlights = {One.Operation->getSourceRange()};
      for (const CallExpr *Step : One.Path)
        if (Step != One.Operation)
          R.Notes.push_back(
              {Step->getSourceRange(),
               quoted(Step->getDirectCallee()) + " is awaited here"});
      if (One.Stuck && One.Stuck != One.Operation)
        R.Notes.push_back(
            {One.Stuck->getSourceRange(),
             quoted(One.Stuck->getDirectCallee()) + " is awaited here"});
      if (One.Dying)
        R.Notes.push_back(
            {One.Dying->getSourceRange(),
             "'" + One.Dying->getNameAsString() + "' lives in this frame"});
      if (One.Use.Use)
        R.Notes.push_back(
            {One.Use.Use->getSourceRange(),
             quoted(One.Use.In) + " uses it here, after it was suspended"});
      emit(std::move(R));
    }
}
