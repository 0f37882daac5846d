//===- Polling.cpp - Loops that only wait for a condition -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/blocking/Polling.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Walk.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

namespace {

class Finder {
public:
  Finder(Unit &U, const Flow &F) : U(U), F(F) {}

  std::vector<Poll> run() {
    visit(F.body());
    return std::move(Found);
  }

private:
  void visit(const Stmt *S) {
    if (!S || isa<LambdaExpr>(S))
      return;
    if (isa<WhileStmt, DoStmt, ForStmt>(S))
      if (std::optional<Poll> P = poll(S)) {
        Found.push_back(*P);
        return;
      }
    for (const Stmt *Child : S->children())
      visit(Child);
  }

  std::optional<Poll> poll(const Stmt *Loop) {
    Poll P;
    P.Loop = Loop;
    Counter = nullptr;
    const Expr *Condition = nullptr;
    const Stmt *Body = nullptr;
    if (const auto *While = dyn_cast<WhileStmt>(Loop)) {
      if (While->getConditionVariable())
        return std::nullopt;
      Condition = While->getCond();
      Body = While->getBody();
    } else if (const auto *Do = dyn_cast<DoStmt>(Loop)) {
      Condition = Do->getCond();
      Body = Do->getBody();
    } else {
      const auto *For = cast<ForStmt>(Loop);
      if (For->getConditionVariable())
        return std::nullopt;
      Condition = For->getCond();
      Body = For->getBody();
      if (const Expr *Step = For->getInc()) {
        const auto *Count = dyn_cast<UnaryOperator>(Step->IgnoreParens());
        if (!Count || !Count->isIncrementDecrementOp())
          return std::nullopt;
        P.Bounded = true;
        Counter = baseOf(Count->getSubExpr());
      }
    }
    bool Value = false;
    if (Condition && !Condition->isValueDependent() &&
        Condition->EvaluateAsBooleanCondition(Value, U.ast()) && !Value)
      return std::nullopt; // do { … } while (false)
    if (Condition && !Condition->EvaluateAsBooleanCondition(Value, U.ast()) &&
        !readsOnly(Condition, P))
      return std::nullopt;
    if (!passesTime(Body, P) || !P.State)
      return std::nullopt;
    // A timer that was not set for this round is cancelled by whoever makes
    // the condition true.
    if (NeedsArming && !Armed)
      return reset();
    reset();
    if (!P.Pause && Awaits)
      return std::nullopt;
    return P;
  }

  std::optional<Poll> reset() {
    NeedsArming = Armed = false;
    return std::nullopt;
  }

  /// Does \p Condition read state that somebody else changes, and nothing else?
  /// Notes the state in \p P.
  bool readsOnly(const Expr *Condition, Poll &P) {
    const Expr *E = Condition->IgnoreImplicit()->IgnoreParenCasts();
    if (isa<IntegerLiteral, CXXBoolLiteralExpr, CXXNullPtrLiteralExpr,
            CharacterLiteral, CXXDefaultArgExpr, FloatingLiteral>(E))
      return true;
    if (const auto *Unary = dyn_cast<UnaryOperator>(E))
      return !Unary->isIncrementDecrementOp() &&
             readsOnly(Unary->getSubExpr(), P);
    if (const auto *Binary = dyn_cast<BinaryOperator>(E))
      return !Binary->isAssignmentOp() && readsOnly(Binary->getLHS(), P) &&
             readsOnly(Binary->getRHS(), P);
    if (isa<CXXThisExpr>(E))
      return true;
    if (const auto *Reference = dyn_cast<DeclRefExpr>(E)) {
      if (isa<EnumConstantDecl>(Reference->getDecl()))
        return true;
      const auto *Variable = dyn_cast<VarDecl>(Reference->getDecl());
      if (!Variable)
        return false;
      if (Variable->getType().isConstQualified())
        return true;
      if (isShared(Variable))
        note(P, Condition, Variable);
      return true; // a counter of rounds, for example
    }
    if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      const Poll Before = P;
      if (!isa<FieldDecl, VarDecl>(Member->getMemberDecl()) ||
          !readsOnly(Member->getBase(), P))
        return false;
      P = Before; // what changes is the member, not what it is a part of
      // A member of a local object is as private as that object.
      const ValueDecl *Base = baseOf(Member->getBase());
      const auto *Variable = dyn_cast_or_null<VarDecl>(Base);
      if (!Variable || isShared(Variable) || Member->isArrow())
        note(P, Condition, Member->getMemberDecl());
      return true;
    }
    // A look that has no effect: const, and told nothing but a memory order.
    const Expr *Object = nullptr;
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
      const CXXMethodDecl *Method = Call->getMethodDecl();
      if (!Method || !Method->isConst() || U.taskType(Call->getType()))
        return false;
      for (const Expr *Argument : Call->arguments())
        if (!Argument->getType()->isEnumeralType() &&
            !isa<CXXDefaultArgExpr>(Argument))
          return false;
      Object = Call->getImplicitObjectArgument();
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
      switch (Operator->getOperator()) {
      case OO_Exclaim:
      case OO_EqualEqual:
      case OO_ExclaimEqual:
      case OO_Less:
      case OO_Greater:
      case OO_LessEqual:
      case OO_GreaterEqual:
      case OO_Arrow:
      case OO_Star:
        break;
      default:
        return false;
      }
      return llvm::all_of(Operator->arguments(), [&](const Expr *Argument) {
        return readsOnly(Argument, P);
      });
    }
    if (!Object || !readsOnly(Object, P))
      return false;
    return true;
  }

  void note(Poll &P, const Expr *Condition, const ValueDecl *State) {
    if (P.State || State == Counter)
      return;
    P.State = State;
    P.Condition = Condition;
  }

  /// Can another coroutine or thread change \p Variable?
  bool isShared(const VarDecl *Variable) {
    if (Variable->hasGlobalStorage())
      return true;
    QualType Type = Variable->getType();
    if (Type->isReferenceType() || Type->isPointerType())
      return !Type->getPointeeType().isConstQualified() ||
             Type->getPointeeType()->isRecordType();
    // A smart pointer, or something captured by reference somewhere.
    if (const TypeModel *Model = U.models().type(Type);
        Model && !Model->Pointer.empty())
      return true;
    return isCapturedByReference(F.body(), Variable) ||
           Variable->getDeclContext() !=
               static_cast<const DeclContext *>(F.function());
  }

  static bool isCapturedByReference(const Stmt *S, const VarDecl *Variable) {
    if (!S)
      return false;
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
      for (const LambdaCapture &Capture : Lambda->captures())
        if (Capture.capturesVariable() &&
            Capture.getCaptureKind() == LCK_ByRef &&
            Capture.getCapturedVar() == Variable)
          return true;
    return llvm::any_of(S->children(), [&](const Stmt *Child) {
      return isCapturedByReference(Child, Variable);
    });
  }

  /// `co_await this_coro::executor` does not.
  bool maySuspend(const Stmt *S) {
    return S && contains(S, [&](const Stmt *Part) {
             const auto *Await = dyn_cast<CoroutineSuspendExpr>(Part);
             return Await && U.maySuspend(Await);
           });
  }

  /// Does \p Body do nothing but pass the time and look at conditions?
  bool passesTime(const Stmt *Body, Poll &P) {
    Awaits = false;
    if (!Body || isa<NullStmt, ContinueStmt>(Body))
      return true;
    if (const auto *Compound = dyn_cast<CompoundStmt>(Body)) {
      bool AnyAwait = false;
      for (const Stmt *S : Compound->body()) {
        if (!passesTime(S, P))
          return false;
        AnyAwait |= Awaits;
      }
      Awaits = AnyAwait;
      return true;
    }
    if (const auto *If = dyn_cast<IfStmt>(Body)) {
      // `if (done) break;`
      const Stmt *Then = If->getThen();
      if (const auto *Block = dyn_cast<CompoundStmt>(Then))
        Then = Block->size() == 1 ? Block->body_front() : nullptr;
      if (!Then || If->getElse() || If->getInit() ||
          If->getConditionVariable() || !readsOnly(If->getCond(), P))
        return false;
      if (const auto *Return = dyn_cast<CoreturnStmt>(Then))
        return !Return->getOperand() || !containsAwait(Return->getOperand());
      return isa<BreakStmt>(Then);
    }
    if (const auto *Declaration = dyn_cast<DeclStmt>(Body)) {
      // A timer of this round.
      if (!Declaration->isSingleDecl())
        return false;
      const auto *Variable = dyn_cast<VarDecl>(Declaration->getSingleDecl());
      if (!Variable || maySuspend(Variable->getInit()))
        return false;
      Armed = true;
      return true;
    }
    const auto *E = dyn_cast<Expr>(Body);
    return E && pauses(E, P);
  }

  bool pauses(const Expr *E, Poll &P) {
    E = E->IgnoreImplicit()->IgnoreParenCasts();
    const Expr *Call = E;
    const auto *Await = dyn_cast<CoawaitExpr>(E);
    if (Await) {
      Awaits = true;
      Call = origin(Await->getOperand());
      if (!U.maySuspend(Await))
        return false;
    }
    if (!isa<CallExpr, CXXConstructExpr>(Call))
      return false;
    const FunctionModel *Row = U.models().callee(Call);
    PauseKind Kind = Row ? Row->Pause : PauseKind::None;
    if (Row && Row->Blocks && Row->Blocks->Kind == BlockingKind::Sleep)
      Kind = PauseKind::Time;
    if (Kind == PauseKind::None && Await && takesOnlyTime(Call))
      Kind = PauseKind::Time;
    if (Kind == PauseKind::None && Await && !Row)
      if (const auto *Plain = dyn_cast<CallExpr>(Call);
          Plain && isPause(Plain->getDirectCallee()))
        Kind = PauseKind::Time;
    if (Kind == PauseKind::None) {
      // Setting the timer.
      const Expr *Object = objectOf(Call);
      if (Await || !Object || !takesOnlyTime(Call))
        return false;
      Armed = true;
      return true;
    }
    // What is given something to do, too, is more than a pause: post(ex, f).
    if (Kind == PauseKind::Turn && !Await && !argumentsOf(Call).empty())
      return false;
    if (Kind == PauseKind::Armed)
      NeedsArming = true;
    P.NoTime = Kind == PauseKind::Turn;
    P.Pause = E;
    P.Suspends = Await;
    return true;
  }

  /// Is \p Function a coroutine that only passes time, such as a sleep that is
  /// written with a timer?
  bool isPause(const FunctionDecl *Function) {
    const FunctionDecl *Definition = nullptr;
    const Coroutine *C = Function && Function->hasBody(Definition)
                             ? U.coroutine(Definition)
                             : nullptr;
    const auto *Body =
        C ? dyn_cast_or_null<CompoundStmt>(C->Body->getBody()) : nullptr;
    const Flow *Inner = Body && InPause < 3 ? U.flow(C->Function) : nullptr;
    if (!Inner)
      return false;
    Finder Alone(U, *Inner);
    Alone.InPause = InPause + 1;
    Poll Found;
    for (const Stmt *S : Body->body()) {
      if (const auto *Return = dyn_cast<CoreturnStmt>(S);
          Return && !Return->getOperand())
        continue;
      if (!Alone.passesTime(S, Found))
        return false;
    }
    return Found.Pause && Found.Suspends && !Found.NoTime &&
           (!Alone.NeedsArming || Alone.Armed);
  }

  bool isTime(const Expr *E) const {
    const TypeModel *Model = U.models().type(E->getType());
    return Model && Model->Duration;
  }
  /// Is a length of time all that the call is told? (`co_await sleep(10ms)` of
  /// whatever library.)
  bool takesOnlyTime(const Expr *Call) const {
    llvm::ArrayRef<const Expr *> Arguments = argumentsOf(Call);
    auto IsTime = [&](const Expr *E) { return isTime(E); };
    return llvm::any_of(Arguments, IsTime) &&
           llvm::all_of(Arguments, [&](const Expr *E) {
             return isTime(E) || isa<CXXDefaultArgExpr>(E);
           });
  }

  Unit &U;
  const Flow &F;
  std::vector<Poll> Found;
  const ValueDecl *Counter = nullptr; ///< what the loop itself changes
  bool NeedsArming = false, Armed = false, Awaits = false;
  unsigned InPause = 0; ///< how many calls away the loop is
};

} // namespace

std::vector<Poll> findPolls(Unit &U, const Coroutine &C) {
  const Flow *F = U.flow(C.Function);
  if (!F)
    return {};
  return Finder(U, *F).run();
}

} // namespace coro
