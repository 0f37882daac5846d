//===- ClosureFix.cpp - How to save the captures of a coroutine lambda ----===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/ClosureFix.h"
#include "analysis/unit/TypeNames.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/TypeLoc.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace coro {

/// Is this the closure itself, called on the spot without arguments?
static bool isCalledOnTheSpot(const DyingArgument &D) {
  return D.What == ObjectSlot && D.Life.Where == ArgumentStorage::Temporary &&
         D.Call->getDirectCallee() == D.Callee;
}

/// `(this auto)` copies the closure: every capture must be a copy that can be
/// copied (or moved, if the closure is a temporary), and `mutable` may not be
/// written.
static bool canBeCopied(const DyingArgument &D) {
  const LambdaExpr *Lambda = D.Closure;
  // An explicit object parameter takes the place of `mutable`.
  if (!Lambda->getCallOperator()->isExplicitObjectMemberFunction() &&
      Lambda->isMutable())
    return false;
  for (const LambdaCapture &Capture : Lambda->captures())
    if (Capture.capturesVariable() && Capture.getCaptureKind() == LCK_ByRef)
      return false;
  if (isCalledOnTheSpot(D))
    return true;
  const CXXRecordDecl *Class = Lambda->getLambdaClass();
  return !Class->defaultedCopyConstructorIsDeleted();
}

static std::vector<FixItHint> byValueObject(const DyingArgument &D, Unit &U) {
  const LambdaExpr *Lambda = D.Closure;
  const ASTContext &AST = U.ast();
  const CXXMethodDecl *Operator = Lambda->getCallOperator();
  if (!canBeCopied(D))
    return {};
  if (Operator->isExplicitObjectMemberFunction()) {
    // `this auto &self`: take away the reference.
    const ParmVarDecl *Self = Operator->getParamDecl(0);
    TypeLoc Type = Self->getTypeSourceInfo()
                       ? Self->getTypeSourceInfo()->getTypeLoc()
                       : TypeLoc();
    if (auto Reference = Type.getAs<ReferenceTypeLoc>())
      return {FixItHint::CreateRemoval(Reference.getSigilLoc())};
    return {};
  }
  if (!Lambda->hasExplicitParameters())
    // C++23 lets the parameter list out even before a trailing return type.
    return {FixItHint::CreateInsertion(
        Lexer::getLocForEndOfToken(Lambda->getIntroducerRange().getEnd(), 0,
                                   AST.getSourceManager(), AST.getLangOpts()),
        "(this auto)")};
  FunctionTypeLoc Type = Operator->getFunctionTypeLoc();
  if (!Type)
    return {};
  return {FixItHint::CreateInsertion(Type.getLParenLoc().getLocWithOffset(1),
                                     Operator->getNumParams() ? "this auto, "
                                                              : "this auto")};
}

/// Has the function, or what it stands in, other types for other
/// instantiations?
static bool isInstantiation(const FunctionDecl *Function) {
  for (const DeclContext *At = Function; At; At = At->getParent()) {
    if (const auto *Outer = dyn_cast<FunctionDecl>(At))
      if (Outer->isTemplateInstantiation())
        return true;
    if (isa<ClassTemplateSpecializationDecl>(At))
      return true;
  }
  return false;
}

/// `[n]() {…}()` becomes `[](int n) {…}(n)`: parameters live in the frame.
static std::vector<FixItHint> asParameters(const DyingArgument &D, Unit &U) {
  const LambdaExpr *Lambda = D.Closure;
  const ASTContext &AST = U.ast();
  const SourceManager &SM = AST.getSourceManager();
  const CXXMethodDecl *Operator = Lambda->getCallOperator();
  const auto *Call = dyn_cast<CXXOperatorCallExpr>(D.Call);
  if (!isCalledOnTheSpot(D) || !Call || !Lambda->hasExplicitParameters() ||
      Lambda->getCaptureDefault() != LCD_None ||
      Operator->isExplicitObjectMemberFunction() || isInstantiation(D.Caller))
    return {};
  TypeNames Names(U, D.Caller->getEnclosingNamespaceContext());
  std::string Parameters, Arguments;
  for (const LambdaCapture &Capture : Lambda->explicit_captures()) {
    const auto *Variable = Capture.capturesVariable()
                               ? dyn_cast<VarDecl>(Capture.getCapturedVar())
                               : nullptr;
    if (!Variable || Capture.getCaptureKind() != LCK_ByCopy ||
        Capture.isPackExpansion())
      return {};
    std::string Type = Names.name(Variable->getType());
    if (Type.empty() ||
        Variable->getType().getNonReferenceType()->isArrayType())
      return {};
    std::string Argument = Variable->getNameAsString();
    if (Variable->isInitCapture()) {
      // A list or a pair of parentheses is no argument.
      if (Variable->getInitStyle() != VarDecl::CInit || !Variable->getInit())
        return {};
      Argument = sourceText(Variable->getInit()->getSourceRange(), AST);
    }
    if (!Parameters.empty())
      Parameters += ", ", Arguments += ", ";
    Parameters +=
        Type + (Type.back() == '*' ? "" : " ") + Variable->getNameAsString();
    Arguments += Argument;
  }
  FunctionTypeLoc Type = Operator->getFunctionTypeLoc();
  if (!Type || Parameters.empty())
    return {};
  std::optional<Token> Open =
      Lexer::findNextToken(Lambda->getEndLoc(), SM, AST.getLangOpts());
  if (!Open || Open->isNot(tok::l_paren))
    return {};
  if (Operator->getNumParams())
    Parameters += ", ";
  if (Call->getNumArgs() > 1 && !isa<CXXDefaultArgExpr>(Call->getArg(1)))
    Arguments += ", ";
  SourceRange Introducer = Lambda->getIntroducerRange();
  return {FixItHint::CreateReplacement(Introducer, "[]"),
          FixItHint::CreateInsertion(Type.getLParenLoc().getLocWithOffset(1),
                                     Parameters),
          FixItHint::CreateInsertion(Open->getLocation().getLocWithOffset(1),
                                     Arguments)};
}

ClosureFix fixClosure(const DyingArgument &D, Unit &U) {
  ClosureFix Fix;
  // Two coroutines of one lambda would want different fixes.
  if (!D.Call || D.Call->getBeginLoc().isMacroID() ||
      D.Closure->getBeginLoc().isMacroID())
    return Fix;
  if (isCalledOnTheSpot(D) && D.Task.What == Fate::Spawned && D.Task.Taker) {
    const FunctionModel *Taker = U.models().callee(D.Task.Taker);
    const auto *Call = dyn_cast<CXXOperatorCallExpr>(D.Call);
    bool IsArgument =
        llvm::any_of(D.Task.Taker->arguments(), [&](const Expr *Argument) {
          return Argument->IgnoreImplicit()->IgnoreParens() == D.Call;
        });
    if (Taker && Taker->Callable == CallableUse::Keeps && Call && IsArgument &&
        Call->getNumArgs() == 1) {
      Fix.HandOver = true;
      Fix.Hints.push_back(FixItHint::CreateRemoval(
          SourceRange(Lexer::getLocForEndOfToken(D.Closure->getEndLoc(), 0,
                                                 U.ast().getSourceManager(),
                                                 U.ast().getLangOpts()),
                      Call->getRParenLoc())));
      return Fix;
    }
  }
  if (U.ast().getLangOpts().CPlusPlus23) {
    Fix.Hints = byValueObject(D, U);
    Fix.ByValueObject = !Fix.Hints.empty();
  } else {
    Fix.Hints = asParameters(D, U);
  }
  return Fix;
}

} // namespace coro
