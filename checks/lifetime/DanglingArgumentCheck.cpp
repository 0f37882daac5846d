//===- DanglingArgumentCheck.cpp - coro-dangling-argument -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/lifetime/DanglingArgumentCheck.h"
#include "analysis/lifetime/OwnershipFix.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace coro;

/// What to write instead, which depends on what became of the task.
static std::string advice(const DyingArgument &D) {
  switch (D.Task.What) {
  case Fate::Kept:
    return "await the call in the same full-expression, or keep the argument "
           "in a variable that outlives the task";
  case Fate::Spawned:
  case Fate::Dropped:
    return D.What == ObjectSlot
               ? "let the coroutine own the object, or keep it until the task "
                 "has ended"
               : "let the coroutine own it: take the parameter by value";
  default:
    return "let the coroutine own it, or keep the argument beside the task";
  }
}

static std::string whatHappens(const DyingArgument &D) {
  std::string Task = "the task of " + quoted(D.Callee);
  switch (D.Task.What) {
  case Fate::Spawned:
  case Fate::Dropped:
    Task += ", which nothing here waits for,";
    break;
  case Fate::Stored:
    Task += ", which is put away,";
    break;
  default:
    break;
  }
  return Task + " outlives " + describe(D) + " and is used after that";
}

/// Reports the signature: this parameter relies on every caller.
static std::optional<Report> signature(const Coroutine &C, Slot What, Unit &U) {
  const ParmVarDecl *Parameter = C.Function->getParamDecl(What);
  // What has to be awaited where it is made does not outlive its arguments.
  if (C.Task && !C.Task->Movable && C.Task->isLazy())
    return std::nullopt;
  std::optional<LateUse> Use = U.shared<LateUses>().find(C.Function, What);
  if (!Use || !Use->Suspended || Parameter->isExplicitObjectParameter() ||
      U.shared<DyingArguments>().allCallsAreSafe(C.Function, What))
    return std::nullopt;
  Report R;
  R.Where = Parameter->getLocation();
  R.Sure = Confidence::Low;
  // Such a task is easily left to itself.
  if (U.callers(C.Function).empty() &&
      (C.isDetached() || (C.isEager() && C.Task->Movable)))
    R.Sure = Confidence::Medium;
  R.Message = "parameter " + slotName(C.Function, What) + " of " +
              quoted(C.Function) +
              " refers to what its caller owns and is used after a suspension; "
              "every caller has to keep that alive until the task has ended";
  R.Highlights.push_back(Parameter->getSourceRange());
  if (Use->Suspended)
    R.Notes.push_back({Use->Suspended->getSourceRange(), "suspends here"});
  R.Notes.push_back({Use->Use->getSourceRange(), "used here"});
  return R;
}

void DanglingArgumentCheck::analyze(Unit &U) {
  for (const DyingArgument &D : U.shared<DyingArguments>().all()) {
    // Closures are coro-capturing-lambda's, what a plain function returns is
    // coro-task-outlives-scope's.
    if (D.Closure || (D.isReturned() && !U.coroutine(D.Caller)) ||
        isAllowed(D.Callee))
      continue;
    Report R;
    R.Where = D.Call->getBeginLoc();
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(D.Call))
      R.Where = Member->getExprLoc();
    R.Message = whatHappens(D) + "; " + advice(D);
    R.Sure = D.Sure;
    if (const Expr *Argument = argumentOf(D.Call, D.What))
      R.Highlights.push_back(Argument->getSourceRange());
    addPath(U, D, R.Notes);
    // Whoever keeps the task can still wait for it where it is made.
    if (D.Task.What != Fate::Kept)
      if (std::optional<ReportNote> Note = takeByValue(D, U))
        R.Notes.push_back(std::move(*Note));
    emit(std::move(R));
  }
  for (const Coroutine *C : U.coroutines()) {
    if (isAllowed(C->Function))
      continue;
    for (Slot What = 0; What < int(C->Function->getNumParams()); ++What)
      if (std::optional<Report> R = signature(*C, What, U))
        emit(std::move(*R));
  }
}
