//===- AwaiterPublish.cpp - Awaiters that are used after they are gone ----===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/await/AwaiterPublish.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Dataflow.h"
#include "analysis/ast/Walk.h"
#include "analysis/unit/LockTypes.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/BitVector.h"

using namespace clang;

namespace coro {

/// The declaration as it is written: members of instantiations of one class
/// template are one.
static const ValueDecl *pattern(const ValueDecl *D) {
  const auto *Field = dyn_cast_or_null<FieldDecl>(D);
  const auto *Record =
      Field ? dyn_cast<CXXRecordDecl>(Field->getParent()) : nullptr;
  const CXXRecordDecl *Template =
      Record ? Record->getTemplateInstantiationPattern() : nullptr;
  if (!Template)
    return D;
  for (const FieldDecl *Same : Template->fields())
    if (Same->getFieldIndex() == Field->getFieldIndex())
      return Same;
  return D;
}

/// Is \p Method the await_suspend of what its promise suspends on at the end?
static bool isFinalAwaiter(const CXXMethodDecl *Suspend) {
  const auto *Handle = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Suspend->getParamDecl(0)
          ->getType()
          .getNonReferenceType()
          ->getAsCXXRecordDecl());
  if (!Handle || Handle->getTemplateArgs().size() != 1 ||
      Handle->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
    return false;
  const CXXMethodDecl *Final =
      findMethod(Handle->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl(),
                 "final_suspend");
  const CXXRecordDecl *Awaiter =
      Final ? Final->getReturnType().getNonReferenceType()->getAsCXXRecordDecl()
            : nullptr;
  return Awaiter &&
         templatePattern(Awaiter) == templatePattern(Suspend->getParent());
}

class AwaiterPublish::Body {
public:
  /// \p Function is \p Suspend or a lambda in it, which has the same handle.
  Body(AwaiterPublish &All, Unit &U, const FunctionDecl *Function,
       const CXXMethodDecl *Suspend)
      : All(All), U(U), Locks(U.shared<LockTypes>()), Function(Function),
        Suspend(Suspend), Tree(writtenBody(Function)) {}

  void run() {
    findKeeper();
    findPublications();
    if (Publications.empty())
      return;
    findTouches();
    findLocks();
    if (const Flow *F = Touches.empty() ? nullptr : U.flow(Function))
      follow(*F);
  }

private:
  struct Touch {
    const Expr *At = nullptr;
    const ValueDecl *Member = nullptr;
    bool IsHandle = false;
  };

  //===--------------------------- publications ---------------------------===//

  /// The member of this awaiter that keeps the handle.
  void findKeeper() {
    EvaluatedTree Own(writtenBody(Suspend));
    for (const DeclRefExpr *Name : Own.mentions(Suspend->getParamDecl(0))) {
      const Stmt *Parent = Own.parent(Name);
      while (Parent && isa<ParenExpr, CastExpr, CXXConstructExpr,
                           CXXMemberCallExpr, MaterializeTemporaryExpr>(Parent))
        Parent = Own.parent(Parent);
      const auto *Assign = dyn_cast_or_null<CXXOperatorCallExpr>(Parent);
      if (!Assign || Assign->getOperator() != OO_Equal)
        continue;
      if (const auto *Member =
              dyn_cast<MemberExpr>(Assign->getArg(0)->IgnoreParenImpCasts()))
        if (isa<CXXThisExpr>(Member->getBase()->IgnoreParenImpCasts()))
          Keeper = Member->getMemberDecl();
    }
  }

  void findPublications() {
    HandleFates &Fates = U.shared<HandleFates>();
    auto FollowNames = [&](const VarDecl *First) {
      Handles.push_back({First, Carrier::Handle});
      for (unsigned I = 0; I < Handles.size() && I < 16; ++I)
        for (const DeclRefExpr *Name : Tree.mentions(Handles[I].first))
          add(Fates, Name, Handles[I].second);
    };
    FollowNames(Suspend->getParamDecl(0));
    for (const Stmt *S : Tree.all()) {
      if (const auto *This = dyn_cast<CXXThisExpr>(S); This && Keeper) {
        // The handle in its member, or the awaiter itself.
        const auto *Member = dyn_cast_or_null<MemberExpr>(Tree.parent(This));
        if (!Member)
          add(Fates, This, Carrier::Awaiter);
        else if (Member->getMemberDecl() == Keeper)
          add(Fates, Member, Carrier::Handle);
      }
      // The last suspension point hands over to who waits, who may destroy the
      // coroutine.
      if (const auto *Call = dyn_cast<Expr>(S))
        if (const Expr *Resumed = resumedHandle(Call);
            Resumed && isFinalAwaiter(Suspend) && comesFromPromise(Resumed)) {
          HandleFate Fate{PublishKind::Resumed, Call};
          Fate.OnSomePaths = true;
          Publications.push_back(Fate);
        }
    }
  }

  void add(HandleFates &Fates, const Expr *Mention, Carrier What) {
    const VarDecl *Alias = nullptr;
    std::optional<HandleFate> Fate = Fates.follow(Tree, Mention, What, Alias);
    if (Alias && !llvm::is_contained(Handles, std::pair(Alias, What)))
      Handles.push_back({Alias, What});
    if (Fate && Fate->At)
      Publications.push_back(*Fate);
  }

  /// Is \p E a member of the promise of this coroutine?
  bool comesFromPromise(const Expr *E) const {
    while (true) {
      E = E->IgnoreUnlessSpelledInSource();
      if (const auto *Member = dyn_cast<MemberExpr>(E)) {
        E = Member->getBase();
        continue;
      }
      if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
        return isCoroutineHandle(Call->getImplicitObjectArgument()->getType());
      return false;
    }
  }

  //===------------------------------ touches -----------------------------===//

  void findTouches() {
    // An awaiter without members has nothing that could be gone.
    const CXXRecordDecl *Awaiter = Suspend->getParent();
    if (!Awaiter->hasDefinition() || !Awaiter->isEmpty())
      for (const Stmt *S : Tree.all())
        if (const auto *This = dyn_cast<CXXThisExpr>(S))
          if (!isa_and_nonnull<LambdaExpr>(Tree.parent(This)))
            touchThis(This);
    for (auto [Variable, What] : Handles)
      if (What == Carrier::Handle)
        for (const DeclRefExpr *Name : Tree.mentions(Variable))
          touchHandle(Name);
    for (const Stmt *S : Tree.all())
      if (const auto *Declaration = dyn_cast<DeclStmt>(S))
        for (const Decl *D : Declaration->decls())
          if (const auto *Variable = dyn_cast<VarDecl>(D);
              Variable && refersToPromise(Variable))
            for (const DeclRefExpr *Name : Tree.mentions(Variable))
              Touches.push_back({Name, Variable, false});
  }

  void touchThis(const CXXThisExpr *This) {
    Touch T;
    T.At = This;
    if (const auto *Access = dyn_cast_or_null<MemberExpr>(Tree.parent(This))) {
      T.Member = Access->getMemberDecl();
      T.At = Access;
      const auto *Method = dyn_cast<CXXMethodDecl>(T.Member);
      if ((Method && Method->isStatic()) ||
          isa<VarDecl, EnumConstantDecl>(T.Member))
        return;
    }
    Touches.push_back(T);
  }

  void touchHandle(const DeclRefExpr *Name) {
    const Stmt *Parent = Tree.parent(Name);
    while (Parent && isa<ParenExpr, ImplicitCastExpr>(Parent))
      Parent = Tree.parent(Parent);
    if (!isa_and_nonnull<MemberExpr>(Parent))
      return;
    const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(Tree.parent(Parent));
    const CXXMethodDecl *Method = Call ? Call->getMethodDecl() : nullptr;
    const IdentifierInfo *Id = Method ? Method->getIdentifier() : nullptr;
    // The names of coroutine_handle's members are the language's.
    if (Id && (Id->isStr("resume") || Id->isStr("destroy") ||
               Id->isStr("promise") || Id->isStr("done")))
      Touches.push_back({Call, nullptr, true});
  }

  /// `auto &promise = handle.promise();`
  bool refersToPromise(const VarDecl *Variable) const {
    if (!Variable->getType()->isReferenceType() || !Variable->getInit())
      return false;
    const auto *Call = dyn_cast<CXXMemberCallExpr>(
        Variable->getInit()->IgnoreUnlessSpelledInSource());
    const auto *Object =
        Call ? dyn_cast<DeclRefExpr>(Call->getImplicitObjectArgument()
                                         ->IgnoreUnlessSpelledInSource())
             : nullptr;
    return Object &&
           llvm::is_contained(Handles,
                              std::pair(dyn_cast<VarDecl>(Object->getDecl()),
                                        Carrier::Handle));
  }

  //===------------------------------- locks ------------------------------===//

  unsigned lock(const ValueDecl *What) {
    return LockIds.try_emplace(What, LockIds.size()).first->second;
  }

  /// Guards that are variables, and locks that are taken or given back by hand:
  /// one that is only given back was held from the start.
  void findLocks() {
    llvm::DenseSet<const ValueDecl *> Taken;
    for (const Stmt *S : Tree.all()) {
      if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
        for (const Decl *D : Declaration->decls())
          if (const auto *Variable = dyn_cast<VarDecl>(D);
              Variable && Locks.guard(Variable->getType())) {
            LockSteps[Declaration].push_back({lock(Variable), true});
            Taken.insert(Variable);
          }
        continue;
      }
      const auto *Call = dyn_cast<CallExpr>(S);
      if (!Call)
        continue;
      for (const LockOperation &Operation : Locks.operations(Call)) {
        const ValueDecl *What = baseOf(Operation.Object);
        bool Takes = Operation.Effect == LockEffect::Acquire;
        if (!What || (!Takes && Operation.Effect != LockEffect::Release))
          continue;
        LockSteps[Call].push_back({lock(What), Takes});
        if (Takes)
          Taken.insert(What);
      }
    }
    AtEntry.resize(LockIds.size());
    for (auto [What, Id] : LockIds)
      if (!Taken.contains(What))
        AtEntry.set(Id);
  }

  //===-------------------------------- flow ------------------------------===//

  struct State {
    llvm::BitVector Published, Pending, Held;
    bool join(const State &Other) {
      bool Changed = Other.Published.test(Published) ||
                     Other.Pending.test(Pending) || Other.Held.test(Held);
      Published |= Other.Published;
      Pending |= Other.Pending;
      Held |= Other.Held;
      return Changed;
    }
  };
  struct Analysis {
    Body &B;
    State entry() {
      return {llvm::BitVector(B.Publications.size()),
              llvm::BitVector(B.Publications.size()), B.AtEntry};
    }
    void transfer(State &S, const CFGElement &Element, const CFGBlock &) {
      if (auto Dies = Element.getAs<CFGAutomaticObjDtor>()) {
        auto It = B.LockIds.find(Dies->getVarDecl());
        if (It != B.LockIds.end())
          B.release(S, It->second);
        return;
      }
      auto Statement = Element.getAs<CFGStmt>();
      if (!Statement)
        return;
      const Stmt *At = Statement->getStmt();
      if (S.Published.any())
        for (unsigned Index : B.TouchAt.lookup(At)) {
          if (B.isHandshake(B.Touches[Index]))
            B.settle(S);
          else if (B.Reporting)
            B.report(S, B.Touches[Index]);
        }
      for (auto [Lock, Takes] : B.LockSteps.lookup(At)) {
        if (Takes)
          S.Held.set(Lock);
        else
          B.release(S, Lock);
      }
      for (unsigned Index : B.PublishAt.lookup(At))
        B.publish(S, Index);
    }
    void edge(State &S, const CFGBlock &From, unsigned Successor) {
      B.decide(S, From, Successor);
    }
  };

  void release(State &S, unsigned Lock) {
    S.Held.reset(Lock);
    if (S.Held.none()) {
      S.Published |= S.Pending;
      S.Pending.reset();
    }
  }

  void publish(State &S, unsigned Index) {
    switch (Publications[Index].Kind) {
    case PublishKind::Destroyed:
    case PublishKind::Resumed:
    case PublishKind::Elsewhere:
      S.Published.set(Index);
      return;
    case PublishKind::Shared:
    case PublishKind::Passed:
      (S.Held.any() ? S.Pending : S.Published).set(Index);
      return;
    case PublishKind::Stored:
      // Without a lock nobody else is meant to see it.
      if (S.Held.any())
        S.Pending.set(Index);
      return;
    }
  }

  /// What a branch on the outcome of a publication tells: a `false` that it did
  /// not happen. Any other test may mean the same.
  void decide(State &S, const CFGBlock &From, unsigned Successor) {
    if (From.succ_size() < 2 || From.empty())
      return;
    auto Last = From.back().getAs<CFGStmt>();
    const auto *Condition = Last ? dyn_cast<Expr>(Last->getStmt()) : nullptr;
    if (!Condition)
      return;
    bool Negated = false;
    const Expr *Tested = Condition->IgnoreParenImpCasts();
    while (const auto *Not = dyn_cast<UnaryOperator>(Tested)) {
      if (Not->getOpcode() != UO_LNot)
        break;
      Negated = !Negated;
      Tested = Not->getSubExpr()->IgnoreParenImpCasts();
    }
    const auto *Name = dyn_cast<DeclRefExpr>(Tested);
    for (unsigned Index = 0; Index < Publications.size(); ++Index) {
      const HandleFate &Fate = Publications[Index];
      const ValueDecl *Outcome = Outcomes.lookup(Fate.At);
      bool Direct =
          Tested == Fate.At || (Outcome && Name && Name->getDecl() == Outcome);
      if (Direct && Fate.IfTrue) {
        if ((Successor == 1) == Negated)
          continue; // it happened
      } else if (!Direct && !contains(Condition, [&](const Stmt *Part) {
                   const auto *Read = dyn_cast<DeclRefExpr>(Part);
                   return Part == Fate.At ||
                          (Outcome && Read && Read->getDecl() == Outcome);
                 })) {
        continue;
      }
      S.Published.reset(Index);
      S.Pending.reset(Index);
    }
  }

  /// What \p At is a part of, or is itself, that has a point in \p F; or null.
  const Stmt *evaluated(const Stmt *At, const Flow &F) const {
    while (At && !F.point(At))
      At = Tree.parent(At);
    return At;
  }

  void follow(const Flow &F) {
    for (auto [Index, Fate] : llvm::enumerate(Publications)) {
      PublishAt[Fate.At].push_back(Index);
      // `bool pushed = list.try_push(this);`
      const Stmt *Parent = Tree.parent(Fate.At);
      while (Parent && isa<ParenExpr, CastExpr, FullExpr>(Parent))
        Parent = Tree.parent(Parent);
      if (const auto *Declaration = dyn_cast_or_null<DeclStmt>(Parent);
          Declaration && Declaration->isSingleDecl())
        Outcomes[Fate.At] = dyn_cast<VarDecl>(Declaration->getSingleDecl());
    }
    for (auto [Index, E] : llvm::enumerate(Touches)) {
      // A call of a handle's member both touches and publishes: a touch counts
      // before.
      const Stmt *At = evaluated(E.At, F);
      if (!At)
        continue;
      TouchAt[At].push_back(Index);
      if (isHandshake(E))
        HandshakesIn[F.point(At).Block].push_back(F.point(At).Index);
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

  /// Does \p What change an atomic member and use what it was: a count or a
  /// flag that whoever resumes the coroutine looks at as well, so that the last
  /// one of them does it? It stands for the publication, then.
  bool isHandshake(const Touch &What) {
    const CXXRecordDecl *Class =
        What.Member && What.Member->getType()->isRecordType()
            ? What.Member->getType()->getAsCXXRecordDecl()
            : nullptr;
    const CXXMethodDecl *Exchange = findMethod(Class, "exchange");
    const FunctionModel *Model =
        Exchange ? U.models().function(Exchange) : nullptr;
    if (!Model || !Model->Shares)
      return false;
    const Stmt *Parent = Tree.parent(What.At);
    while (Parent && isa<ImplicitCastExpr, ParenExpr, MemberExpr>(Parent))
      Parent = Tree.parent(Parent);
    const auto *Call = dyn_cast_or_null<CallExpr>(Parent);
    const auto *Method =
        Call ? dyn_cast_or_null<CXXMethodDecl>(Call->getCalleeDecl()) : nullptr;
    return Method && !Method->isConst() && !Call->getType()->isVoidType() &&
           !Tree.isDiscarded(Call);
  }

  /// Does each way on from \p At come to a handshake before the function ends?
  /// Then whoever would resume the coroutine waits for that, and it is there.
  bool endsInHandshake(const Expr *At) {
    const Flow *F = U.flow(Function);
    const Stmt *Whole = F ? evaluated(At, *F) : nullptr;
    if (!Whole)
      return false;
    const FlowPoint From = F->point(Whole);
    llvm::SmallPtrSet<const CFGBlock *, 8> Seen;
    llvm::SmallVector<FlowPoint, 8> Work{{From.Block, From.Index + 1}};
    while (!Work.empty()) {
      const FlowPoint Now = Work.pop_back_val();
      if (Now.Block == &F->cfg().getExit())
        return false;
      if (llvm::any_of(HandshakesIn.lookup(Now.Block),
                       [&](unsigned Index) { return Index >= Now.Index; }))
        continue;
      for (const CFGBlock *Next : Now.Block->succs())
        if (Next && Seen.insert(Next).second)
          Work.push_back({Next, 0});
    }
    return true;
  }

  void settle(State &S) const {
    for (unsigned Index = 0; Index < Publications.size(); ++Index)
      if (Publications[Index].Kind > PublishKind::Elsewhere)
        S.Published.reset(Index);
  }

  void report(const State &S, const Touch &What) {
    for (unsigned Which : S.Published.set_bits()) {
      const HandleFate &Publish = Publications[Which];
      // A loop comes back to the same resume: the handle was given anew.
      if (Publish.At == What.At)
        continue;
      if (Publish.Kind > PublishKind::Elsewhere && endsInHandshake(What.At))
        continue;
      // Whoever wants to wake it needs the lock first.
      bool InPlace = Publish.Kind == PublishKind::Destroyed ||
                     Publish.Kind == PublishKind::Resumed;
      if (S.Held.any() && !InPlace && Publish.Kind != PublishKind::Elsewhere)
        continue;
      LateTouch Late;
      Late.Suspend = Suspend;
      Late.Kind = Publish.Kind;
      Late.Publish = Publish.At;
      Late.Taker = Publish.Taker;
      Late.Touch = What.At;
      Late.Member = What.Member;
      Late.TouchesHandle = What.IsHandle;
      Late.Sure = confidence(Publish, S.Held.any());
      keep(std::move(Late));
      return;
    }
  }

  /// Keeps the first touch of each publication: the others go with it.
  void keep(LateTouch Late) {
    for (LateTouch &Known : All.Found)
      if (Known.Suspend == Late.Suspend && Known.Publish == Late.Publish) {
        if (Late.Touch->getBeginLoc() < Known.Touch->getBeginLoc())
          Known = std::move(Late);
        return;
      }
    All.Found.push_back(std::move(Late));
  }

  Confidence confidence(const HandleFate &Publish, bool UnderLock) {
    if (Publish.Kind == PublishKind::Passed)
      return Confidence::Low;
    // An object that does other things than to be awaited may live elsewhere
    // than in the frame.
    const TaskType *Type = U.taskType(Suspend->getThisType()->getPointeeType());
    if (!Type || !Type->OnlyAwaitable || Publish.OnSomePaths)
      return Confidence::Medium;
    switch (Publish.Kind) {
    case PublishKind::Resumed:
    case PublishKind::Destroyed:
      return Confidence::High;
    case PublishKind::Elsewhere:
      // A thread starts at once. An executor may be the one that runs this,
      // which then comes to the handle later.
      return isa<CXXConstructExpr>(Publish.At) && !UnderLock
                 ? Confidence::High
                 : Confidence::Medium;
    case PublishKind::Shared:
    case PublishKind::Stored:
      // Who finds it may resume it, or only schedule that on this thread.
      return isWokenInPlace(Keeper) || isWokenInPlace(Publish.Into)
                 ? Confidence::High
                 : Confidence::Medium;
    case PublishKind::Passed:
      break;
    }
    llvm_unreachable("handled above");
  }

  bool isWokenInPlace(const ValueDecl *Member) const {
    if (!Member)
      return false;
    auto It = All.Wakers.find(pattern(Member));
    return It != All.Wakers.end() &&
           llvm::any_of(It->second, [&](const FunctionDecl *Waker) {
             return Waker != Function && Waker != Suspend;
           });
  }

  AwaiterPublish &All;
  Unit &U;
  LockTypes &Locks;
  const FunctionDecl *Function;
  const CXXMethodDecl *Suspend;
  EvaluatedTree Tree;
  const ValueDecl *Keeper = nullptr;
  /// The handle, what else it is called, and callables that have it.
  llvm::SmallVector<std::pair<const VarDecl *, Carrier>, 4> Handles;
  std::vector<HandleFate> Publications;
  std::vector<Touch> Touches;
  using Indices = llvm::SmallVector<unsigned, 1>;
  llvm::DenseMap<const Stmt *, Indices> PublishAt, TouchAt;
  /// Where in each block a handshake is.
  llvm::DenseMap<const CFGBlock *, Indices> HandshakesIn;
  /// The variable that a publication's outcome is kept in.
  llvm::DenseMap<const Stmt *, const ValueDecl *> Outcomes;
  llvm::DenseMap<const ValueDecl *, unsigned> LockIds;
  llvm::DenseMap<const Stmt *, llvm::SmallVector<std::pair<unsigned, bool>, 1>>
      LockSteps;
  llvm::BitVector AtEntry;
  bool Reporting = false;
};

void AwaiterPublish::findWakers(Unit &U) {
  for (const FunctionDecl *Function : U.functions()) {
    bool Resumes = false;
    llvm::SmallVector<const ValueDecl *, 8> Places;
    EvaluatedTree Tree(writtenBody(Function));
    for (const Stmt *S : Tree.all()) {
      if (const auto *Call = dyn_cast<Expr>(S))
        Resumes |= resumedHandle(Call) != nullptr;
      if (const auto *Member = dyn_cast<MemberExpr>(S))
        Places.push_back(pattern(Member->getMemberDecl()));
      else if (const auto *Name = dyn_cast<DeclRefExpr>(S))
        if (const auto *Variable = dyn_cast<VarDecl>(Name->getDecl());
            Variable && Variable->hasGlobalStorage())
          Places.push_back(Variable);
    }
    if (Resumes)
      for (const ValueDecl *Place : Places)
        Wakers[Place].push_back(Function);
  }
}

AwaiterPublish::AwaiterPublish(Unit &U) {
  auto SuspendOf = [](const FunctionDecl *Function) -> const CXXMethodDecl * {
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Function);
    return Method && Method->getIdentifier() &&
                   Method->getIdentifier()->isStr("await_suspend") &&
                   !Method->isStatic() && Method->getNumParams() > 0
               ? Method
               : nullptr;
  };
  for (const FunctionDecl *Function : U.functions()) {
    const FunctionDecl *Around = Function;
    const CXXMethodDecl *Suspend = SuspendOf(Around);
    while (!Suspend && Around) {
      const LambdaExpr *Lambda = U.lambda(Around);
      Around = Lambda ? U.enclosingFunction(Lambda) : nullptr;
      Suspend = SuspendOf(Around);
    }
    if (!Suspend)
      continue;
    if (Wakers.empty())
      findWakers(U);
    Body(*this, U, Function, Suspend).run();
  }
}

} // namespace coro
