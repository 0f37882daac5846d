//===- LockState.cpp - Which locks are held where -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/LockState.h"
#include "analysis/Unit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/DenseSet.h"
#include <deque>

using namespace clang;

namespace coro {

namespace {

/// What may be true of a lock at a point. A lock without an entry is free.
enum : uint8_t {
  IsHeld = 1,
  IsFree = 2,
  IsUnsure = 4, ///< somebody else, or a condition, decided
};

struct Entry {
  unsigned Lock = 0;
  uint8_t Bits = 0;
  const Stmt *Taken = nullptr;
};

struct State {
  /// Sorted by lock.
  llvm::SmallVector<Entry, 2> Entries;

  Entry *find(unsigned Lock) {
    for (Entry &E : Entries)
      if (E.Lock == Lock)
        return &E;
    return nullptr;
  }
  void set(Entry New) {
    if (Entry *Old = find(New.Lock))
      *Old = New;
    else
      Entries.insert(llvm::upper_bound(Entries, New,
                                       [](const Entry &A, const Entry &B) {
                                         return A.Lock < B.Lock;
                                       }),
                     New);
  }
  void clear(unsigned Lock) {
    llvm::erase_if(Entries, [&](const Entry &E) { return E.Lock == Lock; });
  }

  bool join(const State &Other) {
    bool Changed = false;
    for (Entry &Mine : Entries) {
      const auto *Theirs = llvm::find_if(
          Other.Entries, [&](const Entry &E) { return E.Lock == Mine.Lock; });
      uint8_t Bits =
          Mine.Bits |
          (Theirs == Other.Entries.end() ? uint8_t(IsFree) : Theirs->Bits);
      Changed |= Bits != Mine.Bits;
      Mine.Bits = Bits;
      // The earlier of two places is named, whatever the order of blocks.
      if (Theirs != Other.Entries.end() && Theirs->Taken &&
          (!Mine.Taken || Theirs->Taken->getBeginLoc().getRawEncoding() <
                              Mine.Taken->getBeginLoc().getRawEncoding())) {
        Mine.Taken = Theirs->Taken;
        Changed = true;
      }
    }
    for (const Entry &Theirs : Other.Entries)
      if (!find(Theirs.Lock)) {
        set({Theirs.Lock, uint8_t(Theirs.Bits | IsFree), Theirs.Taken});
        Changed = true;
      }
    return Changed;
  }
};

/// How a guard begins its life.
struct Beginning {
  uint8_t Bits = IsHeld;
  const Stmt *Taken = nullptr;
  llvm::SmallVector<LockPath, 1> Mutexes = {};
  std::string MutexText = {};
};

} // namespace

/// The expression that makes the object: without what only wraps it.
static const Expr *maker(const Expr *E) {
  while (E) {
    const Expr *Inner = E->IgnoreParens();
    if (const auto *Full = dyn_cast<FullExpr>(Inner))
      Inner = Full->getSubExpr();
    else if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(Inner))
      Inner = Temporary->getSubExpr();
    else if (const auto *Bind = dyn_cast<CXXBindTemporaryExpr>(Inner))
      Inner = Bind->getSubExpr();
    else if (const auto *Cast = dyn_cast<CastExpr>(Inner);
             Cast && Inner->getType()->isRecordType() &&
             !isa<CXXStaticCastExpr, CXXReinterpretCastExpr>(Cast))
      Inner = Cast->getSubExpr();
    else if (const auto *List = dyn_cast<InitListExpr>(Inner);
             List && List->getNumInits() == 1 &&
             List->getInit(0)->getType().getCanonicalType() ==
                 List->getType().getCanonicalType())
      Inner = List->getInit(0);
    else if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(Inner))
      Inner = Default->getExpr();
    if (Inner == E)
      return E;
    E = Inner;
  }
  return E;
}

class LockState::Analysis {
public:
  Analysis(Unit &U, const Flow &F) : U(U), Types(U.shared<LockTypes>()), F(F) {}

  void run();

  State entry();
  void transfer(State &S, const CFGElement &Element, const CFGBlock &Block);
  void edge(State &S, const CFGBlock &From, unsigned Successor);

  Unit &U;
  LockTypes &Types;
  const Flow &F;
  std::deque<Lock> Locks;
  llvm::DenseMap<const Stmt *, llvm::SmallVector<HeldLock, 1>> Held;
  /// Where locks are given back.
  std::vector<std::pair<unsigned, const Expr *>> Releases;
  /// Locals that were made with a reference to another one.
  llvm::DenseMap<const VarDecl *, llvm::SmallVector<const Expr *, 1>> Inits;

  bool mentions(const Expr *Root, const Lock &L, unsigned Depth) const;

private:
  bool prepare();
  const GuardType *guardOf(const VarDecl *Variable);
  Lock &lockFor(const VarDecl *Variable, const GuardType *Guard);
  Lock &lockFor(const Expr *Temporary, const GuardType *Guard);
  Lock *lockFor(const LockOperation &Operation);
  Lock *findGuard(const Expr *Object);
  Beginning begin(const Expr *Init, const GuardType &Guard, State &S,
                  unsigned Depth = 0);
  Beginning beginConstructed(const CXXConstructExpr *Construct,
                             const GuardType &Guard, State &S, unsigned Depth);
  void start(State &S, Lock &L, const Expr *Init);
  void stop(State &S, unsigned Lock);
  void take(State &S, const LockOperation &Operation, const Expr *Call);
  void call(State &S, const Expr *Call);
  bool isConsumed(const Expr *Construct) const;
  bool isInScope(const Lock &L, const Stmt *At) const;
  bool mayRelease(const FunctionDecl *Callee, unsigned Parameter);
  void test(State &S, const Expr *Condition, bool Outcome, unsigned Depth);

  std::map<const void *, unsigned> ByKey;
  std::map<llvm::SmallVector<const ValueDecl *, 4>, unsigned> ByPath;
  llvm::DenseSet<const CXXBindTemporaryExpr *> Destroyed;
  /// The statement that a local is declared in.
  llvm::DenseMap<const VarDecl *, const Stmt *> Scopes;
};

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
// How a guard begins
//===----------------------------------------------------------------------===//

Beginning
LockState::Analysis::beginConstructed(const CXXConstructExpr *Construct,
                                      const GuardType &Guard, State &S,
                                      unsigned Depth) {
  Beginning Result;
  Result.Taken = Construct;
  const CXXConstructorDecl *Constructor = Construct->getConstructor();
  if (Constructor->isCopyOrMoveConstructor() && Construct->getNumArgs() > 0) {
    const Expr *From = Construct->getArg(0);
    if (const Lock *Source = findGuard(From)) {
      Result.Mutexes = Source->Mutexes;
      Result.MutexText = Source->MutexText;
      const Entry *Old = S.find(Source->Id);
      Result.Bits = Old ? Old->Bits : uint8_t(IsFree);
      if (Old && Old->Taken)
        Result.Taken = Old->Taken;
      S.clear(Source->Id);
      return Result;
    }
    if (maker(From)->isPRValue())
      return begin(From, Guard, S, Depth + 1);
    Result.Bits = IsHeld | IsUnsure;
    return Result;
  }
  unsigned Arguments = 0, Others = 0;
  LockTag Tag = LockTag::None;
  for (const Expr *Argument : Construct->arguments()) {
    if (isa<CXXDefaultArgExpr>(Argument))
      continue;
    ++Arguments;
    if (Argument->isNullPointerConstant(U.ast(),
                                        Expr::NPC_ValueDependentIsNotNull)) {
      Result.Bits = IsFree;
      return Result;
    }
    if (LockTag Says = Types.tag(Argument->getType()); Says != LockTag::None) {
      Tag = Says;
      continue;
    }
    if (LockPath Path = lockPath(Argument);
        // A path that ends in `this` has no declaration there.
        !Path.empty() &&
        !(Path.back() && Path.back()->getType()->isIntegralOrEnumerationType()))
      Result.Mutexes.push_back(Path);
    if (Result.MutexText.empty()) {
      Result.MutexText = sourceText(Argument->getSourceRange(), U.ast());
      if (llvm::StringRef(Result.MutexText).starts_with("&"))
        Result.MutexText.erase(0, 1);
    }
    // A time limit or condition beside the lock: whether it was taken is not
    // certain.
    if (Arguments > 1 && Types.mutex(Argument->getType()) == MutexKind::None)
      ++Others;
  }
  if (!Guard.MustNotSuspend.empty() && !Guard.Contains)
    return Result;
  if (Guard.Contains) {
    // A class around a guard: what it is given tells, or its constructor's
    // initialisers, if they can be seen. (An aggregate is not constructed.)
    for (const Expr *Argument : Construct->arguments())
      if (const GuardType *Part =
              Types.guard(Argument->getType().getNonReferenceType());
          Part && Depth < 4) {
        Beginning Inner = begin(Argument, *Part, S, Depth + 1);
        if (Inner.Bits & IsHeld)
          return Inner;
      }
    Result.Bits = Guard.CanBeEmpty ? IsUnsure : IsHeld;
    const FunctionDecl *Definition = nullptr;
    if (Depth < 4 && Constructor->hasBody(Definition))
      for (const CXXCtorInitializer *Init :
           cast<CXXConstructorDecl>(Definition)->inits()) {
        const GuardType *Member =
            Init->isMemberInitializer()
                ? Types.guard(Init->getMember()->getType())
            : Init->isBaseInitializer()
                ? Types.guard(QualType(Init->getBaseClass(), 0))
                : nullptr;
        if (Member) {
          Beginning Inner = begin(Init->getInit(), *Member, S, Depth + 1);
          Result.Bits = Inner.Bits;
          if (Inner.Bits & IsHeld)
            break;
        }
      }
    return Result;
  }
  switch (Tag) {
  case LockTag::Defer:
    Result.Bits = IsFree;
    return Result;
  case LockTag::Try:
    Result.Bits = IsUnsure;
    return Result;
  case LockTag::Adopt:
    for (const LockPath &Path : Result.Mutexes)
      if (auto It = ByPath.find(Path); It != ByPath.end())
        S.clear(It->second);
    return Result;
  case LockTag::None:
    break;
  }
  if (Constructor->hasAttrs()) {
    if (Constructor->hasAttr<TryAcquireCapabilityAttr>())
      Result.Bits = IsUnsure;
    else if (Constructor->hasAttr<LocksExcludedAttr>() &&
             !Constructor->hasAttr<AcquireCapabilityAttr>())
      Result.Bits = IsFree;
  }
  if (Guard.CanBeEmpty && Arguments == 0 &&
      !Constructor->hasAttr<AcquireCapabilityAttr>())
    Result.Bits = IsFree;
  else if (Others)
    Result.Bits = IsUnsure;
  else if (Guard.CanBeEmpty && Guard.Policy == LockTag::Try)
    Result.Bits = IsUnsure;
  return Result;
}

Beginning LockState::Analysis::begin(const Expr *Init, const GuardType &Guard,
                                     State &S, unsigned Depth) {
  Beginning Result;
  const Expr *Made = maker(Init);
  Result.Taken = Made;
  if (!Made || Depth > 6) {
    Result.Bits = IsUnsure;
    return Result;
  }
  if (!Guard.MustNotSuspend.empty() && !Guard.Contains)
    return Result;
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Made))
    return beginConstructed(Construct, Guard, S, Depth);
  auto Parts = [&](auto Elements) {
    Result.Bits = IsFree;
    for (const Expr *Element : Elements) {
      const GuardType *Part =
          Element ? Types.guard(Element->getType()) : nullptr;
      if (!Part)
        continue;
      Beginning Inner = begin(Element, *Part, S, Depth + 1);
      if ((Inner.Bits & IsHeld) || !(Result.Bits & IsHeld)) {
        if (Inner.Bits != IsFree)
          Result = Inner;
        if (Result.Bits == IsHeld)
          break;
      }
    }
    return Result;
  };
  if (const auto *List = dyn_cast<InitListExpr>(Made))
    return Parts(List->inits());
  if (const auto *Lambda = dyn_cast<LambdaExpr>(Made))
    return Parts(Lambda->capture_inits());
  if (Made->isXValue())
    if (const Lock *Source = findGuard(Made)) {
      const Entry *Old = S.find(Source->Id);
      Result = {Old ? Old->Bits : uint8_t(IsFree),
                Old && Old->Taken ? Old->Taken : Made, Source->Mutexes,
                Source->MutexText};
      S.clear(Source->Id);
      return Result;
    }
  if (const auto *Call = dyn_cast<CallExpr>(Made)) {
    const FunctionModel *Model = U.models().function(Call->getDirectCallee());
    if ((Model && Model->Lock &&
         Model->Lock->Effect == LockEffect::TryAcquire) ||
        Guard.Policy == LockTag::Try)
      Result.Bits = IsUnsure;
    const Expr *Locked = nullptr;
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
      Locked = Member->getImplicitObjectArgument();
    else if (Call->getNumArgs() > 0)
      Locked = Call->getArg(0);
    if (Locked && !isa<CXXThisExpr>(Locked->IgnoreImpCasts()))
      Result.MutexText = sourceText(Locked->getSourceRange(), U.ast());
    return Result;
  }
  if (isa<CoawaitExpr>(Made))
    return Result;
  Result.Bits = IsHeld | IsUnsure;
  return Result;
}

void LockState::Analysis::start(State &S, Lock &L, const Expr *Init) {
  Beginning Begun = begin(Init, *L.Guard, S);
  // What is known of a guard of a kind that nobody knows, but which was awaited
  // for, is that coroutines take it.
  if (L.Kind == MutexKind::Unknown && isa_and_nonnull<CoawaitExpr>(maker(Init)))
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

State LockState::Analysis::entry() {
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
      maker(Condition->IgnoreParenImpCasts())->IgnoreParenImpCasts();
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
