//===- Suspensions.cpp - Which coroutines really suspend ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/unit/Suspensions.h"
#include "analysis/index/Index.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

/// The function whose call \p Await awaits directly, unless another body may
/// run in its place; or null.
static const FunctionDecl *callee(const CoroutineSuspendExpr *Await) {
  const auto *Plain = dyn_cast<CoawaitExpr>(Await);
  if (!Plain)
    return nullptr;
  const Expr *Operand = Plain->getOperand()->IgnoreUnlessSpelledInSource();
  const auto *Call = dyn_cast<CallExpr>(Operand);
  if (!Call)
    return nullptr;
  const FunctionDecl *Callee = Call->getDirectCallee();
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee);
  return Method && Method->isVirtual() ? nullptr : Callee;
}

const Coroutine *Suspensions::awaited(const CoroutineSuspendExpr *Await) const {
  return U.coroutine(callee(Await));
}

const FunctionDecl *
Suspensions::awaitedElsewhere(const CoroutineSuspendExpr *Await) const {
  const FunctionDecl *Callee = callee(Await);
  if (!Callee || Callee->hasBody() || !Callee->isExternallyVisible() ||
      !U.isUserCode(Callee->getLocation()))
    return nullptr;
  const TaskType *Type = U.taskTypes().classify(Callee->getReturnType());
  // What a library's function does is in its model, or unknown.
  return Type && Type->IsTask && !U.models().libraryOf(Callee) ? Callee
                                                               : nullptr;
}

bool Suspensions::startsInPlace(const Coroutine &C) const {
  const Stmt *Initial = C.Body->getInitSuspendStmt();
  if (const auto *Cleanups = dyn_cast_or_null<ExprWithCleanups>(Initial))
    Initial = Cleanups->getSubExpr();
  const auto *Await = dyn_cast_or_null<CoroutineSuspendExpr>(Initial);
  if (!Await)
    return false;
  Suspends Kind = U.taskTypes().suspends(Await);
  if (Kind == Suspends::Never)
    return true;
  if (Kind != Suspends::Always)
    return false;
  const Expr *Suspend = Await->getSuspendExpr();
  const auto *Call =
      Suspend ? dyn_cast<CXXMemberCallExpr>(Suspend->IgnoreImplicit())
              : nullptr;
  const CXXMethodDecl *Method = Call ? Call->getMethodDecl() : nullptr;
  if (!Method)
    return false;
  // The trivial awaitables of the language do nothing, whether or not their
  // bodies were parsed.
  if (Method->getParent()->isInStdNamespace())
    return true;
  const FunctionDecl *Definition = nullptr;
  const auto *Body = Method->hasBody(Definition)
                         ? dyn_cast_or_null<CompoundStmt>(Definition->getBody())
                         : nullptr;
  return Body && Body->body_empty();
}

Suspensions::Suspensions(Unit &U, bool Alone) : U(U), Alone(Alone) {
  llvm::SmallVector<const Coroutine *, 32> Open;
  for (const Coroutine *C : U.coroutines())
    if (U.flow(C->Function)) {
      Never.insert(C->Function->getCanonicalDecl());
      Open.push_back(C);
    }
  // Each round takes out those that reach one which was taken out.
  for (bool Changed = true; Changed;) {
    Changed = false;
    llvm::erase_if(Open, [&](const Coroutine *C) {
      bool Suspends =
          llvm::any_of(U.flow(C->Function)->suspensions(),
                       [&](const auto *Await) { return maySuspend(Await); });
      if (Suspends) {
        Never.erase(C->Function->getCanonicalDecl());
        Changed = true;
      }
      return Suspends;
    });
  }
}

bool Suspensions::neverSuspends(const FunctionDecl *Function) const {
  return Function && Never.contains(Function->getCanonicalDecl());
}

bool Suspensions::maySuspend(const CoroutineSuspendExpr *Await) const {
  if (isa<CoyieldExpr>(Await))
    return true;
  if (!U.maySuspend(Await))
    return false;
  if (const FunctionDecl *Other = awaitedElsewhere(Await)) {
    constexpr uint64_t Both =
        TaskSummary::NeverSuspends | TaskSummary::StartsInPlace;
    const TaskSummary *Known = U.index().task(Other);
    return !Alone && !(Known && (Known->Facts & Both) == Both);
  }
  const Coroutine *C = awaited(Await);
  return !C || !neverSuspends(C->Function) || !startsInPlace(*C);
}

} // namespace coro
