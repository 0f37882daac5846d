//===- EvaluatedTree.cpp - What one body evaluates, with parents ----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/ast/EvaluatedTree.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprConcepts.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

/// Calls \p Visit with each child of \p S that is evaluated with it.
template <typename Visitor>
static void forEachEvaluatedChild(const Stmt *S, Visitor Visit) {
  if (isa<UnaryExprOrTypeTraitExpr, CXXNoexceptExpr, RequiresExpr,
          CXXDefaultArgExpr, CXXDefaultInitExpr, OpaqueValueExpr, TypeTraitExpr,
          ConceptSpecializationExpr>(S))
    return;
  if (const auto *Id = dyn_cast<CXXTypeidExpr>(S);
      Id && (Id->isTypeOperand() || !Id->isPotentiallyEvaluated()))
    return;
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
    for (const Expr *Init : Lambda->capture_inits())
      if (Init)
        Visit(Init);
    return;
  }
  if (const auto *Await = dyn_cast<CoawaitExpr>(S)) {
    Visit(Await->getOperand());
    return;
  }
  if (const auto *Yield = dyn_cast<CoyieldExpr>(S)) {
    Visit(Yield->getOperand());
    return;
  }
  if (const auto *Return = dyn_cast<CoreturnStmt>(S)) {
    if (Return->getOperand())
      Visit(Return->getOperand());
    return;
  }
  for (const Stmt *Child : S->children())
    if (Child)
      Visit(Child);
}

EvaluatedTree::EvaluatedTree(const Stmt *Body) {
  if (!Body)
    return;
  // Children are visited in order; a stack rather than recursion, for bodies
  // that are generated.
  llvm::SmallVector<const Stmt *, 64> Work{Body};
  Parents[Body] = nullptr;
  llvm::SmallVector<const Stmt *, 8> Children;
  while (!Work.empty()) {
    const Stmt *S = Work.pop_back_val();
    All.push_back(S);
    if (const auto *Name = dyn_cast<DeclRefExpr>(S))
      Mentions[cast<ValueDecl>(Name->getDecl()->getCanonicalDecl())].push_back(
          Name);
    Children.clear();
    forEachEvaluatedChild(S, [&](const Stmt *Child) {
      if (Parents.try_emplace(Child, S).second)
        Children.push_back(Child);
    });
    Work.append(Children.rbegin(), Children.rend());
  }
}

llvm::ArrayRef<const DeclRefExpr *>
EvaluatedTree::mentions(const ValueDecl *Variable) const {
  auto It = Mentions.find(cast<ValueDecl>(Variable->getCanonicalDecl()));
  if (It == Mentions.end())
    return {};
  return It->second;
}

bool EvaluatedTree::isInCatch(const Stmt *S) const {
  for (; S; S = parent(S))
    if (isa<CXXCatchStmt>(S))
      return true;
  return false;
}

bool EvaluatedTree::isDiscardedIn(const Stmt *S, const Stmt *Parent) const {
  if (!Parent)
    return false;
  if (const auto *Compound = dyn_cast<CompoundStmt>(Parent)) {
    // `({ …; value; })` has the value of its last statement.
    const Stmt *Around = parent(Compound);
    return !(Around && isa<StmtExpr>(Around) && Compound->body_back() == S);
  }
  if (const auto *If = dyn_cast<IfStmt>(Parent))
    return S == If->getThen() || S == If->getElse() || S == If->getInit();
  if (const auto *While = dyn_cast<WhileStmt>(Parent))
    return S == While->getBody();
  if (const auto *Do = dyn_cast<DoStmt>(Parent))
    return S == Do->getBody();
  if (const auto *For = dyn_cast<ForStmt>(Parent))
    return S == For->getBody() || S == For->getInc() || S == For->getInit();
  if (const auto *Range = dyn_cast<CXXForRangeStmt>(Parent))
    return S == Range->getBody() || S == Range->getInit();
  if (const auto *Switch = dyn_cast<SwitchStmt>(Parent))
    return S == Switch->getBody() || S == Switch->getInit();
  if (const auto *Case = dyn_cast<SwitchCase>(Parent))
    return S == Case->getSubStmt();
  if (isa<LabelStmt, AttributedStmt>(Parent))
    return true;
  if (const auto *Cast = dyn_cast<CastExpr>(Parent))
    return Cast->getCastKind() == CK_ToVoid;
  if (const auto *Comma = dyn_cast<BinaryOperator>(Parent))
    return Comma->getOpcode() == BO_Comma && Comma->getLHS() == S;
  return false;
}

bool EvaluatedTree::isDiscarded(const Stmt *S) const {
  const Stmt *Parent = parent(S);
  while (
      Parent &&
      isa<ParenExpr, FullExpr, MaterializeTemporaryExpr, CXXBindTemporaryExpr>(
          Parent)) {
    S = Parent;
    Parent = parent(S);
  }
  return isDiscardedIn(S, Parent);
}

/// Is assigning to \p Object without any effect, as to std::ignore: a global
/// object with no state whose assignment operator is const?
static bool swallowsAssignments(const CXXOperatorCallExpr *Assignment) {
  const auto *Operator =
      dyn_cast_or_null<CXXMethodDecl>(Assignment->getDirectCallee());
  if (!Operator || !Operator->isConst() || !Operator->getParent()->isEmpty())
    return false;
  const auto *Object = dyn_cast<DeclRefExpr>(
      Assignment->getArg(0)->IgnoreUnlessSpelledInSource());
  const auto *Variable =
      Object ? dyn_cast<VarDecl>(Object->getDecl()) : nullptr;
  return Variable && Variable->hasGlobalStorage();
}

/// The local variable, not static, that \p E names; null if it is none. One
/// that a lambda has captured is local to the body around it.
static const VarDecl *localVariable(const Expr *E) {
  const auto *Name = dyn_cast<DeclRefExpr>(E->IgnoreUnlessSpelledInSource());
  const auto *Variable = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
  return Variable && Variable->hasLocalStorage() &&
                 !Name->refersToEnclosingVariableOrCapture()
             ? Variable
             : nullptr;
}

/// Does \p Call, of a function of the standard library, hand back an object
/// with \p Argument in it: make_tuple, make_pair, make_unique …? Its type is
/// then made from that of the argument.
static bool makesHolder(const CallExpr *Call, const Expr *Argument) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee || isa<CXXMethodDecl>(Callee) || !Callee->isInStdNamespace() ||
      !llvm::is_contained(Call->arguments(), Argument))
    return false;
  const auto *Made = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Call->getType()->getAsCXXRecordDecl());
  if (!Made)
    return false;
  CanQualType Type = Argument->getType()->getCanonicalTypeUnqualified();
  auto Names = [&](const TemplateArgument &A) {
    return A.getKind() == TemplateArgument::Type &&
           A.getAsType()->getCanonicalTypeUnqualified() == Type;
  };
  return llvm::any_of(
      Made->getTemplateArgs().asArray(), [&](const TemplateArgument &A) {
        return Names(A) || (A.getKind() == TemplateArgument::Pack &&
                            llvm::any_of(A.pack_elements(), Names));
      });
}

FateOfValue EvaluatedTree::fate(const Expr *Value) const {
  FateOfValue Result;
  const Stmt *At = Value;
  bool Held = false;
  auto End = [&](ValueFate Fate, const VarDecl *Variable = nullptr) {
    if (Held && Fate != ValueFate::Holder)
      Fate = ValueFate::Used;
    Result.Fate = Fate;
    Result.Variable = Variable;
    return Result;
  };
  while (true) {
    const Stmt *Parent = parent(At);
    Result.Root = dyn_cast<Expr>(At);
    Result.Parent = Parent;
    if (!Parent)
      return End(ValueFate::Used);
    if (isDiscardedIn(At, Parent))
      return End(ValueFate::Dropped);
    if (const auto *Declaration = dyn_cast<DeclStmt>(Parent)) {
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D))
          if (Variable->getInit() == At) {
            if (!Variable->hasLocalStorage())
              return End(ValueFate::Used);
            return End(Held ? ValueFate::Holder : ValueFate::Variable,
                       Variable);
          }
      return End(ValueFate::Used);
    }
    if (isa<ParenExpr, FullExpr, MaterializeTemporaryExpr, CXXBindTemporaryExpr,
            CXXStdInitializerListExpr>(Parent)) {
      At = Parent;
      continue;
    }
    if (const auto *Cast = dyn_cast<CastExpr>(Parent)) {
      switch (Cast->getCastKind()) {
      case CK_NoOp:
      case CK_ConstructorConversion:
        At = Parent;
        continue;
      default:
        return End(ValueFate::Used);
      }
    }
    if (const auto *Comma = dyn_cast<BinaryOperator>(Parent)) {
      if (Comma->getOpcode() != BO_Comma)
        return End(ValueFate::Used);
      At = Parent;
      continue;
    }
    if (const auto *Choice = dyn_cast<ConditionalOperator>(Parent)) {
      if (Choice->getCond() == At)
        return End(ValueFate::Used);
      At = Parent;
      continue;
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Parent)) {
      bool Same = Construct->getConstructor()->isCopyOrMoveConstructor() &&
                  Construct->getNumArgs() >= 1 && Construct->getArg(0) == At;
      Held |= !Same;
      At = Parent;
      continue;
    }
    if (isa<InitListExpr>(Parent)) {
      // `task<> t{work()}` is no list of tasks.
      const auto *List = cast<InitListExpr>(Parent);
      Held |= !(List->getNumInits() == 1 &&
                List->getType().getCanonicalType() ==
                    cast<Expr>(At)->getType().getCanonicalType());
      At = Parent;
      continue;
    }
    if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(Parent)) {
      if (Call->getOperator() != OO_Equal || Call->getNumArgs() != 2 ||
          Call->getArg(1) != At || Held)
        return End(ValueFate::Used);
      if (swallowsAssignments(Call))
        return End(ValueFate::Dropped);
      const VarDecl *Variable = localVariable(Call->getArg(0));
      const auto *Operator =
          dyn_cast_or_null<CXXMethodDecl>(Call->getDirectCallee());
      if (!Variable || !Operator ||
          !(Operator->isMoveAssignmentOperator() ||
            Operator->isCopyAssignmentOperator()) ||
          !isDiscarded(Call))
        return End(ValueFate::Used);
      return End(ValueFate::Assigned, Variable);
    }
    if (const auto *Call = dyn_cast<CallExpr>(Parent)) {
      bool Wraps = makesHolder(Call, cast<Expr>(At));
      if (Wraps || Call->isCallToStdMove()) {
        Held |= Wraps;
        At = Parent;
        continue;
      }
    }
    // `if (work())`: the object is converted, not what it would give.
    if (isa<MemberExpr>(Parent))
      if (const auto *Call =
              dyn_cast_or_null<CXXMemberCallExpr>(parent(Parent)))
        if (const auto *Conversion =
                dyn_cast_or_null<CXXConversionDecl>(Call->getMethodDecl());
            Conversion && Conversion->getConversionType()->isBooleanType() &&
            !Held) {
          Result.Parent = Call;
          return End(ValueFate::Tested);
        }
    return End(ValueFate::Used);
  }
}

} // namespace coro
