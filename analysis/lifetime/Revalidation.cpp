//===- Revalidation.cpp - What makes a stale borrow fresh again -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/Revalidation.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace coro {

/// The object at the beginning of a path of members and calls. \returns false
/// if the path begins with something else.
static bool rootOf(const Expr *E, const ValueDecl *&Of) {
  constexpr unsigned MaxSteps = 16;
  for (unsigned I = 0; E && I < MaxSteps; ++I) {
    E = E->IgnoreUnlessSpelledInSource();
    if (isa<CXXThisExpr>(E)) {
      Of = nullptr;
      return true;
    }
    if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      E = Member->getBase();
      if (E->isImplicitCXXThis()) {
        Of = nullptr;
        return true;
      }
    } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
      E = Call->getImplicitObjectArgument();
      if (E && E->isImplicitCXXThis()) {
        Of = nullptr;
        return true;
      }
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
      E = Operator->getNumArgs() ? Operator->getArg(0) : nullptr;
    } else if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
      E = Unary->getSubExpr();
    } else if (const auto *Mention = dyn_cast<DeclRefExpr>(E)) {
      Of = Mention->getDecl();
      return true;
    } else {
      return false;
    }
  }
  return false;
}

/// Is \p E a local number that was read from an object, \p Of, before?
bool Revalidation::isNoted(const Expr *E, const ValueDecl *&Of) const {
  const auto *Mention = dyn_cast<DeclRefExpr>(E->IgnoreUnlessSpelledInSource());
  const auto *Variable =
      Mention ? dyn_cast<VarDecl>(Mention->getDecl()) : nullptr;
  return Variable && Variable->isLocalVarDecl() && Variable->getInit() &&
         Variable->getType()->isIntegralOrEnumerationType() &&
         rootOf(Variable->getInit(), Of);
}

Revalidation::KeyNumber Revalidation::number(const Expr *Key) {
  if (!Key)
    return NoKey;
  llvm::FoldingSetNodeID Profile;
  Key->IgnoreUnlessSpelledInSource()->Profile(Profile, U.ast(),
                                              /*Canonical=*/true);
  return Numbers.try_emplace(std::move(Profile), Numbers.size() + 1)
      .first->second;
}

const Revalidation::Look &Revalidation::look(const Stmt *At) {
  auto [It, New] = Looks.try_emplace(At);
  if (!New)
    return It->second;
  Look Found;
  auto Compare = [&](const Expr *A, const Expr *B) {
    const ValueDecl *Noted = nullptr, *Current = nullptr;
    for (auto [Old, Now] : {std::pair(A, B), std::pair(B, A)})
      if (isNoted(Old, Noted) && rootOf(Now, Current) && Noted == Current) {
        Found.Version = true;
        Found.Of = Current;
      }
  };
  if (const auto *Operator = dyn_cast<BinaryOperator>(At)) {
    if (Operator->isComparisonOp())
      Compare(Operator->getLHS(), Operator->getRHS());
  } else if (const auto *Call = dyn_cast<CallExpr>(At)) {
    const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
    const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
    if (Operator && Operator->isComparisonOp() && Call->getNumArgs() == 2)
      Compare(Call->getArg(0), Call->getArg(1));
    const FunctionDecl *Callee = Call->getDirectCallee();
    const Expr *Object = Member ? Member->getImplicitObjectArgument()
                         : Operator && Call->getNumArgs() == 2 &&
                                 Operator->getOperator() == OO_Subscript
                             ? Call->getArg(0)
                             : nullptr;
    unsigned First = Operator ? 1 : 0;
    if (Callee && Call->getNumArgs() > First &&
        !Call->getType()->isVoidType()) {
      Found.Callee = Callee->getCanonicalDecl();
      Found.Key = number(Call->getArg(First));
    }
    if (Object && Call->getNumArgs() > First) {
      QualType Type = Object->getType();
      if (Type->isPointerType())
        Type = Type->getPointeeType();
      const ContainerFacts *Facts = Where.types().container(Type);
      if (Facts && Callee && !Facts->effect(Callee->getNameAsString())) {
        Referents Of = Object->getType()->isPointerType() ? Where.target(Object)
                                                          : Where.place(Object);
        if (Of.size() == 1 && Of[0].Last)
          Found.Holder = cast<ValueDecl>(Of[0].Last->getCanonicalDecl());
      }
    }
    // table.check_generation(noted)
    if (Member)
      for (const Expr *Argument : Call->arguments()) {
        const ValueDecl *Noted = nullptr, *Current = nullptr;
        if (isNoted(Argument, Noted) && rootOf(Call, Current) &&
            Noted == Current) {
          Found.Version = true;
          Found.Of = Current;
        }
      }
  }
  return Looks[At] = Found;
}

void Revalidation::watch(llvm::ArrayRef<Loan> Loans) {
  Watched = Loans;
  for (const auto &[Index, Taken] : llvm::enumerate(Loans)) {
    if (!Taken.Where)
      continue;
    KeyNumber Key = number(Taken.Key);
    if (Taken.Holder) {
      OfHolder[Taken.Holder].push_back(Index);
      OfHolderAndKey[{Taken.Holder, Key}].push_back(Index);
    }
    if (const auto *Obtained = dyn_cast<CallExpr>(Taken.Where);
        Obtained && Key != NoKey)
      if (const FunctionDecl *Callee = Obtained->getDirectCallee())
        OfCalleeAndKey[{Callee->getCanonicalDecl(), Key}].push_back(Index);
    if (Taken.Root)
      OfRoot[Taken.Root].push_back(Index);
    if (Taken.In == Storage::Self)
      OfRoot[nullptr].push_back(Index);
  }
}

void Revalidation::forRenewed(const Stmt *At,
                              llvm::function_ref<void(unsigned)> Renewed) {
  const Look &L = look(At);
  auto All = [&](const auto &Map, const auto &Key) {
    if (auto It = Map.find(Key); It != Map.end())
      llvm::for_each(It->second, Renewed);
  };
  if (L.Version)
    All(OfRoot, L.Of ? cast<ValueDecl>(L.Of->getCanonicalDecl()) : nullptr);
  if (L.Holder) {
    if (L.Key == NoKey)
      All(OfHolder, L.Holder);
    else
      for (KeyNumber Key : {L.Key, NoKey})
        All(OfHolderAndKey, std::pair(L.Holder, Key));
  }
  if (L.Callee && L.Key != NoKey)
    if (auto It = OfCalleeAndKey.find({L.Callee, L.Key});
        It != OfCalleeAndKey.end())
      for (unsigned Index : It->second)
        if (Watched[Index].Where != At)
          Renewed(Index);
}

} // namespace coro
