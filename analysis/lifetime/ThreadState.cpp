//===- ThreadState.cpp - State of a thread that is trusted elsewhere ------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/ThreadState.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Dataflow.h"
#include "analysis/ast/Walk.h"
#include "analysis/lifetime/Borrows.h"
#include "analysis/unit/Executor.h"
#include "analysis/unit/Suspensions.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/MapVector.h"

using namespace clang;

namespace coro {

//===----------------------------------------------------------------------===//
// Where a coroutine goes on
//===----------------------------------------------------------------------===//

/// Does the awaiter of \p Suspension hand the coroutine to another thread, as
/// its own code shows?
static bool awaiterMoves(Unit &U, const CoroutineSuspendExpr *Suspension) {
  const auto *Call = dyn_cast_or_null<CallExpr>(
      Suspension->getSuspendExpr()
          ? Suspension->getSuspendExpr()->IgnoreImplicit()
          : nullptr);
  const FunctionDecl *Body = Call ? Call->getDirectCallee() : nullptr;
  if (!Body || !Body->hasBody(Body) || !U.isUserCode(Body->getLocation()))
    return false;
  return contains(writtenBody(Body), [&](const Stmt *S) {
    const auto *Inner = dyn_cast<Expr>(S);
    if (!Inner || !isa<CallExpr, CXXConstructExpr>(Inner))
      return false;
    const FunctionModel *Row = U.models().callee(Inner);
    return Row && Row->Callable == CallableUse::RunsElsewhere;
  });
}

static const LibraryModel *libraryOf(Unit &U, const Coroutine &C) {
  const CXXRecordDecl *Task =
      C.Function->getReturnType().getNonReferenceType()->getAsCXXRecordDecl();
  return Task ? U.models().libraryOf(Task) : nullptr;
}

static ThreadMove threadMove(Unit &U, const Coroutine &C,
                             const CoroutineSuspendExpr *Suspension,
                             unsigned Depth) {
  const LibraryModel *Library = libraryOf(U, C);
  if (Library && Library->ThreadAffine)
    return ThreadMove::Never;
  ExecutorRoles &Roles = U.shared<ExecutorRoles>();
  if (Roles.moves(Suspension) || awaiterMoves(U, Suspension) ||
      Roles.entry(C) == ThreadRole::MayBlock)
    return ThreadMove::Shown;
  // It is resumed by what it awaits, there where that ends.
  constexpr unsigned MaxDepth = 3;
  const Coroutine *Awaited = U.shared<Suspensions>().awaited(Suspension);
  if (Awaited && Awaited != &C && Depth < MaxDepth &&
      !(Library && Library->ReturnsToExecutor))
    if (const Flow *F = U.flow(Awaited->Function))
      for (const CoroutineSuspendExpr *Inner : F->suspensions())
        if (threadMove(U, *Awaited, Inner, Depth + 1) == ThreadMove::Shown)
          return ThreadMove::Shown;
  return ThreadMove::Unknown;
}

ThreadMove threadMove(Unit &U, const Coroutine &C,
                      const CoroutineSuspendExpr *Suspension) {
  return threadMove(U, C, Suspension, 0);
}

//===----------------------------------------------------------------------===//
// What holds on one thread
//===----------------------------------------------------------------------===//

static const FunctionModel *modelOf(Unit &U, const Expr *E) {
  const auto *Call = dyn_cast<CallExpr>(E);
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  return Callee ? U.models().function(Callee) : nullptr;
}

/// The call in \p E that tells something about the thread, if its value is
/// that of \p E.
static const Expr *threadValue(Unit &U, const Expr *E) {
  while (E) {
    E = E->IgnoreUnlessSpelledInSource();
    if (const auto *Cast = dyn_cast<ExplicitCastExpr>(E)) {
      E = Cast->getSubExpr();
      continue;
    }
    const FunctionModel *Model = modelOf(U, E);
    return Model && Model->ThreadState && !Model->LastError ? E : nullptr;
  }
  return nullptr;
}

static const VarDecl *threadLocal(const Expr *E) {
  const auto *Variable =
      dyn_cast_or_null<VarDecl>(namedBy(E->IgnoreParenImpCasts()));
  return Variable && Variable->getTLSKind() != VarDecl::TLS_None ? Variable
                                                                 : nullptr;
}

/// May \p Call leave something in the thread's last error: is it a function of
/// the C library or the system?
static bool setsLastError(Unit &U, const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee || U.isUserCode(Callee->getLocation()) || !Callee->isExternC() ||
      Callee->hasAttr<ConstAttr>() || Callee->hasAttr<PureAttr>() ||
      Callee->isNoReturn())
    return false;
  const FunctionModel *Model = U.models().function(Callee);
  return !Model || !Model->ThreadState;
}

namespace {

/// What is held in one slot: nothing, something fresh, or what is stale since a
/// suspension.
struct Held {
  unsigned Obtained = 0; ///< one more than the number of the place
  unsigned Since = 0;    ///< one more than that of the suspension
  bool operator==(const Held &Other) const {
    return Obtained == Other.Obtained && Since == Other.Since;
  }
};

struct HeldStates {
  std::vector<Held> Slots;
  bool join(const HeldStates &Other) {
    bool Changed = false;
    for (size_t I = 0; I < Slots.size(); ++I) {
      Held &Mine = Slots[I];
      const Held &Theirs = Other.Slots[I];
      // What tells more wins, and of two the first: a chain of three.
      bool Better = Mine.Obtained == 0 ? Theirs.Obtained != 0
                                       : Mine.Since == 0 && Theirs.Since != 0;
      if (Better && !(Mine == Theirs)) {
        Mine = Theirs;
        Changed = true;
      }
    }
    return Changed;
  }
};

/// One coroutine.
class ThreadStateFlow {
public:
  ThreadStateFlow(Unit &U, const Coroutine &C, const Flow &F)
      : U(U), C(C), F(F) {}

  void run(std::vector<ThreadStateUse> &Out) {
    number();
    if (Slots.empty())
      return;
    FlowStates<HeldStates> States = runForward<HeldStates>(F.cfg(), *this);
    if (!States.Complete)
      return;
    Found = &Out;
    for (const CFGBlock *Block : F.cfg())
      if (Block && States.Blocks[Block->getBlockID()]) {
        HeldStates S = *States.Blocks[Block->getBlockID()];
        for (const CFGElement &Element : *Block)
          transfer(S, Element, *Block);
      }
  }

  // The analysis, for runForward.
  HeldStates entry() {
    HeldStates S{std::vector<Held>(Slots.size())};
    for (const ParmVarDecl *Parameter : C.Function->parameters())
      if (auto It = SlotOf.find(Parameter); It != SlotOf.end())
        S.Slots[It->second].Obtained = 1; // place 0 is the entry
    return S;
  }
  void transfer(HeldStates &S, const CFGElement &Element, const CFGBlock &) {
    if (auto Statement = Element.getAs<CFGStmt>())
      step(S, Statement->getStmt());
    else if (auto End = Element.getAs<CFGAutomaticObjDtor>())
      if (auto It = SlotOf.find(End->getVarDecl()); It != SlotOf.end())
        S.Slots[It->second] = {};
  }

private:
  struct Slot {
    ThreadFact Fact;
    const NamedDecl *What;
    std::string Reason;
  };

  void addSlot(ThreadFact Fact, const NamedDecl *What, std::string Reason = {});
  void addVariable(const VarDecl *Variable);
  void number();
  unsigned place(const Stmt *S);
  void step(HeldStates &S, const Stmt *At);
  void read(HeldStates &S, unsigned Index, const Expr *Use);
  void report(const Held &State, unsigned Index, const Expr *Use);
  bool isLookedAtOnly(const Expr *Mention) const;
  bool isResultUsed(const CoroutineSuspendExpr *Await) const;

  Unit &U;
  const Coroutine &C;
  const Flow &F;
  std::vector<Slot> Slots;
  llvm::DenseMap<const NamedDecl *, unsigned> SlotOf;
  /// Calls that are a part of an await: nobody wrote them.
  llvm::DenseSet<const Stmt *> OfAwaits;
  std::vector<const Stmt *> Places;
  llvm::DenseMap<const Stmt *, unsigned> PlaceOf; ///< one more than the index
  llvm::DenseMap<const Stmt *, unsigned> SuspensionOf; ///< the same
  llvm::DenseSet<std::pair<unsigned, unsigned>> Said;
  std::vector<ThreadStateUse> *Found = nullptr;
};

} // namespace

void ThreadStateFlow::addSlot(ThreadFact Fact, const NamedDecl *What,
                              std::string Reason) {
  if (SlotOf.try_emplace(What, Slots.size()).second)
    Slots.push_back({Fact, What, std::move(Reason)});
}

void ThreadStateFlow::addVariable(const VarDecl *Variable) {
  if (!Variable->hasLocalStorage())
    return;
  QualType Type = Variable->getType();
  if (Type->isPointerType()) {
    // An object of the library that is only valid on its thread: JNIEnv *.
    if (const TypeModel *Model = U.models().type(Type->getPointeeType());
        Model && !Model->ThreadBound.empty())
      addSlot(ThreadFact::Value, Variable, Model->ThreadBound);
  } else if (const TypeModel *Model = U.models().type(Type);
             Model && !Model->ThreadBound.empty() && !Type->isReferenceType()) {
    // The coroutines of the same library take the state along to the thread
    // that they go on on.
    const LibraryModel *Library = libraryOf(U, C);
    if (!Library || Library->Name != Model->Library)
      addSlot(ThreadFact::Bound, Variable, Model->ThreadBound);
  }
  if (!Type->isPointerType() && !Type->isReferenceType() &&
      Variable->getInit() && threadValue(U, Variable->getInit()))
    addSlot(ThreadFact::Value, Variable);
}

void ThreadStateFlow::number() {
  for (const CoroutineSuspendExpr *Await : F.suspensions()) {
    SuspensionOf[Await] = SuspensionOf.size() + 1;
    for (const Expr *Part : {Await->getReadyExpr(), Await->getSuspendExpr(),
                             Await->getResumeExpr()})
      if (Part)
        OfAwaits.insert(Part->IgnoreImplicit());
  }
  place(C.Body);
  for (const ParmVarDecl *Parameter : C.Function->parameters())
    if (Parameter->getType()->isPointerType())
      addVariable(Parameter);
  F.forEachStatement([&](const Stmt *S) {
    if (const auto *Declared = dyn_cast<DeclStmt>(S)) {
      for (const Decl *One : Declared->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(One))
          addVariable(Variable);
    } else if (const auto *Operator = dyn_cast<BinaryOperator>(S)) {
      if (Operator->isAssignmentOp())
        if (const VarDecl *Variable = threadLocal(Operator->getLHS()))
          addSlot(ThreadFact::Set, Variable);
    } else if (const auto *Operator = dyn_cast<UnaryOperator>(S)) {
      if (Operator->isIncrementDecrementOp())
        if (const VarDecl *Variable = threadLocal(Operator->getSubExpr()))
          addSlot(ThreadFact::Set, Variable);
    } else if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(S)) {
      if (Call->isAssignmentOp())
        if (const VarDecl *Variable = threadLocal(Call->getArg(0)))
          addSlot(ThreadFact::Set, Variable);
    } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
      if (const FunctionModel *Model = modelOf(U, Call);
          Model && Model->LastError)
        addSlot(ThreadFact::LastError, Call->getDirectCallee());
    }
  });
}

unsigned ThreadStateFlow::place(const Stmt *S) {
  auto [It, New] = PlaceOf.try_emplace(S, Places.size() + 1);
  if (New)
    Places.push_back(S);
  return It->second;
}

/// Is the value only compared with what holds now, or shown to a person?
bool ThreadStateFlow::isLookedAtOnly(const Expr *Mention) const {
  for (const Stmt *Up = F.semanticParent(Mention); Up;
       Up = F.semanticParent(Up)) {
    if (const auto *Operator = dyn_cast<BinaryOperator>(Up))
      return Operator->isComparisonOp();
    if (isa<CXXRewrittenBinaryOperator>(Up))
      return true;
    if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(Up)) {
      if (Call->isComparisonOp() || Call->getOperator() == OO_LessLess)
        return true;
      return false;
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Up);
        Construct && Construct->getConstructor()->isCopyOrMoveConstructor())
      continue;
    if (isa<CastExpr>(Up))
      continue;
    break;
  }
  // An argument of an assertion is compared there: the other one is read now.
  for (const Stmt *Up = F.parent(Mention); Up && isa<Expr>(Up);
       Up = F.parent(Up))
    if (const auto *Call = dyn_cast<CallExpr>(Up))
      return llvm::any_of(Call->arguments(), [&](const Expr *Argument) {
        return threadValue(U, Argument) != nullptr;
      });
  return false;
}

bool ThreadStateFlow::isResultUsed(const CoroutineSuspendExpr *Await) const {
  if (Await->getType()->isVoidType())
    return false;
  const Stmt *Parent = F.semanticParent(Await);
  const auto *Cast = dyn_cast_or_null<CastExpr>(Parent);
  return Parent && (isa<DeclStmt>(Parent) || isa<Expr>(Parent)) &&
         !(Cast && Cast->getCastKind() == CK_ToVoid);
}

void ThreadStateFlow::report(const Held &State, unsigned Index,
                             const Expr *Use) {
  if (!Found || !Said.insert({Index, State.Obtained}).second)
    return;
  ThreadStateUse One;
  One.In = &C;
  One.Fact = Slots[Index].Fact;
  One.What = Slots[Index].What;
  One.Reason = Slots[Index].Reason;
  One.Obtained = Places[State.Obtained - 1];
  One.Suspension = F.suspensions()[State.Since - 1];
  One.Use = Use;
  One.Move = threadMove(U, C, One.Suspension);
  switch (One.Fact) {
  case ThreadFact::LastError:
    // Other coroutines of the same thread overwrite it, too. But the awaited
    // operation may mean to leave it, if it says that it failed.
    One.Sure =
        isResultUsed(One.Suspension) ? Confidence::Low : Confidence::High;
    break;
  case ThreadFact::Bound:
    One.Sure = Confidence::High;
    break;
  default:
    One.Sure =
        One.Move == ThreadMove::Shown ? Confidence::High : Confidence::Medium;
  }
  if (One.Move == ThreadMove::Never && One.Fact != ThreadFact::LastError)
    return;
  Found->push_back(std::move(One));
}

void ThreadStateFlow::read(HeldStates &S, unsigned Index, const Expr *Use) {
  if (S.Slots[Index].Since)
    report(S.Slots[Index], Index, Use);
}

void ThreadStateFlow::step(HeldStates &S, const Stmt *At) {
  if (const auto *Await = dyn_cast<CoroutineSuspendExpr>(At)) {
    if (!U.maySuspend(Await))
      return;
    unsigned Number = SuspensionOf.lookup(Await);
    for (unsigned I = 0; I < Slots.size(); ++I)
      if (S.Slots[I].Obtained && !S.Slots[I].Since) {
        S.Slots[I].Since = Number;
        if (Slots[I].Fact == ThreadFact::Bound)
          report(S.Slots[I], I, nullptr);
      }
    return;
  }
  if (const auto *Declared = dyn_cast<DeclStmt>(At)) {
    for (const Decl *One : Declared->decls())
      if (auto It = SlotOf.find(dyn_cast<NamedDecl>(One)); It != SlotOf.end())
        S.Slots[It->second] = {place(Declared), 0};
    return;
  }
  // What is set, and what is read.
  const Expr *Target = nullptr, *Value = nullptr;
  bool Changes = false;
  if (const auto *Operator = dyn_cast<BinaryOperator>(At)) {
    if (Operator->isAssignmentOp()) {
      Target = Operator->getLHS();
      Value = Operator->getRHS();
      Changes = Operator->isCompoundAssignmentOp();
    }
  } else if (const auto *Operator = dyn_cast<UnaryOperator>(At)) {
    if (Operator->isIncrementDecrementOp()) {
      Target = Operator->getSubExpr();
      Changes = true;
    }
  } else if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(At)) {
    if (Call->isAssignmentOp() && Call->getNumArgs() == 2) {
      Target = Call->getArg(0);
      Value = Call->getArg(1);
      Changes = Call->getOperator() != OO_Equal;
    }
  }
  if (Target) {
    const Expr *Plain = Target->IgnoreParenImpCasts();
    if (const auto *Deref = dyn_cast<UnaryOperator>(Plain);
        Deref && Deref->getOpcode() == UO_Deref) {
      // errno = 0
      if (const FunctionModel *Model =
              modelOf(U, Deref->getSubExpr()->IgnoreParenImpCasts());
          Model && Model->LastError)
        for (unsigned I = 0; I < Slots.size(); ++I)
          if (Slots[I].Fact == ThreadFact::LastError)
            S.Slots[I] = {place(At), 0};
      return;
    }
    const ValueDecl *Named = threadLocal(Plain);
    if (!Named)
      if (const auto *Mention = dyn_cast<DeclRefExpr>(Plain))
        Named = Mention->getDecl();
    auto It = SlotOf.find(Named);
    if (It == SlotOf.end())
      return;
    if (Slots[It->second].Fact == ThreadFact::Set) {
      // Raised on one thread, lowered on another. On the same one it is right.
      if (Changes && S.Slots[It->second].Since &&
          threadMove(U, C, F.suspensions()[S.Slots[It->second].Since - 1]) ==
              ThreadMove::Shown)
        read(S, It->second, Plain);
      S.Slots[It->second] = {place(At), 0};
    } else if (!Changes) {
      S.Slots[It->second] =
          Value && (threadValue(U, Value) || !Slots[It->second].Reason.empty())
              ? Held{place(At), 0}
              : Held();
    }
    return;
  }
  if (isa<DeclRefExpr, MemberExpr>(At)) {
    const auto *E = cast<Expr>(At);
    const ValueDecl *Named = threadLocal(E);
    if (!Named)
      if (const auto *Mention = dyn_cast<DeclRefExpr>(E))
        Named = Mention->getDecl();
    auto It = SlotOf.find(Named);
    if (It == SlotOf.end() || Slots[It->second].Fact == ThreadFact::Bound ||
        Slots[It->second].Fact == ThreadFact::LastError)
      return;
    // Being assigned to, or looked at, is no use.
    const Stmt *Parent = F.semanticParent(E);
    if (const auto *Operator = dyn_cast_or_null<BinaryOperator>(Parent))
      if (Operator->isAssignmentOp() &&
          Operator->getLHS()->IgnoreParenImpCasts() == E)
        return;
    if (const auto *Operator = dyn_cast_or_null<UnaryOperator>(Parent))
      if (Operator->isIncrementDecrementOp() ||
          Operator->getOpcode() == UO_AddrOf)
        return;
    if (const auto *Call = dyn_cast_or_null<CXXOperatorCallExpr>(Parent))
      if (Call->isAssignmentOp() && Call->getArg(0)->IgnoreParenImpCasts() == E)
        return;
    if (Slots[It->second].Fact == ThreadFact::Value && isLookedAtOnly(E))
      return;
    read(S, It->second, E);
    return;
  }
  const auto *Call = dyn_cast<CallExpr>(At);
  if (!Call || OfAwaits.contains(Call))
    return;
  const FunctionModel *Model = modelOf(U, Call);
  bool Reads = Model && Model->LastError;
  if (Reads) {
    // *location() = 0 only sets it, and &errno is a borrow.
    const Stmt *Deref = F.semanticParent(Call);
    const Stmt *Above = Deref ? F.semanticParent(Deref) : nullptr;
    if (const auto *Operator = dyn_cast_or_null<BinaryOperator>(Above);
        Operator && Operator->getOpcode() == BO_Assign &&
        Operator->getLHS()->IgnoreParenImpCasts() == Deref)
      Reads = false;
    if (const auto *Operator = dyn_cast_or_null<UnaryOperator>(Above);
        Operator && Operator->getOpcode() == UO_AddrOf)
      Reads = false;
  }
  for (unsigned I = 0; I < Slots.size(); ++I) {
    if (Slots[I].Fact != ThreadFact::LastError)
      continue;
    if (Reads)
      read(S, I, Call);
    else if (setsLastError(U, Call))
      S.Slots[I] = {place(Call), 0};
    else if (S.Slots[I].Since && !(Model && Model->LastError))
      // It may have set it anew.
      S.Slots[I] = {};
  }
}

//===----------------------------------------------------------------------===//
// All coroutines
//===----------------------------------------------------------------------===//

std::vector<ThreadStateUse> threadStateUses(Unit &U) {
  std::vector<ThreadStateUse> Found;
  for (const Coroutine *C : U.coroutines()) {
    const Flow *F = U.flow(C->Function);
    if (F && !F->suspensions().empty())
      ThreadStateFlow(U, *C, *F).run(Found);
  }
  for (const StaleUse &S : U.shared<Borrows>().staleUses()) {
    if (S.Taken.What != Loan::ThreadLocal)
      continue;
    ThreadStateUse One;
    One.In = S.In;
    One.Fact = ThreadFact::Reference;
    One.What = S.Variable;
    One.Obtained = S.Taken.Where;
    One.Suspension = S.Suspension;
    One.Use = S.Use;
    One.Move = threadMove(U, *S.In, S.Suspension);
    One.Sure =
        One.Move == ThreadMove::Shown ? Confidence::High : Confidence::Medium;
    if (One.Move != ThreadMove::Never)
      Found.push_back(std::move(One));
  }
  return Found;
}

} // namespace coro
