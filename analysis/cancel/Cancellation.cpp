//===- Cancellation.cpp - What is left of a cancelled operation -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/Cancellation.h"
#include "analysis/ast/Walk.h"
#include "analysis/cancel/CancellationBody.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

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

const Expr *modelledArgument(const CallExpr *Call, llvm::StringRef Object) {
  unsigned Index;
  if (Object == "this")
    return implicitObject(Call);
  return Object.getAsInteger(10, Index) ? nullptr : argument(Call, Index);
}

ObjectPath modelledObject(const CallExpr *Call, llvm::StringRef Object) {
  const Expr *E = modelledArgument(Call, Object);
  return E ? resolveObject(E) : ObjectPath();
}

const Expr *handedOnTask(Unit &U, const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee || !U.models().libraryOf(Callee) || !U.taskType(Call->getType()))
    return nullptr;
  const FunctionModel *Model = U.models().callee(Call);
  if (Model && (Model->Select || Model->Operation))
    return nullptr;
  if (Model && Model->TaskArgument)
    return argument(Call, *Model->TaskArgument);
  const Expr *Task = nullptr;
  auto Look = [&](const Expr *E) {
    if (!U.taskType(E->getType().getNonReferenceType()))
      return true;
    return !std::exchange(Task, E);
  };
  if (const Expr *Object = implicitObject(Call); Object && !Look(Object))
    return nullptr;
  for (unsigned I = firstArgument(Call); I < Call->getNumArgs(); ++I)
    if (!Look(Call->getArg(I)))
      return nullptr;
  return Task;
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

llvm::SmallVector<CallUse, 4> Cancellations::uses(const CallExpr *Call) {
  llvm::SmallVector<CallUse, 4> Uses;
  const FunctionDecl *Callee = Call->getDirectCallee();
  const FunctionModel *Model = U.models().callee(Call);
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
  if (Callee && !Callee->hasBody(Definition) && !Alone && of(Callee).Awaitable)
    Definition = Callee;
  if (Definition && U.isUserCode(Definition->getLocation())) {
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
const CallExpr *operationCall(const Expr *E, unsigned Depth) {
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
  // cancellable(operation, canceller)
  if (const auto *Pair = dyn_cast<CXXConstructExpr>(E);
      Pair && Pair->getNumArgs() == 2)
    return dyn_cast_or_null<CallExpr>(stripTransfers(Pair->getArg(0)));
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
  if (const Expr *Task = handedOnTask(U, Call))
    return describe(Task);
  if (Model && Model->Operation) {
    const OperationModel &Facts = *Model->Operation;
    Op.Cancel = Facts.Cancel;
    Op.Data = Facts.Data;
    Op.Object = modelledObject(Call, Facts.Object);
    Op.WaitsOnly = Facts.Data == Payload::Readiness;
    Op.SingleShot =
        Facts.Cancel == Guarantee::Total || Facts.Cancel == Guarantee::Ignores;
    Op.Queues = Facts.Queue;
    // A range of endpoints, the rounds of a handshake.
    Op.Composed =
        Facts.Cancel == Guarantee::Partial && Facts.Data == Payload::None;
    if (Facts.Message && Facts.Data == Payload::Commits) {
      Op.To = Op.Object;
      Op.Sent.append(Call->arg_begin() + firstArgument(Call), Call->arg_end());
    }
    if (Facts.Transaction)
      Op.SingleShot = false;
    else if (Facts.Message && Facts.Data == Payload::Consumes) {
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
  if (!Op.Callee->hasBody(Definition))
    Definition = Op.Callee;
  if (!U.isUserCode(Definition->getLocation()))
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
  Op.Composed = Summary.Composed;
  Op.To = atCall(Summary.To, Call);
  for (int Parameter : Summary.Sends)
    if (const Expr *Argument = argument(Call, Parameter))
      Op.Sent.push_back(Argument);
  if (Op.How != Loss::None) {
    Op.Operation = Summary.Operation;
    Op.Steps = Summary.Steps;
  }
  return Op;
}

const ValueDecl *resultVariable(const Flow &F,
                                const CoroutineSuspendExpr *Await) {
  auto Assigned = [&](const Expr *Left) -> const ValueDecl * {
    ObjectPath Path = resolveObject(Left);
    return Path.isOwnedBy(F.function()) && Path.Members.empty() ? Path.Variable
                                                                : nullptr;
  };
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
                 ? Assigned(Assignment->getLHS())
                 : nullptr;
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Parent))
      return Operator->getOperator() == OO_Equal ? Assigned(Operator->getArg(0))
                                                 : nullptr;
    if (!isa<CXXConstructExpr>(Parent))
      return nullptr;
    S = Parent;
  }
  return nullptr;
}

/// Is there a conversion to bool that has to be asked for?
static bool tellsSuccess(QualType Type) {
  const CXXRecordDecl *Record =
      Type.getNonReferenceType()->getAsCXXRecordDecl();
  return Record && Record->hasDefinition() &&
         llvm::any_of(Record->getVisibleConversionFunctions(),
                      [](const NamedDecl *Found) {
                        const auto *Conversion = dyn_cast<CXXConversionDecl>(
                            Found->getUnderlyingDecl());
                        return Conversion &&
                               Conversion->getConversionType()->isBooleanType();
                      });
}

llvm::SmallVector<const VarDecl *, 2>
errorVariables(const AwaitedOperation &Op) {
  llvm::SmallVector<const VarDecl *, 2> Errors;
  if (Op.Call && Op.Call->getNumArgs() > 0)
    walk(Op.Call->getArg(Op.Call->getNumArgs() - 1), [&](const Stmt *S) {
      if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
        if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
            Variable && !Variable->getType().isConstQualified() &&
            tellsSuccess(Variable->getType()))
          Errors.push_back(Variable);
      return WalkInto::Children;
    });
  return Errors;
}

bool returnsErrors(const CoroutineSuspendExpr *Await,
                   const AwaitedOperation &Op) {
  return !errorVariables(Op).empty() || holdsError(Await->getType());
}

bool holdsError(QualType Result) {
  if (tellsSuccess(Result))
    return true;
  // tuple<error, …>
  const auto *Tuple = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Result.getNonReferenceType()->getAsCXXRecordDecl());
  if (!Tuple || Tuple->getTemplateArgs().size() == 0)
    return false;
  TemplateArgument First = Tuple->getTemplateArgs()[0];
  if (First.getKind() == TemplateArgument::Pack && First.pack_size() > 0)
    First = *First.pack_begin();
  return First.getKind() == TemplateArgument::Type &&
         tellsSuccess(First.getAsType());
}

bool progressIsSeen(const Flow &F, const CoroutineSuspendExpr *Await,
                    const AwaitedOperation &Op) {
  if (!Op.Call || Op.Call->getNumArgs() == 0)
    return false;
  const ValueDecl *Variable = resultVariable(F, Await);
  if (const auto *Pair = dyn_cast_or_null<DecompositionDecl>(Variable)) {
    bool First = true;
    for (const BindingDecl *Binding : Pair->bindings()) {
      if (!First && Binding->isReferenced())
        return true;
      First = false;
    }
    return false;
  }
  return returnsErrors(Await, Op) && Variable && Variable->isReferenced();
}

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

CancellationSummary Cancellations::compute(const FunctionDecl *Function) {
  CancellationSummary Summary;
  if (!Function->hasBody())
    return elsewhere(Function);
  const Flow *F = U.flow(Function);
  if (!F)
    return Summary;
  const llvm::SmallVector<const CallExpr *, 16> Calls = callsIn(F->body());
  if (U.coroutine(Function))
    Summary = summarizeBody(*this, U, *F);
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
  // What lies deeper than anybody follows is unknown, until it is asked for
  // from nearer.
  static const CancellationSummary TooDeep;
  constexpr unsigned MaxDepth = 200;
  if (New && Depth >= MaxDepth) {
    Known.erase(It);
    return TooDeep;
  }
  // In the middle of a recursion this is the unknown summary.
  if (New)
    It->second = std::make_unique<CancellationSummary>();
  CancellationSummary *Slot = It->second.get();
  if (New) {
    const FunctionDecl *Outer = std::exchange(Current, Function);
    ++Depth;
    *Slot = compute(Function);
    --Depth;
    Current = Outer;
  }
  if (Alone && Current) {
    Functions &Mine = Needed[Current];
    const Functions &Theirs = Needed[Function];
    Mine.insert(Theirs.begin(), Theirs.end());
  }
  return *Slot;
}

} // namespace coro
