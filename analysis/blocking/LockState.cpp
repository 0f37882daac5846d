//===- LockState.cpp - Which locks are held where -----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/blocking/LockStateAnalysis.h"
#include "clang/AST/ASTContext.h"

using namespace clang;

namespace coro {

//===----------------------------------------------------------------------===//
// The locks of a function
//===----------------------------------------------------------------------===//

const GuardType *LockState::Analysis::guardOf(const VarDecl *Variable) {
  if (!Variable->hasLocalStorage())
    return nullptr;
  QualType Type = Variable->getType();
  if (Type->isReferenceType()) {
    // A reference to a temporary that lives as long as it.
    const Expr *Init = Variable->getInit();
    if (const auto *Full = dyn_cast_or_null<FullExpr>(Init))
      Init = Full->getSubExpr();
    const auto *Temporary = dyn_cast_or_null<MaterializeTemporaryExpr>(Init);
    if (!Temporary || Temporary->getExtendingDecl() != Variable)
      return nullptr;
    Type = Temporary->getType();
  }
  return Types.guard(Type);
}

Lock &LockState::Analysis::lockFor(const VarDecl *Variable,
                                   const GuardType *Guard) {
  auto [It, New] =
      ByKey.try_emplace(Variable->getCanonicalDecl(), unsigned(Locks.size()));
  if (New) {
    Lock &L = Locks.emplace_back();
    L.Id = It->second;
    L.Variable = Variable;
    L.Guard = Guard;
    L.Kind = Guard->Mutex;
    L.Recursive = Guard->Recursive;
  }
  return Locks[It->second];
}

Lock &LockState::Analysis::lockFor(const Expr *Temporary,
                                   const GuardType *Guard) {
  auto [It, New] = ByKey.try_emplace(Temporary, unsigned(Locks.size()));
  if (New) {
    Lock &L = Locks.emplace_back();
    L.Id = It->second;
    L.Temporary = Temporary;
    L.Guard = Guard;
    L.Kind = Guard->Mutex;
    L.Recursive = Guard->Recursive;
  }
  return Locks[It->second];
}

Lock *LockState::Analysis::findGuard(const Expr *Object) {
  const VarDecl *Variable = plainVariable(Object);
  if (!Variable)
    return nullptr;
  auto It = ByKey.find(Variable->getCanonicalDecl());
  if (It != ByKey.end())
    return &Locks[It->second];
  const GuardType *Guard = guardOf(Variable);
  return Guard ? &lockFor(Variable, Guard) : nullptr;
}

Lock *LockState::Analysis::lockFor(const LockOperation &Operation) {
  if (Lock *Guard = findGuard(Operation.Object))
    return Guard;
  // A member of a local guard, such as that of an aggregate, is part of it.
  LockPath Path = lockPath(Operation.Object);
  if (Path.empty())
    return nullptr;
  if (const auto *Base = dyn_cast_or_null<VarDecl>(Path[0]))
    if (auto It = ByKey.find(Base->getCanonicalDecl()); It != ByKey.end())
      return &Locks[It->second];
  auto [It, New] = ByPath.try_emplace(Path, unsigned(Locks.size()));
  if (New) {
    Lock &L = Locks.emplace_back();
    L.Id = It->second;
    L.Path = Path;
    L.Kind = Operation.Kind;
    L.Recursive = Types.isRecursive(Operation.Object->getType());
    L.MutexText = sourceText(Operation.Object->getSourceRange(), U.ast());
    if (llvm::StringRef(L.MutexText).starts_with("&"))
      L.MutexText.erase(0, 1);
  }
  return &Locks[It->second];
}

//===----------------------------------------------------------------------===//
// What statements do to locks
//===----------------------------------------------------------------------===//

void LockState::Analysis::start(State &S, Lock &L, const Expr *Init) {
  Beginning Begun = begin(Init, *L.Guard, S);
  // What is known of a guard of a kind that nobody knows, but which was awaited
  // for, is that coroutines take it.
  if (L.Kind == MutexKind::Unknown &&
      isa_and_nonnull<CoawaitExpr>(makerOf(Init)))
    L.Kind = MutexKind::Coroutine;
  if (L.Mutexes.empty())
    L.Mutexes = Begun.Mutexes;
  if (L.MutexText.empty())
    L.MutexText = Begun.MutexText;
  if (Begun.Bits == IsFree)
    S.clear(L.Id);
  else
    S.set({L.Id, Begun.Bits, Begun.Taken});
}

/// A guard is gone, or has given its lock back.
void LockState::Analysis::stop(State &S, unsigned Id) {
  S.clear(Id);
  for (const LockPath &Path : Locks[Id].Mutexes)
    if (auto It = ByPath.find(Path); It != ByPath.end())
      S.clear(It->second);
}

//===----------------------------------------------------------------------===//
// The data flow
//===----------------------------------------------------------------------===//

LockState::Analysis::State LockState::Analysis::entry() {
  State S;
  for (const ParmVarDecl *Parameter : F.function()->parameters())
    if (const GuardType *Guard = guardOf(Parameter))
      S.set({lockFor(Parameter, Guard).Id, IsHeld, nullptr});
  return S;
}

/// Is the new object \p Construct made into a variable or temporary that is
/// tracked by itself?
bool LockState::Analysis::isConsumed(const Expr *Construct) const {
  for (const Stmt *At = F.parent(Construct); At; At = F.parent(At)) {
    if (isa<DeclStmt>(At))
      return true;
    if (const auto *Bind = dyn_cast<CXXBindTemporaryExpr>(At);
        Bind && Destroyed.contains(Bind))
      return true;
    if (!isa<FullExpr, MaterializeTemporaryExpr, CXXBindTemporaryExpr, CastExpr,
             ParenExpr, InitListExpr, CXXConstructExpr, LambdaExpr>(At))
      return false;
  }
  return false;
}

bool LockState::Analysis::mayRelease(const FunctionDecl *Callee,
                                     unsigned Index) {
  const FunctionDecl *Definition = nullptr;
  if (!Callee || !Callee->hasBody(Definition) ||
      Index >= Definition->getNumParams())
    return true;
  const ParmVarDecl *Parameter = Definition->getParamDecl(Index);
  bool Released = false;
  forEachStatement(Definition->getBody(), [&](const Stmt *S) {
    const auto *Call = dyn_cast<Expr>(S);
    if (!Call || !isa<CallExpr, CXXConstructExpr>(Call))
      return;
    for (const LockOperation &Operation : Types.operations(Call))
      Released |= plainVariable(Operation.Object) == Parameter;
    llvm::SmallVector<const Expr *, 4> Arguments;
    if (const auto *Plain = dyn_cast<CallExpr>(Call))
      Arguments.append(Plain->arg_begin(), Plain->arg_end());
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(Call))
      Arguments.append(Construct->arg_begin(), Construct->arg_end());
    for (const Expr *Argument : Arguments)
      Released |= plainVariable(Argument) == Parameter;
  });
  return Released;
}

void LockState::Analysis::take(State &S, const LockOperation &Operation,
                               const Expr *Call) {
  if (Operation.Kind == MutexKind::None ||
      Operation.Kind == MutexKind::Coroutine)
    return;
  Lock *L = lockFor(Operation);
  if (!L)
    return;
  switch (Operation.Effect) {
  case LockEffect::Acquire:
    S.set({L->Id, IsHeld, Call});
    break;
  case LockEffect::TryAcquire:
    S.set({L->Id, IsUnsure, Call});
    break;
  case LockEffect::Release:
    if (llvm::none_of(Releases, [&](const auto &Known) {
          return Known.first == L->Id && Known.second == Call;
        }))
      Releases.push_back({L->Id, Call});
    stop(S, L->Id);
    // Unlocked behind the back of a guard, which may know (adopt, defer).
    if (!L->Guard)
      for (Entry &E : S.Entries)
        if (llvm::is_contained(Locks[E.Lock].Mutexes, L->Path))
          E.Bits |= IsUnsure;
    break;
  case LockEffect::Forget:
    stop(S, L->Id);
    break;
  case LockEffect::Keeps:
  case LockEffect::None:
    break;
  }
}

void LockState::Analysis::call(State &S, const Expr *E) {
  auto Operations = Types.operations(E);
  for (const LockOperation &Operation : Operations)
    take(S, Operation, E);
  if (!Operations.empty())
    return;

  const FunctionDecl *Callee = nullptr;
  llvm::SmallVector<const Expr *, 4> Arguments;
  unsigned First = 0;
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (Call->isCallToStdMove() || Call->getBuiltinCallee())
      return;
    Callee = Call->getDirectCallee();
    Arguments.append(Call->arg_begin(), Call->arg_end());
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
        Operator && isa_and_nonnull<CXXMethodDecl>(Callee)) {
      First = 1;
      // `lock = other`, `lock = {}`.
      if (Operator->getOperator() == OO_Equal && Arguments.size() == 2)
        if (Lock *L = findGuard(Arguments[0])) {
          if (L->Guard->Contains)
            S.set({L->Id, IsUnsure, E});
          else
            start(S, *L, Arguments[1]);
          return;
        }
    }
    // A member of what contains a guard may do with it what it wants.
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(E))
      if (const CXXMethodDecl *Method = Member->getMethodDecl();
          Method && !Method->isConst())
        if (const Lock *L = findGuard(Member->getImplicitObjectArgument());
            L && L->Guard->Contains && L->Guard->CanBeEmpty)
          if (Entry *Known = S.find(L->Id))
            Known->Bits |= IsUnsure;
  } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    Callee = Construct->getConstructor();
    Arguments.append(Construct->arg_begin(), Construct->arg_end());
    if (const GuardType *Guard = Types.guard(Construct->getType())) {
      // Moved away, into something that is not tracked here.
      if (!isConsumed(E) &&
          Construct->getConstructor()->isCopyOrMoveConstructor())
        beginConstructed(Construct, *Guard, S, 0);
      return;
    }
  }
  const FunctionModel *Model = U.models().function(Callee);
  if (Model && Model->Lock)
    return;
  for (unsigned I = First; I < Arguments.size(); ++I) {
    unsigned Parameter = I - First;
    if (!Callee || Parameter >= Callee->getNumParams())
      continue;
    QualType Type = Callee->getParamDecl(Parameter)->getType();
    if (!Type->isReferenceType() && !Type->isPointerType())
      continue;
    if (Type->getPointeeType().isConstQualified())
      continue;
    const Lock *L = findGuard(Arguments[I]);
    if (!L || !S.find(L->Id))
      continue;
    // An awaitable that is given the lock works when it is awaited, and has
    // the lock again when that is done.
    if (U.taskType(E->getType()))
      continue;
    if (mayRelease(Callee, Parameter))
      S.find(L->Id)->Bits |= IsUnsure;
  }
}

void LockState::Analysis::transfer(State &S, const CFGElement &Element,
                                   const CFGBlock &) {
  if (auto Destructor = Element.getAs<CFGAutomaticObjDtor>()) {
    auto It = ByKey.find(Destructor->getVarDecl()->getCanonicalDecl());
    if (It != ByKey.end())
      stop(S, It->second);
    return;
  }
  if (auto Destructor = Element.getAs<CFGTemporaryDtor>()) {
    auto It = ByKey.find(Destructor->getBindTemporaryExpr());
    if (It != ByKey.end())
      stop(S, It->second);
    return;
  }
  auto Statement = Element.getAs<CFGStmt>();
  if (!Statement)
    return;
  const Stmt *At = Statement->getStmt();
  if (const auto *Declaration = dyn_cast<DeclStmt>(At)) {
    for (const Decl *D : Declaration->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D);
          Variable && Variable->getInit())
        if (const GuardType *Guard = guardOf(Variable))
          start(S, lockFor(Variable, Guard), Variable->getInit());
  } else if (const auto *Bind = dyn_cast<CXXBindTemporaryExpr>(At)) {
    if (Destroyed.contains(Bind))
      if (const GuardType *Guard = Types.guard(Bind->getType()))
        start(S, lockFor(Bind, Guard), Bind->getSubExpr());
  } else if (const auto *Lambda = dyn_cast<LambdaExpr>(At)) {
    // A local function that may give the lock back, whenever it is called.
    for (const LambdaCapture &Capture : Lambda->captures())
      if (Capture.capturesVariable() && Capture.getCaptureKind() == LCK_ByRef)
        if (auto It = ByKey.find(Capture.getCapturedVar()->getCanonicalDecl());
            It != ByKey.end())
          forEachStatement(Lambda->getBody(), [&](const Stmt *Inner) {
            if (const auto *Call = dyn_cast<CallExpr>(Inner))
              for (const LockOperation &Operation : Types.operations(Call))
                if (Operation.Effect == LockEffect::Release &&
                    findGuard(Operation.Object) == &Locks[It->second])
                  if (Entry *Known = S.find(It->second))
                    Known->Bits |= IsUnsure;
          });
  } else if (isa<CallExpr, CXXConstructExpr>(At)) {
    call(S, cast<Expr>(At));
  }
}

/// The outcome of a test says whether a lock is held.
void LockState::Analysis::test(State &S, const Expr *Condition, bool Outcome,
                               unsigned Depth) {
  const Expr *E =
      makerOf(Condition->IgnoreParenImpCasts())->IgnoreParenImpCasts();
  if (Depth > 6)
    return;
  if (const auto *Not = dyn_cast<UnaryOperator>(E);
      Not && Not->getOpcode() == UO_LNot)
    return test(S, Not->getSubExpr(), !Outcome, Depth + 1);
  if (const auto *Compare = dyn_cast<BinaryOperator>(E);
      Compare && Compare->isEqualityOp()) {
    Expr::EvalResult Value;
    if (!Compare->getRHS()->isValueDependent() &&
        Compare->getRHS()->EvaluateAsInt(Value, U.ast()) &&
        Value.Val.getInt() == 0)
      test(S, Compare->getLHS(),
           Compare->getOpcode() == BO_EQ ? !Outcome : Outcome, Depth + 1);
    return;
  }
  if (const auto *Reference = dyn_cast<DeclRefExpr>(E)) {
    // `bool got = lock.try_lock(); if (got)`
    if (const auto *Variable = dyn_cast<VarDecl>(Reference->getDecl());
        Variable && Variable->isLocalVarDecl() && Variable->getInit() &&
        Variable->getType()->isIntegerType())
      test(S, Variable->getInit(), Outcome, Depth + 1);
    return;
  }
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call)
    return;
  auto Know = [&](const Lock *L, bool Taken) {
    Entry *Known = L ? S.find(L->Id) : nullptr;
    if (!Known)
      return;
    if (Taken)
      Known->Bits = IsHeld;
    else
      S.clear(L->Id);
  };
  for (const LockOperation &Operation : Types.operations(Call))
    if (Operation.Effect == LockEffect::TryAcquire) {
      // Functions of C return an error number, zero for success.
      bool Success =
          Call->getType()->isBooleanType() || isa<CXXMemberCallExpr>(Call)
              ? Outcome
              : !Outcome;
      Know(lockFor(Operation), Success);
    }
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
    const CXXMethodDecl *Method = Member->getMethodDecl();
    if (!Method)
      return;
    // The named interface of [thread.lock.unique.obs].
    if (isa<CXXConversionDecl>(Method) ||
        (Method->getIdentifier() && Method->getName() == "owns_lock"))
      Know(findGuard(Member->getImplicitObjectArgument()), Outcome);
  }
}

void LockState::Analysis::edge(State &S, const CFGBlock &From,
                               unsigned Successor) {
  if (S.Entries.empty() || From.succ_size() != 2 || Successor > 1)
    return;
  const Stmt *Terminator = From.getTerminatorStmt();
  if (!isa_and_nonnull<IfStmt, WhileStmt, ForStmt, DoStmt, ConditionalOperator,
                       BinaryOperator>(Terminator) ||
      !From.getTerminator().isStmtBranch())
    return;
  if (const auto *Condition =
          dyn_cast_or_null<Expr>(From.getTerminatorCondition()))
    test(S, Condition, Successor == 0, 0);
}

/// Is there any lock in this function? Most have none.
bool LockState::Analysis::prepare() {
  bool Any = llvm::any_of(F.function()->parameters(),
                          [&](const auto *P) { return guardOf(P) != nullptr; });
  for (const CFGBlock *Block : F.cfg()) {
    if (!Block)
      continue;
    for (const CFGElement &Element : *Block) {
      if (auto Destructor = Element.getAs<CFGTemporaryDtor>()) {
        Destroyed.insert(Destructor->getBindTemporaryExpr());
        Any = Any || Types.guard(Destructor->getBindTemporaryExpr()->getType());
      } else if (auto Statement = Element.getAs<CFGStmt>()) {
        if (const auto *Declaration =
                dyn_cast<DeclStmt>(Statement->getStmt())) {
          for (const Decl *D : Declaration->decls())
            if (const auto *Variable = dyn_cast<VarDecl>(D)) {
              Any = Any || guardOf(Variable);
              if (Variable->getInit() && Variable->hasLocalStorage())
                Inits[Variable].push_back(Variable->getInit());
              Scopes[Variable] = F.parent(F.enclosingStatement(Declaration));
            }
        } else if (const auto *Call =
                       dyn_cast<CallExpr>(Statement->getStmt())) {
          Any = Any || !Types.operations(Call).empty();
        }
      }
    }
  }
  // What await_resume returns is the result of the await, not a temporary that
  // is there before it.
  for (const CoroutineSuspendExpr *Await : F.suspensions())
    if (const auto *Bind =
            dyn_cast_or_null<CXXBindTemporaryExpr>(Await->getResumeExpr()))
      Destroyed.erase(Bind);
  return Any;
}

/// Nothing in the control flow ends an object that has nothing to destroy: its
/// block does.
bool LockState::Analysis::isInScope(const Lock &L, const Stmt *At) const {
  if (!L.Guard || !L.Guard->Record->hasTrivialDestructor() || !L.Variable ||
      isa<ParmVarDecl>(L.Variable))
    return true;
  auto It = Scopes.find(L.Variable);
  if (It == Scopes.end())
    return false;
  for (; At; At = F.parent(At))
    if (At == It->second)
      return true;
  return false;
}

void LockState::Analysis::run() {
  if (!prepare())
    return;
  FlowStates<State> States = runForward<State>(F.cfg(), *this);
  if (!States.Complete)
    return;
  for (const CFGBlock *Block : F.cfg()) {
    if (!Block || !States.Blocks[Block->getBlockID()])
      continue;
    State S = *States.Blocks[Block->getBlockID()];
    for (const CFGElement &Element : *Block) {
      if (auto Statement = Element.getAs<CFGStmt>())
        if (isa<CoroutineSuspendExpr, CallExpr>(Statement->getStmt()))
          for (const Entry &E : S.Entries) {
            const Lock &L = Locks[E.Lock];
            if (L.Kind == MutexKind::Coroutine ||
                !(E.Bits & (IsHeld | IsUnsure)))
              continue;
            if (L.Kind == MutexKind::None &&
                (!L.Guard || L.Guard->MustNotSuspend.empty()))
              continue;
            if (!isInScope(L, Statement->getStmt()))
              continue;
            Confidence Sure = E.Bits == IsHeld  ? Confidence::High
                              : E.Bits & IsHeld ? Confidence::Medium
                                                : Confidence::Low;
            if (L.Kind == MutexKind::Unknown)
              Sure = std::min(Sure, Confidence::Medium);
            Held[Statement->getStmt()].push_back({&L, Sure, E.Taken});
          }
      transfer(S, Element, *Block);
    }
  }
}

//===----------------------------------------------------------------------===//
// Locks that are handed on
//===----------------------------------------------------------------------===//

/// Could whoever gets \p Reference, an expression that names a lock, give that
/// lock back?
static bool isHandedOn(const Expr *Reference, const Flow &F) {
  const Expr *At = Reference;
  while (const Stmt *Up = F.parent(At)) {
    if (const auto *Cast = dyn_cast<ImplicitCastExpr>(Up)) {
      if (Cast->getCastKind() == CK_LValueToRValue &&
          !Cast->getType()->isPointerType())
        return false;
      At = Cast;
      continue;
    }
    if (isa<ParenExpr, MaterializeTemporaryExpr>(Up)) {
      At = cast<Expr>(Up);
      continue;
    }
    if (const auto *Unary = dyn_cast<UnaryOperator>(Up)) {
      if (Unary->getOpcode() != UO_AddrOf && Unary->getOpcode() != UO_Deref)
        return false;
      At = Unary;
      continue;
    }
    if (const auto *Member = dyn_cast<MemberExpr>(Up)) {
      const auto *Method = dyn_cast<CXXMethodDecl>(Member->getMemberDecl());
      if (!Method) {
        At = Member;
        continue;
      }
      return !Method->isConst() && Method->getIdentifier() &&
             lockPath(Reference).size() > 0 &&
             !Method->getReturnType()->isVoidType();
    }
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Up);
        Operator && Operator->getNumArgs() > 0 && Operator->getArg(0) == At &&
        isa_and_nonnull<CXXMethodDecl>(Operator->getDirectCallee()))
      return false;
    auto ByConst = [&](const FunctionDecl *Callee, unsigned Index) {
      if (!Callee || Index >= Callee->getNumParams())
        return false;
      QualType Type = Callee->getParamDecl(Index)->getType();
      return (Type->isReferenceType() || Type->isPointerType()) &&
             Type->getPointeeType().isConstQualified();
    };
    if (const auto *Call = dyn_cast<CallExpr>(Up)) {
      unsigned Shift =
          isa<CXXOperatorCallExpr>(Call) &&
                  isa_and_nonnull<CXXMethodDecl>(Call->getDirectCallee())
              ? 1
              : 0;
      for (unsigned I = Shift; I < Call->getNumArgs(); ++I)
        if (Call->getArg(I) == At)
          return !ByConst(Call->getDirectCallee(), I - Shift);
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Up))
      for (unsigned I = 0; I < Construct->getNumArgs(); ++I)
        if (Construct->getArg(I) == At)
          return !ByConst(Construct->getConstructor(), I);
    return true;
  }
  return false;
}

bool LockState::Analysis::mentions(const Expr *Root, const Lock &L,
                                   unsigned Depth) const {
  bool Found = false;
  forEachStatement(Root, [&](const Stmt *S) {
    const auto *E = dyn_cast<Expr>(S);
    if (Found || !E || !isa<DeclRefExpr, MemberExpr>(E))
      return;
    LockPath Path = lockPath(E);
    if (Path.empty())
      return;
    bool Same = L.Variable ? Path[0] == L.Variable->getCanonicalDecl()
                           : Path == L.Path && !L.Path.empty();
    Same = Same || llvm::is_contained(L.Mutexes, Path);
    if (Same) {
      Found = isHandedOn(E, F);
      return;
    }
    const auto *Variable = dyn_cast_or_null<VarDecl>(Path[0]);
    if (!Variable || Path.size() != 1 || Depth >= 2)
      return;
    auto It = Inits.find(Variable);
    if (It != Inits.end())
      for (const Expr *Init : It->second)
        Found = Found || mentions(Init, L, Depth + 1);
  });
  return Found;
}

LockState::LockState(Unit &U, const Flow &F)
    : Impl(std::make_unique<Analysis>(U, F)) {
  Impl->run();
}

LockState::~LockState() = default;

llvm::ArrayRef<HeldLock> LockState::heldAt(const Stmt *S) const {
  auto It = Impl->Held.find(S);
  if (It == Impl->Held.end())
    return {};
  return It->second;
}

bool LockState::isGivenTo(const HeldLock &Held,
                          const CoroutineSuspendExpr *Await) const {
  return Impl->mentions(Await->getOperand(), *Held.What, 0);
}

const Expr *LockState::releaseAfter(const HeldLock &Held,
                                    const Stmt *From) const {
  const Expr *First = nullptr;
  for (const auto &[Lock, Call] : Impl->Releases)
    if (Lock == Held.What->Id && Impl->F.reaches(From, Call) &&
        (!First || Call->getBeginLoc() < First->getBeginLoc()))
      First = Call;
  return First;
}

const LockState *LockStates::of(const FunctionDecl *Function) {
  const Flow *F = U.flow(Function);
  if (!F)
    return nullptr;
  auto [It, New] = States.try_emplace(F->function());
  if (New)
    It->second = std::make_unique<LockState>(U, *F);
  return It->second.get();
}

} // namespace coro
