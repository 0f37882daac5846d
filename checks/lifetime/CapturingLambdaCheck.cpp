//===- CapturingLambdaCheck.cpp - coro-capturing-lambda -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/lifetime/CapturingLambdaCheck.h"
#include "analysis/lifetime/ClosureFix.h"
#include "analysis/lifetime/DyingArgument.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;
using namespace coro;

static std::string whatHappens(const DyingArgument &D) {
  std::string Closure =
      D.Life.Where == ArgumentStorage::Temporary
          ? "the closure of this coroutine lambda dies at the end of the "
            "statement that calls it"
      : D.isReturned() ? "the closure of this coroutine lambda dies at the "
                         "return"
                       : "the closure of this coroutine lambda dies with its "
                         "scope";
  switch (D.Task.What) {
  case Fate::Spawned:
  case Fate::Dropped:
    return Closure + ", but nothing waits for its task, which reads a capture "
                     "after a suspension";
  case Fate::Stored:
    return Closure + ", but its task is put away and reads a capture later";
  case Fate::Returned:
    return Closure + ", but its task is handed out and reads a capture later";
  default:
    return Closure + ", but its task lives on and reads a capture later";
  }
}

/// Reports what the captures of one closure, \p Same, refer to.
static Report deadReferents(llvm::ArrayRef<DyingArgument> Same, Unit &U) {
  const DyingArgument &First = *llvm::max_element(
      Same, [](const DyingArgument &A, const DyingArgument &B) {
        return A.Sure < B.Sure;
      });
  Report R;
  R.Where = First.Closure->getBeginLoc();
  R.Sure = First.Sure;
  R.Highlights.push_back(First.Closure->getIntroducerRange());
  std::vector<std::string> Names;
  for (const DyingArgument &D : Same)
    if (D.Sure == First.Sure)
      Names.push_back(quoted(D.Life.Variable));
  bool Several = Names.size() > 1;
  std::string Listed = Names.back();
  if (Several) {
    Names.pop_back();
    Listed = llvm::join(Names, ", ") + " and " + Listed;
  }
  bool Alone = First.Task.What == Fate::Spawned;
  R.Message =
      "this coroutine lambda refers to " + Listed + " by its captures, but " +
      (Alone ? "nothing here waits for its task, which uses "
             : "its task lives on and uses ") +
      (Several ? "them" : "it") + " after " + (Several ? "they" : "it") +
      " died " + (First.isReturned() ? "at the return" : "with the scope") +
      "; capture by value what it needs, or keep it until the task has ended";
  // A lambda that has a name.
  if (U.ast().getSourceManager().isBeforeInTranslationUnit(
          First.Closure->getBeginLoc(), First.Call->getBeginLoc()))
    R.Notes.push_back(
        {First.Call->getSourceRange(),
         "it is given to " + quoted(First.Call->getDirectCallee()) + " here"});
  addPath(U, First, R.Notes);
  return R;
}

void CapturingLambdaCheck::analyze(Unit &U) {
  for (const DyingArgument &D : U.shared<DyingArguments>().all()) {
    if (!D.Closure || isAllowed(D.Callee))
      continue;
    Report R;
    R.Where = D.Closure->getBeginLoc();
    R.Sure = D.Sure;
    R.Highlights.push_back(D.Closure->getIntroducerRange());
    std::string Advice = "pass what it needs as parameters";
    ClosureFix Fix = fixClosure(D, U);
    if (Fix.HandOver)
      Advice = "give " + quoted(D.Task.Taker->getDirectCallee()) +
               " the lambda itself, which it keeps, instead of calling it";
    else if (Fix.ByValueObject)
      Advice = "write 'this auto', which copies the captures into the frame, "
               "or pass them as parameters";
    R.Fixes = std::move(Fix.Hints);
    R.Message = whatHappens(D) + "; " + Advice;
    if (D.Life.Where != ArgumentStorage::Temporary ||
        !U.ast().getSourceManager().isBeforeInTranslationUnit(
            D.Closure->getBeginLoc(), D.Closure->getEndLoc()))
      R.Notes.push_back({D.Call->getSourceRange(), "it is called here"});
    addPath(U, D, R.Notes);
    emit(std::move(R));
  }
  llvm::ArrayRef<DyingArgument> Captures =
      U.shared<DyingArguments>().captures();
  while (!Captures.empty()) {
    llvm::ArrayRef<DyingArgument> Same =
        Captures.take_while([&](const DyingArgument &D) {
          return D.Closure == Captures.front().Closure &&
                 D.Call == Captures.front().Call;
        });
    Captures = Captures.drop_front(Same.size());
    if (!isAllowed(Same.front().Call->getDirectCallee()))
      emit(deadReferents(Same, U));
  }
  for (const DroppedClosure &D : droppedClosures(U)) {
    const FunctionDecl *Taker = D.Taker->getDirectCallee();
    if (isAllowed(Taker))
      continue;
    Report R;
    R.Where = D.Lambda->getBeginLoc();
    R.Highlights.push_back(D.Lambda->getIntroducerRange());
    R.Message = quoted(Taker) +
                " destroys the closure of this coroutine lambda when its call "
                "has returned, but the coroutine reads a capture after a "
                "suspension; pass what it needs as parameters, or wrap the "
                "lambda in something that keeps it";
    R.Notes.push_back(
        {D.Use.Suspended->getSourceRange(), "the lambda suspends here"});
    R.Notes.push_back({D.Use.Use->getSourceRange(),
                       "and reads the capture here, after that"});
    emit(std::move(R));
  }
}
