//===- SummariseFacts.cpp - Lifetimes, tasks, costs of a unit -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/ast/Calls.h"
#include "analysis/ast/Walk.h"
#include "analysis/blocking/BlockingLeaf.h"
#include "analysis/cancel/Cancellation.h"
#include "analysis/compute/Cost.h"
#include "analysis/compute/PlainCoroutines.h"
#include "analysis/index/DeclKeys.h"
#include "analysis/index/Summary.h"
#include "analysis/lifetime/DyingArgument.h"
#include "analysis/lifetime/Invalidation.h"
#include "analysis/lifetime/LateUse.h"
#include "analysis/lifetime/NewObjects.h"
#include "analysis/lifetime/ObjectLife.h"
#include "analysis/lifetime/RunOrder.h"
#include "analysis/unit/Exclusion.h"
#include "analysis/unit/Suspensions.h"
#include "analysis/unit/TestMacros.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/MapVector.h"
#include <set>

using namespace clang;

namespace coro {

namespace {

class FactCollector {
public:
  FactCollector(Unit &U, const DeclKeys &Keys, UnitSummary &To)
      : U(U), Keys(Keys), To(To), Guarantees(U, /*Alone=*/true) {}

  void run() {
    collectInvalidators();
    collectCallers();
    collectTasks();
    collectCosts();
    collectMade();
    collectUses();
    collectTelling();
  }

private:
  void collectInvalidators();
  std::vector<std::string> topsOf(const FunctionDecl *Function);
  void collectCallers();
  void collectMentions();
  void collectTasks();
  void collectCosts();
  void collectMade();
  void collectUses();
  void collectTelling();
  bool hasDetachedMember(const CXXRecordDecl *Class);
  void addCancellation(const FunctionDecl *Function, TaskSummary &T);
  void addSuspensions(const Coroutine &C, TaskSummary &T);
  bool isTask(QualType Type) {
    const TaskType *Known = U.taskType(Type);
    return Known && Known->IsTask;
  }
  /// Does another unit have the body of \p Function, whose result is a task?
  bool isForeignTask(const FunctionDecl *Function) {
    return Function && Function->isExternallyVisible() &&
           !Function->hasBody() && U.isUserCode(Function->getLocation()) &&
           !Function->getReturnType()->isReferenceType() &&
           isTask(Function->getReturnType()) && !U.models().libraryOf(Function);
  }
  SourcePlace place(const Stmt *S) const {
    return Keys.place(S->getBeginLoc());
  }
  CallerSummary caller(const FunctionDecl *Callee, const FunctionDecl *In,
                       const Expr *At) const {
    CallerSummary C;
    C.Callee = Keys.key(Callee);
    C.Where = place(At);
    C.Shown = quoted(In);
    const Expr *Inner = At;
    for (unsigned Depth = 0; In && Depth < MaxNesting; ++Depth) {
      const LambdaExpr *Lambda = U.lambda(In);
      const Flow *F = U.flow(In);
      if (Inner && (!F || F->isInLoop(Inner)))
        Inner = nullptr; // it runs many times
      if (Inner && In->isMain())
        C.Facts |= CallerSummary::OnceInMain;
      if (In->getLocation().isMacroID() ||
          (Lambda && Lambda->getBeginLoc().isMacroID()))
        C.Facts |= CallerSummary::InMacro;
      In = Lambda ? U.enclosingFunction(Lambda) : nullptr;
      if (Inner)
        Inner = Lambda;
    }
    return C;
  }

  static constexpr unsigned MaxNesting = 8;
  /// More than these of one kind and holder say nothing new.
  static constexpr unsigned MaxOperations = 4;
  static constexpr size_t MaxTops = 4;

  Unit &U;
  const DeclKeys &Keys;
  UnitSummary &To;
  Cancellations Guarantees;
  std::optional<Suspensions> Suspending;
  llvm::DenseSet<const FunctionDecl *> Plain;
};

/// Can anybody borrow from an object of \p Type?
bool lends(QualType Type, const BorrowTypes &Types, const Unit &U) {
  if (Types.container(Type) || Types.ownership(Type) != Ownership::None)
    return true;
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  return Record && Record->hasDefinition() &&
         U.isUserCode(Record->getLocation()) && !Record->isLambda() &&
         !Record->hasTrivialDestructor();
}

} // namespace

/// The functions of this unit through which \p Function is reached, and that
/// nothing here calls; empty when it may be reached in other ways.
std::vector<std::string> FactCollector::topsOf(const FunctionDecl *Function) {
  std::vector<std::string> Tops;
  llvm::SmallPtrSet<const FunctionDecl *, 8> Seen;
  llvm::SmallVector<const FunctionDecl *, 8> Work{Function};
  constexpr unsigned MaxFunctions = 64;
  while (!Work.empty()) {
    const FunctionDecl *At = Work.pop_back_val();
    if (!Seen.insert(At->getCanonicalDecl()).second)
      continue;
    if (Seen.size() > MaxFunctions || U.lambda(At))
      return {};
    if (At != Function && RunOrder::isConstruction(At))
      continue;
    llvm::ArrayRef<CallSite> Sites = U.callers(At);
    for (const CallSite &Site : Sites) {
      if (RunOrder::isConstruction(Site.Caller) && U.coroutine(At))
        return {};
      Work.push_back(Site.Caller);
    }
    if (!Sites.empty())
      continue;
    // Nobody calls it by name: a handler, a thread's function, an override.
    const auto *Method = dyn_cast<CXXMethodDecl>(At);
    if (!At->isExternallyVisible() || (Method && Method->isVirtual()) ||
        Tops.size() == MaxTops)
      return {};
    Tops.push_back(Keys.key(At));
  }
  llvm::sort(Tops);
  return Tops;
}

void FactCollector::collectInvalidators() {
  const BorrowTypes &Types = U.shared<BorrowTypes>();
  llvm::StringMap<unsigned> Count;
  llvm::DenseMap<const NamedDecl *, std::string> HolderKeys;
  llvm::DenseMap<const FunctionDecl *, std::vector<std::string>> TopsOf;
  std::vector<InvalidatorSummary> Found;
  U.shared<Invalidation>().forEach(
      [&](const NamedDecl *Holder, const Invalidator &One) {
        if (isInTest(One.In, U.ast()))
          return;
        auto [It, New] = HolderKeys.try_emplace(Holder);
        const auto *Value = dyn_cast<ValueDecl>(Holder);
        if (New &&
            (!Value || lends(Value->getType().getNonReferenceType(), Types, U)))
          It->second = Keys.holder(Holder);
        if (It->second.empty())
          return;
        InvalidatorSummary I;
        I.Holder = It->second;
        I.Effect = One.Effect;
        I.Replaces = isa<CXXOperatorCallExpr, CXXConstructExpr>(One.Operation);
        I.Where = place(One.Operation);
        I.In = Keys.key(One.In);
        I.First = Value && U.shared<Invalidation>().isFirst(One, Value);
        I.OfSelf = One.Where == Storage::Self;
        for (const ValueDecl *Container :
             U.shared<Invalidation>().containersOf(One)) {
          std::string Key = Keys.holder(Container);
          // One that others cannot name is none that they borrow from.
          I.Within.push_back(Key.empty() ? "-" : std::move(Key));
        }
        llvm::sort(I.Within);
        I.Within.erase(std::unique(I.Within.begin(), I.Within.end()),
                       I.Within.end());
        I.Shown = quoted(One.Named);
        auto [Tops, NewTops] = TopsOf.try_emplace(One.In);
        if (NewTops)
          Tops->second = topsOf(One.In);
        I.Tops = Tops->second;
        Found.push_back(std::move(I));
      });
  auto Order = [](const InvalidatorSummary &I) {
    return std::tie(I.Holder, I.Effect, I.Where, I.In);
  };
  llvm::sort(Found,
             [&](const auto &A, const auto &B) { return Order(A) < Order(B); });
  for (InvalidatorSummary &I : Found)
    if (++Count[I.Holder + char('0' + static_cast<int>(I.Effect))] <=
        MaxOperations)
      To.Invalidators.push_back(std::move(I));
}

void FactCollector::collectCallers() {
  TaskLives &Lives = U.shared<TaskLives>();
  for (const TaskLives::Made &Made : Lives.all()) {
    if (!isForeignTask(Made.Callee))
      continue;
    CallerSummary C = caller(Made.Callee, Made.Caller, Made.Call);
    C.What = Made.Life.What;
    if (const Flow *F = U.flow(Made.Caller);
        F && !Made.Caller->isTemplateInstantiation())
      for (const CoroutineSuspendExpr *Await : F->suspensions())
        if (const auto *Plain = dyn_cast<CoawaitExpr>(Await);
            Plain &&
            Plain->getOperand()->IgnoreUnlessSpelledInSource() == Made.Call)
          C.Facts |= CallerSummary::AwaitedDirectly;
    if (U.shared<Exclusion>().heldAt(Made.Caller, Made.Call))
      C.Facts |= CallerSummary::LockHeld;
    ArgumentLife Object = lifeOfSlot(Made.Call, ObjectSlot, U.models());
    if (Made.Life.What == Fate::Awaited && Object.diesWithFunction())
      C.Facts |= CallerSummary::ObjectInFrame;
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Made.Callee);
        Method && !Method->isStatic() && Made.Life.What == Fate::Spawned) {
      if (U.shared<ObjectLives>().leavesObject(Made))
        C.Facts |= CallerSummary::LeavesObject;
      if (ObjectLives::refersToSpawningFrame(Made, U))
        C.Facts |= CallerSummary::FrameReferred;
    }
    for (Slot What = ObjectSlot; What < int(Made.Callee->getNumParams());
         ++What)
      if (U.shared<DyingArguments>().isSafe(Made, What))
        C.SafeSlots |= CallerSummary::bit(What);
    To.Callers.push_back(std::move(C));
  }
  collectMentions();
}

/// What names a function without calling it may do anything with it.
void FactCollector::collectMentions() {
  for (const FunctionDecl *Function : U.functions()) {
    llvm::SmallPtrSet<const Expr *, 16> Called;
    walk(Function->getBody(), [&](const Stmt *S) {
      if (const auto *Call = dyn_cast<CallExpr>(S))
        Called.insert(Call->getCallee()->IgnoreParenImpCasts());
      if (const auto *Callee = dyn_cast_or_null<FunctionDecl>(namedBy(S));
          Callee && !Called.contains(cast<Expr>(S)) && isForeignTask(Callee))
        To.Callers.push_back(caller(Callee, Function, cast<Expr>(S)));
      return WalkInto::Children;
    });
  }
}

static ObjectSummary exported(const SummaryObject &Object) {
  ObjectSummary O;
  if (Object.Parameter == SummaryObject::Outer)
    return O;
  O.Parameter = Object.Parameter;
  O.Members.assign(Object.Members.begin(), Object.Members.end());
  O.Exact = Object.Exact;
  return O;
}

void FactCollector::addCancellation(const FunctionDecl *Function,
                                    TaskSummary &T) {
  const CancellationSummary &Known = Guarantees.of(Function);
  if (Known.Cancel == Guarantee::Unknown)
    return;
  CancellationFacts &C = T.Cancel.emplace();
  C.Cancel = Known.Cancel;
  C.How = Known.How;
  C.Data = Known.Data;
  C.Object = exported(Known.Object);
  C.Operation = Known.Operation;
  C.ReturnsMessage = Known.ReturnsMessage;
  C.From = exported(Known.From);
  C.To = exported(Known.To);
  C.Sends.assign(Known.Sends.begin(), Known.Sends.end());
  C.Composed = Known.Composed;
  C.MayReturn = Known.MayReturn;
  for (const SummaryUse &Use : Known.Uses)
    if (Use.Object.Parameter != SummaryObject::Outer)
      C.Uses.push_back({exported(Use.Object), Use.Use});
  auto Steps = [&](llvm::ArrayRef<CancellationStep> From,
                   std::vector<StepSummary> &Into) {
    for (const CancellationStep &Step : From)
      Into.push_back({Keys.place(Step.Where.getBegin()), Step.Message});
  };
  Steps(Known.Steps, C.Steps);
  Steps(Known.Why, C.Why);
  for (const FunctionDecl *Needed : Guarantees.needs(Function))
    C.Needs.push_back(Keys.key(Needed));
  llvm::sort(C.Needs);
  C.Needs.erase(std::unique(C.Needs.begin(), C.Needs.end()), C.Needs.end());
}

/// Does \p C never suspend, if what it awaits of other units does not?
void FactCollector::addSuspensions(const Coroutine &C, TaskSummary &T) {
  if (!Suspending) {
    Suspending.emplace(U, /*Alone=*/true);
    const PlainCoroutines Found(U, /*Alone=*/true);
    for (const PlainCoroutine &One : Found.all())
      Plain.insert(One.What->Function->getCanonicalDecl());
  }
  if (!Suspending->neverSuspends(C.Function))
    return;
  T.Facts |= TaskSummary::NeverSuspends;
  if (Suspending->startsInPlace(C))
    T.Facts |= TaskSummary::StartsInPlace;
  if (Plain.contains(C.Function->getCanonicalDecl()))
    T.Facts |= TaskSummary::Plain;
  // Those of other units, directly and by coroutines of this one.
  llvm::SmallPtrSet<const Coroutine *, 8> Seen;
  llvm::SmallVector<const Coroutine *, 8> Work{&C};
  while (!Work.empty()) {
    const Coroutine *At = Work.pop_back_val();
    const Flow *F = U.flow(At->Function);
    if (!F || !Seen.insert(At).second)
      continue;
    for (const CoroutineSuspendExpr *Await : F->suspensions()) {
      if (const FunctionDecl *Other = Suspending->awaitedElsewhere(Await))
        T.Awaits.push_back(Keys.key(Other));
      else if (const Coroutine *Here = Suspending->awaited(Await))
        Work.push_back(Here);
    }
  }
  llvm::sort(T.Awaits);
  T.Awaits.erase(std::unique(T.Awaits.begin(), T.Awaits.end()), T.Awaits.end());
}

void FactCollector::collectTasks() {
  LateUses &Late = U.shared<LateUses>();
  for (const FunctionDecl *Function : U.functions()) {
    if (!isEntry(Function) || !isTask(Function->getReturnType()))
      continue;
    TaskSummary T;
    T.Key = Keys.key(Function);
    T.Where = Keys.place(Function->getLocation());
    const Coroutine *C = U.coroutine(Function);
    for (Slot What = ObjectSlot; What < int(Function->getNumParams()); ++What) {
      std::optional<LateUse> Use = Late.find(Function, What);
      if (!Use)
        continue;
      LateUseSummary L;
      L.What = What;
      if (Use->Suspended)
        L.Suspended = place(Use->Suspended);
      L.Use = place(Use->Use);
      L.Shown = quoted(Use->In);
      L.Meanwhile = Use->Meanwhile;
      T.Uses.push_back(std::move(L));
      if (const Coroutine *In = U.coroutine(Use->In); In && In->isEager())
        T.Facts |= TaskSummary::Eager;
    }
    if (C) {
      T.Facts |= TaskSummary::Coroutine;
      addCancellation(Function, T);
      addSuspensions(*C, T);
    }
    if (const TaskType *Type = U.taskType(Function->getReturnType());
        Type->SurvivesDrop)
      T.Facts |= TaskSummary::SurvivesDrop;
    if (!T.Uses.empty() || T.Cancel || (T.Facts & TaskSummary::NeverSuspends))
      To.Tasks.push_back(std::move(T));
  }
}

void FactCollector::collectCosts() {
  Costs All(U, /*Alone=*/true);
  auto Way = [&](llvm::ArrayRef<CostFactor> Factors,
                 llvm::ArrayRef<CostStep> Chain) {
    CostWay W;
    for (const CostFactor &F : Factors)
      W.Factors.push_back(
          {F.Text, Keys.place(F.Where.getBegin()), F.Bulk, F.Heavy, F.Always});
    for (const CostStep &S : Chain)
      W.Steps.push_back({Keys.place(S.Where.getBegin()), S.Callee, S.Depth});
    return W;
  };
  for (const FunctionDecl *Function : U.functions()) {
    // Calling a coroutine makes a task, and its body has a check of its own.
    if (!isEntry(Function) || U.coroutine(Function))
      continue;
    CostSummary C;
    const Cost &Taken = All.of(Function);
    if (Taken.degree())
      C.Ways.push_back(Way(Taken.Factors, Taken.Chain));
    for (const OpenCall &Call : All.open(Function)) {
      CostWay W = Way(Call.Around, Call.Chain);
      W.To = Keys.key(Call.Callee);
      W.Parts = Call.Parts;
      C.Ways.push_back(std::move(W));
    }
    if (C.Ways.empty())
      continue;
    C.Key = Keys.key(Function);
    C.Where = Keys.place(Function->getLocation());
    To.Costs.push_back(std::move(C));
  }
}

/// Does \p Class itself have a member that returns a detached task?
bool FactCollector::hasDetachedMember(const CXXRecordDecl *Class) {
  return llvm::any_of(Class->methods(), [&](const CXXMethodDecl *Method) {
    const TaskType *Type =
        Method->isStatic() ? nullptr : U.taskType(Method->getReturnType());
    return Type && Type->Detached;
  });
}

void FactCollector::collectMade() {
  std::set<std::string> Classes;
  auto Add = [&](const CXXRecordDecl *Class) {
    if (Class->hasDefinition() && U.isUserCode(Class->getLocation()) &&
        hasDetachedMember(Class->getDefinition()))
      if (std::string Key = Keys.holder(Class); !Key.empty())
        Classes.insert(std::move(Key));
    return true;
  };
  for (const CXXRecordDecl *Class : U.shared<ObjectLives>().made()) {
    Add(Class);
    if (Class->hasDefinition())
      Class->forallBases(Add);
  }
  for (const std::string &Class : Classes)
    To.Made.push_back({Class});
}

/// Can \p Function be one that sets up objects, or the program? What cannot
/// change its object does not, and nobody asks about instantiations.
static bool maySetUp(const FunctionDecl *Function) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  return !isa<CXXConstructorDecl, CXXDestructorDecl, CXXConversionDecl>(
             Function) &&
         !Function->isOverloadedOperator() && !(Method && Method->isConst()) &&
         !Function->isTemplateInstantiation();
}

void FactCollector::collectUses() {
  struct Use {
    unsigned Times = 0;
    bool Once = false, OnNewObject = true;
  };
  const BorrowTypes &Types = U.shared<BorrowTypes>();
  llvm::MapVector<const FunctionDecl *, Use> All;
  for (const FunctionDecl *Function : U.functions()) {
    const Flow *F = U.flow(Function);
    walk(Function->getBody(), [&](const Stmt *S) {
      const auto *Callee = dyn_cast_or_null<FunctionDecl>(namedBy(S));
      if (!Callee || !Callee->isExternallyVisible() || !maySetUp(Callee) ||
          !U.isUserCode(Callee->getLocation()))
        return WalkInto::Children;
      const auto *Call =
          F ? dyn_cast_or_null<CallExpr>(F->semanticParent(S)) : nullptr;
      if (Call && Call->getCallee()->IgnoreParenImpCasts() != S)
        Call = nullptr;
      Use &One = All[Callee->getCanonicalDecl()];
      One.Once =
          ++One.Times == 1 && Call && Function->isMain() && !F->isInLoop(Call);
      One.OnNewObject =
          One.OnNewObject && Call && isCallOnNewObject(Call, *F, Types);
      return WalkInto::Children;
    });
  }
  for (const auto &[Function, One] : All) {
    UseSummary Use{Keys.key(Function)};
    if (One.Once)
      Use.Facts |= UseSummary::OnceInMain;
    if (One.OnNewObject)
      Use.Facts |= UseSummary::OnNewObject;
    if (Use.Facts)
      To.Uses.push_back(std::move(Use));
    else
      To.OtherUses.push_back(OtherUse::of(Use.Key));
  }
  llvm::sort(To.OtherUses);
}

void FactCollector::collectTelling() {
  for (const FunctionDecl *Function : U.functions())
    if (isEntry(Function) && !U.coroutine(Function))
      if (std::vector<std::string> Names = tellingNames(Function, U);
          !Names.empty())
        To.Telling.push_back({Keys.key(Function),
                              Keys.place(Function->getLocation()),
                              std::move(Names)});
}

void summariseFacts(Unit &U, const DeclKeys &Keys, UnitSummary &To) {
  FactCollector(U, Keys, To).run();
}

} // namespace coro
