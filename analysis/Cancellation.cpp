//===- Cancellation.cpp - What is left of a cancelled operation -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/Cancellation.h"
#include "analysis/Dataflow.h"
#include "analysis/Walk.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace clang;

namespace coro {

/// More uses than this say nothing that a caller could act upon.
static constexpr unsigned MaxUses = 64;

static unsigned firstArgument(const CallExpr *Call) {
  return isa<CXXOperatorCallExpr>(Call) &&
                 isa_and_nonnull<CXXMethodDecl>(Call->getCalleeDecl())
             ? 1
             : 0;
}

const Expr *argument(const CallExpr *Call, unsigned Index) {
  Index += firstArgument(Call);
  return Index < Call->getNumArgs() ? Call->getArg(Index) : nullptr;
}

/// The object that a member function is called for, or null.
static const Expr *implicitObject(const CallExpr *Call) {
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    return Member->getImplicitObjectArgument();
  if (firstArgument(Call) == 1)
    return Call->getArg(0);
  return nullptr;
}

ObjectPath modelledObject(const CallExpr *Call, llvm::StringRef Object) {
  const Expr *E = nullptr;
  unsigned Index;
  if (Object == "this")
    E = implicitObject(Call);
  else if (!Object.getAsInteger(10, Index))
    E = argument(Call, Index);
  return E ? resolveObject(E) : ObjectPath();
}

//===----------------------------------------------------------------------===//
// Objects across calls
//===----------------------------------------------------------------------===//

ObjectPath Cancellations::atCall(const SummaryObject &Object,
                                 const CallExpr *Call) {
  ObjectPath Path;
  switch (Object.Parameter) {
  case SummaryObject::None:
    return Path;
  case SummaryObject::Outer:
    Path.Root = PathRoot::Variable;
    Path.Variable = Object.Variable;
    break;
  case SummaryObject::This: {
    const FunctionDecl *Callee = Call->getDirectCallee();
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee);
    if (Method && Method->getParent()->isLambda()) {
      // `this` in a lambda is that of the function around it.
      Path.Root = PathRoot::This;
      break;
    }
    if (const Expr *E = implicitObject(Call))
      Path = resolveObject(E);
    break;
  }
  default:
    if (const Expr *E = argument(Call, Object.Parameter))
      Path = resolveObject(E);
  }
  if (!Path)
    return Path;
  Path.Exact &= Object.Exact;
  Path.Members.append(Object.Members.begin(), Object.Members.end());
  return Path;
}

/// \p Path as the callers of \p Function can name it; nothing for an object
/// that lives in its frame.
static SummaryObject exported(const ObjectPath &Path,
                              const FunctionDecl *Function) {
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

llvm::SmallVector<CallUse, 4> Cancellations::uses(const CallExpr *Call) {
  llvm::SmallVector<CallUse, 4> Uses;
  const FunctionDecl *Callee = Call->getDirectCallee();
  const FunctionModel *Model = U.models().function(Callee);
  if (Model && !Model->Closes.empty()) {
    if (ObjectPath Object = modelledObject(Call, Model->Closes))
      Uses.push_back({Object, ObjectUse::Closes});
    return Uses;
  }
  if (Model && Model->Operation) {
    Payload Data = Model->Operation->Data;
    if (Data == Payload::Consumes || Data == Payload::Commits)
      if (ObjectPath Object = modelledObject(Call, Model->Operation->Object))
        Uses.push_back({Object, Data == Payload::Consumes ? ObjectUse::Takes
                                                          : ObjectUse::Puts});
    return Uses;
  }
  const FunctionDecl *Definition = nullptr;
  if (Callee && Callee->hasBody(Definition) &&
      U.isUserCode(Definition->getLocation())) {
    for (const SummaryUse &Use : of(Definition).Uses)
      if (ObjectPath Object = atCall(Use.Object, Call))
        Uses.push_back({Object, Use.Use});
    return Uses;
  }
  // What a modelled library does to its objects stands in the model.
  if (Callee && U.models().libraryOf(Callee))
    return Uses;
  auto Given = [&](const Expr *E, QualType Type) {
    bool Mutable =
        Type.isNull() || ((Type->isReferenceType() || Type->isPointerType()) &&
                          !Type->getPointeeType().isConstQualified());
    if (!Mutable)
      return;
    if (ObjectPath Object = resolveObject(E))
      Uses.push_back({Object, ObjectUse::Unknown});
  };
  if (const Expr *Object = implicitObject(Call)) {
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee);
    if (!Method || !(Method->isConst() || Method->isStatic()))
      Given(Object, QualType());
  }
  for (unsigned I = firstArgument(Call); I < Call->getNumArgs(); ++I) {
    unsigned Parameter = I - firstArgument(Call);
    // By value a pointer hands its object on, too; a class may (shared_ptr).
    QualType Type;
    if (Callee && Parameter < Callee->getNumParams()) {
      Type = Callee->getParamDecl(Parameter)->getType();
      if (!Type->isReferenceType() && !Type->isPointerType() &&
          !Type->isRecordType())
        continue;
      if (Type->isRecordType())
        Type = QualType();
    }
    Given(Call->getArg(I), Type);
  }
  return Uses;
}

//===----------------------------------------------------------------------===//
// One awaited expression
//===----------------------------------------------------------------------===//

/// The `operator co_await`, conversion or wrapper around a call is not what
/// people mean by the operation.
static const CallExpr *operationCall(const Expr *E, unsigned Depth = 0) {
  E = E ? stripTransfers(E) : nullptr;
  if (!E || Depth > 4)
    return nullptr;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    // `auto reading = read(…); co_await (std::move(reading) || …)`
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    if (Variable && !isa<ParmVarDecl>(Variable) && Variable->isLocalVarDecl() &&
        !Variable->getType()->isReferenceType() && Variable->hasInit())
      return operationCall(Variable->getInit(), Depth + 1);
    return nullptr;
  }
  return dyn_cast<CallExpr>(E);
}

/// The object that a buffer argument is made of: `data` in `wrap(data)`.
static ObjectPath bufferObject(const Expr *Buffer) {
  Buffer = stripTransfers(Buffer);
  if (const auto *Made = dyn_cast<CallExpr>(Buffer);
      Made && !Made->isGLValue() && Made->getNumArgs() > 0)
    Buffer = Made->getArg(0);
  return resolveObject(Buffer);
}

AwaitedOperation Cancellations::describe(const Expr *Awaitable) {
  AwaitedOperation Op;
  const CallExpr *Call = operationCall(Awaitable);
  if (!Call)
    return Op;
  Op.Call = Call;
  Op.Callee = Call->getDirectCallee();
  if (!Op.Callee)
    return Op;
  if (Unit::isAnnotated(Op.Callee, "cancel_safe")) {
    Op.Cancel = Guarantee::Total;
    return Op;
  }
  Op.Operation = quoted(Op.Callee);
  const FunctionModel *Model = U.models().function(Op.Callee);
  if (Model && Model->Operation) {
    const OperationModel &Facts = *Model->Operation;
    Op.Cancel = Facts.Cancel;
    Op.Data = Facts.Data;
    Op.Object = modelledObject(Call, Facts.Object);
    Op.WaitsOnly = Facts.Data == Payload::Readiness;
    Op.SingleShot = Facts.Cancel == Guarantee::Total;
    if (Facts.Message && Facts.Data == Payload::Consumes) {
      Op.ReturnsMessage = true;
      Op.From = Op.Object;
    }
    if (Facts.Cancel == Guarantee::Terminal) {
      Op.How = Loss::Progress;
    } else if (Facts.Cancel == Guarantee::Partial) {
      const Expr *Buffer =
          Facts.Progress ? argument(Call, *Facts.Progress) : nullptr;
      const TypeModel *Type =
          Buffer ? U.models().type(stripTransfers(Buffer)->getType()) : nullptr;
      if (Type && Type->PlainMemory)
        Op.How = Loss::Progress;
      else if (Buffer)
        Op.Buffer = bufferObject(Buffer);
    }
    if (Op.How != Loss::None)
      Op.Steps.push_back({Call->getSourceRange(),
                          Op.Operation + " is started here on " +
                              (Op.Object ? Op.Object.text() : "its object")});
    return Op;
  }
  if (Model && Model->Select) {
    // Whoever cancels a combinator cancels all of its branches; the first
    // that loses something stands for it.
    Op.Cancel = Guarantee::Total;
    for (const Expr *Branch : Call->arguments()) {
      AwaitedOperation One = describe(Branch);
      if (One.How != Loss::None)
        return One;
      if (One.Cancel == Guarantee::Unknown || One.Cancel == Guarantee::Ignores)
        Op.Cancel = Guarantee::Unknown;
      else if (One.Cancel == Guarantee::Partial &&
               Op.Cancel == Guarantee::Total)
        Op.Cancel = Guarantee::Partial;
    }
    return Op;
  }
  const FunctionDecl *Definition = nullptr;
  if (!Op.Callee->hasBody(Definition) ||
      !U.isUserCode(Definition->getLocation()))
    return Op;
  const CancellationSummary &Summary = of(Definition);
  if (!Summary.Awaitable)
    return Op;
  Op.Cancel = Summary.Cancel;
  Op.How = Summary.How;
  Op.Data = Summary.Data;
  Op.Object = atCall(Summary.Object, Call);
  Op.ReturnsMessage = Summary.ReturnsMessage;
  Op.From = atCall(Summary.From, Call);
  Op.MayReturn = Summary.MayReturn;
  if (Op.How != Loss::None) {
    Op.Operation = Summary.Operation;
    Op.Steps = Summary.Steps;
  }
  return Op;
}

//===----------------------------------------------------------------------===//
// The body of a coroutine
//===----------------------------------------------------------------------===//

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

} // namespace

/// The data flow over one coroutine body.
class Cancellations::Body {
public:
  Body(Cancellations &Owner, const Flow &F)
      : Owner(Owner), U(Owner.U), F(F), Function(F.function()),
        Promise(Owner.U.coroutine(F.function())->Body->getPromiseDecl()) {
    for (const CoroutineSuspendExpr *Await : F.suspensions())
      Sites.push_back(site(Await));
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
    if (!Complete || GivenUp)
      return Summary;
    if (Cut) {
      Summary.Cancel = Guarantee::Terminal;
      Summary.How = Cut->Op.How;
      Summary.Data = Cut->Op.Data;
      Summary.Object = exported(Cut->Op.Object, Function);
      Summary.Operation = Cut->Op.Operation;
      Summary.Steps = Cut->Op.Steps;
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
    } else if (AnyUnknown) {
      Summary.Cancel = Guarantee::Unknown;
    } else {
      Summary.Cancel = AnyTaken ? Guarantee::Partial : Guarantee::Total;
    }
    if (Message) {
      Summary.ReturnsMessage = true;
      Summary.From = exported(Message->Op.From, Function);
    }
    return Summary;
  }

  void giveUp() { GivenUp = true; }

private:
  Site site(const CoroutineSuspendExpr *Await) {
    Site Result;
    Result.Await = Await;
    if (isa<CoyieldExpr>(Await)) {
      GivenUp = true;
      return Result;
    }
    Result.Suspends = U.maySuspend(Await);
    const Expr *Operand = Await->getOperand();
    Result.Op = Owner.describe(Operand);
    if (const FunctionModel *Model = U.models().function(Result.Op.Callee);
        Model && Model->ChangesCancellation)
      GivenUp = true;
    const ValueDecl *Variable = resultVariable(Await);
    Result.Cuts = Result.Op.How != Loss::None && Result.Op.Object &&
                  !progressIsSeen(Await, Result.Op, Variable);
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

  /// The variable that is initialised with, or assigned, an await's result.
  const ValueDecl *resultVariable(const CoroutineSuspendExpr *Await) const {
    const Stmt *S = Await;
    while (const Stmt *Parent = F.semanticParent(S)) {
      if (const auto *Declaration = dyn_cast<DeclStmt>(Parent)) {
        for (const Decl *One : Declaration->decls())
          if (const auto *Variable = dyn_cast<VarDecl>(One);
              Variable && Variable->hasInit() &&
              stripTransfers(Variable->getInit()) == Await)
            return Variable;
        return nullptr;
      }
      if (const auto *Assignment = dyn_cast<BinaryOperator>(Parent))
        return Assignment->getOpcode() == BO_Assign
                   ? assigned(Assignment->getLHS())
                   : nullptr;
      if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Parent))
        return Operator->getOperator() == OO_Equal
                   ? assigned(Operator->getArg(0))
                   : nullptr;
      if (!isa<CXXConstructExpr>(Parent))
        return nullptr;
      S = Parent;
    }
    return nullptr;
  }

  const ValueDecl *assigned(const Expr *Left) const {
    ObjectPath Path = resolveObject(Left);
    return Path.isOwnedBy(Function) && Path.Members.empty() ? Path.Variable
                                                            : nullptr;
  }

  /// Could the coroutine learn, after the operation was cancelled, how far it
  /// came? It can if the operation returns its error instead of throwing it,
  /// and does if what comes with the error is looked at.
  bool progressIsSeen(const CoroutineSuspendExpr *Await,
                      const AwaitedOperation &Op,
                      const ValueDecl *Variable) const {
    if (!Op.Call || Op.Call->getNumArgs() == 0)
      return false;
    if (const auto *Pair = dyn_cast_or_null<DecompositionDecl>(Variable)) {
      bool First = true;
      for (const BindingDecl *Binding : Pair->bindings()) {
        if (!First && Binding->isReferenced())
          return true;
        First = false;
      }
      return false;
    }
    bool ReturnsErrors = Await->getType()->isRecordType();
    // redirect_error(token, ec) and the like mention a variable of their own.
    const Expr *Token =
        stripTransfers(Op.Call->getArg(Op.Call->getNumArgs() - 1));
    if (const auto *Made = dyn_cast<CallExpr>(Token);
        Made && Made->getNumArgs() > 1)
      ReturnsErrors = true;
    return ReturnsErrors && Variable && Variable->isReferenced();
  }

  void atAwait(Held &State, const CoroutineSuspendExpr *Await) {
    auto It = llvm::find_if(
        Sites, [&](const Site &One) { return One.Await == Await; });
    if (It == Sites.end())
      return;
    Site &Here = *It;
    unsigned Index = It - Sites.begin();
    if (Here.Suspends) {
      if (Here.Op.Cancel == Guarantee::Unknown)
        AnyUnknown = true;
      if (Here.Cuts && (!Cut || before(Here, *Cut)))
        Cut = &Here;
      if (Here.Op.Data == Payload::Consumes || Here.Op.Data == Payload::Commits)
        AnyTaken = true;
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
    const FunctionModel *Model = U.models().function(Callee);
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
  bool AnyUnknown = false, AnyTaken = false, GivenUp = false;
};

/// The calls of one body, without those of its lambdas.
static llvm::SmallVector<const CallExpr *, 16> callsIn(const Stmt *Body) {
  llvm::SmallVector<const CallExpr *, 16> All;
  walk(Body, [&](const Stmt *S) {
    if (const auto *Call = dyn_cast<CallExpr>(S))
      All.push_back(Call);
    return WalkInto::Children;
  });
  return All;
}

/// Is the end of the body reached other than by throwing?
static bool mayReturn(const Flow &F) {
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

CancellationSummary Cancellations::compute(const FunctionDecl *Function) {
  CancellationSummary Summary;
  const Flow *F = U.flow(Function);
  if (!F)
    return Summary;
  const llvm::SmallVector<const CallExpr *, 16> Calls = callsIn(F->body());
  if (U.coroutine(Function)) {
    Body Analysis(*this, *F);
    for (const CallExpr *Call : Calls)
      if (const FunctionModel *Model =
              U.models().function(Call->getDirectCallee());
          Model && Model->ChangesCancellation)
        Analysis.giveUp();
    FlowStates<Held> States = runForward<Held>(F->cfg(), Analysis);
    Summary = Analysis.result(States.Complete);
    Summary.MayReturn = mayReturn(*F);
  }
  for (const CallExpr *Call : Calls)
    for (const CallUse &Use : uses(Call)) {
      SummaryUse Exported{exported(Use.Object, Function), Use.Use};
      if (Exported.Object.Parameter == SummaryObject::None)
        continue;
      bool Listed = llvm::any_of(Summary.Uses, [&](const SummaryUse &One) {
        return One.Use == Exported.Use &&
               One.Object.Parameter == Exported.Object.Parameter &&
               One.Object.Variable == Exported.Object.Variable &&
               One.Object.Members == Exported.Object.Members;
      });
      if (!Listed && Summary.Uses.size() < MaxUses)
        Summary.Uses.push_back(std::move(Exported));
    }
  return Summary;
}

const CancellationSummary &Cancellations::of(const FunctionDecl *Function) {
  const FunctionDecl *Definition = nullptr;
  if (Function->hasBody(Definition))
    Function = Definition;
  auto [It, New] = Known.try_emplace(Function);
  if (!New) // in the middle of a recursion this is the unknown summary
    return *It->second;
  auto Owned = std::make_unique<CancellationSummary>();
  CancellationSummary *Slot = Owned.get();
  It->second = std::move(Owned);
  *Slot = compute(Function);
  return *Slot;
}

} // namespace coro
