//===- Mutation.cpp - Which variables a statement changes -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/ast/Mutation.h"
#include "analysis/ast/Walk.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Analysis/Analyses/ExprMutationAnalyzer.h"

using namespace clang;

namespace coro {

bool mentions(const Stmt *S, const ValueDecl *Declaration) {
  if (const auto *Reference = dyn_cast<DeclRefExpr>(S))
    return Reference->getDecl() == Declaration;
  if (const auto *Member = dyn_cast<MemberExpr>(S))
    return Member->getMemberDecl() == Declaration &&
           isa<CXXThisExpr>(Member->getBase()->IgnoreParenImpCasts());
  return false;
}

/// Is there a const form of \p Method, with the same name and number of
/// parameters?
static bool hasConstForm(const CXXMethodDecl *Method) {
  for (const NamedDecl *Other :
       Method->getParent()->lookup(Method->getDeclName()))
    if (const auto *Const = dyn_cast<CXXMethodDecl>(Other))
      if (Const->isConst() && Const->getNumParams() == Method->getNumParams())
        return true;
  return false;
}

namespace {

/// Follows what becomes of an expression.
class Reading {
public:
  explicit Reading(const Flow &F) : F(F) {}

  /// Is what \p E refers to, an object or what an iterator or pointer stands
  /// at, at most read?
  bool onlyReads(const Expr *E) {
    if (++Steps > MaxSteps)
      return false;
    const Stmt *Parent = F.parent(E);
    if (!Parent)
      return false;
    if (isa<ParenExpr, ExprWithCleanups, MaterializeTemporaryExpr>(Parent))
      return onlyReads(cast<Expr>(Parent));
    if (const auto *Cast = dyn_cast<ImplicitCastExpr>(Parent)) {
      if (Cast->getCastKind() == CK_LValueToRValue)
        return !IsIterator || onlyReads(Cast);
      // From here on it is const; an iterator that is const writes all the
      // same.
      if (Cast->getCastKind() == CK_NoOp &&
          Cast->getType().isConstQualified() && !IsIterator)
        return true;
      return onlyReads(Cast);
    }
    if (const auto *Member = dyn_cast<MemberExpr>(Parent)) {
      if (const auto *Method =
              dyn_cast<CXXMethodDecl>(Member->getMemberDecl())) {
        const auto *Call =
            dyn_cast_or_null<CXXMemberCallExpr>(F.parent(Member));
        return Call && onlyReadsResult(Method, Call);
      }
      return onlyReads(Member);
    }
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Parent)) {
      if (isComparison(Operator->getOperator()))
        return true;
      const auto *Method =
          dyn_cast_or_null<CXXMethodDecl>(Operator->getDirectCallee());
      if (!Method || Operator->getArg(0) != E)
        return passesConst(Operator, E);
      // An iterator that moves stays one; what it stands at is the result.
      bool Moves = Operator->getOperator() == OO_PlusPlus ||
                   Operator->getOperator() == OO_MinusMinus ||
                   Operator->getOperator() == OO_PlusEqual ||
                   Operator->getOperator() == OO_MinusEqual;
      if (Moves && IsIterator)
        return isDiscarded(Operator) || onlyReads(Operator);
      return onlyReadsResult(Method, Operator);
    }
    if (const auto *Binary = dyn_cast<BinaryOperator>(Parent))
      return Binary->isComparisonOp() ||
             (Binary->isAdditiveOp() && (!IsIterator || onlyReads(Binary)));
    if (const auto *Unary = dyn_cast<UnaryOperator>(Parent))
      return IsIterator && Unary->getOpcode() == UO_Deref &&
             follow(Unary, false);
    if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(Parent))
      return onlyReads(Subscript);
    if (IsIterator && isa<CXXConstructExpr>(Parent))
      return onlyReads(cast<Expr>(Parent)); // a copy of it
    if (isa<CallExpr, CXXConstructExpr>(Parent))
      return !IsIterator && passesConst(cast<Expr>(Parent), E);
    if (const auto *Declaration = dyn_cast<DeclStmt>(Parent))
      return initialises(Declaration, E);
    // The value of a statement that nobody takes.
    return isDiscarded(E);
  }

private:
  bool isDiscarded(const Expr *E) const {
    const Stmt *Parent = F.parent(E);
    if (const auto *For = dyn_cast_or_null<ForStmt>(Parent))
      return For->getInc() == E;
    return Parent && !isa<Expr>(Parent) && isa<CompoundStmt>(Parent);
  }

  static bool isComparison(OverloadedOperatorKind Kind) {
    return Kind == OO_EqualEqual || Kind == OO_ExclaimEqual ||
           Kind == OO_Less || Kind == OO_Greater || Kind == OO_LessEqual ||
           Kind == OO_GreaterEqual || Kind == OO_Spaceship;
  }

  bool onlyReadsResult(const CXXMethodDecl *Method, const Expr *Call) {
    if (!Method->isConst() && !hasConstForm(Method))
      return false;
    QualType Result = Method->getReturnType();
    if (Result->isReferenceType())
      return Result->getPointeeType().isConstQualified() || follow(Call, false);
    if (Method->isConst() && !IsIterator)
      return true;
    // A pointer or an iterator; anything else is a copy.
    if (Result->isPointerType())
      return Result->getPointeeType().isConstQualified() || follow(Call, true);
    return !Result->isRecordType() || follow(Call, true);
  }

  /// Goes on with \p Result, which is what an iterator stands at, or is one.
  bool follow(const Expr *Result, bool AsIterator) {
    bool Before = std::exchange(IsIterator, AsIterator);
    bool Reads = onlyReads(Result);
    IsIterator = Before;
    return Reads;
  }

  /// Is \p Argument bound to a reference to const, or copied, by \p Call?
  static bool passesConst(const Expr *Call, const Expr *Argument) {
    const FunctionDecl *Callee = nullptr;
    llvm::ArrayRef<const Expr *> Arguments;
    unsigned Skip = 0;
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Call)) {
      Callee = Construct->getConstructor();
      Arguments = {Construct->getArgs(), Construct->getNumArgs()};
    } else if (const auto *Plain = dyn_cast<CallExpr>(Call)) {
      Callee = Plain->getDirectCallee();
      Arguments = {Plain->getArgs(), Plain->getNumArgs()};
      Skip = isa<CXXOperatorCallExpr>(Plain) &&
             isa_and_nonnull<CXXMethodDecl>(Callee);
    }
    if (!Callee)
      return false;
    for (unsigned I = Skip; I < Arguments.size(); ++I)
      if (Arguments[I] == Argument && I - Skip < Callee->getNumParams()) {
        QualType Type = Callee->getParamDecl(I - Skip)->getType();
        return (Type->isReferenceType() || Type->isPointerType()) &&
               Type->getPointeeType().isConstQualified();
      }
    return false;
  }

  /// A variable is made of \p E: it is followed when it refers to the object.
  bool initialises(const DeclStmt *Declaration, const Expr *E) {
    for (const Decl *D : Declaration->decls()) {
      const auto *Variable = dyn_cast<VarDecl>(D);
      if (!Variable || !Variable->getInit() ||
          !contains(Variable->getInit(), [&](const Stmt *S) { return S == E; }))
        continue;
      // The range of a range-for: what counts is its variable.
      if (Variable->isImplicit())
        if (const auto *Loop =
                dyn_cast_or_null<CXXForRangeStmt>(F.parent(Declaration)))
          return readsThrough(Loop->getLoopVariable());
      QualType Type = Variable->getType();
      if (Type->isReferenceType() || IsIterator)
        return readsThrough(Variable);
      return true;
    }
    return false;
  }

  bool readsThrough(const VarDecl *Variable) {
    QualType Type = Variable->getType();
    if (Type->isReferenceType()) {
      if (Type->getPointeeType().isConstQualified())
        return true;
    } else if (!IsIterator) {
      return true; // a copy
    }
    if (isa<DecompositionDecl>(Variable))
      return false;
    bool AsIterator = IsIterator && !Type->isReferenceType();
    return walk(F.body(), [&](const Stmt *S) {
      const auto *Reference = dyn_cast<DeclRefExpr>(S);
      if (!Reference || Reference->getDecl() != Variable)
        return isa<LambdaExpr>(S) ? captures(cast<LambdaExpr>(S), Variable)
                                  : WalkInto::Children;
      bool Before = std::exchange(IsIterator, AsIterator);
      bool Reads = onlyReads(Reference);
      IsIterator = Before;
      return Reads ? WalkInto::Children : WalkInto::Stop;
    });
  }

  static WalkInto captures(const LambdaExpr *Lambda, const VarDecl *Variable) {
    return llvm::any_of(Lambda->captures(),
                        [&](const LambdaCapture &Capture) {
                          return Capture.capturesVariable() &&
                                 Capture.getCapturedVar() == Variable;
                        })
               ? WalkInto::Stop
               : WalkInto::Children;
  }

  static constexpr unsigned MaxSteps = 2000;
  const Flow &F;
  unsigned Steps = 0;
  bool IsIterator = false;
};

} // namespace

bool changes(const Stmt *S, const ValueDecl *Declaration, const Flow &F,
             ASTContext &AST) {
  llvm::SmallVector<const Expr *, 8> Mentions;
  bool Captured = !walk(S, [&](const Stmt *At) {
    if (mentions(At, Declaration))
      Mentions.push_back(cast<Expr>(At));
    if (const auto *Lambda = dyn_cast<LambdaExpr>(At))
      for (const LambdaCapture &Capture : Lambda->captures())
        if (Capture.capturesVariable() &&
            Capture.getCapturedVar() == Declaration)
          return WalkInto::Stop;
    return WalkInto::Children;
  });
  if (!Captured && llvm::all_of(Mentions, [&](const Expr *E) {
        return Reading(F).onlyReads(E);
      }))
    return false;
  if (const auto *Variable = dyn_cast<VarDecl>(Declaration))
    return ExprMutationAnalyzer(*S, AST).isMutated(Variable);
  // A data member: every way to reach it is an expression of its own.
  return llvm::any_of(Mentions, [&](const Expr *E) {
    return ExprMutationAnalyzer(*S, AST).isMutated(E);
  });
}

} // namespace coro
