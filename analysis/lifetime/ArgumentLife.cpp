//===- ArgumentLife.cpp - What an argument refers to ----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/ArgumentLife.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/Builtins.h"

using namespace clang;

namespace coro {

namespace {

/// Follows one argument. Depth bounds chains of initialisers.
class Follower {
public:
  explicit Follower(const Models &Known) : Known(Known) {}

  ArgumentLife storage(const Expr *E);
  ArgumentLife pointee(const Expr *E);
  ArgumentLife viewed(const Expr *E);

private:
  ArgumentLife variable(const DeclRefExpr *Ref);
  ArgumentLife callResult(const CallExpr *Call);

  const Models &Known;
  unsigned Depth = 0;
};

} // namespace

/// The argument of a call that only casts: std::move, std::forward.
static const Expr *castArgument(const CallExpr *Call) {
  switch (Call->getBuiltinCallee()) {
  case Builtin::BImove:
  case Builtin::BImove_if_noexcept:
  case Builtin::BIforward:
  case Builtin::BIforward_like:
  case Builtin::BIas_const:
    return Call->getNumArgs() ? Call->getArg(0) : nullptr;
  default:
    return nullptr;
  }
}

ArgumentLife Follower::variable(const DeclRefExpr *Ref) {
  if (Ref->refersToEnclosingVariableOrCapture())
    return {ArgumentStorage::Capture, dyn_cast<VarDecl>(Ref->getDecl())};
  const ValueDecl *Declaration = Ref->getDecl();
  if (const auto *Part = dyn_cast<BindingDecl>(Declaration)) {
    const auto *Whole = dyn_cast_or_null<VarDecl>(Part->getDecomposedDecl());
    if (!Whole || Whole->getType()->isReferenceType())
      return {};
    if (Whole->hasGlobalStorage())
      return {ArgumentStorage::Global, Whole};
    // The hidden variable of a tuple-like binding is an rvalue reference when
    // the element is an object, an lvalue reference when it is a reference.
    if (const VarDecl *Holder = Part->getHoldingVar();
        Holder && !Holder->getType()->isRValueReferenceType())
      return {};
    // A part that is a reference member refers to who knows what.
    if (const Expr *Binding = Part->getBinding(); !Part->getHoldingVar()) {
      const auto *Member = dyn_cast_or_null<MemberExpr>(
          Binding ? Binding->IgnoreImplicit() : nullptr);
      if (!Binding ||
          (Member && Member->getMemberDecl()->getType()->isReferenceType()))
        return {};
    }
    return {ArgumentStorage::Local, Whole};
  }
  const auto *Variable = dyn_cast<VarDecl>(Declaration);
  if (!Variable)
    return {};
  if (Variable->hasGlobalStorage())
    return {ArgumentStorage::Global, Variable};
  bool Parameter = isa<ParmVarDecl>(Variable);
  if (!Variable->getType()->isReferenceType())
    return {Parameter ? ArgumentStorage::Parameter : ArgumentStorage::Local,
            Variable};
  if (Parameter)
    return {ArgumentStorage::Borrowed, Variable};
  const Expr *Init = Variable->getInit();
  if (!Init || Variable->isCXXForRangeDecl() || Depth > 4)
    return {};
  ++Depth;
  ArgumentLife Life = storage(Init);
  --Depth;
  return Life;
}

ArgumentLife Follower::callResult(const CallExpr *Call) {
  if (const Expr *Argument = castArgument(Call))
    return storage(Argument);
  if (Call->getBuiltinCallee() == Builtin::BIaddressof && Call->getNumArgs())
    return storage(Call->getArg(0));
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee)
    return {};
  // Elements and parts of an owner live as long as it does.
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
      Method && !Method->isStatic() &&
      ownsElements(Method->getParent(), Known)) {
    if (isa<CXXOperatorCallExpr>(Call) && Method->isCopyAssignmentOperator())
      return {};
    if (const Expr *Object = argumentOf(Call, ObjectSlot)) {
      if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
          Member && Object->getType()->isPointerType())
        return pointee(Object);
      return storage(Object);
    }
    return {};
  }
  for (unsigned I = 0; I < Callee->getNumParams(); ++I)
    if (Callee->getParamDecl(I)->hasAttr<LifetimeBoundAttr>())
      if (const Expr *Argument = argumentOf(Call, I))
        return lifeOfArgument(
            Argument, refersBy(Callee->getParamDecl(I)->getType(), Known),
            Known);
  if (const FunctionModel *Model = Known.function(Callee);
      Model && Model->ReturnsBorrow) {
    bool Member = isa<CXXMethodDecl>(Callee);
    if (const Expr *Argument = argumentOf(Call, Member ? ObjectSlot : 0))
      return storage(Argument);
  }
  return {};
}

ArgumentLife Follower::storage(const Expr *E) {
  if (!E || Depth > 32)
    return {};
  struct Deeper {
    unsigned &Depth;
    explicit Deeper(unsigned &Depth) : Depth(Depth) { ++Depth; }
    ~Deeper() { --Depth; }
  } Deeper(Depth);
  E = E->IgnoreParens();
  if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(E)) {
    if (const auto *Extends =
            dyn_cast_or_null<VarDecl>(Temporary->getExtendingDecl()))
      return Extends->hasGlobalStorage()
                 ? ArgumentLife{ArgumentStorage::Global, Extends}
                 : ArgumentLife{ArgumentStorage::Local, Extends};
    if (Temporary->getStorageDuration() == SD_Static)
      return {ArgumentStorage::Global};
    return {ArgumentStorage::Temporary, nullptr, Temporary};
  }
  if (const auto *Cleanups = dyn_cast<ExprWithCleanups>(E))
    return storage(Cleanups->getSubExpr());
  if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(E))
    return storage(Default->getExpr());
  if (const auto *Cast = dyn_cast<CastExpr>(E)) {
    switch (Cast->getCastKind()) {
    case CK_NoOp:
    case CK_DerivedToBase:
    case CK_UncheckedDerivedToBase:
    case CK_BaseToDerived:
    case CK_ArrayToPointerDecay:
      return storage(Cast->getSubExpr());
    default:
      return {};
    }
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    return variable(Ref);
  if (isa<StringLiteral, PredefinedExpr>(E))
    return {ArgumentStorage::Global};
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (const auto *Static = dyn_cast<VarDecl>(Member->getMemberDecl()))
      return {ArgumentStorage::Global, Static};
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (!Field || Field->getType()->isReferenceType())
      return {};
    return Member->isArrow() ? pointee(Member->getBase())
                             : storage(Member->getBase());
  }
  if (const auto *Element = dyn_cast<ArraySubscriptExpr>(E))
    return pointee(Element->getBase());
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->getOpcode() == UO_Deref)
      return pointee(Unary->getSubExpr());
    if (Unary->isPrefix() && Unary->isIncrementDecrementOp())
      return storage(Unary->getSubExpr());
    return {};
  }
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (Call->isGLValue())
      return callResult(Call);
    return {ArgumentStorage::Temporary, nullptr, E};
  }
  if (E->isPRValue() && E->getType()->isRecordType())
    return {ArgumentStorage::Temporary, nullptr, E};
  return {};
}

ArgumentLife Follower::pointee(const Expr *E) {
  if (!E || Depth > 32)
    return {};
  E = E->IgnoreParens();
  if (const auto *Cleanups = dyn_cast<ExprWithCleanups>(E))
    return pointee(Cleanups->getSubExpr());
  if (isa<CXXThisExpr>(E))
    return {ArgumentStorage::Object};
  if (const auto *Cast = dyn_cast<CastExpr>(E)) {
    if (Cast->getCastKind() == CK_ArrayToPointerDecay)
      return storage(Cast->getSubExpr());
    if (Cast->getCastKind() == CK_NullToPointer)
      return {ArgumentStorage::Global};
    // A pointer variable: it may have been made to point anywhere.
    if (Cast->getCastKind() == CK_LValueToRValue) {
      const auto *Ref =
          dyn_cast<DeclRefExpr>(Cast->getSubExpr()->IgnoreParens());
      const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
      if (!Variable || Ref->refersToEnclosingVariableOrCapture())
        return {};
      if (isa<ParmVarDecl>(Variable))
        return {ArgumentStorage::Borrowed, Variable};
      if (Variable->getType().isConstQualified() &&
          Variable->hasLocalStorage() && Variable->getInit() && Depth < 4) {
        ++Depth;
        ArgumentLife Life = pointee(Variable->getInit());
        --Depth;
        return Life;
      }
      return {};
    }
    return pointee(Cast->getSubExpr());
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(E);
      Unary && Unary->getOpcode() == UO_AddrOf)
    return storage(Unary->getSubExpr());
  if (const auto *Call = dyn_cast<CallExpr>(E))
    return callResult(Call);
  if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(E))
    return pointee(Default->getExpr());
  return {};
}

ArgumentLife Follower::viewed(const Expr *E) {
  if (!E || Depth > 32)
    return {};
  E = E->IgnoreParens();
  if (const auto *Cleanups = dyn_cast<ExprWithCleanups>(E))
    return viewed(Cleanups->getSubExpr());
  if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(E))
    return viewed(Temporary->getSubExpr());
  if (const auto *Temporary = dyn_cast<CXXBindTemporaryExpr>(E))
    return viewed(Temporary->getSubExpr());
  if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(E))
    return viewed(Default->getExpr());
  if (isa<CXXStdInitializerListExpr>(E))
    return {ArgumentStorage::Temporary, nullptr, E};
  if (const auto *Cast = dyn_cast<CastExpr>(E))
    return viewed(Cast->getSubExpr());
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    if (!Variable || Ref->refersToEnclosingVariableOrCapture() ||
        refersBy(Variable->getType().getNonReferenceType(), Known) !=
            RefersBy::View)
      return {};
    if (isa<ParmVarDecl>(Variable))
      return {ArgumentStorage::Borrowed, Variable};
    if (Variable->getType().isConstQualified() && Variable->hasLocalStorage() &&
        Variable->getInit() && Depth < 4) {
      ++Depth;
      ArgumentLife Life = viewed(Variable->getInit());
      --Depth;
      return Life;
    }
    return {};
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    if (Construct->getNumArgs() == 0)
      return {ArgumentStorage::Global};
    const Expr *First = Construct->getArg(0);
    QualType Type = First->getType();
    if (Type->isPointerType())
      return pointee(First);
    if (Type->isArrayType())
      return storage(First);
    const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
    if (!Record)
      return Construct->getConstructor()->getNumParams() > 0 &&
                     refersBy(Construct->getConstructor()
                                  ->getParamDecl(0)
                                  ->getType(),
                              Known) == RefersBy::Reference
                 ? storage(First)
                 : ArgumentLife();
    if (refersBy(Type, Known) == RefersBy::View)
      return viewed(First);
    if (ownsElements(Record, Known))
      return storage(First);
    return {};
  }
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (const Expr *Argument = castArgument(Call))
      return viewed(Argument);
    return callResult(Call);
  }
  return {};
}

ArgumentLife storageOf(const Expr *E, const Models &Known) {
  return Follower(Known).storage(E);
}

ArgumentLife lifeOfArgument(const Expr *Argument, RefersBy By,
                            const Models &Known) {
  if (!Argument || Argument->isTypeDependent() || Argument->containsErrors())
    return {};
  Follower F(Known);
  switch (By) {
  case RefersBy::Nothing:
    return {};
  case RefersBy::Reference:
    return F.storage(Argument);
  case RefersBy::Pointer:
    return F.pointee(Argument);
  case RefersBy::View:
    return F.viewed(Argument);
  }
  llvm_unreachable("all cases are handled");
}

const Expr *argumentOf(const CallExpr *Call, Slot What) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee)
    return nullptr;
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  bool ExplicitObject = Method && Method->isExplicitObjectMemberFunction();
  if (What == ObjectSlot) {
    if (!Method || Method->isStatic())
      return nullptr;
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
      return Member->getImplicitObjectArgument();
    return Call->getNumArgs() ? Call->getArg(0) : nullptr;
  }
  // The object of an operator is written among the arguments; an explicit
  // object parameter is counted among the parameters.
  unsigned Index = What;
  if (Method && isa<CXXOperatorCallExpr>(Call) && !ExplicitObject)
    ++Index;
  return Index < Call->getNumArgs() ? Call->getArg(Index) : nullptr;
}

ArgumentLife lifeOfSlot(const CallExpr *Call, Slot What, const Models &Known) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  const Expr *Argument = argumentOf(Call, What);
  if (!Argument)
    return {};
  if (What == ObjectSlot)
    return lifeOfArgument(Argument,
                          Argument->getType()->isPointerType()
                              ? RefersBy::Pointer
                              : RefersBy::Reference,
                          Known);
  if (static_cast<unsigned>(What) >= Callee->getNumParams())
    return {};
  return lifeOfArgument(
      Argument, refersBy(Callee->getParamDecl(What)->getType(), Known), Known);
}

} // namespace coro
