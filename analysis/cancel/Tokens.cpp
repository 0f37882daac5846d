//===- Tokens.cpp - Operations that are not given the token at hand -------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/Tokens.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Walk.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace coro {

namespace {

class Finder {
public:
  Finder(Unit &U, const Coroutine &C, const Flow &F) : U(U), F(F) {
    for (const ParmVarDecl *Parameter : C.Function->parameters())
      add(Parameter);
    walk(F.body(), [&](const Stmt *S) {
      if (const auto *Declaration = dyn_cast<DeclStmt>(S))
        for (const Decl *One : Declaration->decls())
          add(dyn_cast<VarDecl>(One));
      return WalkInto::Children;
    });
  }

  std::vector<MissingToken> run() {
    if (!Tokens.empty())
      for (const CoroutineSuspendExpr *Await : F.suspensions())
        if (const auto *Plain = dyn_cast<CoawaitExpr>(Await))
          walk(Plain->getOperand(), [&](const Stmt *S) {
            if (isa<CoroutineSuspendExpr>(S))
              return WalkInto::Skip; // looked at by itself
            if (const auto *Call = dyn_cast<CallExpr>(S))
              look(Call);
            return WalkInto::Children;
          });
    return std::move(Found);
  }

private:
  const TypeModel *token(QualType Type) const {
    const TypeModel *Row = U.models().type(Type.getNonReferenceType());
    return Row && Row->StopToken ? Row : nullptr;
  }

  void add(const VarDecl *Variable) {
    if (Variable && Variable->getIdentifier() && token(Variable->getType()))
      Tokens.push_back(Variable);
  }

  /// A token for a parameter of \p Type that is declared before \p Call.
  const VarDecl *tokenFor(QualType Type, const CallExpr *Call) const {
    const TypeModel *Wanted = token(Type);
    if (!Wanted)
      return nullptr;
    const SourceManager &SM = U.ast().getSourceManager();
    for (const VarDecl *Variable : Tokens)
      if (token(Variable->getType()) == Wanted &&
          SM.isBeforeInTranslationUnit(Variable->getLocation(),
                                       Call->getBeginLoc()))
        return Variable;
    return nullptr;
  }

  bool isGivenToken(const CallExpr *Call) const {
    return llvm::any_of(argumentsOf(Call), [&](const Expr *Argument) {
      return !isa<CXXDefaultArgExpr>(Argument) && token(Argument->getType());
    });
  }

  void look(const CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee || isa<CXXOperatorCallExpr>(Call) || isGivenToken(Call))
      return;
    MissingToken One;
    One.Call = Call;
    // f(int, token = {})
    for (unsigned I = 0; I < Call->getNumArgs() && I < Callee->getNumParams();
         ++I)
      if (isa<CXXDefaultArgExpr>(Call->getArg(I)))
        if ((One.Token = tokenFor(Callee->getParamDecl(I)->getType(), Call))) {
          One.Takes = Callee;
          Found.push_back(One);
          return;
        }
    if (!U.taskType(Call->getType()))
      return;
    // f(int) beside f(int, token)
    if (const auto *Identifier = Callee->getIdentifier())
      for (const NamedDecl *Other :
           Callee->getDeclContext()->lookup(DeclarationName(Identifier)))
        if (const auto *Overload = dyn_cast<FunctionDecl>(Other))
          if ((One.Token = tokenOfOverload(Callee, Overload, Call))) {
            One.Takes = Overload;
            Found.push_back(One);
            return;
          }
    const FunctionModel *Row = U.models().callee(Call);
    if (Row && !Row->CancellableAs.empty() && !Tokens.empty()) {
      One.Token = Tokens.front();
      One.Sibling = Row->CancellableAs;
      Found.push_back(One);
    }
  }

  /// The token that \p Overload takes beside what \p Callee takes.
  const VarDecl *tokenOfOverload(const FunctionDecl *Callee,
                                 const FunctionDecl *Overload,
                                 const CallExpr *Call) const {
    if (Overload->getNumParams() != Callee->getNumParams() + 1)
      return nullptr;
    const VarDecl *Token = nullptr;
    unsigned Mine = 0;
    for (const ParmVarDecl *Parameter : Overload->parameters()) {
      if (!Token && (Token = tokenFor(Parameter->getType(), Call)))
        continue;
      if (Mine >= Callee->getNumParams() ||
          Callee->getParamDecl(Mine)->getType().getCanonicalType() !=
              Parameter->getType().getCanonicalType())
        return nullptr;
      ++Mine;
    }
    return Token;
  }

  Unit &U;
  const Flow &F;
  llvm::SmallVector<const VarDecl *, 2> Tokens;
  std::vector<MissingToken> Found;
};

} // namespace

std::vector<MissingToken> findMissingTokens(Unit &U, const Coroutine &C) {
  const Flow *F = U.flow(C.Function);
  if (!F || F->suspensions().empty())
    return {};
  return Finder(U, C, *F).run();
}

} // namespace coro
