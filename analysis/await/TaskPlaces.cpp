//===- TaskPlaces.cpp - Local variables that tasks are put into -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/await/TaskPlaces.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"

using namespace clang;

namespace coro {

/// The `value_type` of a container; null if it has none.
static QualType elementType(const CXXRecordDecl *Record) {
  ASTContext &AST = Record->getASTContext();
  for (const NamedDecl *Found : Record->getDefinition()->lookup(
           DeclarationName(&AST.Idents.get("value_type"))))
    if (const auto *Alias = dyn_cast<TypedefNameDecl>(Found))
      return Alias->getUnderlyingType().getNonReferenceType();
  return {};
}

bool TaskPlaces::isPlainHolder(QualType Type) const {
  Type = Type.getNonReferenceType();
  if (Type->isArrayType())
    return true;
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition() || Record->isLambda() ||
      U.taskType(Type))
    return false;
  Record = Record->getDefinition();
  if (const TypeModel *Model = U.models().type(Record);
      Model && !Model->Pointer.empty())
    return Model->Pointer != "view";
  if (!elementType(Record).isNull())
    return true;
  // A pair is no aggregate, but all that it does is to hold. A destructor of
  // its own might run or await what it holds.
  const CXXDestructorDecl *Destructor = Record->getDestructor();
  if (Destructor && Destructor->isUserProvided())
    return false;
  if (Record->isAggregate())
    return true;
  const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(Record);
  if (!Spec)
    return false;
  return llvm::all_of(Spec->bases(), [](const CXXBaseSpecifier &Base) {
    const CXXRecordDecl *Class = Base.getType()->getAsCXXRecordDecl();
    const CXXDestructorDecl *D = Class ? Class->getDestructor() : nullptr;
    return Class && !(D && D->isUserProvided());
  });
}

/// What \p E is a part of, one step out: the object of a member, element or
/// dereference; null if it is none of these.
static const Expr *wholeOf(const Expr *E) {
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return isa<FieldDecl>(Member->getMemberDecl()) ? Member->getBase()
                                                   : nullptr;
  if (const auto *Element = dyn_cast<ArraySubscriptExpr>(E))
    return Element->getBase();
  if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(E))
    if (Call->getOperator() == OO_Subscript || Call->getOperator() == OO_Star ||
        Call->getOperator() == OO_Arrow)
      return Call->getNumArgs() > 0 ? Call->getArg(0) : nullptr;
  return nullptr;
}

/// The local holder that \p Place is, or is a part of; null if it is none.
const VarDecl *TaskPlaces::holderOf(const Expr *Place) const {
  while (true) {
    Place = Place->IgnoreParenImpCasts();
    const Expr *Whole = wholeOf(Place);
    if (!Whole)
      break;
    Place = Whole;
  }
  const auto *Name = dyn_cast<DeclRefExpr>(Place);
  const auto *Variable = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
  // A captured variable belongs to the body around: what is put into it is
  // taken out there.
  return Variable && Variable->hasLocalStorage() &&
                 !Name->refersToEnclosingVariableOrCapture() &&
                 !isa<ParmVarDecl, DecompositionDecl>(Variable) &&
                 !Variable->getType()->isReferenceType() &&
                 isPlainHolder(Variable->getType())
             ? Variable
             : nullptr;
}

/// Does \p Call, a member call on a holder, do nothing but to put its arguments
/// into it? Those of the standard library do; of other containers, which have a
/// type of elements, that is assumed when they take nothing else but tasks and
/// numbers.
bool TaskPlaces::onlyFills(const CXXMemberCallExpr *Call) const {
  const CXXMethodDecl *Method = Call->getMethodDecl();
  if (!Method || Call->getNumArgs() == 0 || !Tree.isDiscarded(Call))
    return false;
  const CXXRecordDecl *Class = Method->getParent();
  if (Class->isInStdNamespace())
    return true;
  if (const TypeModel *Model = U.models().type(Class);
      Model && (Model->Container || !Model->Pointer.empty()))
    return true;
  return Class->hasDefinition() && !elementType(Class).isNull() &&
         llvm::all_of(Call->arguments(), [&](const Expr *A) {
           return A->getType()->isIntegerType() || U.taskType(A->getType());
         });
}

FateOfValue TaskPlaces::fate(const Expr *Value) const {
  FateOfValue Result = Tree.fate(Value);
  if (Result.Fate == ValueFate::Assigned &&
      Result.Variable->getType()->isReferenceType())
    Result.Fate = ValueFate::Used; // somebody else's variable
  if (Result.Fate != ValueFate::Used || !Result.Parent)
    return Result;
  const VarDecl *Holder = nullptr;
  if (const auto *Assign = dyn_cast<CXXOperatorCallExpr>(Result.Parent)) {
    if (Assign->getOperator() == OO_Equal && Assign->getNumArgs() == 2 &&
        Assign->getArg(1) == Result.Root && Tree.isDiscarded(Assign))
      Holder = holderOf(Assign->getArg(0));
  } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Result.Parent)) {
    if (llvm::is_contained(Call->arguments(), Result.Root) && onlyFills(Call))
      Holder = holderOf(Call->getImplicitObjectArgument());
  }
  if (Holder) {
    Result.Fate = ValueFate::Holder;
    Result.Variable = Holder;
  }
  return Result;
}

Mention TaskPlaces::classifyCall(const CXXMemberCallExpr *Call) const {
  const CXXMethodDecl *Method = Call->getMethodDecl();
  if (!Method)
    return Mention::Use;
  if (onlyFills(Call))
    return Mention::Fills;
  bool Numbers = llvm::all_of(Call->arguments(), [](const Expr *A) {
    return A->getType()->isArithmeticType();
  });
  if (Numbers && Method->isConst() && Call->getType()->isArithmeticType())
    return Mention::Asks;
  // clear(), reset(): the standard library runs nothing.
  if (Tree.isDiscarded(Call) && Method->getParent()->isInStdNamespace())
    return Mention::Asks;
  return Mention::Use;
}

Mention TaskPlaces::classify(const DeclRefExpr *Name) {
  const auto *Variable = dyn_cast<VarDecl>(Name->getDecl());
  bool Holds = Variable && isPlainHolder(Variable->getType());
  const Expr *At = Name;
  while (const auto *Parent = dyn_cast_or_null<Expr>(Tree.parent(At))) {
    if (const auto *Cast = dyn_cast<ImplicitCastExpr>(Parent);
        isa<ParenExpr>(Parent) ||
        (Cast && (Cast->getCastKind() == CK_NoOp ||
                  Cast->getCastKind() == CK_ArrayToPointerDecay ||
                  Cast->getCastKind() == CK_UncheckedDerivedToBase))) {
      At = Parent;
      continue;
    }
    if (const auto *Assign = dyn_cast<CXXOperatorCallExpr>(Parent);
        Assign && Assign->getOperator() == OO_Equal && Assign->getArg(0) == At)
      return !Tree.isDiscarded(Assign) ? Mention::Use
             : At == Name              ? Mention::Write
                                       : Mention::Fills;
    if (!Holds)
      break;
    if (isa<MemberExpr>(Parent))
      if (const auto *Call =
              dyn_cast_or_null<CXXMemberCallExpr>(Tree.parent(Parent)))
        return classifyCall(Call);
    if (wholeOf(Parent) != At)
      break;
    if (Parent->getType()->isArithmeticType())
      return Mention::Asks;
    At = Parent;
  }
  FateOfValue Fate = fate(At);
  switch (Fate.Fate) {
  case ValueFate::Dropped:
    return Mention::Nothing;
  case ValueFate::Used:
  case ValueFate::Tested:
    return Mention::Use;
  case ValueFate::Variable:
  case ValueFate::Assigned:
    return neverGivesOut(Fate.Variable) ? Mention::Moves : Mention::Use;
  case ValueFate::Holder:
    return neverGivesOut(Fate.Variable) ? Mention::Nothing : Mention::Use;
  }
  llvm_unreachable("all fates are handled");
}

bool TaskPlaces::neverGivesOut(const ValueDecl *Variable) {
  if (isa<DecompositionDecl, ParmVarDecl>(Variable) ||
      (Variable->getType()->isRecordType() &&
       !U.taskType(Variable->getType()) && !isPlainHolder(Variable->getType())))
    return false;
  // Two that are moved into each other give nothing out, either.
  auto [It, New] = Known.try_emplace(Variable, true);
  if (!New)
    return It->second;
  bool Result =
      llvm::none_of(Tree.mentions(Variable), [&](const DeclRefExpr *Name) {
        return classify(Name) == Mention::Use;
      });
  return Known[Variable] = Result;
}

} // namespace coro
