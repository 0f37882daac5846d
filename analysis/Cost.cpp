//===- Cost.cpp - How much a stretch of code computes ---------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/Cost.h"
#include "analysis/Walk.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

bool Cost::hasHeavy() const {
  return llvm::any_of(Factors, [](const CostFactor &F) { return F.Heavy; });
}

std::string Cost::text() const {
  std::string Text;
  for (const CostFactor &Factor : Factors)
    Text += (Text.empty() ? "" : "·") + Factor.Text;
  return "O(" + (Text.empty() ? "1" : Text) + ")";
}

/// The type of the elements that a range or container holds; null if unknown.
static QualType elementType(QualType Range, const ASTContext &AST) {
  Range = Range.getNonReferenceType();
  if (const auto *Array = AST.getAsArrayType(Range))
    return Array->getElementType();
  if (const auto *Record = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
          Range->getAsCXXRecordDecl()))
    if (Record->getTemplateArgs().size() > 0 &&
        Record->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
      return Record->getTemplateArgs()[0].getAsType();
  return {};
}

/// Walks a statement and keeps the most expensive nest.
class Costs::Walk {
public:
  Walk(Costs &All) : All(All), AST(All.U.ast()) {}
  Cost Best;

  void visit(const Stmt *S) {
    if (const auto *Loop = dyn_cast<CXXForRangeStmt>(S);
        Loop && !containsSuspension(Loop))
      return inLoop(boundOf(Loop), Loop->getBody());
    if (const auto *Loop = dyn_cast<ForStmt>(S);
        Loop && !containsSuspension(Loop))
      return inLoop(boundOf(Loop), Loop->getBody());
    if (const auto *Call = dyn_cast<CallExpr>(S))
      visitCall(Call);
    forEachChild(S, [&](const Stmt *Child) { visit(Child); });
  }

private:
  void visitCall(const CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee)
      return;
    if (const FunctionModel *Model = All.U.models().function(Callee);
        Model && Model->Heavy) {
      if (!isConstantSized(Call)) {
        CostFactor Factor{Model->HeavyCost, Call->getSourceRange(), false,
                          true};
        enter(Factor);
        Nest.pop_back();
      }
      return;
    }
    // A coroutine that is called here runs elsewhere or by its own account.
    if (!All.U.coroutine(Callee) && All.U.isUserCode(Callee->getLocation())) {
      const Cost &Inner = All.of(Callee);
      if (Inner.degree()) {
        size_t Size = Nest.size(), Links = Chain.size();
        Chain.push_back(
            {Call->getSourceRange(),
             "calls " + quoted(Callee) + ", which takes " + Inner.text()});
        for (const ReportNote &Link : Inner.Chain)
          Chain.push_back(Link);
        for (const CostFactor &Factor : Inner.Factors)
          enter(Factor);
        Nest.resize(Size);
        Chain.resize(Links);
      }
    }
  }

  void inLoop(std::optional<CostFactor> Bound, const Stmt *Body) {
    if (Bound)
      enter(*Bound);
    visit(Body);
    if (Bound)
      Nest.pop_back();
  }

  void enter(const CostFactor &Factor) {
    Nest.push_back(Factor);
    auto Heavy = [](llvm::ArrayRef<CostFactor> Factors) {
      return llvm::any_of(Factors, [](const CostFactor &F) { return F.Heavy; });
    };
    if (std::make_pair(Heavy(Nest), Nest.size()) >
        std::make_pair(Best.hasHeavy(), Best.Factors.size())) {
      Best.Factors = Nest;
      Best.Chain = Chain;
    }
  }

  /// What the iterations of a counting loop depend on; none if they are
  /// constant, or if it is no counting loop.
  std::optional<CostFactor> boundOf(const ForStmt *Loop) {
    const auto *Compare = dyn_cast_or_null<BinaryOperator>(
        Loop->getCond() ? Loop->getCond()->IgnoreParenImpCasts() : nullptr);
    if (!Compare || !Compare->isComparisonOp() || !Loop->getInc())
      return std::nullopt;
    const Expr *Bound = Compare->getRHS()->IgnoreParenImpCasts();
    // `i * i <= n` and halving steps are not linear; leave them out.
    if (const auto *Step = dyn_cast<CompoundAssignOperator>(
            Loop->getInc()->IgnoreParenImpCasts());
        Step && Step->getOpcode() != BO_AddAssign &&
        Step->getOpcode() != BO_SubAssign)
      return std::nullopt;
    if (Bound->isValueDependent() || Bound->isEvaluatable(AST))
      return std::nullopt;
    CostFactor Factor;
    Factor.Text = sourceText(Bound->getSourceRange(), AST, 30);
    Factor.Where = Bound->getSourceRange();
    if (const auto *Size = dyn_cast<CXXMemberCallExpr>(Bound)) {
      QualType Object =
          Size->getImplicitObjectArgument()->IgnoreParenImpCasts()->getType();
      QualType Element = elementType(Object, AST);
      Factor.Bulk = !Element.isNull() && Element->isArithmeticType();
    }
    return Factor;
  }

  std::optional<CostFactor> boundOf(const CXXForRangeStmt *Loop) {
    const Expr *Range = Loop->getRangeInit();
    if (!Range)
      return std::nullopt;
    QualType Type = Range->getType().getNonReferenceType();
    if (AST.getAsConstantArrayType(Type))
      return std::nullopt;
    // A class with the number of its elements in its type (an array).
    if (const auto *Record = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
            Type->getAsCXXRecordDecl()))
      if (Record->getTemplateArgs().size() == 2 &&
          Record->getTemplateArgs()[1].getKind() == TemplateArgument::Integral)
        return std::nullopt;
    if (Range->getType()->isRecordType() &&
        Range->IgnoreParenImpCasts()->isPRValue() &&
        isa<CXXStdInitializerListExpr>(Range->IgnoreParenImpCasts()))
      return std::nullopt;
    QualType Element = elementType(Type, AST);
    CostFactor Factor;
    Factor.Text = sourceText(Range->getSourceRange(), AST, 30);
    Factor.Where = Range->getSourceRange();
    Factor.Bulk = !Element.isNull() && Element->isArithmeticType();
    return Factor;
  }

  /// Is a heavy call given nothing but constants and fixed-size data?
  bool isConstantSized(const CallExpr *Call) {
    return llvm::all_of(Call->arguments(), [&](const Expr *Argument) {
      const Expr *Plain = Argument->IgnoreParenImpCasts();
      return isa<StringLiteral>(Plain) ||
             AST.getAsConstantArrayType(Plain->getType()) ||
             (!Plain->isValueDependent() && !Plain->getType()->isRecordType() &&
              Plain->isEvaluatable(AST));
    });
  }

  Costs &All;
  ASTContext &AST;
  std::vector<CostFactor> Nest;
  std::vector<ReportNote> Chain;
};

Cost Costs::of(const Stmt *S) {
  Walk W(*this);
  W.visit(S);
  return std::move(W.Best);
}

const Cost &Costs::of(const FunctionDecl *Function) {
  Function = Function->getCanonicalDecl();
  auto [It, New] = Known.try_emplace(Function);
  if (New) {
    // Seen by recursive calls: they count nothing.
    It->second = std::make_unique<Cost>();
    const FunctionDecl *Definition = nullptr;
    if (Function->hasBody(Definition) && !Definition->isDependentContext()) {
      Cost Computed = of(Definition->getBody());
      *Known[Function] = std::move(Computed);
    }
  }
  return *Known[Function];
}

} // namespace coro
