//===- AwaitableUse.cpp - Awaitables that are made and lost ---------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/await/AwaitableUse.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Walk.h"
#include "analysis/await/TaskPlaces.h"
#include "analysis/unit/LockTypes.h"
#include "analysis/unit/TestMacros.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/DenseSet.h"

using namespace clang;

namespace coro {

/// What is lost with a value of \p Type; nothing if that may be dropped.
static std::optional<LostKind> kindOf(const TaskType *Type) {
  if (!Type || !Type->IsAwaitable || Type->Detached || Type->MayDiscard ||
      Unit::isAnnotated(Type->Record, "fire_and_forget") ||
      (Type->Promise && Unit::isAnnotated(Type->Promise, "fire_and_forget")))
    return std::nullopt;
  if (Type->IsTask || Type->Start != StartKind::Unknown)
    switch (Type->Start) {
    case StartKind::Lazy:
      return LostKind::LazyTask;
    case StartKind::Eager:
      return Type->Model && Type->Model->CancelledByDrop ? LostKind::Cancelled
                                                         : LostKind::EagerTask;
    case StartKind::Unknown:
      return LostKind::Unknown;
    }
  // A future can be asked, chained and waited for: it stands for something
  // that runs already. What can only be awaited is started by that.
  if (Type->OnlyAwaitable || Type->MustAwait)
    return LostKind::Operation;
  return std::nullopt;
}

/// Is \p Function one that the compiler calls in a coroutine? Who calls it by
/// hand shows how that works, or tests it.
static bool isOfLanguage(const FunctionDecl *Function) {
  if (!Function)
    return false;
  if (Function->getOverloadedOperator() == OO_Coawait)
    return true;
  const IdentifierInfo *Id = Function->getIdentifier();
  return isa<CXXMethodDecl>(Function) && Id &&
         (Id->isStr("initial_suspend") || Id->isStr("final_suspend"));
}

/// Does calling \p Function do more than to make the awaitable that it
/// returns, as far as its body is at hand?
static bool hasEffects(const FunctionDecl *Function) {
  const FunctionDecl *Definition = nullptr;
  if (!Function || !Function->hasBody(Definition))
    return false;
  const auto *Body = dyn_cast<CompoundStmt>(Definition->getBody());
  if (isa<CXXConstructorDecl>(Function))
    return !Body || !Body->body_empty();
  if (!Body || Body->size() != 1 || !isa<ReturnStmt>(Body->body_front()))
    return true;
  EvaluatedTree Tree(Body);
  return llvm::any_of(Tree.all(), [](const Stmt *S) {
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call || Call->isCallToStdMove())
      return false;
    const FunctionDecl *Callee = Call->getDirectCallee();
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee);
    // Static members and free functions that make something are fine, too.
    return Method && !Method->isStatic() && !Method->isConst();
  });
}

/// Does the caller of \p Function choose that it returns a \p Type, by a
/// completion token? Then it begins an operation and is no coroutine.
static bool isMadeByToken(const FunctionDecl *Function, const TaskType &Type) {
  const FunctionDecl *Pattern =
      Function ? Function->getTemplateInstantiationPattern() : nullptr;
  if (!Pattern || Function->getPrimaryTemplate() == nullptr ||
      isa_and_nonnull<CoroutineBodyStmt>(Pattern->getBody()))
    return false;
  QualType Declared = Pattern->getReturnType();
  const auto *Template = Declared->getAs<TemplateSpecializationType>();
  const TemplateDecl *Named =
      Template ? Template->getTemplateName().getAsTemplateDecl() : nullptr;
  // A template that is a parameter or built in has no declaration of its own.
  const NamedDecl *Class = Named ? Named->getTemplatedDecl() : nullptr;
  return Declared->isDependentType() &&
         !(Class && Class->getCanonicalDecl() == templatePattern(Type.Record));
}

/// Is an object of \p Type there for what it does while it lives: a lock, the
/// units of a semaphore? Its destructor does something, and it is no value
/// that people copy or look into.
static bool isGuardLike(QualType Type, const Models &Known) {
  if (Type.isNull() || Type->isReferenceType())
    return false;
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record)
    return false;
  if (const TypeModel *Model = Known.type(Record);
      Model && (Model->LockGuard || !Model->Pointer.empty()))
    return Model->LockGuard;
  // Nothing may have needed it complete: its template says the same.
  if (!Record->hasDefinition())
    Record = templatePattern(Record);
  if (!Record->hasDefinition())
    return false;
  Record = Record->getDefinition();
  if (Record->hasAttr<ScopedLockableAttr>())
    return true;
  const CXXDestructorDecl *Destructor = Record->getDestructor();
  if (!Destructor || !Destructor->isUserProvided())
    return false;
  bool Copies = false, Looks = false;
  for (const Decl *Member : Record->decls()) {
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(Member))
      Member = Template->getTemplatedDecl();
    const auto *Method = dyn_cast<CXXMethodDecl>(Member);
    if (!Method || Method->isImplicit() || Method->isDeleted())
      continue;
    if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Method)) {
      Copies |= Constructor->isCopyConstructor();
      continue;
    }
    OverloadedOperatorKind Operator = Method->getOverloadedOperator();
    // begin(), [] and -> belong to owners of something.
    Looks |= Operator == OO_Arrow || Operator == OO_Star ||
             Operator == OO_Subscript ||
             (Method->getIdentifier() && Method->getName() == "begin");
  }
  return !Copies && !Looks;
}

//===----------------------------------------------------------------------===//
// One function
//===----------------------------------------------------------------------===//

class AwaitableUse::Body {
public:
  Body(AwaitableUse &All, const FunctionDecl *Function)
      : All(All), U(All.U), Function(Function), C(U.coroutine(Function)),
        Tree(writtenBody(Function)), Places(U, Tree) {}

  void run() {
    for (const Stmt *S : Tree.all()) {
      if (const auto *E = dyn_cast<Expr>(S)) {
        if (const TaskType *Type = madeBy(E))
          follow(E, *Type);
        if (isa<CallExpr, CXXConstructExpr>(E))
          lookAtCallbacks(E);
      }
      if (const auto *Declaration = dyn_cast<DeclStmt>(S))
        lookAtBindings(Declaration);
    }
  }

private:
  /// The type of the awaitable that \p E makes anew, or null.
  const TaskType *madeBy(const Expr *E) {
    if (!isa<CallExpr, CoawaitExpr, CXXTemporaryObjectExpr,
             CXXFunctionalCastExpr>(E) ||
        !E->isPRValue() || !E->getType()->isRecordType())
      return nullptr;
    return U.taskType(E->getType());
  }

  LostAwaitable describe(const Expr *Made, const TaskType &Type,
                         LostKind Kind) {
    LostAwaitable L;
    L.Kind = Kind;
    L.In = Function;
    L.Type = &Type;
    L.Made = Made;
    L.Awaits.push_back(Made);
    if (const auto *Call = dyn_cast<CallExpr>(Made))
      L.Callee = Call->getDirectCallee();
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(
                 Made->IgnoreUnlessSpelledInSource()))
      L.Callee = Construct->getConstructor();
    if (Kind == LostKind::Unknown)
      L.Sure = Confidence::Medium;
    // A transfer that checks its arguments first moves nobody all the same.
    const FunctionModel *Model =
        isa<CallExpr>(Made) ? U.models().callee(Made) : nullptr;
    if (Kind == LostKind::Operation && !(Model && Model->Transfer) &&
        hasEffects(L.Callee))
      L.Sure = Confidence::Medium;
    L.Result = resultOf(Type);
    L.IsOperation =
        Kind == LostKind::Operation || !Type.Promise ||
        (U.taskType(Made->getType()) == &Type && isMadeByToken(L.Callee, Type));
    L.InCoroutine = C;
    L.CanAwait = canAwait(Made, Type);
    return L;
  }

  QualType resultOf(const TaskType &Type) {
    auto Seen = All.Results.find(Type.Record->getCanonicalDecl());
    if (Seen != All.Results.end())
      return Seen->second;
    return U.taskTypes().awaitResult(Type);
  }

  /// Would `co_await` of a \p Type compile at \p Where?
  bool canAwait(const Expr *Where, const TaskType &Type) {
    if (!C || Tree.isInCatch(Where))
      return false;
    const CXXRecordDecl *Operand = templatePattern(Type.Record);
    if (C->Task && templatePattern(C->Task->Record) == Operand)
      return true;
    const CXXRecordDecl *Promise =
        C->Body->getPromiseDecl()->getType()->getAsCXXRecordDecl();
    if (!Promise)
      return false;
    // A promise with await_transform decides what may be awaited: only what
    // was seen to be awaited is known to be.
    return !findMethod(Promise, "await_transform") ||
           All.Awaited.contains({templatePattern(Promise), Operand});
  }

  void lose(LostAwaitable L) {
    // In a template, an instantiation's body is at hand; one report is enough.
    All.Lost.push_back(std::move(L));
  }

  void follow(const Expr *Made, const TaskType &Type) {
    std::optional<LostKind> Kind = kindOf(&Type);
    if (!Kind)
      return;
    if (const auto *Call = dyn_cast<CallExpr>(Made)) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (Unit::isAnnotated(Callee, "fire_and_forget") || isArm(Made) ||
          isOfLanguage(Callee))
        return;
      // `spawn_future(sender)`: what it hands back runs already.
      if (const FunctionModel *Model = U.models().callee(Call);
          Model && Model->Task == TaskUse::Spawns &&
          *Kind == LostKind::Operation)
        return;
    }
    FateOfValue Fate = Places.fate(Made);
    // An object that somebody constructs may be there for its life-time, unless
    // that ends at once.
    if (isa<CXXTemporaryObjectExpr, CXXFunctionalCastExpr>(Made) &&
        (Fate.Fate != ValueFate::Dropped || *Kind != LostKind::Operation))
      return;
    switch (Fate.Fate) {
    case ValueFate::Used:
      return;
    case ValueFate::Dropped: {
      LostAwaitable L = describe(Made, Type, *Kind);
      L.How = LostHow::Dropped;
      // A template that drops what the callable that it was given returns: who
      // gave it is to blame.
      if (const auto *Call = dyn_cast<CallExpr>(Made)) {
        bool IsObject = isa<CXXOperatorCallExpr>(Call);
        if (const ParmVarDecl *Given =
                ownParameter(IsObject ? Call->getArg(0) : Call->getCallee());
            Given &&
            (!IsObject ||
             cast<CXXOperatorCallExpr>(Call)->getOperator() == OO_Call))
          if (blameCallers(L, Function, Given->getFunctionScopeIndex()))
            return;
      }
      if (isExpectedToThrow(Made))
        L.Sure = Confidence::Low;
      // A plain function that drops an operation in so many words only shows
      // that the call compiles.
      if (L.IsOperation && !C && isa<ExplicitCastExpr>(Fate.Parent))
        L.Sure = std::min(L.Sure, Confidence::Medium);
      L.NeedsResult = isa<CXXOperatorCallExpr>(Fate.Parent);
      addArms(L, Fate.Root);
      lose(std::move(L));
      return;
    }
    case ValueFate::Tested: {
      LostAwaitable L = describe(Made, Type, *Kind);
      L.How = LostHow::Tested;
      // An operation's validity is asked by design.
      if (*Kind == LostKind::LazyTask)
        lose(std::move(L));
      return;
    }
    case ValueFate::Variable:
      if (!isa<DecompositionDecl>(Fate.Variable))
        followVariable(Made, Type, *Kind, Fate);
      return;
    case ValueFate::Assigned:
      followVariable(Made, Type, *Kind, Fate);
      return;
    case ValueFate::Holder:
      followHolder(Made, Type, *Kind, Fate);
      return;
    }
  }

  /// Is \p E the second arm of a conditional operator whose first arm is
  /// reported for both?
  bool isArm(const Expr *E) {
    const Stmt *At = E;
    while (const Stmt *Parent = Tree.parent(At)) {
      if (const auto *Choice = dyn_cast<ConditionalOperator>(Parent)) {
        if (At == Choice->getFalseExpr() && firstMade(Choice->getTrueExpr()))
          return true;
      } else if (!isa<ParenExpr, FullExpr, MaterializeTemporaryExpr,
                      CXXBindTemporaryExpr, ImplicitCastExpr>(Parent)) {
        return false;
      }
      At = Parent;
    }
    return false;
  }

  const Expr *firstMade(const Expr *E) {
    E = E->IgnoreUnlessSpelledInSource();
    if (const auto *Choice = dyn_cast<ConditionalOperator>(E))
      return firstMade(Choice->getTrueExpr());
    return kindOf(madeBy(E)) ? E : nullptr;
  }

  /// `b ? one() : other()` needs a co_await in both arms.
  void addArms(LostAwaitable &L, const Expr *Root) {
    llvm::SmallVector<const Expr *, 4> Work;
    auto Push = [&](const Expr *E) {
      Work.push_back(E->IgnoreUnlessSpelledInSource());
    };
    const Stmt *At = L.Made;
    const ConditionalOperator *Top = nullptr;
    while (At && At != Root) {
      At = Tree.parent(At);
      if (const auto *Choice = dyn_cast_or_null<ConditionalOperator>(At))
        Top = Choice;
    }
    if (!Top)
      return;
    L.Awaits.clear();
    Push(Top);
    while (!Work.empty()) {
      const Expr *E = Work.pop_back_val();
      if (const auto *Choice = dyn_cast<ConditionalOperator>(E)) {
        Push(Choice->getFalseExpr());
        Push(Choice->getTrueExpr());
        continue;
      }
      L.Awaits.push_back(E);
      L.CanAwait &= madeBy(E) != nullptr;
    }
  }

  //===------------------------- local variables --------------------------===//

  void followVariable(const Expr *Made, const TaskType &Type, LostKind Kind,
                      const FateOfValue &Fate) {
    const VarDecl *Variable = Fate.Variable;
    if (U.taskType(Variable->getType()) != &Type || Kind == LostKind::Cancelled)
      return;
    LostAwaitable L = describe(Made, Type, Kind);
    L.Variable = Variable;
    addArms(L, Fate.Root);
    lowerIfMoved(L);
    auto [Uses, Writes] = mentionsOf(Variable);
    if (Uses.empty() && Writes.empty()) {
      // Named, but in nothing that is evaluated: it is there for its type, or
      // what uses it does not compile.
      if (Variable->isReferenced() && Tree.mentions(Variable).empty())
        return;
      L.How = LostHow::Unused;
      L.IsGuard =
          isGuardLike(L.Result.isNull() ? givenBy(Type) : L.Result, U.models());
      if (L.IsGuard && L.Result.isNull())
        L.Result = givenBy(Type);
      // In a block of its own it is made to see what its end does, unless it
      // could have been awaited there.
      const Stmt *Block = Tree.parent(Fate.Parent);
      if (!L.IsGuard && !C && isa_and_nonnull<CompoundStmt>(Block) &&
          isa_and_nonnull<CompoundStmt>(Tree.parent(Block)))
        L.Sure = std::min(L.Sure, Confidence::Medium);
      // An operation that runs by itself may also be held on to for its end.
      const TypeModel *Model = U.models().type(L.Result);
      if (L.IsGuard && Kind == LostKind::EagerTask &&
          !(Model && Model->CoroutineAware) &&
          !U.shared<LockTypes>().guard(L.Result))
        L.Sure = std::min(L.Sure, Confidence::Medium);
      L.CanAwait &= Tree.mentions(Variable).empty();
      L.NeedsResult = Fate.Fate == ValueFate::Variable &&
                      Variable->getType()->getContainedDeducedType();
      lose(std::move(L));
      return;
    }
    // What can change behind the back of the flow is left alone.
    if (Fate.Fate == ValueFate::Assigned &&
        llvm::any_of(Uses,
                     [&](const DeclRefExpr *Name) { return mayAlias(Name); }))
      return;
    const Flow *F = U.flow(Function);
    if (!F)
      return;
    followPaths(std::move(L), *F, Variable, Fate.Parent, Uses, Writes);
  }

  /// `auto gone = std::move(t);` is how people end something, too.
  void lowerIfMoved(LostAwaitable &L) {
    if (llvm::any_of(Tree.mentions(L.Variable), [&](const DeclRefExpr *Name) {
          return Places.classify(Name) == Mention::Moves;
        }))
      L.Sure = std::min(L.Sure, Confidence::Medium);
  }

  using Names = llvm::SmallVector<const DeclRefExpr *, 8>;

  /// The mentions of \p Variable that read it and those that replace its
  /// value. To ask a holder how much it holds is to read it: what comes next
  /// may depend on that.
  std::pair<Names, Names> mentionsOf(const VarDecl *Variable) {
    Names Uses, Writes;
    for (const DeclRefExpr *Name : Tree.mentions(Variable))
      switch (Places.classify(Name)) {
      case Mention::Nothing:
      case Mention::Moves:
      case Mention::Fills:
        break;
      case Mention::Write:
        Writes.push_back(Name);
        break;
      case Mention::Asks:
      case Mention::Use:
        Uses.push_back(Name);
        break;
      }
    return {Uses, Writes};
  }

  /// The class that a task type's first template argument names: what it
  /// gives, in every library. Only for the wording of a report.
  static QualType givenBy(const TaskType &Type) {
    if (const auto *Spec =
            dyn_cast<ClassTemplateSpecializationDecl>(Type.Record))
      if (Type.IsTask && Spec->getTemplateArgs().size() > 0 &&
          Spec->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
        return Spec->getTemplateArgs()[0].getAsType();
    return {};
  }

  /// Can the variable be reached by another name after this mention?
  bool mayAlias(const DeclRefExpr *Name) const {
    const Stmt *Parent = Tree.parent(Name);
    while (Parent && isa<ParenExpr, ImplicitCastExpr, CXXConstructExpr>(Parent))
      Parent = Tree.parent(Parent);
    // The range of a loop is read there and then.
    if (Parent && isa<DeclStmt>(Parent))
      return !isa_and_nonnull<CXXForRangeStmt>(Tree.parent(Parent));
    if (!Parent || isa<LambdaExpr>(Parent))
      return true;
    if (const auto *Unary = dyn_cast<UnaryOperator>(Parent))
      return Unary->getOpcode() == UO_AddrOf;
    if (const auto *Call = dyn_cast<CallExpr>(Parent))
      return !Call->isCallToStdMove() && !isa<CXXMemberCallExpr>(Call);
    return false;
  }

  /// Searches the paths from \p Start for one on which nothing reads the
  /// variable before it dies or is assigned anew.
  void followPaths(LostAwaitable L, const Flow &F, const VarDecl *Variable,
                   const Stmt *Start, llvm::ArrayRef<const DeclRefExpr *> Uses,
                   llvm::ArrayRef<const DeclRefExpr *> Writes) {
    FlowPoint From = pointOf(F, Start);
    if (!From)
      return;
    llvm::DenseMap<const CFGBlock *, llvm::SmallVector<unsigned, 2>> Reads;
    llvm::DenseMap<const CFGBlock *,
                   llvm::SmallVector<std::pair<unsigned, const Stmt *>, 2>>
        Overwrites;
    auto Add = [&](const DeclRefExpr *Name) {
      FlowPoint At = pointOf(F, Name);
      if (At)
        Reads[At.Block].push_back(At.Index);
      return static_cast<bool>(At);
    };
    for (const DeclRefExpr *Name : Uses)
      Add(Name);
    for (const DeclRefExpr *Name : Writes)
      if (FlowPoint At = pointOf(F, Name))
        Overwrites[At.Block].push_back({At.Index, Name});

    llvm::DenseSet<const CFGBlock *> Seen;
    llvm::SmallVector<FlowPoint, 16> Work{{From.Block, From.Index + 1}};
    SourceLocation Overwritten, LeftUnread;
    bool Read = false;
    while (!Work.empty()) {
      auto [Block, First] = Work.pop_back_val();
      bool Stopped = false;
      unsigned Index = 0;
      for (const CFGElement &Element : *Block) {
        unsigned At = Index++;
        if (At < First)
          continue;
        if (llvm::is_contained(Reads.lookup(Block), At)) {
          Read = Stopped = true;
          break;
        }
        for (auto [Where, Name] : Overwrites.lookup(Block))
          if (Where == At) {
            Overwritten = Name->getBeginLoc();
            Stopped = true;
          }
        if (Stopped)
          break;
        if (auto Dies = Element.getAs<CFGAutomaticObjDtor>();
            Dies && Dies->getVarDecl() == Variable) {
          LeftUnread = lastLocation(Block, At);
          // It falls off the end.
          if (LeftUnread.isInvalid())
            LeftUnread = writtenBody(Function)->getEndLoc();
          Stopped = true;
          break;
        }
        if (auto S = Element.getAs<CFGStmt>())
          if (isa<CXXThrowExpr>(S->getStmt())) {
            Stopped = true;
            break;
          }
      }
      if (Stopped || Block->hasNoReturnElement())
        continue;
      if (Block == &F.cfg().getExit()) {
        LeftUnread = Function->getEndLoc();
        continue;
      }
      for (const CFGBlock::AdjacentBlock &Next : Block->succs())
        if (const CFGBlock *Successor = Next.getReachableBlock())
          if (Seen.insert(Successor).second)
            Work.push_back({Successor, 0});
    }
    if (Overwritten.isValid() && !Read && LeftUnread.isInvalid()) {
      // What a container held before may be gone for good reasons; and where
      // nothing can be awaited, it is the assignment that is tried.
      if (L.How == LostHow::Held || !C)
        L.Sure = std::min(L.Sure, Confidence::Medium);
      L.How = LostHow::Overwritten;
      L.LostAt = Overwritten;
      L.CanAwait = false;
      lose(std::move(L));
      return;
    }
    if (LeftUnread.isInvalid())
      return;
    if (!Read && Overwritten.isInvalid()) {
      // Everything that reads it stands before this value was made.
      if (L.How != LostHow::Held)
        L.How = LostHow::Unused;
      L.CanAwait = false;
      lose(std::move(L));
      return;
    }
    // To make a task and then not to want it is legal, and tests of the same
    // condition twice look like a path that nobody takes.
    L.How = LostHow::SomePath;
    L.LostAt = LeftUnread;
    L.Sure = std::min(L.Sure, Confidence::Medium);
    L.CanAwait = false;
    lose(std::move(L));
  }

  /// Where \p S is evaluated; for what has no place of its own, where what is
  /// around it is.
  FlowPoint pointOf(const Flow &F, const Stmt *S) const {
    for (; S; S = Tree.parent(S))
      if (FlowPoint At = F.point(S))
        return At;
    return {};
  }

  static SourceLocation lastLocation(const CFGBlock *Block, unsigned Before) {
    SourceLocation Last;
    unsigned Index = 0;
    for (const CFGElement &Element : *Block) {
      if (Index++ >= Before)
        break;
      if (auto S = Element.getAs<CFGStmt>())
        if (isa<ReturnStmt, CoreturnStmt, BreakStmt, ContinueStmt>(
                S->getStmt()) ||
            Last.isInvalid())
          Last = S->getStmt()->getBeginLoc();
    }
    if (Last.isInvalid() && Block->getTerminatorStmt())
      Last = Block->getTerminatorStmt()->getBeginLoc();
    return Last;
  }

  //===------------------- aggregates and containers ----------------------===//

  void followHolder(const Expr *Made, const TaskType &Type, LostKind Kind,
                    const FateOfValue &Fate) {
    const VarDecl *Variable = Fate.Variable;
    if (Kind != LostKind::LazyTask || isa<DecompositionDecl>(Variable) ||
        !Places.isPlainHolder(Variable->getType()))
      return;
    LostAwaitable L = describe(Made, Type, Kind);
    L.How = LostHow::Held;
    L.Variable = Variable;
    L.CanAwait = false;
    lowerIfMoved(L);
    if (Places.neverGivesOut(Variable)) {
      lose(std::move(L));
      return;
    }
    auto [Uses, Writes] = mentionsOf(Variable);
    if (llvm::any_of(Uses,
                     [&](const DeclRefExpr *Name) { return mayAlias(Name); }))
      return;
    if (const Flow *F = U.flow(Function))
      followPaths(std::move(L), *F, Variable, Fate.Parent, Uses, Writes);
  }

  /// `auto [a, b] = std::pair(one(), two());` of which one is never named.
  void lookAtBindings(const DeclStmt *Declaration) {
    for (const Decl *D : Declaration->decls()) {
      const auto *Bound = dyn_cast<DecompositionDecl>(D);
      if (!Bound || Bound->getType()->isReferenceType() || !Bound->getInit())
        continue;
      // Made here, not moved out of something that is looked at elsewhere.
      const Expr *Init = Bound->getInit()->IgnoreUnlessSpelledInSource();
      if (!Init->isPRValue() || isa<CoawaitExpr>(Init))
        continue;
      for (const BindingDecl *Binding : Bound->bindings()) {
        const TaskType *Type = U.taskType(Binding->getType());
        std::optional<LostKind> Kind = kindOf(Type);
        if (Kind != LostKind::LazyTask ||
            llvm::any_of(Tree.mentions(Binding), [&](const DeclRefExpr *N) {
              return Places.classify(N) != Mention::Nothing;
            }))
          continue;
        LostAwaitable L = describe(Init, *Type, *Kind);
        L.How = LostHow::Held;
        L.Variable = Binding;
        L.CanAwait = false;
        lose(std::move(L));
      }
    }
  }

  //===------------------------ expected to throw -------------------------===//

  /// Is \p Made there to see whether it throws: in the `try` of a macro, or all
  /// of a lambda that is given to a function which calls it in a `try`?
  bool isExpectedToThrow(const Expr *Made) {
    if (isTriedByMacro(U, Function, Made))
      return true;
    const LambdaExpr *Lambda = U.lambda(Function);
    const FunctionDecl *Around = Lambda ? U.enclosingFunction(Lambda) : nullptr;
    if (!Around)
      return false;
    EvaluatedTree Outer(writtenBody(Around));
    const Stmt *At = Lambda;
    const Stmt *Parent = Outer.parent(At);
    while (Parent && isa<CastExpr, CXXConstructExpr, MaterializeTemporaryExpr,
                         CXXBindTemporaryExpr, ParenExpr>(Parent)) {
      At = Parent;
      Parent = Outer.parent(At);
    }
    const auto *Call = dyn_cast_or_null<CallExpr>(Parent);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    const FunctionDecl *Definition = nullptr;
    if (!Callee || !Callee->hasBody(Definition))
      return false;
    return contains(Definition->getBody(), [](const Stmt *S) {
      const auto *Try = dyn_cast<CXXTryStmt>(S);
      return Try && contains(Try->getTryBlock(), [](const Stmt *Inner) {
               const auto *Runs = dyn_cast<CallExpr>(Inner);
               return Runs &&
                      isa_and_nonnull<ParmVarDecl>(baseOf(
                          Runs->getNumArgs() && isa<CXXOperatorCallExpr>(Runs)
                              ? Runs->getArg(0)
                              : Runs->getCallee()));
             });
    });
  }

  //===----------------------------- callbacks ----------------------------===//

  /// The parameter of this function that \p Callable is, if the function is
  /// made from a template for it; else null.
  const ParmVarDecl *ownParameter(const Expr *Callable) const {
    const auto *Name = dyn_cast<DeclRefExpr>(origin(Callable));
    const auto *Given = Name ? dyn_cast<ParmVarDecl>(Name->getDecl()) : nullptr;
    return Given && Given->getDeclContext() == Function &&
                   Function->isTemplateInstantiation()
               ? Given
               : nullptr;
  }

  /// Reports \p L at the callables that are argument \p Index in the calls of
  /// \p Callee. Returns false if there are none.
  bool blameCallers(const LostAwaitable &L, const FunctionDecl *Callee,
                    unsigned Index, unsigned Depth = 0) {
    bool Found = false;
    for (const CallSite &Site : U.callers(Callee)) {
      llvm::ArrayRef<const Expr *> Args = argumentsOf(Site.Call);
      if (Index >= Args.size() || !calledBy(Args[Index]))
        continue;
      Found = true;
      const auto *Name = dyn_cast<DeclRefExpr>(origin(Args[Index]));
      const auto *Given =
          Name ? dyn_cast<ParmVarDecl>(Name->getDecl()) : nullptr;
      if (Given && Given->getDeclContext() == Site.Caller && Depth < 3 &&
          blameCallers(L, Site.Caller, Given->getFunctionScopeIndex(),
                       Depth + 1))
        continue;
      LostAwaitable Blamed = L;
      Blamed.In = Site.Caller;
      Blamed.How = LostHow::Callback;
      Blamed.Callee = Callee;
      Blamed.Made = Args[Index]->IgnoreUnlessSpelledInSource();
      Blamed.InCoroutine = U.coroutine(Site.Caller);
      Blamed.CanAwait = false;
      lose(std::move(Blamed));
    }
    return Found;
  }

  /// The function that calling \p Callable runs, or null.
  const FunctionDecl *calledBy(const Expr *Callable) {
    Callable = Callable->IgnoreUnlessSpelledInSource();
    while (const auto *Construct = dyn_cast<CXXConstructExpr>(Callable)) {
      if (!Construct->getConstructor()->isCopyOrMoveConstructor())
        return nullptr;
      Callable = Construct->getArg(0)->IgnoreUnlessSpelledInSource();
    }
    if (const auto *Move = dyn_cast<CallExpr>(Callable);
        Move && Move->isCallToStdMove())
      Callable = Move->getArg(0)->IgnoreUnlessSpelledInSource();
    if (const auto *Name = dyn_cast<DeclRefExpr>(Callable))
      if (const auto *Named = dyn_cast<FunctionDecl>(Name->getDecl()))
        return Named;
    const CXXRecordDecl *Record = Callable->getType()->getAsCXXRecordDecl();
    if (!Record || !Record->isLambda())
      return nullptr;
    const CXXMethodDecl *Operator = Record->getLambdaCallOperator();
    if (!Operator || Operator->isDependentContext())
      return nullptr;
    return Operator;
  }

  /// What calling a \p Record gives, if that is made from a signature, as
  /// std::function<void()> is; otherwise null.
  static QualType resultOfCallback(const CXXRecordDecl *Record) {
    const auto *Spec =
        dyn_cast_or_null<ClassTemplateSpecializationDecl>(Record);
    if (!Spec || Spec->getTemplateArgs().size() == 0 ||
        Spec->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
      return {};
    const auto *Signature =
        Spec->getTemplateArgs()[0].getAsType()->getAs<FunctionProtoType>();
    return Signature ? Signature->getReturnType() : QualType();
  }
  static bool isVoidCallback(const CXXRecordDecl *Record) {
    QualType Result = resultOfCallback(Record);
    return !Result.isNull() && Result->isVoidType();
  }

  void lookAtCallbacks(const Expr *Call) {
    const FunctionDecl *Callee = nullptr;
    llvm::SmallVector<const Expr *, 4> Args;
    bool Erased = false;
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Call)) {
      const CXXConstructorDecl *Constructor = Construct->getConstructor();
      Callee = Constructor;
      Args.append(Construct->arg_begin(), Construct->arg_end());
      Erased = !Constructor->isCopyOrMoveConstructor() &&
               isVoidCallback(Constructor->getParent());
    } else {
      const auto *Plain = cast<CallExpr>(Call);
      Callee = Plain->getDirectCallee();
      Args.append(Plain->arg_begin(), Plain->arg_end());
      if (const auto *Assign = dyn_cast<CXXOperatorCallExpr>(Plain);
          Assign && Assign->getOperator() == OO_Equal && Args.size() == 2) {
        Args.erase(Args.begin());
        Erased =
            isVoidCallback(Assign->getArg(0)->getType()->getAsCXXRecordDecl());
      }
    }
    if (!Callee)
      return;
    if (!Erased) {
      // The result is dropped for sure only where it could not come back.
      const FunctionModel *Model = U.models().callee(Call);
      if (!Model || Model->Task != TaskUse::None ||
          (Model->Callable != CallableUse::RunsHere &&
           Model->Callable != CallableUse::RunsElsewhere &&
           Model->Callable != CallableUse::DropsEarly && !Model->Operation))
        return;
    }
    for (const Expr *Argument : Args) {
      const FunctionDecl *Runs = calledBy(Argument);
      if (!Runs || Unit::isAnnotated(Runs, "fire_and_forget"))
        continue;
      // Who asks for a callable that gives a task knows what to do with it.
      QualType Wanted =
          resultOfCallback(Argument->getType()->getAsCXXRecordDecl());
      if (!Wanted.isNull() && !Wanted->isVoidType())
        continue;
      const TaskType *Type = U.taskType(Runs->getReturnType());
      if (!Type || Runs->getReturnType()->isReferenceType() ||
          kindOf(Type) != LostKind::LazyTask)
        continue;
      // It may hand back the callable, as std::for_each does.
      if (!Erased && !isa<CXXConstructExpr>(Call) &&
          !Call->getType()->isVoidType() &&
          !U.ast().hasSameUnqualifiedType(Call->getType(), Argument->getType()))
        continue;
      LostAwaitable L = describe(Argument->IgnoreUnlessSpelledInSource(), *Type,
                                 LostKind::LazyTask);
      L.How = LostHow::Callback;
      L.Callee = Callee;
      L.CanAwait = false;
      const ParmVarDecl *Given = ownParameter(Argument);
      if (!Given || !blameCallers(L, Function, Given->getFunctionScopeIndex()))
        lose(std::move(L));
    }
  }

  AwaitableUse &All;
  Unit &U;
  const FunctionDecl *Function;
  const Coroutine *C;
  EvaluatedTree Tree;
  TaskPlaces Places;
};

AwaitableUse::AwaitableUse(Unit &U) : U(U) {
  for (const Coroutine *C : U.coroutines()) {
    const CXXRecordDecl *Promise =
        C->Body->getPromiseDecl()->getType()->getAsCXXRecordDecl();
    EvaluatedTree Tree(writtenBody(C->Function));
    for (const Stmt *S : Tree.all())
      if (const auto *Await = dyn_cast<CoawaitExpr>(S))
        if (const TaskType *Type = U.taskType(Await->getOperand()->getType())) {
          if (Promise)
            Awaited.insert(
                {templatePattern(Promise), templatePattern(Type->Record)});
          Results.try_emplace(Type->Record->getCanonicalDecl(),
                              Await->getType());
        }
  }
  for (const FunctionDecl *Function : U.functions())
    Body(*this, Function).run();
}

} // namespace coro
