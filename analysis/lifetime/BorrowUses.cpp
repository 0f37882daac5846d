//===- BorrowUses.cpp - What a mention of a local borrow does -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/BorrowUses.h"
#include "analysis/ast/Flow.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/Stmt.h"

using namespace clang;

namespace coro {

/// The type of the parameter to which \p Argument of \p Call is bound; null if
/// it is no argument.
static QualType parameterType(const Expr *Call, const Expr *Argument) {
  const FunctionDecl *Callee = nullptr;
  llvm::ArrayRef<const Expr *> Args;
  unsigned Skip = 0;
  if (const auto *Plain = dyn_cast<CallExpr>(Call)) {
    Callee = Plain->getDirectCallee();
    Args = llvm::ArrayRef(Plain->getArgs(), Plain->getNumArgs());
    if (isa<CXXOperatorCallExpr>(Call) &&
        isa_and_nonnull<CXXMethodDecl>(Callee))
      Skip = 1;
  } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(Call)) {
    Callee = Construct->getConstructor();
    Args = llvm::ArrayRef(Construct->getArgs(), Construct->getNumArgs());
  }
  if (Callee)
    for (unsigned I = Skip; I < Args.size(); ++I)
      if (Args[I]->IgnoreParenImpCasts() == Argument->IgnoreParenImpCasts() &&
          I - Skip < Callee->getNumParams())
        return Callee->getParamDecl(I - Skip)->getType();
  return {};
}

static bool isWritable(QualType Parameter) {
  return !Parameter.isNull() && Parameter->isLValueReferenceType() &&
         !Parameter->getPointeeType().isConstQualified();
}

static bool isComparison(const Stmt *S) {
  if (const auto *Operator = dyn_cast<BinaryOperator>(S))
    return Operator->isComparisonOp();
  if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(S))
    return Call->isComparisonOp();
  return isa<CXXRewrittenBinaryOperator>(S);
}

/// Is it the variable by which a range-for loop holds its range?
static bool isHiddenRange(const VarDecl *Variable) {
  return Variable->isImplicit() && Variable->getType()->isReferenceType();
}

/// Does \p Parent initialise a local borrow with \p Value?
static bool initialisesBorrow(const Stmt *Parent, const Origins &Where) {
  const auto *Statement = dyn_cast_or_null<DeclStmt>(Parent);
  return Statement && Statement->isSingleDecl() &&
         isa<VarDecl>(Statement->getSingleDecl()) &&
         Where.isTracked(cast<VarDecl>(Statement->getSingleDecl()));
}

static Mention classifyReference(const DeclRefExpr *M, const Flow &F,
                                 const Origins &Where) {
  // Naming a part of an object only computes its address.
  const Stmt *At = M;
  const Stmt *Parent = F.semanticParent(At);
  bool Address = true;
  while (const auto *Member = dyn_cast_or_null<MemberExpr>(Parent)) {
    Address &= !Member->isArrow() && isa<FieldDecl>(Member->getMemberDecl());
    At = Parent;
    Parent = F.semanticParent(At);
  }
  if (const auto *Operator = dyn_cast_or_null<UnaryOperator>(Parent);
      Operator && Operator->getOpcode() == UO_AddrOf)
    Parent = F.semanticParent(Operator);
  else if (cast<Expr>(At)->getType()->isPointerType() ||
           !initialisesBorrow(Parent, Where) ||
           !cast<VarDecl>(cast<DeclStmt>(Parent)->getSingleDecl())
                ->getType()
                ->isReferenceType())
    return Mention::Uses;
  return Address && initialisesBorrow(Parent, Where) ? Mention::Copies
                                                     : Mention::Uses;
}

static Mention classifyPointer(const DeclRefExpr *M, const Flow &F,
                               const Origins &Where) {
  const Stmt *At = M;
  const Stmt *Parent = F.semanticParent(At);
  while (const auto *Cast = dyn_cast_or_null<CastExpr>(Parent)) {
    if (Cast->getType()->isBooleanType())
      return Mention::Nothing;
    At = Parent;
    Parent = F.semanticParent(At);
  }
  if (!Parent)
    return Mention::Nothing;
  // semanticParent looks through the conversion to bool.
  for (const Stmt *Up = F.parent(M); Up && Up != Parent; Up = F.parent(Up))
    if (const auto *Cast = dyn_cast<CastExpr>(Up))
      if (Cast->getType()->isBooleanType())
        return Mention::Nothing;
  if (const auto *Operator = dyn_cast<BinaryOperator>(Parent)) {
    if (Operator->isComparisonOp()) {
      const Expr *Other = Operator->getLHS()->IgnoreParenImpCasts() ==
                                  cast<Expr>(At)->IgnoreParenImpCasts()
                              ? Operator->getRHS()
                              : Operator->getLHS();
      Other = Other->IgnoreParenImpCasts();
      if (const auto *Known = dyn_cast<DeclRefExpr>(Other);
          Known && Where.isTracked(Known->getDecl()))
        return Mention::Nothing;
      return isa<CXXNullPtrLiteralExpr, IntegerLiteral, GNUNullExpr>(Other)
                 ? Mention::Nothing
                 : Mention::Validates;
    }
    if (Operator->getOpcode() == BO_Assign) {
      if (Operator->getLHS()->IgnoreParenImpCasts() == M)
        return Mention::Assigns;
      if (const auto *To =
              dyn_cast<DeclRefExpr>(Operator->getLHS()->IgnoreParenImpCasts());
          To && Where.isTracked(To->getDecl()))
        return Mention::Copies;
    }
    return Mention::Uses;
  }
  if (const auto *Operator = dyn_cast<UnaryOperator>(Parent)) {
    if (Operator->getOpcode() == UO_AddrOf)
      return Mention::Escapes;
    return Operator->getOpcode() == UO_LNot ? Mention::Nothing : Mention::Uses;
  }
  if (isa<DeclStmt>(Parent))
    return initialisesBorrow(Parent, Where) ? Mention::Copies : Mention::Uses;
  if (isa<IfStmt, WhileStmt, ForStmt, DoStmt>(Parent))
    return Mention::Nothing;
  if (const auto *Choice = dyn_cast<ConditionalOperator>(Parent))
    if (Choice->getCond()->IgnoreParenImpCasts() == M)
      return Mention::Nothing;
  if (QualType Type = parameterType(cast<Expr>(Parent), cast<Expr>(At));
      !Type.isNull() && Type->isReferenceType())
    // A key, say: the pointer is looked at, not what it points to.
    return isWritable(Type) ? Mention::Escapes : Mention::Nothing;
  return Mention::Uses;
}

static Mention classifyClass(const DeclRefExpr *M, const Flow &F,
                             const Origins &Where, Shape Own) {
  const Stmt *Parent = F.semanticParent(M);
  if (!Parent)
    return Mention::Nothing;
  // A loop begins to go through it.
  if (const auto *Statement = dyn_cast<DeclStmt>(Parent))
    if (const auto *Variable = dyn_cast<VarDecl>(*Statement->decl_begin());
        Variable && isHiddenRange(Variable))
      return Mention::Uses;
  if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(Parent)) {
    if (Call->getOperator() == OO_Equal && Call->getNumArgs() == 2) {
      if (Call->getArg(0)->IgnoreParenImpCasts() == M)
        return Mention::Assigns;
      if (const auto *To =
              dyn_cast<DeclRefExpr>(Call->getArg(0)->IgnoreParenImpCasts());
          To && Where.isTracked(To->getDecl()))
        return Mention::Copies;
    }
    return Mention::Uses;
  }
  if (const auto *Member = dyn_cast<MemberExpr>(Parent)) {
    if (const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl()))
      return Where.types().isBorrow(Field->getType()) ? Mention::Uses
                                                      : Mention::Nothing;
    // The size of a view is in the view.
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Member->getMemberDecl()))
      if (Own == Shape::View && Method->isConst() &&
          Method->getNumParams() == 0 &&
          Method->getReturnType()->isIntegralOrEnumerationType())
        return Mention::Nothing;
    return Mention::Uses;
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Parent);
      Construct && Construct->getConstructor()->isCopyOrMoveConstructor()) {
    const Stmt *Above = F.semanticParent(Construct);
    if (initialisesBorrow(Above, Where))
      return Mention::Copies;
    if (const auto *Assignment = dyn_cast_or_null<CXXOperatorCallExpr>(Above);
        Assignment && Assignment->getOperator() == OO_Equal)
      if (const auto *To = dyn_cast<DeclRefExpr>(
              Assignment->getArg(0)->IgnoreParenImpCasts());
          To && Where.isTracked(To->getDecl()))
        return Mention::Copies;
    return Mention::Uses;
  }
  if (const auto *Call = dyn_cast<CallExpr>(Parent))
    if (const FunctionDecl *Callee = Call->getDirectCallee();
        Callee && Own == Shape::Aggregate &&
        isWritable(parameterType(Call, M)) &&
        // std::get reads a part.
        !(Callee->isInStdNamespace() &&
          Callee->getReturnType()->isReferenceType()))
      return Mention::Escapes;
  if (const auto *Operator = dyn_cast<UnaryOperator>(Parent);
      Operator && Operator->getOpcode() == UO_AddrOf)
    return Mention::Escapes;
  return isComparison(Parent) || isa<Expr>(Parent) || isa<ReturnStmt>(Parent) ||
                 isa<CoreturnStmt>(Parent)
             ? Mention::Uses
             : Mention::Nothing;
}

Mention classifyMention(const DeclRefExpr *M, const Flow &F,
                        const Origins &Where) {
  const ValueDecl *Declaration = M->getDecl();
  const VarDecl *Variable = Origins::variableOf(Declaration);
  if (!Variable)
    return Mention::Nothing;
  // The iterators and the mention of the range itself speak for it.
  if (isHiddenRange(Variable))
    return Mention::Copies;
  if (Variable->getType()->isReferenceType())
    return classifyReference(M, F, Where);
  // Of a decomposed copy, only the parts that refer matter.
  Shape Own = Where.types().shape(Declaration->getType());
  switch (Own) {
  case Shape::Value:
    return Declaration == Variable ? Mention::Uses : Mention::Nothing;
  case Shape::Reference:
    return classifyReference(M, F, Where);
  case Shape::Pointer:
    return classifyPointer(M, F, Where);
  case Shape::Iterator:
  case Shape::View:
  case Shape::Aggregate:
    return classifyClass(M, F, Where, Own);
  }
  llvm_unreachable("all shapes are handled");
}

} // namespace coro
