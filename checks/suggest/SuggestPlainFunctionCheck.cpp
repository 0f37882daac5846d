//===- SuggestPlainFunctionCheck.cpp - coro-suggest-plain-function --------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/suggest/SuggestPlainFunctionCheck.h"
#include "analysis/compute/PlainCoroutines.h"
#include "analysis/index/Index.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace coro;

void SuggestPlainFunctionCheck::analyze(Unit &U) {
  // Enough to see who is concerned.
  constexpr unsigned MaxCallers = 3;
  for (const PlainCoroutine &One : U.shared<PlainCoroutines>().all()) {
    const FunctionDecl *Function = One.What->Function;
    if (isAllowed(Function) ||
        isAllowed(Function->getReturnType()->getAsCXXRecordDecl()))
      continue;
    Report R;
    R.Where = Function->getLocation();
    R.Sure = One.Sure;
    R.Message =
        quoted(Function) +
        (One.Awaits.empty() ? " never suspends"
                            : " awaits only coroutines that never suspend") +
        ": each call pays for a coroutine frame, and whoever wants its result "
        "must be a coroutine, too; a plain function" +
        (One.Result.empty() ? std::string()
                            : " that returns '" + One.Result + "'") +
        " would do";
    for (const CoawaitExpr *Await : One.Awaits)
      R.Notes.push_back({Await->getSourceRange(),
                         "this never suspends, and would be a plain call"});
    for (const CoawaitExpr *Await :
         llvm::ArrayRef(One.AwaitedAt).take_front(MaxCallers))
      R.Notes.push_back(
          {Await->getSourceRange(), "this would be a call without 'co_await'"});
    if (One.Elsewhere)
      for (const CallerSummary &Caller :
           llvm::ArrayRef(One.Elsewhere->Some).take_front(MaxCallers))
        R.Notes.push_back(elsewhere(U, Caller.Where,
                                    "this would be a call without 'co_await'",
                                    SourceRange(Function->getLocation())));
    R.Notes.push_back(
        {SourceRange(Function->getLocation()),
         One.What->Task->Start == StartKind::Eager
             ? "what changes: its exceptions leave the call itself, and its "
               "parameters end with the call instead of with a frame"
             : "what changes: its body runs when it is called, not when it is "
               "awaited; its exceptions leave the call itself; and its "
               "parameters end with the call instead of with a frame"});
    R.Fixes = One.Fixes;
    emit(std::move(R));
  }
}
