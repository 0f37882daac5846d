//===- LockAcrossSuspendCheck.cpp - coro-lock-across-suspend --------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/blocking/LockAcrossSuspendCheck.h"
#include "analysis/unit/Suspensions.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace coro;

void LockAcrossSuspendCheck::analyze(Unit &U) {
  LockStates &States = U.shared<LockStates>();
  const Suspensions &Suspending = U.shared<Suspensions>();
  for (const Coroutine *C : U.coroutines()) {
    const Flow *F = U.flow(C->Function);
    if (!F || F->suspensions().empty())
      continue;
    const LockState *Locks = States.of(C->Function);
    for (const CoroutineSuspendExpr *Await : F->suspensions()) {
      llvm::ArrayRef<HeldLock> Held = Locks->heldAt(Await);
      if (Held.empty() || !Suspending.maySuspend(Await))
        continue;
      for (const HeldLock &One : Held)
        if (!Locks->isGivenTo(One, Await))
          report(U, *C, *Locks, Await, One);
    }
  }
}

/// 'l' for a variable, what was written for anything else.
static std::string guardName(const Lock &L) {
  return L.Variable ? quoted(L.Variable) : "a temporary";
}

void LockAcrossSuspendCheck::report(Unit &U, const Coroutine &C,
                                    const LockState &Locks,
                                    const CoroutineSuspendExpr *Await,
                                    const HeldLock &Held) {
  const Lock &L = *Held.What;
  if (L.Variable && isAllowed(L.Variable))
    return;
  if (L.Guard && isAllowed(L.Guard->Record))
    return;
  if (const auto *Plain = dyn_cast<CoawaitExpr>(Await)) {
    const Expr *Operand = Plain->getOperand()->IgnoreUnlessSpelledInSource();
    if (const auto *Call = dyn_cast<CallExpr>(Operand);
        Call && Call->getDirectCallee() && isAllowed(Call->getDirectCallee()))
      return;
    if (const CXXRecordDecl *Awaited = Operand->getType()->getAsCXXRecordDecl();
        Awaited && isAllowed(Awaited))
      return;
  }

  Report R;
  R.Where = Await->getKeywordLoc();
  R.Sure = Held.Sure;
  R.Highlights.push_back(Await->getSourceRange());
  bool Yields = isa<CoyieldExpr>(Await);
  std::string Place = Yields ? "this 'co_yield'" : "this suspension";
  SourceRange Taken;
  if (Held.Taken)
    Taken = Held.Taken->getSourceRange();
  else if (L.Variable)
    Taken = L.Variable->getSourceRange();

  if (L.Guard && !L.Guard->MustNotSuspend.empty()) {
    R.Message = guardName(L) + " of type '" +
                L.Guard->Record->getNameAsString() + "' lives across " + Place +
                ", which its type forbids (" + L.Guard->MustNotSuspend +
                "); end its scope before it";
    R.Notes.push_back({Taken, "it was made here"});
    emit(std::move(R));
    return;
  }

  std::string Mutex =
      L.MutexText.empty() ? std::string("the lock") : "'" + L.MutexText + "'";
  if (!L.Guard)
    R.Message = Mutex + " is locked across " + Place;
  else
    R.Message = guardName(L) + " holds " +
                (L.MutexText.empty() ? "its lock" : Mutex) + " across " + Place;
  R.Message +=
      ": another thread may resume the coroutine and then unlock what it did "
      "not lock, which is undefined, and whoever needs " +
      Mutex + " meanwhile blocks the executor";
  R.Message += L.Guard && !L.Guard->CanBeEmpty && L.Variable
                   ? "; end the scope of " + guardName(L) + " before it"
               : L.Temporary ? "; copy what is needed to a local before it"
               : L.Variable && !L.Guard->Contains
                   ? "; unlock " + guardName(L) + " before it"
                   : "; unlock it before that";
  if (const LibraryModel *Library = C.Task ? C.Task->Library : nullptr)
    if (auto It = Library->Instead.find("lock"); It != Library->Instead.end())
      R.Message += ", or use " + It->second;
  R.Notes.push_back(
      {Taken, Held.Taken
                  ? (L.MutexText.empty() ? std::string("the lock is taken here")
                                         : Mutex + " is locked here")
                  : "the lock is passed in here"});
  if (const Expr *Release = Locks.releaseAfter(Held, Await))
    R.Notes.push_back({Release->getSourceRange(),
                       "and unlocked here, perhaps on another thread"});
  emit(std::move(R));
}
