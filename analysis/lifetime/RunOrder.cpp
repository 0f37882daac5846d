//===- RunOrder.cpp - In which order functions run, as calls tell ---------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/RunOrder.h"
#include "analysis/ast/Flow.h"
#include "analysis/ast/Walk.h"
#include "analysis/index/Index.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace coro {

/// Does the static \p Method hide one of a base class from a library? Then it
/// is a hook: the library calls it when it sets up the class as a whole, or
/// clears it away, and nobody uses objects of the class meanwhile.
static bool isHookOfClass(const CXXMethodDecl *Method) {
  const CXXRecordDecl *Class = Method->getParent();
  if (!Method->isStatic() || !Method->getIdentifier() ||
      !Class->hasDefinition() || Class->hasAnyDependentBases())
    return false;
  const SourceManager &SM = Method->getASTContext().getSourceManager();
  bool Hides = false;
  Class->forallBases([&](const CXXRecordDecl *Base) {
    if (SM.isInSystemHeader(SM.getExpansionLoc(Base->getLocation())))
      for (const NamedDecl *Member : Base->lookup(Method->getDeclName()))
        if (const auto *Hidden = dyn_cast<CXXMethodDecl>(Member))
          Hides |= Hidden->isStatic();
    return true;
  });
  return Hides;
}

bool RunOrder::isConstruction(const FunctionDecl *Function) {
  if (isa<CXXConstructorDecl, CXXDestructorDecl>(Function))
    return true;
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Function))
    return Method->isMoveAssignmentOperator() ||
           Method->isCopyAssignmentOperator() || isHookOfClass(Method);
  return Function->isMain();
}

bool RunOrder::runsOnlyFor(const FunctionDecl *Function,
                           const FunctionDecl *Coroutine) {
  llvm::SmallPtrSet<const FunctionDecl *, 8> Seen;
  llvm::SmallVector<const FunctionDecl *, 8> Work{Function};
  constexpr unsigned MaxFunctions = 64;
  while (!Work.empty()) {
    const FunctionDecl *At = Work.pop_back_val();
    if (At->getCanonicalDecl() == Coroutine->getCanonicalDecl())
      continue;
    if (!Seen.insert(At->getCanonicalDecl()).second)
      continue;
    if (Seen.size() > MaxFunctions)
      return false;
    if (isConstruction(At) && At != Function)
      continue;
    llvm::ArrayRef<CallSite> Sites = U.callers(At);
    if (Sites.empty())
      return false;
    for (const CallSite &Site : Sites) {
      // A coroutine that a constructor or main() calls runs on by itself.
      if (isConstruction(Site.Caller) && U.coroutine(At))
        return false;
      Work.push_back(Site.Caller);
    }
  }
  return true;
}

/// Is \p Site, a call of \p Callee, a part of the run of its caller: on the
/// object of that, and ended when the caller goes on? A task that is given to
/// something else together with others may run beside them.
static bool isPartOfCaller(const CallSite &Site, const FunctionDecl *Callee,
                           Unit &U) {
  const auto *Call = dyn_cast<CXXMemberCallExpr>(Site.Call);
  const Flow *F = U.flow(Site.Caller);
  if (!Call || !F ||
      !isa<CXXThisExpr>(
          Call->getImplicitObjectArgument()->IgnoreParenImpCasts()))
    return false;
  if (!U.coroutine(Callee) && !U.taskType(Call->getType()))
    return true;
  for (const Stmt *Up = F->semanticParent(Call); Up;
       Up = F->semanticParent(Up)) {
    if (isa<CoawaitExpr>(Up))
      return true;
    // A plain function hands on the task that it was given.
    if (isa<ReturnStmt>(Up))
      return !U.coroutine(Site.Caller);
    // timeout(step(), 1s), but not all(step(), other())
    const auto *Around = dyn_cast<CallExpr>(Up);
    const bool Several =
        Around && llvm::count_if(Around->arguments(), [&](const Expr *One) {
                    return U.taskType(One->getType());
                  }) > 1;
    if (!isa<Expr>(Up) || isa<BinaryOperator, LambdaExpr, InitListExpr>(Up) ||
        Several)
      return false;
  }
  return false;
}

/// The function with which each run of \p Function begins, as far as calls are
/// known and are parts of their callers; null if there are several.
const FunctionDecl *RunOrder::runOf(const FunctionDecl *Function) {
  llvm::SmallPtrSet<const FunctionDecl *, 8> Seen;
  llvm::SmallVector<const FunctionDecl *, 8> Work{Function};
  constexpr unsigned MaxFunctions = 64;
  const FunctionDecl *Top = nullptr;
  while (!Work.empty()) {
    const FunctionDecl *At = Work.pop_back_val()->getCanonicalDecl();
    if (!Seen.insert(At).second)
      continue;
    if (Seen.size() > MaxFunctions)
      return nullptr;
    llvm::ArrayRef<CallSite> Sites = U.callers(At);
    size_t Parts = llvm::count_if(Sites, [&](const CallSite &Site) {
      return isPartOfCaller(Site, At, U);
    });
    if (Parts == 0) {
      if (Top && Top != At)
        return nullptr;
      Top = At;
      continue;
    }
    if (Parts != Sites.size() || U.index().callers(At))
      return nullptr;
    for (const CallSite &Site : Sites)
      Work.push_back(Site.Caller);
  }
  return Top;
}

bool RunOrder::areInOneRun(const FunctionDecl *One, const FunctionDecl *Other) {
  const FunctionDecl *Top = runOf(One);
  return Top && Top == runOf(Other);
}

llvm::SmallVector<CallSite, 4> RunOrder::usesOf(const FunctionDecl *Function) {
  if (!NamedKnown) {
    NamedKnown = true;
    for (const FunctionDecl *In : U.functions()) {
      llvm::SmallPtrSet<const Stmt *, 16> Called;
      walk(In->getBody(), [&](const Stmt *S) {
        if (const auto *Call = dyn_cast<CallExpr>(S))
          Called.insert(Call->getCallee()->IgnoreParenImpCasts());
        const auto *Mention = dyn_cast<DeclRefExpr>(S);
        if (Mention && !Called.contains(S))
          if (const auto *Other = dyn_cast<FunctionDecl>(Mention->getDecl()))
            Named[Other->getCanonicalDecl()].push_back({Mention, In});
        return WalkInto::Children;
      });
    }
  }
  llvm::SmallVector<CallSite, 4> All(U.callers(Function));
  llvm::append_range(All, Named.lookup(Function->getCanonicalDecl()));
  return All;
}

bool RunOrder::isReachedBehind(const FunctionDecl *Function,
                               const Expr *Operation, const FunctionDecl *In) {
  const Flow *F = U.flow(In);
  llvm::SmallPtrSet<const FunctionDecl *, 8> Seen;
  llvm::SmallVector<const FunctionDecl *, 8> Work{Function};
  constexpr unsigned MaxFunctions = 64;
  while (F && !Work.empty()) {
    const FunctionDecl *At = Work.pop_back_val()->getCanonicalDecl();
    if (!Seen.insert(At).second)
      continue;
    llvm::SmallVector<CallSite, 4> Uses;
    if (const LambdaExpr *Lambda = U.lambda(At)) {
      if (const FunctionDecl *Outer = U.enclosingFunction(Lambda))
        Uses.push_back({Lambda, Outer});
    } else {
      Uses = usesOf(At);
    }
    const auto *Method = dyn_cast<CXXMethodDecl>(At);
    if (Uses.empty() || Seen.size() > MaxFunctions ||
        (Method && Method->isVirtual()) || U.index().callers(At))
      return false;
    for (const CallSite &Use : Uses) {
      if (Use.Caller->getCanonicalDecl() != In->getCanonicalDecl())
        Work.push_back(Use.Caller);
      else if (!F->point(Use.Call) || F->reaches(Use.Call, Operation))
        return false;
    }
  }
  return F;
}

bool RunOrder::runsOnce(const FunctionDecl *Function) {
  constexpr unsigned MaxCalls = 8;
  for (unsigned Calls = 0; Calls < MaxCalls; ++Calls) {
    if (Function->isMain() || isa<CXXConstructorDecl>(Function))
      return true;
    CallSite Only;
    if (const LambdaExpr *Lambda = U.lambda(Function)) {
      // Who else is given one may call it again and again.
      Only = {Lambda, U.enclosingFunction(Lambda)};
      if (!Only.Caller || !Only.Caller->isMain())
        return false;
    } else {
      const auto *Method = dyn_cast<CXXMethodDecl>(Function);
      llvm::SmallVector<CallSite, 4> Uses = usesOf(Function);
      const IndexedCallers *Others = U.index().callers(Function);
      if (Method && Method->isVirtual())
        return false;
      if (Others)
        return Uses.empty() && Others->Count == 1 &&
               (Others->Facts & CallerSummary::OnceInMain);
      if (Uses.empty() && Function->isExternallyVisible())
        return U.index().runsOnce(U.index().key(Function));
      if (Uses.size() != 1)
        return false;
      Only = Uses.front();
    }
    const Flow *F = U.flow(Only.Caller);
    if (!F || F->isInLoop(Only.Call))
      return false;
    Function = Only.Caller;
  }
  return false;
}

} // namespace coro
