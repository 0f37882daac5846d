//===- SelectResult.cpp - Who won a select --------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/SelectResult.h"
#include "analysis/ast/ObjectPath.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace coro {

bool ResultTests::mentionsResult(const Stmt *S, unsigned Depth) const {
  if (!S)
    return false;
  if (S == Await)
    return true;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    return declaresResult(Ref->getDecl()) || Errors.contains(Ref->getDecl()) ||
           (Variable && Variable->isLocalVarDecl() && Variable->hasInit() &&
            Depth < 4 && mentionsResult(Variable->getInit(), Depth + 1));
  }
  return llvm::any_of(S->children(), [&](const Stmt *Child) {
    return mentionsResult(Child, Depth);
  });
}

bool ResultTests::declaresResult(const ValueDecl *Declaration) const {
  if (const auto *Binding = dyn_cast<BindingDecl>(Declaration))
    return Variables.contains(cast<ValueDecl>(Binding->getDecomposedDecl()));
  return Variables.contains(Declaration);
}

Verdict ResultTests::whenTrue(const Expr *Condition, unsigned Depth) const {
  Condition = Condition ? stripTransfers(Condition) : nullptr;
  if (!Condition || Depth > 8)
    return {};
  if (const auto *Not = dyn_cast<UnaryOperator>(Condition);
      Not && Not->getOpcode() == UO_LNot)
    return whenTrue(Not->getSubExpr(), Depth + 1).inverted();
  if (const auto *Compare = dyn_cast<BinaryOperator>(Condition);
      Compare && Compare->isEqualityOp()) {
    Verdict Result = equals(Compare->getLHS(), Compare->getRHS(), Depth);
    if (Result.What == Verdict::Nothing)
      Result = equals(Compare->getRHS(), Compare->getLHS(), Depth);
    return Compare->getOpcode() == BO_EQ ? Result : Result.inverted();
  }
  // `if (error)`, and of a single branch `auto [error, size] = …; if (error)`
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Condition);
      Call && isa_and_nonnull<CXXConversionDecl>(Call->getMethodDecl())) {
    const auto *Ref = dyn_cast_or_null<DeclRefExpr>(
        stripTransfers(Call->getImplicitObjectArgument()));
    if (Ref && (Errors.contains(Ref->getDecl()) ||
                (Branches == 1 && isa<BindingDecl>(Ref->getDecl()) &&
                 declaresResult(Ref->getDecl()))))
      return Verdict::won(ErrorBranch).inverted();
  }
  // A bool or pointer that was made from the result before.
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Condition)) {
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    if (Variable && !declaresResult(Variable) && Variable->hasInit() &&
        Variable->isLocalVarDecl())
      return whenTrue(Variable->getInit(), Depth + 1);
  }
  if (!isMadeFromResult(Condition))
    return {};
  if (const auto *Call = dyn_cast<CallExpr>(Condition))
    if (Call->getType()->isBooleanType() || Call->getType()->isPointerType())
      return alternative(Call);
  // `if (result.index())`
  if (isIndex(Condition))
    return Verdict::won(0).inverted();
  return {};
}

/// Holds one of several alternatives, and tells which: as opposed to a pair or
/// tuple, of which every member is there.
static bool isOneOf(QualType Type) {
  const CXXRecordDecl *Record =
      Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return false;
  bool Found = false;
  auto Look = [&](const CXXRecordDecl *In) {
    for (const CXXMethodDecl *Method : In->methods())
      Found |= Method->getIdentifier() && Method->getName() == "index" &&
               Method->getNumParams() == 0 && Method->isConst();
    return !Found;
  };
  if (Look(Record))
    Record->forallBases(Look);
  return Found;
}

Verdict ResultTests::whenEvaluated(const CallExpr *Call) const {
  if (!Call->isGLValue() || Call->getNumArgs() != 1 ||
      !isMadeFromResult(Call->getArg(0)) || !isOneOf(Await->getType()))
    return {};
  return alternative(Call);
}

bool ResultTests::visits(const CallExpr *Call) const {
  auto IsResult = [&](const Expr *Argument) {
    const auto *Ref = dyn_cast_or_null<DeclRefExpr>(stripTransfers(Argument));
    return Ref && declaresResult(Ref->getDecl());
  };
  if (alternative(Call).What != Verdict::Nothing)
    return Call->getType()->isPointerType() &&
           llvm::any_of(Call->arguments(), IsResult);
  return llvm::any_of(Call->arguments(), IsResult);
}

std::optional<uint64_t> ResultTests::caseOf(const Expr *Condition,
                                            const CaseStmt *Case) const {
  Condition = stripTransfers(Condition);
  if (!isMadeFromResult(Condition) || Case->getRHS())
    return std::nullopt;
  return constant(Case->getLHS());
}

bool ResultTests::isIndex(const Expr *E) const {
  QualType Type = E->getType().getNonReferenceType();
  return Type->isIntegerType() && !Type->isBooleanType() && isMadeFromResult(E);
}

bool ResultTests::onlyResult(const Stmt *S, bool &Found, unsigned Depth) const {
  if (!S)
    return true;
  if (S == Await) {
    Found = true;
    return true;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
    const ValueDecl *Declaration = Ref->getDecl();
    if (isa<FunctionDecl, EnumConstantDecl>(Declaration))
      return true;
    if (declaresResult(Declaration)) {
      Found = true;
      return true;
    }
    const auto *Variable = dyn_cast<VarDecl>(Declaration);
    if (!Variable || !Variable->hasInit() || Depth > 4)
      return false;
    if (Variable->isConstexpr())
      return true;
    return Variable->isLocalVarDecl() &&
           onlyResult(Variable->getInit(), Found, Depth + 1);
  }
  if (isa<CXXThisExpr, CoroutineSuspendExpr, LambdaExpr>(S))
    return false;
  // What a user's function makes of a result is its own business.
  if (const auto *Call = dyn_cast<CallExpr>(S))
    if (const FunctionDecl *Callee = Call->getDirectCallee();
        !Callee ||
        !AST.getSourceManager().isInSystemHeader(Callee->getLocation()))
      return false;
  return llvm::all_of(S->children(), [&](const Stmt *Child) {
    return onlyResult(Child, Found, Depth);
  });
}

std::optional<uint64_t> ResultTests::constant(const Expr *E) const {
  Expr::EvalResult Result;
  if (E->isValueDependent() || !E->getType()->isIntegralOrEnumerationType() ||
      !E->EvaluateAsInt(Result, AST))
    return std::nullopt;
  return Result.Val.getInt().getExtValue();
}

Verdict ResultTests::equals(const Expr *Index, const Expr *Constant,
                            unsigned Depth) const {
  std::optional<uint64_t> Value = constant(Constant);
  if (isIndex(stripTransfers(Index))) {
    if (Value && *Value < Branches)
      return Verdict::won(*Value);
    return {};
  }
  // pointer != nullptr
  if (Index->IgnoreParenImpCasts()->getType()->isPointerType() &&
      Constant->isNullPointerConstant(const_cast<ASTContext &>(AST),
                                      Expr::NPC_ValueDependentIsNotNull))
    return whenTrue(Index, Depth + 1).inverted();
  // flag == true
  if (Value && Index->IgnoreParenImpCasts()->getType()->isBooleanType()) {
    Verdict Result = whenTrue(Index, Depth + 1);
    return *Value ? Result : Result.inverted();
  }
  return {};
}

/// The alternative that a function's template arguments name: f<1>(result),
/// f<Timeout>(result).
Verdict ResultTests::alternative(const CallExpr *Call) const {
  const FunctionDecl *Callee = Call->getDirectCallee();
  const TemplateArgumentList *Arguments =
      Callee ? Callee->getTemplateSpecializationArgs() : nullptr;
  if (!Arguments || Arguments->size() == 0)
    return {};
  const TemplateArgument &First = Arguments->get(0);
  if (First.getKind() == TemplateArgument::Integral) {
    uint64_t Index = First.getAsIntegral().getZExtValue();
    return Index < Branches ? Verdict::won(Index) : Verdict();
  }
  if (First.getKind() != TemplateArgument::Type)
    return {};
  const auto *Result = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Await->getType().getNonReferenceType()->getAsCXXRecordDecl());
  if (!Result || Result->getTemplateArgs().size() == 0)
    return {};
  llvm::SmallVector<TemplateArgument, 4> Alternatives;
  for (const TemplateArgument &One : Result->getTemplateArgs().asArray())
    if (One.getKind() == TemplateArgument::Pack)
      Alternatives.append(One.pack_begin(), One.pack_end());
    else
      Alternatives.push_back(One);
  std::optional<unsigned> Found;
  for (unsigned I = 0; I < Alternatives.size(); ++I)
    if (Alternatives[I].getKind() == TemplateArgument::Type &&
        Alternatives[I].getAsType().getCanonicalType() ==
            First.getAsType().getCanonicalType()) {
      if (Found)
        return {};
      Found = I;
    }
  if (!Found || *Found >= Branches)
    return {};
  return Verdict::won(*Found);
}

llvm::SmallVector<Verdict, 2> ResultTests::atSwitch(const SwitchStmt &Switch,
                                                    const CFGBlock &Block,
                                                    unsigned Successor) const {
  llvm::SmallVector<Verdict, 2> Says;
  const CFGBlock *Next = (Block.succ_begin() + Successor)->getReachableBlock();
  const Stmt *Label = Next ? Next->getLabel() : nullptr;
  if (const auto *Case = dyn_cast_or_null<CaseStmt>(Label)) {
    if (auto Winner = caseOf(Switch.getCond(), Case);
        Winner && *Winner < Branches)
      Says.push_back(Verdict::won(*Winner));
  } else if (isIndex(stripTransfers(Switch.getCond()))) {
    // default, or past the switch: none of those that are listed.
    for (const SwitchCase *One = Switch.getSwitchCaseList(); One;
         One = One->getNextSwitchCase())
      if (const auto *Other = dyn_cast<CaseStmt>(One))
        if (auto Winner = caseOf(Switch.getCond(), Other);
            Winner && *Winner < Branches)
          Says.push_back(Verdict::won(*Winner).inverted());
  }
  return Says;
}

void ResultTests::findVariables(const Flow &F) {
  const Stmt *S = Await;
  while (const Stmt *Parent = F.semanticParent(S)) {
    if (const auto *Declaration = dyn_cast<DeclStmt>(Parent)) {
      for (const Decl *One : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(One);
            Variable && Variable->hasInit() &&
            stripTransfers(Variable->getInit()) == Await)
          Variables.insert(Variable);
      return;
    }
    if (const auto *Assignment = dyn_cast<CXXOperatorCallExpr>(Parent)) {
      if (Assignment->getOperator() == OO_Equal)
        if (ObjectPath Path = resolveObject(Assignment->getArg(0));
            Path && Path.Members.empty() && Path.Variable)
          Variables.insert(Path.Variable);
      return;
    }
    if (!isa<CXXConstructExpr>(Parent))
      return;
    S = Parent;
  }
}
} // namespace coro
