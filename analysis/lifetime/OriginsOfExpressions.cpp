//===- OriginsOfExpressions.cpp - Where values and places come from -------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/OriginsParts.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/Builtins.h"

using namespace clang;

namespace coro {

Referents Origins::place(const Expr *E) {
  Step Guard(Depth);
  if (!E || Guard.tooDeep() || E->containsErrors())
    return unknownReferents();
  E = E->IgnoreParens();
  if (const auto *Mention = dyn_cast<DeclRefExpr>(E))
    return variable(Mention->getDecl(),
                    Mention->refersToEnclosingVariableOrCapture(), E);
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (isa<FieldDecl>(Member->getMemberDecl()))
      return member(object(Member->getBase(), Member->isArrow()),
                    Member->getMemberDecl());
    return variable(Member->getMemberDecl(), false, E);
  }
  if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(E)) {
    switch (Temporary->getStorageDuration()) {
    case SD_Automatic:
      return referentsIn(Storage::Frame);
    case SD_Static:
      return referentsIn(Storage::Constant);
    default:
      return referentsIn(isOwnerOfThis(Temporary->getSubExpr())
                             ? Storage::Self
                             : Storage::Temporary);
    }
  }
  if (const auto *Index = dyn_cast<ArraySubscriptExpr>(E)) {
    Referents Found = target(Index->getBase());
    for (Referent &R : Found) {
      R.Last = nullptr;
      R.Exact = false;
    }
    return Found;
  }
  if (const auto *Operator = dyn_cast<UnaryOperator>(E)) {
    if (Operator->getOpcode() == UO_Deref)
      return target(Operator->getSubExpr());
    if (Operator->isIncrementDecrementOp() ||
        Operator->getOpcode() == UO_Extension)
      return place(Operator->getSubExpr());
    return unknownReferents();
  }
  if (const auto *Operator = dyn_cast<BinaryOperator>(E)) {
    if (Operator->getOpcode() == BO_Comma)
      return place(Operator->getRHS());
    return Operator->isAssignmentOp() ? place(Operator->getLHS())
                                      : unknownReferents();
  }
  if (const auto *Choice = dyn_cast<AbstractConditionalOperator>(E)) {
    Referents Found = place(Choice->getTrueExpr());
    append(Found, place(Choice->getFalseExpr()));
    return Found;
  }
  if (isa<CastExpr>(E) && !isa<CXXFunctionalCastExpr>(E)) {
    const auto *Cast = ::cast<CastExpr>(E);
    return Cast->getCastKind() == CK_LValueToRValue
               ? referentsIn(Storage::Temporary)
               : place(Cast->getSubExpr());
  }
  if (const auto *Full = dyn_cast<FullExpr>(E))
    return place(Full->getSubExpr());
  if (const auto *Bound = dyn_cast<CXXBindTemporaryExpr>(E))
    return place(Bound->getSubExpr());
  if (const auto *Opaque = dyn_cast<OpaqueValueExpr>(E))
    return Opaque->getSourceExpr() ? place(Opaque->getSourceExpr())
                                   : unknownReferents();
  if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(E))
    return place(Default->getExpr());
  if (const auto *List = dyn_cast<InitListExpr>(E))
    return List->getNumInits() == 1 && E->isGLValue()
               ? place(List->getInit(0))
               : referentsIn(Storage::Temporary);
  if (isa<StringLiteral, PredefinedExpr>(E))
    return referentsIn(Storage::Constant);
  if (const auto *Substituted = dyn_cast<SubstNonTypeTemplateParmExpr>(E))
    return place(Substituted->getReplacement());
  if (const auto *Await = dyn_cast<CoroutineSuspendExpr>(E)) {
    if (!E->isGLValue())
      return referentsIn(Storage::Temporary);
    Referents Found = Await->getResumeExpr() ? place(Await->getResumeExpr())
                                             : unknownReferents();
    for (Referent &R : Found)
      for (auto &[Taken, How] : R.Loans)
        Taken.Where = E;
    return Found;
  }
  if (isa<CallExpr>(E)) {
    const Expr *Object = nullptr;
    llvm::ArrayRef<const Expr *> Args;
    const FunctionDecl *Callee = takeApart(E, Object, Args);
    if (E->isGLValue())
      return call(E, Callee, Object, Args, true);
    return referentsIn(Storage::Temporary);
  }
  return E->isPRValue() ? referentsIn(Storage::Temporary) : unknownReferents();
}

Referents Origins::target(const Expr *E) {
  Step Guard(Depth);
  if (!E || Guard.tooDeep() || E->containsErrors())
    return unknownReferents();
  E = E->IgnoreParens();
  if (isa<CXXThisExpr>(E))
    return referentsIn(Storage::Self);
  if (const auto *Mention = dyn_cast<DeclRefExpr>(E)) {
    const ValueDecl *Declaration = Mention->getDecl();
    const VarDecl *Variable = variableOf(Declaration);
    if (!Variable)
      return referentsIn(Storage::Constant);
    if (Mention->refersToEnclosingVariableOrCapture())
      return unknownReferents();
    if (Variable->hasGlobalStorage()) {
      Referents Found = variable(Variable, false, E);
      for (Referent &R : Found)
        if (R.Root == Storage::Constant && !Variable->getType()->isArrayType())
          R.Root = Storage::Global;
      return Found;
    }
    if (isa<ParmVarDecl>(Variable)) {
      Referent R;
      R.Root = Storage::Parameter;
      R.RootDecl = Variable;
      if (Variable->getType().getNonReferenceType()->isPointerType())
        R.Last = Variable;
      return {R};
    }
    if (Variable->getType()->isReferenceType()) {
      // A pointer or iterator in a place that is referred to.
      if (Declaration == Variable ? !isNameOfBorrow(Variable)
                                  : !Types.isBorrow(Declaration->getType()))
        return unknownReferents();
      return borrowed(Variable, Tie::Iterator);
    }
    if (!isTracked(Variable))
      return unknownReferents();
    Referents Found = borrowed(Variable, Tie::Iterator);
    if (Declaration != Variable)
      for (Referent &R : Found)
        R.Last = nullptr;
    return Found;
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (!Field)
      return unknownReferents();
    const Expr *Base = Member->getBase()->IgnoreParenImpCasts();
    if (!Member->isArrow())
      if (Shape Own = Types.shape(Base->getType()); Own == Shape::Aggregate)
        if (Base->isPRValue() || isa<DeclRefExpr, MemberExpr>(Base) ||
            isa<MaterializeTemporaryExpr>(Base))
          if (Referents Found = target(Base); !Found.empty())
            return Found;
    if (!Field->getType()->isPointerType())
      return unknownReferents();
    Referents Found = member(object(Base, Member->isArrow()), Field);
    for (Referent &R : Found) {
      if (R.Root == Storage::Frame || R.Root == Storage::Temporary)
        R = Referent();
      // The value of the pointer was copied: its own place does not matter.
      R.Loans.clear();
      R.Via.clear();
      R.Around.clear();
      R.Last = Field;
    }
    return Found;
  }
  if (const auto *Cast = dyn_cast<CastExpr>(E)) {
    switch (Cast->getCastKind()) {
    case CK_ArrayToPointerDecay: {
      Referents Found = place(Cast->getSubExpr());
      for (Referent &R : Found)
        R.Last = nullptr;
      return Found;
    }
    case CK_NullToPointer:
      return {};
    case CK_IntegralToPointer:
      return unknownReferents();
    default:
      return target(Cast->getSubExpr());
    }
  }
  if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(E))
    return target(Temporary->getSubExpr());
  if (const auto *Full = dyn_cast<FullExpr>(E))
    return target(Full->getSubExpr());
  if (const auto *Bound = dyn_cast<CXXBindTemporaryExpr>(E))
    return target(Bound->getSubExpr());
  if (const auto *Opaque = dyn_cast<OpaqueValueExpr>(E))
    return Opaque->getSourceExpr() ? target(Opaque->getSourceExpr())
                                   : unknownReferents();
  if (const auto *Operator = dyn_cast<UnaryOperator>(E)) {
    if (Operator->getOpcode() == UO_AddrOf)
      return place(Operator->getSubExpr());
    if (Operator->isIncrementDecrementOp())
      return target(Operator->getSubExpr());
    return unknownReferents();
  }
  if (const auto *Operator = dyn_cast<BinaryOperator>(E)) {
    switch (Operator->getOpcode()) {
    case BO_Comma:
    case BO_Assign:
      return target(Operator->getRHS());
    case BO_Add:
    case BO_Sub:
    case BO_AddAssign:
    case BO_SubAssign: {
      bool Left = Operator->getLHS()->getType()->isPointerType();
      return target(Left ? Operator->getLHS() : Operator->getRHS());
    }
    default:
      return unknownReferents();
    }
  }
  if (const auto *Choice = dyn_cast<AbstractConditionalOperator>(E)) {
    Referents Found = target(Choice->getTrueExpr());
    append(Found, target(Choice->getFalseExpr()));
    return Found;
  }
  if (const auto *Lambda = dyn_cast<LambdaExpr>(E)) {
    Referents Found;
    for (unsigned I = 0; I < Lambda->capture_size(); ++I) {
      const LambdaCapture &Capture = Lambda->capture_begin()[I];
      const Expr *Init = Lambda->capture_init_begin()[I];
      if (!Capture.capturesVariable() || !Init)
        continue;
      const ValueDecl *Captured = Capture.getCapturedVar();
      if (Capture.getCaptureKind() == LCK_ByRef)
        append(Found, place(Init));
      else if (Types.isBorrow(Captured->getType().getNonReferenceType()))
        append(Found, target(Init));
    }
    for (Referent &R : Found)
      R.Last = nullptr;
    return Found;
  }
  if (const auto *List = dyn_cast<InitListExpr>(E)) {
    Referents Found;
    const CXXRecordDecl *Record = E->getType()->getAsCXXRecordDecl();
    auto Field = Record && Record->hasDefinition()
                     ? Record->field_begin()
                     : RecordDecl::field_iterator();
    auto End = Record && Record->hasDefinition() ? Record->field_end()
                                                 : RecordDecl::field_iterator();
    if (held(E->getType(), List->inits(), Found))
      return Found;
    for (const Expr *Init : List->inits()) {
      if (Field != End) {
        if (Field->getType()->isReferenceType())
          append(Found, place(Init));
        else if (Types.isBorrow(Field->getType()) ||
                 Field->getType()->isArrayType())
          append(Found, target(Init));
        ++Field;
      } else if (Types.isBorrow(Init->getType())) {
        append(Found, target(Init));
      }
    }
    for (Referent &R : Found)
      R.Last = nullptr;
    return Found;
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    if (Construct->getNumArgs() == 0)
      return {};
    // Views and iterators are made from what they refer to, which comes first;
    // an aggregate of several values refers to what each does.
    Shape Own = Types.shape(E->getType());
    Referents Found;
    if (held(E->getType(),
             llvm::ArrayRef(Construct->getArgs(), Construct->getNumArgs()),
             Found))
      return Found;
    for (const Expr *Argument : Construct->arguments()) {
      QualType Type = Argument->IgnoreParenImpCasts()->getType();
      const Expr *Plain = Argument->IgnoreParenImpCasts();
      if (isa<CXXDefaultArgExpr>(Argument))
        continue;
      if (Types.container(Type) && Own != Shape::Aggregate)
        append(Found,
               element(place(Argument), Type,
                       Own == Shape::Iterator ? Tie::Iterator : Tie::Reference,
                       E, nullptr));
      else if (Types.isBorrow(Type) || Type->isArrayType())
        append(Found, Type->isArrayType() ? place(Plain) : target(Argument));
      else if (Own == Shape::View && Plain->isLValue() &&
               Construct->getNumArgs() == 1)
        append(Found, place(Plain));
      if (Own != Shape::Aggregate && !Found.empty())
        break;
    }
    for (Referent &R : Found)
      R.Last = nullptr;
    return Found;
  }
  if (const auto *Functional = dyn_cast<CXXStdInitializerListExpr>(E))
    return place(Functional->getSubExpr());
  if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(E))
    return target(Default->getExpr());
  if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(E))
    return target(Default->getExpr());
  if (const auto *Substituted = dyn_cast<SubstNonTypeTemplateParmExpr>(E))
    return target(Substituted->getReplacement());
  if (const auto *Await = dyn_cast<CoroutineSuspendExpr>(E)) {
    if (!Await->getResumeExpr())
      return unknownReferents();
    Referents Found = target(Await->getResumeExpr());
    for (Referent &R : Found)
      for (auto &[Taken, How] : R.Loans)
        Taken.Where = E;
    return Found;
  }
  if (isa<CallExpr>(E)) {
    const Expr *Object = nullptr;
    llvm::ArrayRef<const Expr *> Args;
    const FunctionDecl *Callee = takeApart(E, Object, Args);
    // A reference to a borrow: what that refers to is another question.
    if (E->isGLValue()) {
      switch (Callee ? Callee->getBuiltinID() : 0) {
      case Builtin::BIas_const:
      case Builtin::BIforward:
      case Builtin::BImove:
        return call(E, Callee, Object, Args, false);
      default:
        break;
      }
      if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E))
        if (Operator->getOperator() == OO_PlusPlus ||
            Operator->getOperator() == OO_MinusMinus ||
            Operator->getOperator() == OO_PlusEqual ||
            Operator->getOperator() == OO_MinusEqual)
          return target(Operator->getArg(0));
      // A part of a local that holds several: std::get<0>(pair), array[1].
      if (const Expr *Whole = Object         ? Object
                              : Args.empty() ? nullptr
                                             : Args[0];
          Whole && Callee && !U.isUserCode(Callee->getLocation()) &&
          Types.isBorrow(E->getType()) &&
          Types.shape(Whole->getType()) == Shape::Aggregate)
        return target(Whole);
      return unknownReferents();
    }
    return call(E, Callee, Object, Args, false);
  }
  return unknownReferents();
}

} // namespace coro
