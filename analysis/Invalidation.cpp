//===- Invalidation.cpp - Who ends the life of what is borrowed -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/Invalidation.h"
#include "analysis/Unit.h"
#include "analysis/Walk.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

/// Calls \p Found for everything in \p Body that changes an object: the
/// operation, the object (or a pointer to it), and what it does to borrows.
static void findOperations(
    const Stmt *Body, const Unit &U, const BorrowTypes &Types,
    llvm::function_ref<void(const Expr *, const Expr *, Tie)> Found) {
  walk(Body, [&](const Stmt *S) {
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
      const CXXMethodDecl *Method = Call->getMethodDecl();
      const Expr *Object = Call->getImplicitObjectArgument();
      if (!Method || !Object || Method->isConst())
        return WalkInto::Children;
      QualType Type = Object->IgnoreParenImpCasts()->getType();
      if (Type->isPointerType())
        Type = Type->getPointeeType();
      if (const ContainerFacts *Facts = Types.container(Type)) {
        if (std::optional<Tie> Effect =
                Facts->effect(Method->getNameAsString()))
          Found(Call, Object, *Effect);
      } else if (Types.ownership(Type) != Ownership::None &&
                 !isa<CXXConversionDecl>(Method) &&
                 !Method->getReturnType()->isReferenceType()) {
        // reset, release, swap
        Found(Call, Object, Tie::Removal);
      }
    } else if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(S)) {
      if (Call->getNumArgs() == 0)
        return WalkInto::Children;
      const Expr *Object = Call->getArg(0);
      if (Call->getOperator() == OO_Equal) {
        Found(Call, Object, Tie::Removal);
      } else if (const ContainerFacts *Facts =
                     Types.container(Object->getType())) {
        std::string Name =
            std::string("operator") + getOperatorSpelling(Call->getOperator());
        if (std::optional<Tie> Effect = Facts->effect(Name))
          Found(Call, Object, *Effect);
      }
    } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
      if (const FunctionModel *Model =
              U.models().function(Call->getDirectCallee()))
        for (int Index : Model->RemovesFrom)
          if (Index < static_cast<int>(Call->getNumArgs()))
            Found(Call, Call->getArg(Index), Tie::Removal);
    } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
      // Moving out leaves nothing: the elements are somebody else's now.
      if (Construct->getConstructor()->isMoveConstructor() &&
          Construct->getNumArgs() >= 1 &&
          (Types.container(Construct->getType()) ||
           Types.ownership(Construct->getType()) != Ownership::None))
        Found(Construct, Construct->getArg(0), Tie::Removal);
    }
    return WalkInto::Children;
  });
}

/// Does \p Function make or unmake objects? What it does is not concurrent
/// with their use.
static bool isConstruction(const FunctionDecl *Function) {
  if (isa<CXXConstructorDecl, CXXDestructorDecl>(Function))
    return true;
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Function))
    return Method->isMoveAssignmentOperator() ||
           Method->isCopyAssignmentOperator();
  return Function->isMain();
}

Invalidation::Invalidation(Unit &U) : U(U) {
  Origins &Where = U.shared<Origins>();
  for (const FunctionDecl *Function : U.functions()) {
    if (isConstruction(Function))
      continue;
    const FunctionDecl *Named = Function;
    while (const LambdaExpr *Lambda = U.lambda(Named)) {
      const FunctionDecl *Outer = U.enclosingFunction(Lambda);
      if (!Outer)
        break;
      Named = Outer;
    }
    findOperations(
        writtenBody(Function), U, Where.types(),
        [&](const Expr *Operation, const Expr *Object, Tie Effect) {
          for (const Referent &R : Object->getType()->isPointerType()
                                       ? Where.target(Object)
                                       : Where.place(Object))
            // What the frame owns, or has just made, is nobody else's.
            if (R.Last && R.Root != Storage::Frame &&
                R.Root != Storage::Temporary)
              All[cast<ValueDecl>(R.Last->getCanonicalDecl())].push_back(
                  {Operation, Function, Effect, R.Root, Named});
        });
  }
}

std::vector<Invalidator> Invalidation::of(const ValueDecl *Holder,
                                          Tie How) const {
  std::vector<Invalidator> Found;
  auto It = All.find(Holder);
  if (It != All.end())
    for (const Invalidator &One : It->second)
      if (One.Effect <= How)
        Found.push_back(One);
  return Found;
}

bool Invalidation::runsOnlyFor(const FunctionDecl *Function,
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

} // namespace coro
