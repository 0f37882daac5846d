//===- DetachedTaskCheck.cpp - coro-detached-task -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/cancel/DetachedTaskCheck.h"
#include "analysis/cancel/LostErrors.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace coro;

void DetachedTaskCheck::analyze(Unit &U) {
  for (const LostError &One : findLostErrors(U)) {
    const FunctionDecl *Task = One.Task ? One.Task->Function : nullptr;
    if (isAllowed(Task))
      continue;
    const std::string Name =
        Task ? quoted(Task) : std::string("the task that is started here");
    Report R;
    R.Where = One.Start->getBeginLoc();
    R.Sure = One.Sure;
    R.Message = "an exception that ends " + Name + " ";
    if (One.Handler)
      R.Message += "is given to a handler that does not look at it, so that "
                   "nobody hears of it; look at it there";
    else
      R.Message += One.Model->Errors->Reason +
                   ", and nobody hears of it; give a handler that looks at it, "
                   "or catch everything in the task";
    if (One.Handler)
      R.Notes.push_back({One.Handler->getIntroducerRange(),
                         "this handler does not look at what it is told"});
    emit(std::move(R));
  }
}
