//===- Cleanup.cpp - Cleanup that a cancelled coroutine does not reach ----===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/Cleanup.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Dataflow.h"
#include "analysis/ast/Walk.h"
#include "analysis/cancel/CancelledPaths.h"
#include "analysis/unit/Suspensions.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace clang;

namespace coro {

namespace {

/// The variables and members whose value somebody looks at, once a unit.
class LookedAt {
public:
  explicit LookedAt(Unit &U) {
    for (const FunctionDecl *Function : U.functions())
      walk(writtenBody(Function), [&](const Stmt *S) {
        if (const auto *Cast = dyn_cast<ImplicitCastExpr>(S);
            Cast && Cast->getCastKind() == CK_LValueToRValue) {
          add(Cast->getSubExpr());
        } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
          // An atomic's load or conversion.
          if (Call->getMethodDecl() && Call->getMethodDecl()->isConst())
            add(Call->getImplicitObjectArgument());
        }
        return WalkInto::Children;
      });
  }
  bool contains(const ValueDecl *Of) const { return Read.contains(Of); }

private:
  void add(const Expr *E) {
    E = E->IgnoreParenImpCasts();
    if (const auto *Member = dyn_cast<MemberExpr>(E))
      Read.insert(Member->getMemberDecl());
    else if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
      Read.insert(Ref->getDecl());
  }
  llvm::DenseSet<const ValueDecl *> Read;
};

/// A change of a flag or counter.
struct Change {
  enum Kind { None, Raise, Lower, Set, Clear, Other } What = None;
  const Expr *Object = nullptr;
  bool undoes(const Change &Before) const {
    return (What == Lower && Before.What == Raise) ||
           (What == Raise && Before.What == Lower) ||
           (What == Clear && Before.What == Set) ||
           (What == Set && Before.What == Clear);
  }
};

Change changeOf(const Expr *E) {
  auto Step = [](bool Up) { return Up ? Change::Raise : Change::Lower; };
  auto Assigned = [](const Expr *Value) {
    if (const auto *Literal =
            dyn_cast<CXXBoolLiteralExpr>(Value->IgnoreParenImpCasts()))
      return Literal->getValue() ? Change::Set : Change::Clear;
    return Change::Other;
  };
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    if (Unary->isIncrementDecrementOp())
      return {Step(Unary->isIncrementOp()), Unary->getSubExpr()};
  if (const auto *Binary = dyn_cast<BinaryOperator>(E))
    if (Binary->isAssignmentOp()) {
      if (Binary->getOpcode() == BO_Assign)
        return {Assigned(Binary->getRHS()), Binary->getLHS()};
      if (Binary->getOpcode() == BO_AddAssign ||
          Binary->getOpcode() == BO_SubAssign)
        return {Step(Binary->getOpcode() == BO_AddAssign), Binary->getLHS()};
      return {Change::Other, Binary->getLHS()};
    }
  // Atomics.
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
    switch (Operator->getOperator()) {
    case OO_PlusPlus:
    case OO_MinusMinus:
      return {Step(Operator->getOperator() == OO_PlusPlus),
              Operator->getArg(0)};
    case OO_PlusEqual:
    case OO_MinusEqual:
      return {Step(Operator->getOperator() == OO_PlusEqual),
              Operator->getArg(0)};
    case OO_Equal:
      return {Assigned(Operator->getArg(1)), Operator->getArg(0)};
    default:
      break;
    }
  }
  return {};
}

/// Which changes wait to be undone, and which were cut off from that.
struct Open {
  llvm::SmallBitVector Made, Cut;
  bool join(const Open &Other) {
    Open Before = *this;
    Made |= Other.Made;
    Cut |= Other.Cut;
    return Made != Before.Made || Cut != Before.Cut;
  }
};

class Restores {
public:
  Restores(Unit &U, const Coroutine &C, const Flow &F,
           const CancellationModel *How)
      : U(U), C(C), F(F), How(How), Suspending(U.shared<Suspensions>()) {
    for (const CFGBlock *Block : F.cfg())
      if (Block)
        for (const CFGElement &Element : *Block)
          if (auto S = Element.getAs<CFGStmt>())
            if (const auto *E = dyn_cast<Expr>(S->getStmt())) {
              Change One = changeOf(E);
              if (One.What == Change::None || One.What == Change::Other)
                continue;
              ObjectPath Path = resolveObject(One.Object);
              if (isShared(Path)) {
                Index[E] = Changes.size();
                Changes.push_back({E, One, Path});
              }
            }
  }
  bool empty() const { return Changes.size() < 2; }
  /// The findings. A change that is not undone on every way to \p AtExit is no
  /// such thing: a counter that goes up and down for reasons of its own.
  std::vector<UnshieldedCleanup> take(const std::optional<Open> &AtExit) {
    if (AtExit)
      llvm::erase_if(Found, [&](const UnshieldedCleanup &One) {
        return AtExit->Made.test(Index.lookup(One.Changed));
      });
    return std::move(Found);
  }

  Open entry() const {
    Open None;
    None.Made.resize(Changes.size());
    None.Cut.resize(Changes.size());
    return None;
  }

  void transfer(Open &State, const CFGElement &Element, const CFGBlock &) {
    auto Statement = Element.getAs<CFGStmt>();
    if (!Statement)
      return;
    const auto *E = dyn_cast<Expr>(Statement->getStmt());
    if (!E)
      return;
    if (const auto *Await = dyn_cast<CoroutineSuspendExpr>(E)) {
      if (State.Made.any() && mayBeCut(Await))
        for (unsigned I : State.Made.set_bits()) {
          State.Cut.set(I);
          if (!Changes[I].Await)
            Changes[I].Await = Await;
        }
      return;
    }
    Change One = changeOf(E);
    if (One.What == Change::None)
      return;
    ObjectPath Path = resolveObject(One.Object);
    auto It = Index.find(E);
    for (unsigned I : State.Made.set_bits())
      if (Changes[I].Object.overlaps(Path)) {
        if (State.Cut.test(I) && It != Index.end() &&
            One.undoes(Changes[I].What) && Changes[I].Object.same(Path))
          found(I, E);
        State.Made.reset(I);
        State.Cut.reset(I);
      }
    if (It != Index.end()) {
      State.Made.set(It->second);
      State.Cut.reset(It->second);
    }
  }

private:
  struct Site {
    const Expr *Where;
    Change What;
    ObjectPath Object;
    const CoroutineSuspendExpr *Await = nullptr;
  };

  bool isShared(const ObjectPath &Path) const {
    if (!Path || !Path.Exact || Path.isOwnedBy(C.Function))
      return false;
    if (Path.Root == PathRoot::This)
      return !Path.Members.empty();
    const auto *Variable = dyn_cast<VarDecl>(Path.Variable);
    return Variable && (!Path.Members.empty() || !Variable->hasLocalStorage() ||
                        Variable->getType()->isReferenceType());
  }

  /// Can the coroutine end at \p Await, so that nothing after it happens?
  bool mayBeCut(const CoroutineSuspendExpr *Await) const {
    if (!Suspending.maySuspend(Await) || isa<CoyieldExpr>(Await))
      return false;
    if (How && How->How == CancelledBy::Destroying)
      return true;
    if (tellsErrors(Await))
      return false;
    for (const Stmt *Below = Await, *Up = F.parent(Await); Up;
         Below = Up, Up = F.parent(Up))
      if (const auto *Try = dyn_cast<CXXTryStmt>(Up);
          Try && Below == Try->getTryBlock())
        return false; // its handlers know what to do
    return true;
  }

  bool isErrorCode(QualType Type) const {
    const TypeModel *Row = U.models().type(Type.getNonReferenceType());
    return Row && Row->ErrorCode;
  }

  /// A `noexcept` on what returns a task says little about the call, which only
  /// makes the frame: it is there to say that the body throws nothing.
  bool throwsNothing(const FunctionDecl *Function) const {
    const auto *Type = Function->getType()->getAs<FunctionProtoType>();
    QualType Returned = Function->getReturnType();
    const TaskType *Task =
        Returned->isReferenceType() ? nullptr : U.taskType(Returned);
    return Task && Task->IsTask && Type && Type->isNothrow();
  }

  /// Does \p Await tell of errors by a code, or promise to throw nothing?
  bool tellsErrors(const CoroutineSuspendExpr *Await) const {
    const auto *Resume =
        Await->getResumeExpr()
            ? dyn_cast<CallExpr>(Await->getResumeExpr()->IgnoreImplicit())
            : nullptr;
    const FunctionDecl *Callee = Resume ? Resume->getDirectCallee() : nullptr;
    const auto *Type =
        Callee ? Callee->getType()->getAs<FunctionProtoType>() : nullptr;
    if (Type && Type->isNothrow())
      return true;
    if (isErrorCode(Await->getType()) || throwsNothing(C.Function))
      return true;
    const auto *Call =
        dyn_cast<CallExpr>(Await->getOperand()->IgnoreUnlessSpelledInSource());
    if (const FunctionDecl *Made = Call ? Call->getDirectCallee() : nullptr;
        Made && throwsNothing(Made))
      return true;
    // A value or an error, whatever it is called.
    const CXXRecordDecl *Result =
        Await->getType().getNonReferenceType()->getAsCXXRecordDecl();
    if (Result && Result->hasDefinition() && findMethod(Result, "has_value") &&
        findMethod(Result, "error"))
      return true;
    if (const auto *Tuple =
            dyn_cast_or_null<ClassTemplateSpecializationDecl>(Result))
      for (const TemplateArgument &One : Tuple->getTemplateArgs().asArray()) {
        if (One.getKind() == TemplateArgument::Type &&
            isErrorCode(One.getAsType()))
          return true;
        if (One.getKind() == TemplateArgument::Pack)
          for (const TemplateArgument &Inner : One.pack_elements())
            if (Inner.getKind() == TemplateArgument::Type &&
                isErrorCode(Inner.getAsType()))
              return true;
      }
    // async_read(s, b, redirect_error(token, ec))
    const auto *Plain = dyn_cast<CoawaitExpr>(Await);
    return Plain && contains(Plain->getOperand(), [&](const Stmt *S) {
             const auto *Ref = dyn_cast<DeclRefExpr>(S);
             return Ref && isErrorCode(Ref->getType());
           });
  }

  static const ValueDecl *declaration(const Expr *E) {
    E = E->IgnoreParenImpCasts();
    if (const auto *Member = dyn_cast<MemberExpr>(E))
      return Member->getMemberDecl();
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    return Ref ? Ref->getDecl() : nullptr;
  }

  void found(unsigned I, const Expr *Restored) {
    const Site &One = Changes[I];
    const ValueDecl *Of = declaration(One.What.Object);
    if (!Of || !One.Await ||
        llvm::any_of(Found, [&](const UnshieldedCleanup &Other) {
          return Other.Restored == Restored;
        }))
      return;
    UnshieldedCleanup S;
    S.Kind = CleanupKind::Restore;
    S.Await = One.Await;
    S.How = How;
    S.Object = One.Object;
    S.Changed = One.Where;
    S.Restored = Restored;
    S.By = findCanceller(U, C, One.Await);
    const bool Cancelled = How && (How->How == CancelledBy::Destroying ||
                                   S.By.Who != Canceller::Nobody);
    // A flag that nobody looks at may be wrong.
    if (!U.shared<LookedAt>().contains(Of))
      S.Sure = Confidence::Low;
    else
      S.Sure = Cancelled ? Confidence::High : Confidence::Medium;
    Found.push_back(std::move(S));
  }

  Unit &U;
  const Coroutine &C;
  const Flow &F;
  const CancellationModel *How;
  const Suspensions &Suspending;
  std::vector<Site> Changes;
  llvm::DenseMap<const Expr *, unsigned> Index;
  std::vector<UnshieldedCleanup> Found;
};

bool isExceptionPtr(QualType Type) {
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->getIdentifier() ||
      Record->getName() != "exception_ptr")
    return false;
  // Libraries have it in a namespace of their own below that.
  for (const DeclContext *Context = Record->getDeclContext(); Context;
       Context = Context->getParent())
    if (Context->isStdNamespace())
      return true;
  return false;
}

/// Awaits of cleanup after a handler that has kept the exception.
void findAwaits(Unit &U, const Coroutine &C, const Flow &F,
                const CancellationModel &How,
                std::vector<UnshieldedCleanup> &Found) {
  if (How.How != CancelledBy::Throwing ||
      How.Repeats != CancelledAgain::Awaits || changesCancellation(U, F))
    return;
  const Suspensions &Suspending = U.shared<Suspensions>();
  CancelledPaths Paths(U, F, How);
  llvm::SmallVector<const CXXCatchStmt *, 4> Seen;
  for (const CoroutineSuspendExpr *Await : F.suspensions()) {
    const CXXCatchStmt *Handler =
        Suspending.maySuspend(Await) ? Paths.handler(Await) : nullptr;
    if (!Handler || llvm::is_contained(Seen, Handler))
      continue;
    Seen.push_back(Handler);
    const bool Keeps = contains(Handler->getHandlerBlock(), [&](const Stmt *S) {
      const auto *E = dyn_cast<Expr>(S);
      return E && isExceptionPtr(E->getType());
    });
    const CoroutineSuspendExpr *Cleanup =
        Keeps ? Paths.firstUncaught(Handler) : nullptr;
    if (!Cleanup)
      continue;
    // It is thrown on after that: what comes before is cleanup.
    const bool ThrownOn = contains(F.body(), [&](const Stmt *S) {
      const auto *Call = dyn_cast<CallExpr>(S);
      return Call && Call->getNumArgs() == 1 &&
             isExceptionPtr(Call->getArg(0)->getType()) &&
             Call->getType()->isVoidType() && F.reaches(Cleanup, Call);
    });
    if (!ThrownOn)
      continue;
    UnshieldedCleanup S;
    S.Kind = CleanupKind::Await;
    S.Await = Await;
    S.How = &How;
    S.Handler = Handler;
    S.Cleanup = Cleanup;
    S.By = findCanceller(U, C, Await);
    S.Sure =
        S.By.Who == Canceller::Nobody ? Confidence::Medium : Confidence::High;
    Found.push_back(std::move(S));
  }
}

/// Does the destructor of \p Type ask how many exceptions are on their way?
/// Then it does one thing after a failure and another after success. A handler
/// in it asks only about what its own action has thrown.
bool asksForExceptions(QualType Type) {
  const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
  const CXXDestructorDecl *Destructor =
      Class && Class->hasDefinition() ? Class->getDestructor() : nullptr;
  const FunctionDecl *Definition = nullptr;
  if (!Destructor || !Destructor->hasBody(Definition))
    return false;
  bool Asks = false;
  walk(Definition->getBody(), [&](const Stmt *S) {
    if (isa<CXXCatchStmt>(S))
      return WalkInto::Skip;
    const auto *Call = dyn_cast<CallExpr>(S);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    Asks |= Callee && Callee->isInStdNamespace() && Callee->getIdentifier() &&
            Callee->getName().starts_with("uncaught_exception");
    return WalkInto::Children;
  });
  return Asks;
}

GuardOn guardOf(Unit &U, const VarDecl *Variable) {
  const TypeModel *Row = U.models().type(Variable->getType());
  if (Row && Row->Guard != GuardOn::None)
    return Row->Guard;
  return asksForExceptions(Variable->getType()) ? GuardOn::Either
                                                : GuardOn::None;
}

/// Guards that take the destruction of the frame for success.
void findGuards(Unit &U, const Flow &F, const CancellationModel &How,
                std::vector<UnshieldedCleanup> &Found) {
  if (How.How != CancelledBy::Destroying)
    return;
  const Suspensions &Suspending = U.shared<Suspensions>();
  walk(F.body(), [&](const Stmt *S) {
    const auto *Declaration = dyn_cast<DeclStmt>(S);
    if (!Declaration)
      return WalkInto::Children;
    for (const Decl *One : Declaration->decls()) {
      const auto *Variable = dyn_cast<VarDecl>(One);
      const GuardOn On = Variable && Variable->hasLocalStorage()
                             ? guardOf(U, Variable)
                             : GuardOn::None;
      if (On == GuardOn::None)
        continue;
      const Stmt *Scope = F.parent(Declaration);
      for (const CoroutineSuspendExpr *Await : F.suspensions()) {
        bool Inside = false;
        for (const Stmt *Up = Await; Up && !Inside; Up = F.parent(Up))
          Inside = Up == Scope;
        if (!Inside || !Suspending.maySuspend(Await) ||
            !F.reaches(Declaration, Await))
          continue;
        UnshieldedCleanup S;
        S.Kind = CleanupKind::Guard;
        S.Await = Await;
        S.How = &How;
        S.Guard = Variable;
        S.On = On;
        Found.push_back(std::move(S));
        break;
      }
    }
    return WalkInto::Children;
  });
}

} // namespace

std::vector<UnshieldedCleanup> findUnshieldedCleanup(Unit &U,
                                                     const Coroutine &C) {
  const Flow *F = U.flow(C.Function);
  if (!F || F->suspensions().empty())
    return {};
  const CancellationModel *How = cancellationOf(C);
  std::vector<UnshieldedCleanup> Found;
  Restores R(U, C, *F, How);
  if (!R.empty()) {
    FlowStates<Open> States = runForward<Open>(F->cfg(), R);
    if (States.Complete)
      Found = R.take(States.Blocks[F->cfg().getExit().getBlockID()]);
  }
  if (How) {
    findAwaits(U, C, *F, *How, Found);
    findGuards(U, *F, *How, Found);
  }
  return Found;
}

} // namespace coro
