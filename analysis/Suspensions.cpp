//===- Suspensions.cpp - Which coroutines really suspend ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/Suspensions.h"
#include "analysis/Unit.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

const Coroutine *Suspensions::awaited(const CoroutineSuspendExpr *Await) const {
  const auto *Plain = dyn_cast<CoawaitExpr>(Await);
  if (!Plain)
    return nullptr;
  const Expr *Operand = Plain->getOperand()->IgnoreUnlessSpelledInSource();
  const auto *Call = dyn_cast<CallExpr>(Operand);
  if (!Call)
    return nullptr;
  const FunctionDecl *Callee = Call->getDirectCallee();
  // Another body may run in its place.
  if (const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee);
      Method && Method->isVirtual())
    return nullptr;
  return U.coroutine(Callee);
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

Suspensions::Suspensions(Unit &U) : U(U) {
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
  const Coroutine *C = awaited(Await);
  return !C || !neverSuspends(C->Function) || !startsInPlace(*C);
}

} // namespace coro
