//===- AwaitTwiceCheck.cpp - coro-await-twice -----------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/await/AwaitTwiceCheck.h"
#include "analysis/await/SingleShot.h"

using namespace clang;
using namespace coro;

static llvm::StringRef done(TaskStep Step) {
  switch (Step) {
  case TaskStep::Await:
    return "awaited";
  case TaskStep::Move:
    return "moved away";
  case TaskStep::Consume:
    return "used up";
  }
  llvm_unreachable("all steps are handled");
}

void AwaitTwiceCheck::analyze(Unit &U) {
  for (const SecondUse &Use : U.shared<SingleShot>().secondUses()) {
    if (isAllowed(Use.Type->Record))
      continue;
    bool Loop = Use.InLoop;
    std::string Name = "'" + Use.Variable->getNameAsString() + "'";
    Report R;
    R.Where = Use.Use->getBeginLoc();
    R.Sure = Use.Sure;
    R.Highlights = {Use.Use->getSourceRange()};
    R.Message = Name + " is " + done(Use.Second).str();
    if (Loop)
      R.Message += " in each round of this loop";
    else if (Use.First == Use.Second)
      R.Message += " a second time";
    else
      R.Message += " after it was " + done(Use.First).str();
    R.Message += ": a task of type " + quoted(Use.Type->Record) +
                 " is used up by the first use, so there is nothing left to " +
                 (Use.Second == TaskStep::Await ? "await" : "hand on") +
                 (Loop ? " in the second round; make the task inside the loop"
                       : "; make a new task or keep its result");
    if (!Loop)
      R.Notes.push_back(
          {Use.FirstUse->getSourceRange(), done(Use.First).str() + " here"});
    else
      R.Notes.push_back(
          {Use.Variable->getSourceRange(), "made once, outside the loop"});
    emit(std::move(R));
  }
}
