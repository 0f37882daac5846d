//===- AsyncScopes.cpp - Scopes of started tasks that nobody joins --------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/AsyncScopes.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Dataflow.h"
#include "analysis/ast/Walk.h"
#include "analysis/unit/Suspensions.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace clang;

namespace coro {

namespace {

/// In which scopes work may be going on.
struct Busy {
  llvm::SmallBitVector Scopes;
  bool join(const Busy &Other) {
    llvm::SmallBitVector Before = Scopes;
    Scopes |= Other.Scopes;
    return Scopes != Before;
  }
};

class Analysis {
public:
  Analysis(Unit &U, const Flow &F) : U(U), F(F) {
    walk(F.body(), [&](const Stmt *S) {
      if (const auto *Declaration = dyn_cast<DeclStmt>(S))
        for (const Decl *One : Declaration->decls())
          add(dyn_cast<VarDecl>(One));
      return WalkInto::Children;
    });
    if (!Scopes.empty())
      findEscapes();
  }

  bool empty() const { return Scopes.empty(); }
  std::vector<UnjoinedScope> result() {
    std::vector<UnjoinedScope> Found;
    for (unsigned I = 0; I < Scopes.size(); ++I)
      if (!Escapes.test(I) && Scopes[I].Started &&
          (Scopes[I].Left || Scopes[I].Throws))
        Found.push_back(Scopes[I]);
    for (UnjoinedScope &One : Found)
      if (One.Left) {
        One.Throws = nullptr;
        // An assertion that fails ends a test, and what it leaves behind does
        // not matter; an expectation may test the join itself.
        if (One.Left->getBeginLoc().isMacroID() || One.JoinedInMacro)
          One.Sure = Confidence::Low;
      } else
        // Almost anything may throw, and many programs end then anyway.
        One.Sure = Confidence::Medium;
    return Found;
  }

  Busy entry() const {
    Busy None;
    None.Scopes.resize(Scopes.size());
    return None;
  }

  void transfer(Busy &State, const CFGElement &Element, const CFGBlock &) {
    if (auto Dtor = Element.getAs<CFGAutomaticObjDtor>()) {
      if (int I = indexOf(Dtor->getVarDecl()); I >= 0 && State.Scopes.test(I)) {
        const Stmt *Left = Dtor->getTriggerStmt();
        const Stmt *&Known = Scopes[I].Left;
        // A way out that people have written says more than one of a macro.
        if (Left && (!Known || (Known->getBeginLoc().isMacroID() &&
                                !Left->getBeginLoc().isMacroID())))
          Known = Left;
        State.Scopes.reset(I);
      }
      return;
    }
    auto Statement = Element.getAs<CFGStmt>();
    if (!Statement)
      return;
    const Stmt *S = Statement->getStmt();
    if (const auto *Await = dyn_cast<CoroutineSuspendExpr>(S)) {
      for (unsigned I : State.Scopes.set_bits())
        if (!Scopes[I].Throws && mayThrow(Await) && !isCaught(Await, I))
          Scopes[I].Throws = Await;
      return;
    }
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call)
      return;
    ScopeUse Use = ScopeUse::None;
    int I = scopeOf(Call, Use);
    if (I < 0)
      return;
    if (Use == ScopeUse::Joins) {
      Scopes[I].Joined = true;
      Scopes[I].JoinedInMacro |= Call->getExprLoc().isMacroID();
      State.Scopes.reset(I);
    } else if (Use == ScopeUse::Starts && isLeftAlone(Call)) {
      if (!Scopes[I].Started)
        Scopes[I].Started = Call;
      State.Scopes.set(I);
    }
  }

private:
  void add(const VarDecl *Variable) {
    if (!Variable || !Variable->hasLocalStorage() ||
        Variable->getType()->isReferenceType())
      return;
    const TypeModel *Model = U.models().type(Variable->getType());
    if (!Model || Model->Unjoined.empty())
      return;
    UnjoinedScope One;
    One.Scope = Variable;
    One.Model = Model;
    Scopes.push_back(One);
  }

  /// Does the work that \p Call starts go on by itself? Who keeps or awaits
  /// its result knows when it ends.
  bool isLeftAlone(const CallExpr *Call) const {
    if (Call->getType()->isVoidType())
      return true;
    const Stmt *Parent = F.semanticParent(Call);
    const auto *Cast = dyn_cast_or_null<CastExpr>(Parent);
    return !Parent || (Cast && Cast->getType()->isVoidType()) ||
           !isa<Expr, DeclStmt, ReturnStmt, CoreturnStmt>(Parent);
  }

  int indexOf(const ValueDecl *Variable) const {
    for (unsigned I = 0; I < Scopes.size(); ++I)
      if (Scopes[I].Scope == Variable)
        return I;
    return -1;
  }

  /// The scope that \p Call uses, and how.
  int scopeOf(const CallExpr *Call, ScopeUse &Use) const {
    const FunctionModel *Row = U.models().callee(Call);
    if (!Row || Row->Scope == ScopeUse::None)
      return -1;
    Use = Row->Scope;
    const Expr *Object = objectOf(Call);
    if (!Object && Call->getNumArgs() > 0)
      Object = Call->getArg(0);
    const auto *Ref =
        Object ? dyn_cast<DeclRefExpr>(Object->IgnoreParenImpCasts()) : nullptr;
    return Ref ? indexOf(Ref->getDecl()) : -1;
  }

  /// Whoever is handed a scope may join it.
  void findEscapes() {
    Escapes.resize(Scopes.size());
    llvm::DenseSet<const Stmt *> Known;
    walk(F.body(), [&](const Stmt *S) {
      if (const auto *Call = dyn_cast<CallExpr>(S)) {
        ScopeUse Use;
        if (scopeOf(Call, Use) >= 0) {
          const Expr *Object = objectOf(Call);
          Known.insert(
              (Object ? Object : Call->getArg(0))->IgnoreParenImpCasts());
        } else if (const Expr *Object = objectOf(Call);
                   Object && isa<CXXMemberCallExpr>(Call)) {
          // Another member asks something.
          Known.insert(Object->IgnoreParenImpCasts());
        }
      } else if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
        for (const Expr *Init : Lambda->capture_inits())
          if (Init)
            Known.insert(Init->IgnoreParenImpCasts());
        for (unsigned I = 0; I < Scopes.size(); ++I)
          if (mayJoin(Lambda, I))
            Escapes.set(I);
      } else if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
        if (int I = indexOf(Ref->getDecl()); I >= 0 && !Known.contains(Ref))
          Escapes.set(I);
      }
      return WalkInto::Children;
    });
  }

  /// Does the body of \p Lambda do anything with scope \p I but start work?
  bool mayJoin(const LambdaExpr *Lambda, unsigned I) const {
    const auto *Body = writtenBody(Lambda->getCallOperator());
    unsigned Mentions = 0, Starts = 0;
    walk(Body, [&](const Stmt *S) {
      if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
        Mentions += Ref->getDecl() == Scopes[I].Scope;
      ScopeUse Use = ScopeUse::None;
      if (const auto *Call = dyn_cast<CallExpr>(S))
        if (scopeOf(Call, Use) == static_cast<int>(I))
          Starts += Use == ScopeUse::Starts;
      return WalkInto::Children;
    });
    return Mentions > Starts;
  }

  bool mayThrow(const CoroutineSuspendExpr *Await) const {
    if (!U.shared<Suspensions>().maySuspend(Await))
      return false;
    const auto *Resume =
        Await->getResumeExpr()
            ? dyn_cast<CallExpr>(Await->getResumeExpr()->IgnoreImplicit())
            : nullptr;
    const FunctionDecl *Callee = Resume ? Resume->getDirectCallee() : nullptr;
    const auto *Type =
        Callee ? Callee->getType()->getAs<FunctionProtoType>() : nullptr;
    if (Type && Type->isNothrow())
      return false;
    // The join itself.
    const auto *Plain = dyn_cast<CoawaitExpr>(Await);
    const auto *Call =
        Plain ? dyn_cast<CallExpr>(origin(Plain->getOperand())) : nullptr;
    ScopeUse Use = ScopeUse::None;
    return !Call || scopeOf(Call, Use) < 0 || Use != ScopeUse::Joins;
  }

  /// Does a handler between \p At and the scope catch everything?
  bool isCaught(const Stmt *At, unsigned I) const {
    const Stmt *Outermost = nullptr;
    for (const Stmt *Up = At; Up; Up = F.parent(Up)) {
      if (const auto *Block = dyn_cast<CompoundStmt>(Up))
        for (const Stmt *Child : Block->body())
          if (const auto *Declaration = dyn_cast<DeclStmt>(Child))
            if (llvm::is_contained(Declaration->decls(), Scopes[I].Scope))
              Outermost = Block;
      if (Outermost)
        break;
      const auto *Try = dyn_cast<CXXTryStmt>(Up);
      for (unsigned H = 0; Try && H < Try->getNumHandlers(); ++H)
        if (Try->getHandler(H)->getCaughtType().isNull())
          return true;
    }
    return false;
  }

  Unit &U;
  const Flow &F;
  std::vector<UnjoinedScope> Scopes;
  llvm::SmallBitVector Escapes;
};

} // namespace

std::vector<UnjoinedScope> findUnjoinedScopes(Unit &U,
                                              const FunctionDecl *Function) {
  const Flow *F = U.flow(Function);
  if (!F)
    return {};
  Analysis A(U, *F);
  if (A.empty())
    return {};
  FlowStates<Busy> States = runForward<Busy>(F->cfg(), A);
  return States.Complete ? A.result() : std::vector<UnjoinedScope>();
}

} // namespace coro
