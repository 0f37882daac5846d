//===- OwnChanges.cpp - What a coroutine ends of what it borrowed ---------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/OwnChanges.h"
#include "analysis/ast/Flow.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/FoldingSet.h"

using namespace clang;

namespace coro {

static bool sameText(const Expr *A, const Expr *B, const ASTContext &AST) {
  llvm::FoldingSetNodeID One, Other;
  A->IgnoreUnlessSpelledInSource()->Profile(One, AST, /*Canonical=*/true);
  B->IgnoreUnlessSpelledInSource()->Profile(Other, AST, /*Canonical=*/true);
  return One == Other;
}

bool OwnChange::isOf(const Loan &Taken) const {
  return Taken.Exact && Taken.Holder == Holder && Taken.In == In &&
         Taken.Root == Root && Taken.Around == Around;
}

bool OwnChange::ends(const Loan &Taken, Tie How, const ASTContext &AST) const {
  if (!isOf(Taken))
    return false;
  switch (What) {
  case All:
    return true;
  case Moves:
    return Effect <= How;
  case Looked: {
    const auto *Lookup = dyn_cast<CXXMemberCallExpr>(Taken.Where);
    return Lookup && Lookup->getMethodDecl() &&
           Facts->endsWhatGave(Member,
                               Lookup->getMethodDecl()->getNameAsString());
  }
  case Erases:
    return Taken.Key && sameText(Taken.Key, Key, AST);
  }
  llvm_unreachable("all kinds are handled");
}

Confidence OwnChange::sure() const {
  // A constructor may have reserved what a member needs.
  return What == Moves && In != Storage::Frame ? Confidence::Medium
                                               : Confidence::High;
}

/// Is \p Method like reserve(n): it makes room, and ends nothing?
static bool makesRoom(const CXXMethodDecl *Method, Tie Effect) {
  return Effect == Tie::Reference && Method->getReturnType()->isVoidType() &&
         Method->getNumParams() == 1 &&
         Method->getParamDecl(0)->getType()->isIntegerType();
}

/// Has \p Record a size? Of what holds one value, an assignment gives that
/// another value, in its place.
static bool holdsMany(const CXXRecordDecl *Record) {
  if (!Record || !Record->hasDefinition())
    return false;
  if (llvm::any_of(Record->decls(), [](const Decl *Member) {
        const auto *Named = dyn_cast<NamedDecl>(Member);
        return Named && Named->getIdentifier() && Named->getName() == "size";
      }))
    return true;
  return llvm::any_of(Record->bases(), [](const CXXBaseSpecifier &Base) {
    return holdsMany(Base.getType()->getAsCXXRecordDecl());
  });
}

/// What a member call does to the elements of the container that it is on.
static bool fromMember(const CXXMemberCallExpr *Call,
                       const CXXMethodDecl *Method, const ContainerFacts &Facts,
                       const BorrowTypes &Types, OwnChange &Change) {
  std::string Name = Method->getNameAsString();
  std::optional<Tie> Effect = Facts.effect(Name);
  if (!Effect)
    return false;
  Change.Effect = *Effect;
  Change.Facts = &Facts;
  if (*Effect != Tie::Removal) {
    Change.What = OwnChange::Moves;
    return true;
  }
  if (Call->getNumArgs() == 0) {
    Change.What = Facts.endsAll(Name) ? OwnChange::All : OwnChange::Looked;
    if (Method->getIdentifier())
      Change.Member = Method->getName();
    return true;
  }
  if (Call->getNumArgs() != 1 || !Facts.endsWhatGave(Name, "argument"))
    return false;
  const Expr *Argument = Call->getArg(0)->IgnoreUnlessSpelledInSource();
  // `erase(it++)` ends another element than the one that `it` stands at then;
  // a call may give another key each time.
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Argument);
      Construct && Construct->getNumArgs() == 1)
    Argument = Construct->getArg(0)->IgnoreUnlessSpelledInSource();
  if (!isa<DeclRefExpr, MemberExpr>(Argument))
    return false;
  Change.What = OwnChange::Erases;
  Change.Key = Argument;
  if (const auto *Mention = dyn_cast<DeclRefExpr>(Argument);
      Mention && Types.isIterator(Mention->getDecl()->getType()))
    Change.Iterator = Origins::variableOf(Mention->getDecl());
  return true;
}

OwnChanges::OwnChanges(Unit &U, Origins &Where, const Flow &F) {
  const BorrowTypes &Types = Where.types();
  llvm::DenseSet<const ValueDecl *> Reserved;
  auto Add = [&](OwnChange Change, const Expr *Object) {
    Referents Of = Object->getType()->isPointerType() ? Where.target(Object)
                                                      : Where.place(Object);
    if (Of.size() != 1 || !Of[0].Last || !Of[0].Exact)
      return;
    const Referent &R = Of[0];
    Change.In = R.Root;
    Change.Root =
        R.RootDecl ? cast<ValueDecl>(R.RootDecl->getCanonicalDecl()) : nullptr;
    Change.Holder = cast<ValueDecl>(R.Last->getCanonicalDecl());
    Change.Around = R.Around;
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Change.Operation);
        Call && makesRoom(Call->getMethodDecl(), Change.Effect))
      Reserved.insert(Change.Holder);
    All.push_back(std::move(Change));
  };
  F.forEachStatement([&](const Stmt *S) {
    OwnChange Change;
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
      const CXXMethodDecl *Method = Call->getMethodDecl();
      const Expr *Object = Call->getImplicitObjectArgument();
      if (!Method || !Object || Method->isConst())
        return;
      QualType Type = Object->IgnoreParenImpCasts()->getType();
      if (Type->isPointerType())
        Type = Type->getPointeeType();
      Change.Operation = Call;
      if (const ContainerFacts *Facts = Types.container(Type)) {
        // Who takes the iterator that comes back goes on with that one.
        const Stmt *Parent = F.semanticParent(Call);
        if (Types.isIterator(Call->getType()) &&
            isa_and_nonnull<Expr, DeclStmt>(Parent))
          return;
        if (fromMember(Call, Method, *Facts, Types, Change))
          Add(std::move(Change), Object);
      } else if (Types.ownership(Type) != Ownership::None &&
                 Method->getReturnType()->isVoidType() &&
                 llvm::none_of(Call->arguments(), [&](const Expr *Argument) {
                   return Argument->getType()->getAsCXXRecordDecl() ==
                          Type->getAsCXXRecordDecl();
                 })) {
        Add(std::move(Change), Object); // reset
      }
    } else if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(S)) {
      if (Call->getNumArgs() == 0)
        return;
      const Expr *Object = Call->getArg(0)->IgnoreParenImpCasts();
      QualType Type = Object->getType();
      Change.Operation = Call;
      const ContainerFacts *Facts = Types.container(Type);
      if (Call->getOperator() == OO_Equal) {
        if (Facts ? holdsMany(Type->getAsCXXRecordDecl())
                  : Types.ownership(Type) != Ownership::None)
          Add(std::move(Change), Object);
      } else if (Facts) {
        std::optional<Tie> Effect = Facts->effect(
            std::string("operator") + getOperatorSpelling(Call->getOperator()));
        if (!Effect || *Effect == Tie::Removal)
          return;
        Change.What = OwnChange::Moves;
        Change.Effect = *Effect;
        Add(std::move(Change), Object);
      }
    }
  });
  llvm::erase_if(All, [&](const OwnChange &One) {
    return One.What == OwnChange::Moves && Reserved.contains(One.Holder);
  });
  for (unsigned I = 0; I < All.size(); ++I) {
    Numbers[All[I].Operation] = I;
    OfHolder[All[I].Holder].push_back(I);
  }
}

} // namespace coro
