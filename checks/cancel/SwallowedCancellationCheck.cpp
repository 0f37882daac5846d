//===- SwallowedCancellationCheck.cpp - coro-swallowed-cancellation -------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/cancel/SwallowedCancellationCheck.h"
#include "analysis/cancel/DroppedErrors.h"
#include "analysis/unit/Executor.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace coro;

static void addCanceller(Report &R, const Canceller &By) {
  auto Note = [&](llvm::StringRef Message) {
    R.Notes.push_back({By.Where->getSourceRange(), Message.str()});
  };
  switch (By.Who) {
  case Canceller::Select:
    return Note("this cancels it when another branch ends first");
  case Canceller::Token:
    return Note("it is given a token here, by which it can be cancelled");
  case Canceller::Closer:
    return Note("what it waits for is cancelled here");
  case Canceller::Awaiter:
  case Canceller::Nobody:
    return;
  }
}

static std::string whatIsDropped(const DroppedError &One) {
  std::string Message;
  if (One.By.Who == Canceller::Closer) {
    Message = "the error of this await also tells that " +
              quoted(workedOn(awaitedCall(One.Await))) +
              " was closed, and it is dropped: ";
    Message += One.Pauses ? "every further attempt fails as well, and the loop "
                            "never ends"
                          : "it fails again at once, so that the loop spins "
                            "and never ends";
  } else {
    Message = "the error of this await also tells that it was cancelled, and "
              "it is dropped: the loop goes on as if nothing had happened, and "
              "never ends";
  }
  return Message + "; leave the loop when the error says so";
}

void SwallowedCancellationCheck::analyze(Unit &U) {
  for (const Coroutine *C : U.coroutines()) {
    if (isAllowed(C->Function))
      continue;
    for (const SwallowedCancellation &One : findSwallowedCancellations(U, *C)) {
      const bool Object = One.By.Who == Canceller::Closer;
      Report R;
      R.Where = One.Handler->getBeginLoc();
      R.Sure = One.Sure;
      R.Message = "this handler also catches the exception by which the "
                  "coroutine is cancelled, and ";
      if (!One.NeverEnds)
        R.Message += "it goes on as if nothing had happened";
      else if (Object)
        R.Message += "it tries again: what it awaits fails again at once, so "
                     "that it spins and never ends";
      else if (One.Again == CancelledAgain::Awaits)
        R.Message += "it goes on: every further await fails at once and is "
                     "caught again, so that it spins and never ends";
      else
        R.Message += "it goes on: whatever it awaits next is cancelled and "
                     "caught again, so that it never ends";
      R.Message += "; let the cancellation out: rethrow it, or leave the loop";
      R.Notes.push_back({One.Await->getSourceRange(), "it is thrown here"});
      addCanceller(R, One.By);
      emit(std::move(R));
    }
    for (const DroppedError &One : findDroppedErrors(U, *C)) {
      Report R;
      R.Where = One.Await->getBeginLoc();
      R.Sure = One.Sure;
      R.Message = whatIsDropped(One);
      R.Highlights.push_back(One.Await->getSourceRange());
      addCanceller(R, One.By);
      emit(std::move(R));
    }
  }
}
