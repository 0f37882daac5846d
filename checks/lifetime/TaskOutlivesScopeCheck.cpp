//===- TaskOutlivesScopeCheck.cpp - coro-task-outlives-scope --------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/lifetime/TaskOutlivesScopeCheck.h"
#include "analysis/lifetime/OwnershipFix.h"
#include "analysis/lifetime/ScopeLife.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace coro;

void TaskOutlivesScopeCheck::analyze(Unit &U) {
  for (const DyingArgument &D : U.shared<DyingArguments>().all()) {
    if (D.Closure || !D.isReturned() || U.coroutine(D.Caller) ||
        isAllowed(D.Callee))
      continue;
    Report R;
    R.Where = D.Call->getBeginLoc();
    R.Sure = D.Sure;
    R.Message = "the returned task of " + quoted(D.Callee) + " outlives " +
                describe(D) +
                " and is used after that; make this function a coroutine that "
                "awaits the call, or let the callee own what it needs";
    if (const Expr *Argument = argumentOf(D.Call, D.What))
      R.Highlights.push_back(Argument->getSourceRange());
    addPath(U, D, R.Notes);
    if (std::optional<ReportNote> Note = takeByValue(D, U))
      R.Notes.push_back(std::move(*Note));
    emit(std::move(R));
  }
  for (const UselessScope &S : uselessScopes(U)) {
    Report R;
    R.Where = S.Call->getBeginLoc();
    R.Sure = S.Sure;
    std::string Task = "the task of " + quoted(S.Call->getDirectCallee());
    if (S.Guard)
      R.Message = Task + " runs after this function returned, when " +
                  quoted(S.Guard) +
                  " is released; make this function a coroutine that awaits "
                  "the call";
    else
      R.Message = Task +
                  " runs after this function returned, so that this 'try' "
                  "never sees what it throws; make this function a coroutine "
                  "that awaits the call";
    R.Highlights.push_back(S.Call->getSourceRange());
    R.Notes.push_back(
        {S.Where, S.Guard ? "taken here" : "the handler is here"});
    emit(std::move(R));
  }
}
