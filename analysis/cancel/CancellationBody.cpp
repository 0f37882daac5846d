//===- CancellationBody.cpp - What a cancelled coroutine loses ------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/CancellationBody.h"
#include "analysis/ast/Dataflow.h"
#include "analysis/ast/Walk.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace clang;

namespace coro {

SummaryObject exported(const ObjectPath &Path, const FunctionDecl *Function) {
  SummaryObject Object;
  Object.Members = Path.Members;
  Object.Exact = Path.Exact;
  if (Path.Root == PathRoot::This) {
    Object.Parameter = SummaryObject::This;
  } else if (Path.Root == PathRoot::Variable) {
    const auto *Parameter = dyn_cast<ParmVarDecl>(Path.Variable);
    if (Parameter && Parameter->getDeclContext() == Function) {
      Object.Parameter = static_cast<int>(Parameter->getFunctionScopeIndex());
    } else if (const auto *Variable = dyn_cast<VarDecl>(Path.Variable);
               Variable && (!Variable->hasLocalStorage() ||
                            Variable->getDeclContext() != Function)) {
      Object.Parameter = SummaryObject::Outer;
      Object.Variable = Variable;
    }
  }
  return Object;
}

namespace {

/// Which suspensions of the function took something that is still only in the
/// frame.
struct Held {
  llvm::SmallBitVector Bits;
  bool join(const Held &Other) {
    llvm::SmallBitVector Before = Bits;
    Bits |= Other.Bits;
    return Bits != Before;
  }
};

/// Does \p S mention \p Variable?
bool mentions(const Stmt *S, const ValueDecl *Variable) {
  if (!S)
    return false;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
    if (Ref->getDecl() == Variable)
      return true;
    if (const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl()))
      return Binding->getDecomposedDecl() == Variable;
    return false;
  }
  for (const Stmt *Child : S->children())
    if (mentions(Child, Variable))
      return true;
  return false;
}

constexpr const char *ChangesFilter =
    "it changes which cancellations it lets through";

/// The data flow over one coroutine body.
class Body {
public:
  Body(Cancellations &Owner, Unit &U, const Flow &F)
      : Owner(Owner), U(U), F(F), Function(F.function()),
        Promise(U.coroutine(F.function())->Body->getPromiseDecl()) {
    for (const CoroutineSuspendExpr *Await : F.suspensions())
      Sites.push_back(site(Await));
    walk(F.body(), [&](const Stmt *S) {
      if (const auto *Call = dyn_cast<CallExpr>(S))
        if (const FunctionModel *Model = U.models().callee(Call);
            Model && Model->ChangesCancellation)
          GivenUp = ChangesFilter;
      return WalkInto::Children;
    });
  }

  struct Site {
    const CoroutineSuspendExpr *Await = nullptr;
    AwaitedOperation Op;
    bool Suspends = true;
    /// The operation is cut off in the middle, and what the coroutine could
    /// still learn of it is not looked at.
    bool Cuts = false;
    /// It takes something that is in the frame afterwards, in this variable.
    const ValueDecl *Holder = nullptr;
    /// Its result goes straight into co_return.
    bool Returned = false;
  };

  Held entry() { return {llvm::SmallBitVector(Sites.size())}; }

  void transfer(Held &State, const CFGElement &Element, const CFGBlock &) {
    auto Statement = Element.getAs<CFGStmt>();
    if (!Statement)
      return;
    const Stmt *S = Statement->getStmt();
    if (const auto *Await = dyn_cast<CoroutineSuspendExpr>(S))
      return atAwait(State, Await);
    if (State.Bits.none())
      return;
    if (const auto *Call = dyn_cast<CallExpr>(S))
      atCall(State, Call);
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S);
             Construct &&
             !Construct->getConstructor()->isCopyOrMoveConstructor())
      handOver(State, Construct->arguments());
    else if (const auto *Assignment = dyn_cast<BinaryOperator>(S);
             Assignment && Assignment->isAssignmentOp())
      atWrite(State, Assignment->getLHS());
    else if (const auto *Step = dyn_cast<UnaryOperator>(S);
             Step && Step->isIncrementDecrementOp())
      atWrite(State, Step->getSubExpr());
  }

  CancellationSummary result(bool Complete) const {
    CancellationSummary Summary;
    Summary.Awaitable = true;
    if (!Complete || GivenUp) {
      Summary.Why.push_back(
          {Function->getSourceRange(),
           Complete ? GivenUp : "it is too large to be analysed"});
      return Summary;
    }
    if (Cut) {
      Summary.Cancel = Guarantee::Terminal;
      Summary.How = Cut->Op.How;
      Summary.Data = Cut->Op.Data;
      Summary.Object = exported(Cut->Op.Object, Function);
      Summary.Operation = Cut->Op.Operation;
      if (isCoroutine(Cut->Op.Callee))
        Summary.Steps.push_back({Cut->Await->getSourceRange(),
                                 quoted(Cut->Op.Callee) + " is awaited here"});
      llvm::append_range(Summary.Steps, Cut->Op.Steps);
    } else if (Lost) {
      Summary.Cancel = Guarantee::Terminal;
      Summary.How = Loss::InFrame;
      Summary.Data = Payload::Consumes;
      Summary.Object = exported(
          Lost->Op.ReturnsMessage ? Lost->Op.From : Lost->Op.Object, Function);
      Summary.Operation = Lost->Op.Operation;
      Summary.Steps.push_back(
          {Lost->Await->getSourceRange(),
           "'" + Lost->Holder->getNameAsString() + "' is taken here"});
      Summary.Steps.push_back(
          {LostAt->Await->getSourceRange(),
           "suspended here, while only this frame holds it"});
    } else if (Unknown) {
      Summary.Cancel = Guarantee::Unknown;
      Summary.Why.push_back(
          {Unknown->Await->getSourceRange(), whyUnknown(*Unknown)});
    } else if (Taken) {
      Summary.Cancel = Guarantee::Partial;
      Summary.Why.push_back({Taken->Await->getSourceRange(),
                             Taken->Op.Operation +
                                 " may have taken effect, and its effect is "
                                 "handed on before the next suspension"});
    } else {
      Summary.Cancel = Guarantee::Total;
      Summary.Why.push_back({Function->getSourceRange(),
                             "nothing has happened at any of its suspensions"});
    }
    sends(Summary);
    Summary.Composed = !Unknown && isComposed();
    if (Message) {
      Summary.ReturnsMessage = true;
      Summary.From = exported(Message->Op.From, Function);
    }
    return Summary;
  }

private:
  bool isCoroutine(const FunctionDecl *Callee) const {
    const FunctionDecl *Definition = nullptr;
    return Callee && Callee->hasBody(Definition) && U.coroutine(Definition);
  }

  std::string whyUnknown(const Site &At) const {
    const FunctionDecl *Callee = At.Op.Callee;
    if (!Callee)
      return "nothing is known about what is awaited here";
    if (isCoroutine(Callee))
      return "nothing is known about " + quoted(Callee) +
             ", which is awaited here";
    return quoted(Callee) + " has neither a body in this unit nor a model";
  }

  /// More than one suspension on the way to a result.
  bool isComposed() const {
    const CXXMethodDecl *Resume = findMethod(
        Function->getReturnType()->getAsCXXRecordDecl(), "await_resume");
    if (!Resume || Resume->getReturnType()->isVoidType())
      return false;
    return llvm::count_if(Sites, [](const Site &One) { return One.Suspends; }) >
           1;
  }

  /// Finds what is sent of the parameters: by value (or rvalue), mentioned
  /// once.
  void sends(CancellationSummary &Summary) const {
    for (const Site &One : Sites)
      for (const Expr *Sent : One.Op.Sent) {
        const auto *Ref = dyn_cast_or_null<DeclRefExpr>(stripTransfers(Sent));
        const auto *Parameter =
            Ref ? dyn_cast<ParmVarDecl>(Ref->getDecl()) : nullptr;
        if (!Parameter || Parameter->getDeclContext() != Function ||
            Parameter->getType()->isLValueReferenceType() ||
            Parameter->getType()->isPointerType())
          continue;
        unsigned Mentions = 0;
        walk(F.body(), [&](const Stmt *S) {
          if (const auto *Other = dyn_cast<DeclRefExpr>(S))
            Mentions += Other->getDecl() == Parameter;
          return WalkInto::Children;
        });
        SummaryObject To = exported(One.Op.To, Function);
        if (Mentions != 1 || To.Parameter == SummaryObject::None)
          continue;
        Summary.Sends.push_back(Parameter->getFunctionScopeIndex());
        Summary.To = To;
        Summary.Operation = One.Op.Operation;
      }
  }

  Site site(const CoroutineSuspendExpr *Await) {
    Site Result;
    Result.Await = Await;
    if (isa<CoyieldExpr>(Await)) {
      GivenUp = "it yields values";
      return Result;
    }
    Result.Suspends = U.maySuspend(Await);
    const Expr *Operand = Await->getOperand();
    Result.Op = Owner.describe(Operand);
    if (const FunctionModel *Model = U.models().function(Result.Op.Callee);
        Model && Model->ChangesCancellation)
      GivenUp = ChangesFilter;
    const ValueDecl *Variable = resultVariable(F, Await);
    Result.Cuts = Result.Op.How != Loss::None && Result.Op.Object &&
                  !progressIsSeen(F, Await, Result.Op);
    // A partial operation that notes its progress in this frame notes it for
    // nobody.
    if (Result.Op.Buffer && Result.Op.Buffer.isOwnedBy(Function) &&
        Result.Op.Cancel == Guarantee::Partial && Result.Op.Object) {
      Result.Cuts = true;
      Result.Op.How = Loss::Progress;
      Result.Op.Steps.push_back({Result.Op.Call->getSourceRange(),
                                 Result.Op.Operation + " is started here on " +
                                     Result.Op.Object.text() + ", with " +
                                     Result.Op.Buffer.text() +
                                     " of this frame as its buffer"});
    }
    if (Result.Op.ReturnsMessage && Variable && Result.Op.From &&
        !Result.Op.From.isOwnedBy(Function))
      Result.Holder = Variable;
    if (const Stmt *Parent = F.semanticParent(Await))
      Result.Returned = isa<CoreturnStmt>(outward(Parent));
    return Result;
  }

  /// Looks outward through constructions of a result (optional, variant).
  const Stmt *outward(const Stmt *S) const {
    while (S && isa<CXXConstructExpr, InitListExpr, CXXFunctionalCastExpr,
                    CXXMemberCallExpr, CXXBindTemporaryExpr>(S)) {
      // co_return x calls return_value(x) of the promise.
      const Stmt *Parent = F.semanticParent(S);
      if (!Parent)
        return S;
      S = Parent;
    }
    return S;
  }

  void atAwait(Held &State, const CoroutineSuspendExpr *Await) {
    auto It = llvm::find_if(
        Sites, [&](const Site &One) { return One.Await == Await; });
    if (It == Sites.end())
      return;
    Site &Here = *It;
    unsigned Index = It - Sites.begin();
    if (Here.Suspends) {
      if (Here.Op.Cancel == Guarantee::Unknown &&
          (!Unknown || before(Here, *Unknown)))
        Unknown = &Here;
      if (Here.Cuts && (!Cut || before(Here, *Cut)))
        Cut = &Here;
      if ((Here.Op.Data == Payload::Consumes ||
           Here.Op.Data == Payload::Commits) &&
          (!Taken || before(Here, *Taken)))
        Taken = &Here;
      for (unsigned Bit : State.Bits.set_bits())
        if (Bit != Index && !handledAround(Await, Sites[Bit].Holder) &&
            (!Lost || before(Sites[Bit], *Lost))) {
          Lost = &Sites[Bit];
          LostAt = &Here;
        }
    }
    State.Bits.reset(Index);
    if (Here.Holder)
      State.Bits.set(Index);
    if (Here.Returned && Here.Op.ReturnsMessage && Here.Op.From)
      Message = &Here;
  }

  bool before(const Site &A, const Site &B) const {
    return U.ast().getSourceManager().isBeforeInTranslationUnit(
        A.Await->getBeginLoc(), B.Await->getBeginLoc());
  }

  /// Does a handler around \p Await look at \p Holder?
  bool handledAround(const Stmt *Await, const ValueDecl *Holder) const {
    for (const Stmt *At = Await; At; At = F.parent(At))
      if (const auto *Try = dyn_cast<CXXTryStmt>(At))
        for (unsigned I = 0; I < Try->getNumHandlers(); ++I)
          if (mentions(Try->getHandler(I)->getHandlerBlock(), Holder))
            return true;
    return false;
  }

  template <typename Range> void handOver(Held &State, Range &&Arguments) {
    for (unsigned Bit : State.Bits.set_bits())
      for (const Expr *Argument : Arguments)
        if (mentions(Argument, Sites[Bit].Holder)) {
          State.Bits.reset(Bit);
          break;
        }
  }

  void atCall(Held &State, const CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (isa<CXXOperatorCallExpr>(Call) && !Call->isGLValue() &&
        Call->getType()->isBooleanType())
      return; // a comparison
    // What is handed to an await whose result is returned comes back from it.
    for (const Site &One : Sites)
      if (One.Returned && One.Op.Call == Call &&
          !One.Await->getType()->isVoidType())
        return;
    // co_return hands the value to the promise.
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
      const auto *Ref = dyn_cast<DeclRefExpr>(
          stripTransfers(Member->getImplicitObjectArgument()));
      if (Ref && Ref->getDecl() == Promise) {
        // Awaits go through it, too.
        bool Returns = !isAwaitTransform(Call);
        for (unsigned Bit : State.Bits.set_bits())
          for (const Expr *Argument : Call->arguments())
            if (Returns && mentions(Argument, Sites[Bit].Holder))
              Message = &Sites[Bit];
        if (!Returns)
          return;
      }
    }
    handOver(State, Call->arguments());
    const FunctionModel *Model = U.models().callee(Call);
    if (Model && Model->Operation)
      return;
    for (const CallUse &Use : Owner.uses(Call))
      if (!Use.Object.isOwnedBy(Function))
        State.Bits.reset();
    // A member function of this object may note whatever it likes.
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
        Member && Member->getMethodDecl() &&
        !Member->getMethodDecl()->isConst())
      if (!resolveObject(Member->getImplicitObjectArgument())
               .isOwnedBy(Function))
        State.Bits.reset();
    if (!Callee)
      State.Bits.reset();
  }

  bool isAwaitTransform(const CallExpr *Call) const {
    const FunctionDecl *Callee = Call->getDirectCallee();
    return Callee && Callee->getIdentifier() &&
           Callee->getName() == "await_transform";
  }

  void atWrite(Held &State, const Expr *Left) {
    if (!resolveObject(Left).isOwnedBy(Function))
      State.Bits.reset();
  }

  Cancellations &Owner;
  Unit &U;
  const Flow &F;
  const FunctionDecl *Function;
  const VarDecl *Promise;
  std::vector<Site> Sites;
  const Site *Cut = nullptr;
  const Site *Lost = nullptr, *LostAt = nullptr;
  const Site *Message = nullptr;
  const Site *Unknown = nullptr; ///< the first of which nothing is known
  const Site *Taken = nullptr;   ///< the first that moves data
  const char *GivenUp = nullptr; ///< why nothing can be said
};

} // namespace

bool mayReturn(const Flow &F) {
  const CFG &Graph = F.cfg();
  for (const CFGBlock::AdjacentBlock &Last : Graph.getExit().preds()) {
    const CFGBlock *Block = Last.getReachableBlock();
    if (!Block || Block->hasNoReturnElement())
      continue;
    if (Block == &Graph.getEntry())
      return true;
    bool Throws = false;
    for (const CFGElement &Element : *Block)
      if (auto S = Element.getAs<CFGStmt>())
        Throws |= isa<CXXThrowExpr>(S->getStmt());
    FlowPoint Entry{&Graph.getEntry(), 0}, There{Block, 0};
    if (!Throws && F.reaches(Entry, There))
      return true;
  }
  return false;
}

CancellationSummary summarizeBody(Cancellations &Owner, Unit &U,
                                  const Flow &F) {
  Body Analysis(Owner, U, F);
  FlowStates<Held> States = runForward<Held>(F.cfg(), Analysis);
  CancellationSummary Summary = Analysis.result(States.Complete);
  Summary.MayReturn = mayReturn(F);
  return Summary;
}

} // namespace coro
