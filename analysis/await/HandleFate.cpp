//===- HandleFate.cpp - Where a coroutine's handle goes -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/await/HandleFate.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Walk.h"
#include "analysis/unit/LockTypes.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/Builtins.h"

using namespace clang;

namespace coro {

bool isCoroutineHandle(QualType Type) {
  const CXXRecordDecl *Record =
      Type.isNull() ? nullptr
                    : Type.getNonReferenceType()->getAsCXXRecordDecl();
  return Record && Record->getIdentifier() &&
         Record->getName() == "coroutine_handle" && Record->isInStdNamespace();
}

/// The name of the member that \p Call calls; empty if it has none.
static llvm::StringRef memberName(const CXXMemberCallExpr *Call) {
  const CXXMethodDecl *Method = Call->getMethodDecl();
  return Method && Method->getIdentifier() ? Method->getName()
                                           : llvm::StringRef();
}

const Expr *resumedHandle(const Expr *Call) {
  const Expr *Object = objectOf(Call);
  if (!Object || !isCoroutineHandle(Object->getType()))
    return nullptr;
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call))
    return Operator->getOperator() == OO_Call ? Object : nullptr;
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  return Member && memberName(Member) == "resume" ? Object : nullptr;
}

/// Does the body of \p Lambda resume a handle in place?
static bool resumesInBody(const LambdaExpr *Lambda) {
  return contains(Lambda->getBody(), [](const Stmt *S) {
    const auto *E = dyn_cast<Expr>(S);
    return E && resumedHandle(E);
  });
}

/// Is \p Place in an object that only this body has, a local variable, or (if
/// \p ThisIsOwn) in `this` itself, the awaiter?
static bool isOwn(const Expr *Place, bool ThisIsOwn) {
  while (true) {
    Place = Place->IgnoreParenImpCasts();
    const auto *Member = dyn_cast<MemberExpr>(Place);
    if (!Member)
      break;
    if (isa<CXXThisExpr>(Member->getBase()->IgnoreParenImpCasts()))
      return ThisIsOwn &&
             !Member->getMemberDecl()->getType()->isReferenceType();
    if (Member->isArrow() ||
        Member->getMemberDecl()->getType()->isReferenceType())
      return false;
    Place = Member->getBase();
  }
  const auto *Name = dyn_cast<DeclRefExpr>(Place);
  const auto *Variable = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
  return Variable && Variable->hasLocalStorage() &&
         !Variable->getType()->isReferenceType();
}

/// Does every way through the function evaluate \p At, and a bool that tells
/// whether it took effect only in a loop, which asks for it?
static bool alwaysHappens(const Flow &F, const HandleFate &Fate) {
  FlowPoint Point = F.point(Fate.At);
  if (!Point || (Fate.IfTrue && !F.isInLoop(Fate.At)))
    return false;
  const CFGBlock *Exit = &F.cfg().getExit();
  llvm::SmallVector<const CFGBlock *, 16> Work{&F.cfg().getEntry()};
  llvm::SmallPtrSet<const CFGBlock *, 16> Seen{Point.Block};
  while (!Work.empty()) {
    const CFGBlock *Block = Work.pop_back_val();
    if (!Seen.insert(Block).second)
      continue;
    if (Block == Exit)
      return false;
    for (const CFGBlock::AdjacentBlock &Next : Block->succs())
      if (const CFGBlock *Successor = Next.getReachableBlock())
        Work.push_back(Successor);
  }
  return true;
}

std::optional<HandleFate> HandleFates::inside(const FunctionDecl *Callee,
                                              unsigned Parameter, Carrier What,
                                              unsigned Depth) {
  const FunctionDecl *Definition = nullptr;
  if (!Callee->hasBody(Definition) || Parameter >= Definition->getNumParams() ||
      Depth > 3 || isa<CoroutineBodyStmt>(Definition->getBody()))
    return HandleFate();
  const ParmVarDecl *Given = Definition->getParamDecl(Parameter);
  auto [It, New] = Known.try_emplace({Given, What});
  if (!New)
    return It->second;
  EvaluatedTree Tree(writtenBody(Definition));
  LockTypes &Locks = U.shared<LockTypes>();
  bool HasLock = llvm::any_of(Tree.all(), [&](const Stmt *S) {
    const auto *Declaration = dyn_cast<DeclStmt>(S);
    const auto *Variable = Declaration && Declaration->isSingleDecl()
                               ? dyn_cast<VarDecl>(Declaration->getSingleDecl())
                               : nullptr;
    return Variable && Locks.guard(Variable->getType());
  });
  std::optional<HandleFate> Strongest;
  llvm::SmallVector<std::pair<const VarDecl *, Carrier>, 4> Names{
      {Given, What}};
  for (unsigned I = 0; I < Names.size() && I < 8; ++I)
    for (const DeclRefExpr *Name : Tree.mentions(Names[I].first)) {
      const VarDecl *Alias = nullptr;
      Carrier Now = Names[I].second;
      std::optional<HandleFate> Fate =
          follow(Tree, Name, Now, Alias, Depth + 1);
      if (Alias && !llvm::is_contained(Names, std::pair(Alias, Now)))
        Names.push_back({Alias, Now});
      if (Fate && Fate->Kind == PublishKind::Stored && HasLock)
        Fate->Kind = PublishKind::Shared;
      if (Fate && (!Strongest || Fate->Kind < Strongest->Kind))
        Strongest = Fate;
    }
  if (Strongest && Strongest->At) {
    const Flow *F = U.flow(Definition);
    Strongest->OnSomePaths |= !F || !alwaysHappens(*F, *Strongest);
  }
  return Known[{Given, What}] = Strongest;
}

std::optional<HandleFate> HandleFates::ofCall(const EvaluatedTree &Tree,
                                              const Expr *Call,
                                              const Expr *Argument,
                                              Carrier What, unsigned Depth) {
  const auto *Plain = dyn_cast<CallExpr>(Call);
  const FunctionDecl *Callee =
      Plain ? Plain->getDirectCallee()
            : cast<CXXConstructExpr>(Call)->getConstructor();
  if (!Callee)
    return std::nullopt;
  llvm::ArrayRef<const Expr *> Args = argumentsOf(Call);
  unsigned Index = llvm::find(Args, Argument) - Args.begin();
  HandleFate Fate;
  Fate.At = Call;
  Fate.Taker = Callee;
  Fate.IfTrue = Call->getType()->isBooleanType();
  const Expr *Object = objectOf(Call);
  if (const FunctionModel *Model = U.models().callee(Call)) {
    if (Model->Shares && *Model->Shares == static_cast<int>(Index)) {
      Fate.Kind = PublishKind::Shared;
      Fate.Into = Object         ? baseOf(Object)
                  : Args.empty() ? nullptr
                                 : baseOf(Args[0]);
      return Fate;
    }
    if (Model->Callable == CallableUse::RunsElsewhere) {
      Fate.Kind = PublishKind::Elsewhere;
      return Fate;
    }
  }
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  if (Method ? Method->getParent()->isInStdNamespace()
             : Callee->isInStdNamespace()) {
    // The library resumes nothing: a container, or `exchange(slot, handle)`.
    const Expr *Place = Object ? Object : Args.empty() ? nullptr : Args[0];
    if (!Place || Place == Argument || isOwn(Place, Depth == 0) ||
        Index >= Args.size())
      return std::nullopt;
    Fate.Kind = PublishKind::Stored;
    Fate.Into = baseOf(Place);
    return Fate;
  }
  if (Method && Method->isVirtual())
    return Fate;
  std::optional<HandleFate> Inner = inside(Callee, Index, What, Depth);
  if (!Inner)
    return std::nullopt;
  Fate.Kind = Inner->Kind;
  Fate.Into = Inner->Into;
  Fate.OnSomePaths = Inner->Kind != PublishKind::Passed && Inner->OnSomePaths;
  return Fate;
}

std::optional<HandleFate>
HandleFates::follow(const EvaluatedTree &Tree, const Expr *Mention,
                    Carrier &What, const VarDecl *&Alias, unsigned Depth) {
  const Stmt *At = Mention;
  while (const Stmt *Parent = Tree.parent(At)) {
    if (isa<ParenExpr, CastExpr, FullExpr, MaterializeTemporaryExpr,
            CXXBindTemporaryExpr, InitListExpr>(Parent)) {
      At = Parent;
      continue;
    }
    if (const auto *Lambda = dyn_cast<LambdaExpr>(Parent)) {
      bool Resumes = resumesInBody(Lambda);
      // With `this` alone it may as well log something.
      if (What == Carrier::Awaiter && !Resumes)
        return std::nullopt;
      What = Resumes ? Carrier::Resumer : Carrier::Callable;
      At = Parent;
      continue;
    }
    if (const auto *Declaration = dyn_cast<DeclStmt>(Parent)) {
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D);
            Variable && Variable->getInit() == At &&
            Variable->hasLocalStorage() && !isa<DecompositionDecl>(Variable))
          Alias = Variable;
      return std::nullopt;
    }
    if (isa<MemberExpr>(Parent)) {
      const Stmt *User = Tree.parent(Parent);
      const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(User);
      if (What == Carrier::Awaiter) {
        // `awaiter->handle.resume()`
        while (User && isa<ParenExpr, ImplicitCastExpr, MemberExpr>(User))
          User = Tree.parent(User);
        const auto *Resume = dyn_cast_or_null<Expr>(User);
        if (Resume && isCoroutineHandle(cast<Expr>(Parent)->getType()) &&
            resumedHandle(Resume))
          return HandleFate{PublishKind::Resumed, Resume};
        return std::nullopt;
      }
      if (What != Carrier::Handle || !Call)
        return std::nullopt;
      llvm::StringRef Name = memberName(Call);
      if (Name == "resume")
        return HandleFate{PublishKind::Resumed, Call};
      if (Name == "destroy")
        return HandleFate{PublishKind::Destroyed, Call};
      if (Name != "address")
        return std::nullopt;
      At = Call;
      continue;
    }
    // Where a value is assigned to.
    const Expr *Place = nullptr, *Value = nullptr;
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Parent)) {
      if (Operator->getOperator() == OO_Call && Operator->getArg(0) == At)
        return HandleFate{What == Carrier::Handle || What == Carrier::Resumer
                              ? PublishKind::Resumed
                              : PublishKind::Passed,
                          Operator};
      if (Operator->getOperator() == OO_Equal && Operator->getNumArgs() == 2) {
        const FunctionModel *Model = U.models().callee(Operator);
        if (!Model || !Model->Shares) {
          Place = Operator->getArg(0);
          Value = Operator->getArg(1);
        }
      }
    } else if (const auto *Binary = dyn_cast<BinaryOperator>(Parent)) {
      if (Binary->getOpcode() != BO_Assign)
        return std::nullopt;
      Place = Binary->getLHS();
      Value = Binary->getRHS();
    }
    if (Place) {
      if (Value != At)
        return std::nullopt;
      if (isOwn(Place, Depth == 0)) {
        const auto *Name = dyn_cast<DeclRefExpr>(Place->IgnoreParenImpCasts());
        Alias = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
        return std::nullopt;
      }
      HandleFate Fate{PublishKind::Stored, cast<Expr>(Parent)};
      Fate.Into = baseOf(Place);
      return Fate;
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Parent)) {
      const FunctionModel *Model = U.models().callee(Construct);
      if (!Model || Model->Callable != CallableUse::RunsElsewhere) {
        // A copy of the handle, or something around it, that is passed on.
        At = Parent;
        continue;
      }
      return ofCall(Tree, Construct, cast<Expr>(At), What, Depth);
    }
    if (const auto *Call = dyn_cast<CallExpr>(Parent)) {
      if (Call->isCallToStdMove() ||
          Call->getBuiltinCallee() == Builtin::BIforward) {
        At = Parent;
        continue;
      }
      if (Call->getCallee() == At)
        return std::nullopt;
      return ofCall(Tree, Call, cast<Expr>(At), What, Depth);
    }
    return std::nullopt;
  }
  return std::nullopt;
}

} // namespace coro
