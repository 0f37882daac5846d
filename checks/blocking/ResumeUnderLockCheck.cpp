//===- ResumeUnderLockCheck.cpp - coro-resume-under-lock ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/blocking/ResumeUnderLockCheck.h"
#include "analysis/blocking/Resumptions.h"

using namespace clang;
using namespace coro;

void ResumeUnderLockCheck::analyze(Unit &U) {
  for (const LockedResumption &Found : U.shared<Resumptions>().locked()) {
    const Lock &L = *Found.Held.What;
    if (isAllowed(Found.In) || isAllowed(Found.Call->getDirectCallee()) ||
        (L.Guard && isAllowed(L.Guard->Record)))
      continue;
    std::string Mutex =
        L.MutexText.empty() ? std::string("the lock") : "'" + L.MutexText + "'";
    std::string What = Found.Coroutine ? "a coroutine" : "a callback";

    Report R;
    R.Where = Found.Call->getSourceRange().getBegin();
    R.Sure = Found.Sure;
    R.Highlights.push_back(Found.Call->getSourceRange());
    R.Message = What + (Found.Coroutine ? " is resumed" : " is called") +
                " here while " + Mutex +
                " is locked: it runs before this call returns, and dead-locks "
                "this thread when it takes " +
                Mutex + ", as " + quoted(Found.Taker) +
                " does; note what is to be " +
                (Found.Coroutine ? "resumed" : "called") +
                " under the lock, and do it after unlocking";
    if (Found.Held.Taken)
      R.Notes.push_back(
          {Found.Held.Taken->getSourceRange(), Mutex + " is locked here"});
    for (const CallExpr *Step : Found.Path)
      R.Notes.push_back({Step->getSourceRange(),
                         Step != Found.Path.back()
                             ? "which calls " + quoted(Step->getDirectCallee())
                         : Found.Coroutine ? "which resumes the coroutine"
                                           : "which calls the callback"});
    R.Notes.push_back({Found.TakenAgain->getSourceRange(),
                       quoted(Found.Taker) + " locks it here"});
    emit(std::move(R));
  }
}
