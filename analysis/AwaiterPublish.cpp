//===- AwaiterPublish.cpp - Awaiters that are used after they are gone ----===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/AwaiterPublish.h"
#include "analysis/Dataflow.h"
#include "analysis/EvaluatedTree.h"
#include "analysis/Walk.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/BitVector.h"

using namespace clang;

namespace coro {

class AwaiterPublish::Body {
public:
  /// \p Function is \p Suspend or a lambda in it, which has the same handle.
  Body(AwaiterPublish &All, Unit &U, const FunctionDecl *Function,
       const CXXMethodDecl *Suspend)
      : All(All), U(U), Function(Function), Suspend(Suspend),
        Handle(Suspend->getParamDecl(0)), Tree(writtenBody(Function)) {}

  void run() {
    for (const DeclRefExpr *Name : Tree.mentions(Handle))
      if (std::optional<Event> E = publication(Name))
        Publications.push_back(*E);
    if (Publications.empty())
      return;
    for (const Stmt *S : Tree.all()) {
      if (const auto *This = dyn_cast<CXXThisExpr>(S))
        Touches.push_back(touch(This));
    }
    for (const DeclRefExpr *Name : Tree.mentions(Handle))
      if (const CXXMemberCallExpr *Call = memberCall(Name);
          Call && touchesFrame(Call))
        Touches.push_back({PublishKind::Passed, Call, nullptr, nullptr, true});
    if (const Flow *F = Touches.empty() ? nullptr : U.flow(Function))
      follow(*F);
  }

private:
  struct Event {
    PublishKind Kind = PublishKind::Passed;
    const Expr *At = nullptr;
    const FunctionDecl *Taker = nullptr;
    const ValueDecl *Member = nullptr;
    bool IsHandle = false;
  };

  /// The call of a member of the handle at \p Name, or null.
  const CXXMemberCallExpr *memberCall(const DeclRefExpr *Name) const {
    const Stmt *Parent = Tree.parent(Name);
    while (Parent && isa<ParenExpr, ImplicitCastExpr>(Parent))
      Parent = Tree.parent(Parent);
    if (!isa_and_nonnull<MemberExpr>(Parent))
      return nullptr;
    return dyn_cast_or_null<CXXMemberCallExpr>(Tree.parent(Parent));
  }

  // The names of coroutine_handle's members are the language's.
  static bool touchesFrame(const CXXMemberCallExpr *Call) {
    const IdentifierInfo *Id = Call->getMethodDecl()
                                   ? Call->getMethodDecl()->getIdentifier()
                                   : nullptr;
    return Id && (Id->isStr("resume") || Id->isStr("destroy") ||
                  Id->isStr("promise") || Id->isStr("done"));
  }

  std::optional<Event> publication(const DeclRefExpr *Name) const {
    if (const CXXMemberCallExpr *Call = memberCall(Name)) {
      const IdentifierInfo *Id = Call->getMethodDecl()
                                     ? Call->getMethodDecl()->getIdentifier()
                                     : nullptr;
      if (Id && Id->isStr("resume"))
        return Event{PublishKind::Resumed, Call};
      if (Id && Id->isStr("destroy"))
        return Event{PublishKind::Destroyed, Call};
      return std::nullopt;
    }
    const Stmt *At = Name;
    while (const Stmt *Parent = Tree.parent(At)) {
      if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Parent)) {
        if (Operator->getOperator() == OO_Call && Operator->getArg(0) == At)
          return Event{PublishKind::Resumed, Operator};
        if (Operator->getOperator() == OO_Equal)
          return std::nullopt;
      }
      const FunctionDecl *Callee = nullptr;
      if (const auto *Construct = dyn_cast<CXXConstructExpr>(Parent)) {
        Callee = Construct->getConstructor();
        const FunctionModel *Model = U.models().function(Callee);
        if (!Model || Model->Callable != CallableUse::RunsElsewhere) {
          // A copy of the handle, or something around it, that is passed on.
          At = Parent;
          continue;
        }
        return Event{PublishKind::Elsewhere, Construct, Callee};
      }
      if (const auto *Call = dyn_cast<CallExpr>(Parent)) {
        Callee = Call->getDirectCallee();
        if (!Callee || Call->isCallToStdMove())
          return std::nullopt;
        const FunctionModel *Model = U.models().function(Callee);
        bool Elsewhere = Model && Model->Callable == CallableUse::RunsElsewhere;
        return Event{Elsewhere ? PublishKind::Elsewhere : PublishKind::Passed,
                     Call, Callee};
      }
      if (!isa<ParenExpr, CastExpr, FullExpr, MaterializeTemporaryExpr,
               CXXBindTemporaryExpr, LambdaExpr, InitListExpr>(Parent))
        return std::nullopt;
      At = Parent;
    }
    return std::nullopt;
  }

  Event touch(const CXXThisExpr *This) const {
    Event E;
    E.At = This;
    if (const auto *Access = dyn_cast_or_null<MemberExpr>(Tree.parent(This))) {
      E.Member = Access->getMemberDecl();
      E.At = Access;
    }
    return E;
  }

  /// Is a lock held at the end of \p Block's scope, that whoever resumes the
  /// coroutine may need? Then nobody can before it is released.
  bool holdsLock() const {
    for (const Stmt *S : Tree.all())
      if (const auto *Declaration = dyn_cast<DeclStmt>(S))
        for (const Decl *D : Declaration->decls())
          if (const auto *Variable = dyn_cast<VarDecl>(D)) {
            const CXXRecordDecl *Record =
                Variable->getType()->getAsCXXRecordDecl();
            const TypeModel *Model = U.models().type(Record);
            if ((Model && Model->LockGuard) ||
                (Record && Record->hasAttr<ScopedLockableAttr>()))
              return true;
          }
    return false;
  }

  struct State {
    llvm::BitVector Published;
    bool join(const State &Other) {
      bool Changed = Other.Published.test(Published);
      Published |= Other.Published;
      return Changed;
    }
  };
  struct Analysis {
    Body &B;
    State entry() { return {llvm::BitVector(B.Publications.size())}; }
    void transfer(State &S, const CFGElement &Element, const CFGBlock &) {
      auto Statement = Element.getAs<CFGStmt>();
      if (!Statement)
        return;
      if (B.Reporting && S.Published.any())
        if (auto It = B.TouchAt.find(Statement->getStmt());
            It != B.TouchAt.end())
          B.report(S, It->second);
      if (auto It = B.PublishAt.find(Statement->getStmt());
          It != B.PublishAt.end())
        S.Published.set(It->second);
    }
  };

  void follow(const Flow &F) {
    for (auto [Index, E] : llvm::enumerate(Publications))
      PublishAt.try_emplace(E.At, Index);
    for (auto [Index, E] : llvm::enumerate(Touches)) {
      // A call of a handle's member both touches and publishes: a touch counts
      // before.
      const Stmt *At = E.At;
      while (At && !F.point(At))
        At = Tree.parent(At);
      if (At)
        TouchAt.try_emplace(At, Index);
    }
    Analysis A{*this};
    FlowStates<State> States = runForward<State>(F.cfg(), A);
    if (!States.Complete)
      return;
    Reporting = true;
    for (const CFGBlock *Block : F.cfg()) {
      if (!Block || !States.Blocks[Block->getBlockID()])
        continue;
      State S = *States.Blocks[Block->getBlockID()];
      for (const CFGElement &Element : *Block)
        A.transfer(S, Element, *Block);
    }
  }

  void report(const State &S, unsigned Index) {
    const Event &Touch = Touches[Index];
    for (unsigned Which : S.Published.set_bits()) {
      const Event &Publish = Publications[Which];
      // A loop comes back to the same resume: the handle was given anew.
      if (Publish.At == Touch.At)
        continue;
      LateTouch Late;
      Late.Suspend = Suspend;
      Late.Kind = Publish.Kind;
      Late.Publish = Publish.At;
      Late.Taker = Publish.Taker;
      Late.Touch = Touch.At;
      Late.Member = Touch.Member;
      Late.TouchesHandle = Touch.IsHandle;
      Late.Sure = confidence(Publish);
      All.Found.push_back(Late);
      return;
    }
  }

  Confidence confidence(const Event &Publish) {
    // An object that does other things than to be awaited may live elsewhere
    // than in the frame.
    const TaskType *Type = U.taskType(Suspend->getThisType()->getPointeeType());
    bool LivesInFrame = Type && Type->OnlyAwaitable;
    switch (Publish.Kind) {
    case PublishKind::Resumed:
    case PublishKind::Destroyed:
      return LivesInFrame ? Confidence::High : Confidence::Medium;
    case PublishKind::Elsewhere:
      // A thread starts at once. An executor may be the one that runs this,
      // which then comes to the handle later.
      return LivesInFrame && isa<CXXConstructExpr>(Publish.At) && !holdsLock()
                 ? Confidence::High
                 : Confidence::Medium;
    case PublishKind::Passed:
      return Confidence::Low;
    }
    llvm_unreachable("all kinds are handled");
  }

  AwaiterPublish &All;
  Unit &U;
  const FunctionDecl *Function;
  const CXXMethodDecl *Suspend;
  const ParmVarDecl *Handle;
  EvaluatedTree Tree;
  std::vector<Event> Publications, Touches;
  llvm::DenseMap<const Stmt *, unsigned> PublishAt, TouchAt;
  bool Reporting = false;
};

AwaiterPublish::AwaiterPublish(Unit &U) {
  auto SuspendOf = [](const FunctionDecl *Function) -> const CXXMethodDecl * {
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Function);
    return Method && Method->getIdentifier() &&
                   Method->getIdentifier()->isStr("await_suspend") &&
                   Method->getNumParams() > 0
               ? Method
               : nullptr;
  };
  for (const FunctionDecl *Function : U.functions()) {
    const CXXMethodDecl *Suspend = SuspendOf(Function);
    if (!Suspend)
      if (const LambdaExpr *Lambda = U.lambda(Function))
        Suspend = SuspendOf(U.enclosingFunction(Lambda));
    if (Suspend)
      Body(*this, U, Function, Suspend).run();
  }
}

} // namespace coro
