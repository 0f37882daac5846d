//===- ThisAfterSuspendCheck.cpp - coro-this-after-suspend ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/lifetime/ThisAfterSuspendCheck.h"
#include "analysis/blocking/Effects.h"
#include "analysis/index/Index.h"
#include "analysis/lifetime/ObjectLife.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace coro;

/// How to keep the object, with what its class has.
static std::string advice(const UnkeptObject &O) {
  if (!O.SelfOwner.empty())
    return "hold '" + O.SelfOwner + "()' in the coroutine or beside the task";
  return "let the frame own the object, or let its destructor wait";
}

/// Does the destructor of \p Class come to a call that waits? Then it may be
/// for the tasks of the object, which its owner has to wait for so.
static bool waitsWhenDestroyed(const CXXRecordDecl *Class, Unit &U) {
  const CXXDestructorDecl *Destructor = Class->getDestructor();
  if (!Destructor || !Destructor->isUserProvided())
    return false;
  const FunctionEffects &Found = U.shared<Effects>().of(Destructor);
  auto Blocks = [&](BlockingKind Kind) {
    return Found.Blocks[static_cast<unsigned>(Kind)].has_value();
  };
  return Blocks(BlockingKind::Wait) || Blocks(BlockingKind::SyncWait);
}

void ThisAfterSuspendCheck::analyze(Unit &U) {
  for (const UnkeptObject &O : U.shared<ObjectLives>().all()) {
    const FunctionDecl *Function = O.Body->Function;
    if (isAllowed(Function) ||
        isAllowed(cast<CXXMethodDecl>(Function)->getParent()))
      continue;
    Report R;
    R.Sure = O.Sure;
    if (R.Sure == Confidence::High &&
        waitsWhenDestroyed(cast<CXXMethodDecl>(Function)->getParent(), U))
      R.Sure = Confidence::Medium;
    if (O.Call) {
      R.Where = O.Call->getExprLoc();
      R.Message = "the task of " + quoted(Function) +
                  " is left to itself, and nothing keeps its object "
                  "until it has ended; " +
                  advice(O);
      R.Highlights.push_back(O.Call->getSourceRange());
    } else {
      R.Where = Function->getLocation();
      R.Message =
          O.CallBeyond
              ? "the task of " + quoted(Function) + " is left to itself by " +
                    O.CallBeyond->Shown +
                    ", and nothing keeps its object until it has ended; " +
                    advice(O)
              : quoted(Function) + " uses 'this' after a suspension, and " +
                    (O.Sure == Confidence::Low
                         ? "relies on its callers to keep the object until it "
                           "has ended"
                         : "nothing keeps the object while nobody waits for "
                           "this "
                           "coroutine") +
                    "; " + advice(O);
    }
    if (O.Call && O.Task.Where && O.Task.Where != O.Call)
      R.Notes.push_back({O.Task.Where->getSourceRange(),
                         "started here, and nothing waits for it"});
    if (O.CallBeyond)
      R.Notes.push_back(elsewhere(U, O.CallBeyond->Where,
                                  "started here, and nothing waits for it",
                                  Function->getSourceRange()));
    R.Notes.push_back({O.Use.Suspended->getSourceRange(), "it suspends here"});
    R.Notes.push_back({O.Use.Use->getSourceRange(),
                       O.Use.Meanwhile
                           ? "what it awaits uses the object meanwhile"
                           : "and uses the object here, after that"});
    if (O.Ender)
      R.Notes.push_back(O.Ender->note(
          U, O.Ender->shown() + " may destroy the object meanwhile",
          Function->getSourceRange()));
    emit(std::move(R));
  }
}
