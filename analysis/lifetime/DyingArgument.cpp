//===- DyingArgument.cpp - Calls that let an argument die -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/DyingArgument.h"
#include "analysis/ast/Walk.h"
#include "analysis/index/Index.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace coro {

/// Every call that is evaluated, with the function that does.
static void forEachCall(
    Unit &U,
    llvm::function_ref<void(const CallExpr *Call, const FunctionDecl *Caller)>
        Do) {
  for (const FunctionDecl *Caller : U.functions())
    if (const Flow *F = U.flow(Caller))
      F->forEachStatement([&](const Stmt *S) {
        if (const auto *Call = dyn_cast<CallExpr>(S))
          Do(Call, Caller);
      });
}

DyingArguments::DyingArguments(Unit &U)
    : U(U), Late(U.shared<LateUses>()), Lives(U.shared<TaskLives>()) {
  for (const TaskLives::Made &Made : Lives.all()) {
    for (Slot What = ObjectSlot; What < int(Made.Callee->getNumParams());
         ++What)
      judge(Made, What);
    if (const FunctionModel *Model = U.models().callee(Made.Call);
        Model && Model->Callable == CallableUse::RunsHere)
      judgeCallables(Made);
  }
  forEachCall(U, [&](const CallExpr *Call, const FunctionDecl *Caller) {
    judgeCaptures(Call, Caller);
  });
}

/// The lambda whose closure \p Call binds to \p What, or null.
static const LambdaExpr *closureOf(const CallExpr *Call, Slot What, Unit &U) {
  const Expr *Argument = argumentOf(Call, What);
  if (!Argument)
    return nullptr;
  if (const auto *Lambda = dyn_cast<LambdaExpr>(
          Argument->IgnoreImplicit()->IgnoreParenImpCasts()->IgnoreImplicit()))
    return Lambda;
  const CXXRecordDecl *Record = Argument->getType()->getAsCXXRecordDecl();
  if (!Record || !Record->isLambda())
    return nullptr;
  // A generic lambda has a call operator for each instantiation.
  if (const LambdaExpr *Lambda = U.lambda(Call->getDirectCallee()))
    if (Lambda->getLambdaClass() == Record)
      return Lambda;
  return U.lambda(Record->getLambdaCallOperator());
}

static bool hasCaptures(const LambdaExpr *Lambda) {
  return Lambda->capture_size() != 0;
}

void DyingArguments::judge(const TaskLives::Made &Made, Slot What) {
  // Cheap tests first: most calls are awaited at once.
  switch (Made.Life.What) {
  case Fate::Unknown:
  case Fate::Awaited:
  case Fate::RunHere:
    return;
  default:
    break;
  }
  const auto *Method = dyn_cast<CXXMethodDecl>(Made.Callee);
  if (Method && Method->isExplicitObjectMemberFunction() && What == 0)
    return; // the same as ObjectSlot
  DyingArgument D;
  D.Life = lifeOfSlot(Made.Call, What, U.models());
  if (!D.Life.diesWithFunction())
    return;
  if (Made.Callee->hasBody()) {
    std::optional<LateUse> Use = Late.find(Made.Callee, What);
    if (!Use)
      return;
    D.Use = *Use;
  } else {
    D.Beyond = U.index().task(Made.Callee);
    D.UseBeyond = D.Beyond ? D.Beyond->lateUse(What) : nullptr;
    if (!D.UseBeyond)
      return;
  }
  D.Call = Made.Call;
  D.Caller = Made.Caller;
  D.Callee = Made.Callee;
  D.What = What;
  D.Task = Made.Life;
  D.Later = Made.Life.Where;
  // A closure that is given to another unit is converted on the way.
  if (!D.UseBeyond)
    D.Closure = closureOf(Made.Call, What, U);
  if (D.Closure && !hasCaptures(D.Closure))
    return;
  // What the function says of closures that it is given.
  if (D.Closure && What != ObjectSlot)
    if (const FunctionModel *Model = U.models().callee(Made.Call);
        Model && Model->Callable == CallableUse::Keeps)
      return;
  if (D.Life.Where == ArgumentStorage::Temporary ? judgeTemporary(D)
                                                 : judgeLocal(D))
    All.push_back(D);
}

/// The body of \p Lambda: of a generic one that of its first instantiation.
static const FunctionDecl *bodyOf(const LambdaExpr *Lambda) {
  const FunctionDecl *Body = Lambda->getCallOperator();
  if (FunctionTemplateDecl *Template = Body->getDescribedFunctionTemplate())
    return Template->spec_begin() == Template->spec_end()
               ? nullptr
               : *Template->spec_begin();
  return Body;
}

/// \p E as a lambda that is written in place, or null.
static const LambdaExpr *asLambda(const Expr *E) {
  return dyn_cast<LambdaExpr>(
      E->IgnoreImplicit()->IgnoreParenImpCasts()->IgnoreImplicit());
}

/// A function that calls what it is given and hands its task on: the closure
/// is a temporary of the call.
void DyingArguments::judgeCallables(const TaskLives::Made &Made) {
  if (Made.Life.What == Fate::Unknown || Made.Life.What == Fate::Awaited ||
      Made.Life.What == Fate::RunHere)
    return;
  for (const Expr *Argument : Made.Call->arguments()) {
    const LambdaExpr *Lambda = asLambda(Argument);
    const FunctionDecl *Body =
        Lambda && hasCaptures(Lambda) ? bodyOf(Lambda) : nullptr;
    std::optional<LateUse> Use =
        Body ? Late.find(Body, ObjectSlot) : std::nullopt;
    if (!Use)
      continue;
    DyingArgument D;
    D.Call = Made.Call;
    D.Caller = Made.Caller;
    D.Callee = Body;
    D.Life = {ArgumentStorage::Temporary, nullptr, Argument};
    D.Task = Made.Life;
    D.Use = *Use;
    D.Later = Made.Life.Where;
    D.Closure = Lambda;
    if (judgeTemporary(D))
      All.push_back(D);
  }
}

/// What \p Capture refers to, if that is not a part of the closure.
static ArgumentLife lifeOfCapture(const LambdaCapture &Capture,
                                  const Models &Known) {
  const auto *Variable = dyn_cast<VarDecl>(Capture.getCapturedVar());
  if (!Variable)
    return {};
  if (Variable->isInitCapture()) {
    RefersBy By = refersBy(Variable->getType(), Known);
    return Variable->getInit() && By != RefersBy::Nothing
               ? lifeOfArgument(Variable->getInit(), By, Known)
               : ArgumentLife();
  }
  if (Capture.getCaptureKind() != LCK_ByRef || !Variable->hasLocalStorage() ||
      Variable->getType()->isReferenceType())
    return {};
  return {isa<ParmVarDecl>(Variable) ? ArgumentStorage::Parameter
                                     : ArgumentStorage::Local,
          Variable, nullptr};
}

void DyingArguments::judgeCaptures(const CallExpr *Call,
                                   const FunctionDecl *Caller) {
  for (const Expr *Argument : Call->arguments()) {
    const CXXRecordDecl *Class = Argument->getType()->getAsCXXRecordDecl();
    const LambdaExpr *Lambda = Class && Class->isLambda()
                                   ? U.lambda(Class->getLambdaCallOperator())
                                   : nullptr;
    const Coroutine *C = Lambda && hasCaptures(Lambda) && bodyOf(Lambda)
                             ? U.coroutine(bodyOf(Lambda))
                             : nullptr;
    if (!C)
      continue;
    TaskLife Task = Lives.ofClosure(Call, Argument, Caller);
    if (Task.What == Fate::Unknown || Task.What == Fate::Awaited ||
        Task.What == Fate::RunHere)
      continue;
    for (const LambdaCapture &Capture : Lambda->captures()) {
      if (!Capture.capturesVariable())
        continue;
      DyingArgument D;
      D.Life = lifeOfCapture(Capture, U.models());
      // The closure may come from somewhere else, as a parameter.
      bool IsOurs = D.Life.diesWithFunction() && D.Life.Variable &&
                    D.Life.Variable->getParentFunctionOrMethod() == Caller;
      std::optional<LateUse> Use =
          IsOurs ? Late.ofCapture(*C, Capture.getCapturedVar()) : std::nullopt;
      if (!Use)
        continue;
      D.Call = Call;
      D.Caller = Caller;
      D.Callee = C->Function;
      D.Task = Task;
      D.Use = *Use;
      D.Later = Task.Where;
      D.Closure = Lambda;
      D.Captured = Capture.getCapturedVar();
      if (judgeLocal(D))
        Captures.push_back(D);
    }
  }
}

/// \returns whether \p Use does something with the kept task that lets it run.
static bool letsRun(const KeptUse &Use) {
  switch (Use.Then.What) {
  case Fate::Awaited:
  case Fate::RunHere:
  case Fate::Returned:
  case Fate::Spawned:
  case Fate::Stored:
    return true;
  default:
    return false;
  }
}

bool DyingArgument::isAfterSuspension() const {
  return UseBeyond ? bool(UseBeyond->Suspended) : Use.Suspended != nullptr;
}

/// Does a task that is dropped go on by itself?
bool DyingArguments::goesOnAlone(const DyingArgument &D, bool &Survives) const {
  if (!D.isAfterSuspension())
    return false;
  if (D.Beyond) {
    Survives = D.Beyond->Facts & TaskSummary::SurvivesDrop;
    return D.Beyond->Facts & TaskSummary::Eager;
  }
  const Coroutine *C = U.coroutine(D.Use.In);
  if (!C || !C->isEager())
    return false;
  Survives = C->Task->SurvivesDrop;
  return true;
}

bool DyingArguments::judgeTemporary(DyingArgument &D) {
  auto GoesOnAlone = [&] {
    bool Survives = false;
    if (!goesOnAlone(D, Survives))
      return false;
    D.Sure = Survives ? Confidence::High : Confidence::Medium;
    D.Later = nullptr;
    return true;
  };
  switch (D.Task.What) {
  case Fate::Kept: {
    bool Any = false, Sure = false;
    for (const KeptUse &Use : Lives.usesOf(D.Task.Variable, D.Caller)) {
      if (Lives.contains(Use.Mention, D.Call, D.Caller) ||
          Lives.contains(D.Task.Where, Use.Mention, D.Caller) ||
          Use.Then.What == Fate::Dropped)
        continue;
      if (letsRun(Use) && !Sure) {
        Sure = true;
        D.Later = Use.Then.Where;
      }
      if (!Any && !Sure)
        D.Later = Use.Mention;
      Any = true;
    }
    if (!Any)
      return GoesOnAlone();
    // Whoever fills a container of tasks means to run them.
    bool Container = !U.taskType(D.Task.Variable->getType());
    D.Sure = Sure || Container ? Confidence::High : Confidence::Medium;
    return true;
  }
  case Fate::Spawned:
    // Spawners that start inline run the body up to its first suspension
    // before the temporary dies: wrong by design, but it works.
    D.Sure = D.isAfterSuspension() ? Confidence::High : Confidence::Medium;
    return true;
  case Fate::Stored:
  case Fate::Returned:
    return true;
  case Fate::Dropped:
    return GoesOnAlone();
  default:
    return false;
  }
}

/// Does the caller, before \p Scope ends, await something that the task was
/// given by reference, too? The task may tell by it that it has ended: a latch,
/// an event, a barrier.
bool DyingArguments::awaitsWhatTaskWasGiven(const DyingArgument &D,
                                            const Stmt *Scope) const {
  const Flow *F = U.flow(D.Caller);
  if (!F || !Scope)
    return false;
  llvm::SmallPtrSet<const ValueDecl *, 4> Given;
  auto Note = [&](const Expr *Argument) {
    Argument = Argument->IgnoreUnlessSpelledInSource();
    if (const auto *Address = dyn_cast<UnaryOperator>(Argument))
      Argument = Address->getSubExpr()->IgnoreUnlessSpelledInSource();
    const auto *Mention = dyn_cast<DeclRefExpr>(Argument);
    const auto *Variable =
        Mention ? dyn_cast<VarDecl>(Mention->getDecl()) : nullptr;
    if (Variable && Variable->hasLocalStorage())
      Given.insert(Variable);
  };
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(D.Call))
    Note(Call->getImplicitObjectArgument());
  for (const Expr *Argument : D.Call->arguments())
    Note(Argument);
  return llvm::any_of(F->suspensions(), [&](const CoroutineSuspendExpr *Wait) {
    return Wait->getOperand() && Lives.contains(Scope, Wait, D.Caller) &&
           F->reaches(D.Call, Wait) &&
           contains(Wait->getOperand(), [&](const Stmt *S) {
             const auto *Mention = dyn_cast<DeclRefExpr>(S);
             return Mention && Given.contains(Mention->getDecl());
           });
  });
}

bool DyingArguments::judgeLocal(DyingArgument &D) {
  const VarDecl *Dies = D.Life.Variable;
  if (!Dies)
    return false;
  auto GoesOn = [&](const Stmt *From) {
    bool Sure =
        D.isAfterSuspension() && Lives.diesUnawaited(Dies, From, D.Caller);
    D.Sure = Sure ? Confidence::High : Confidence::Medium;
    return Sure || !D.Caller->isMain();
  };
  switch (D.Task.What) {
  case Fate::Kept: {
    const Flow *F = U.flow(D.Caller);
    const Stmt *Short = Lives.scopeOf(Dies, D.Caller);
    const Stmt *Long = Lives.scopeOf(D.Task.Variable, D.Caller);
    bool Outlived = Short && Short != Long &&
                    (!Long || Lives.contains(Long, Short, D.Caller));
    std::vector<KeptUse> Uses = Lives.usesOf(D.Task.Variable, D.Caller);
    const Stmt *Later = nullptr;
    for (const KeptUse &Use : Uses) {
      bool Inside = Short && Lives.contains(Short, Use.Mention, D.Caller);
      if (Lives.contains(D.Task.Where, Use.Mention, D.Caller))
        continue;
      if (Outlived && Inside && letsRun(Use))
        return false;
      if (Outlived && !Inside && !Later && F && F->reaches(D.Call, Use.Mention))
        Later = letsRun(Use) ? Use.Then.Where : Use.Mention;
    }
    if (Later) {
      D.Later = Later;
      if (awaitsWhatTaskWasGiven(D, Short))
        D.Sure = Confidence::Medium;
      return true;
    }
    for (const KeptUse &Use : Uses) {
      if (Use.Then.What == Fate::Returned) {
        D.Task = Use.Then;
        D.Later = Use.Then.Where;
        return true;
      }
      if (Use.Then.What == Fate::Spawned || Use.Then.What == Fate::Stored) {
        D.Later = Use.Then.Where;
        D.Task.What = Use.Then.What;
        return GoesOn(Use.Then.Where);
      }
    }
    return false;
  }
  case Fate::Returned:
    return true;
  case Fate::Spawned:
  case Fate::Stored:
    return GoesOn(D.Task.Where);
  case Fate::Dropped: {
    bool Survives = false;
    if (!goesOnAlone(D, Survives) || !GoesOn(D.Call))
      return false;
    if (!Survives)
      D.Sure = Confidence::Medium;
    return true;
  }
  default:
    return false;
  }
}

bool DyingArguments::isSafe(const TaskLives::Made &Made, Slot What) {
  if (Made.Life.What == Fate::Awaited || Made.Life.What == Fate::RunHere)
    return true;
  ArgumentLife Argument = lifeOfSlot(Made.Call, What, U.models());
  if (Argument.Where == ArgumentStorage::Global)
    return true;
  if (Made.Life.What != Fate::Kept)
    return false;
  // Kept beside its arguments and awaited there.
  bool Dies = Made.Callee->hasBody()
                  ? llvm::any_of(All,
                                 [&](const DyingArgument &D) {
                                   return D.Call == Made.Call && D.What == What;
                                 })
                  : Argument.Where == ArgumentStorage::Temporary;
  return !Dies && llvm::all_of(Lives.usesOf(Made.Life.Variable, Made.Caller),
                               [](const KeptUse &Use) {
                                 return Use.Then.What == Fate::Awaited ||
                                        Use.Then.What == Fate::Dropped;
                               });
}

bool DyingArguments::allCallsAreSafe(const FunctionDecl *Function, Slot What) {
  llvm::ArrayRef<CallSite> Calls = U.callers(Function);
  const IndexedCallers *Others = U.index().callers(Function);
  if (Others && !(Others->SafeSlots & CallerSummary::bit(What)))
    return false;
  if (Calls.empty() && !Others)
    return false;
  return llvm::all_of(Calls, [&](const CallSite &Site) {
    const auto *Call = dyn_cast<CallExpr>(Site.Call);
    return Call &&
           isSafe({Call, Site.Caller, Function, Lives.of(Call, Site.Caller)},
                  What);
  });
}

std::string slotName(const FunctionDecl *Function, Slot What) {
  if (What == ObjectSlot)
    return "'*this'";
  const ParmVarDecl *Parameter = Function->getParamDecl(What);
  if (Parameter->getIdentifier())
    return quoted(Parameter);
  return "number " + std::to_string(What + 1);
}

std::string describe(const DyingArgument &D) {
  bool Temporary = D.Life.Where == ArgumentStorage::Temporary;
  std::string Name = "a variable";
  if (!Temporary && D.Life.Variable->getIdentifier())
    Name =
        (D.Life.Where == ArgumentStorage::Parameter ? "the parameter " : "") +
        quoted(D.Life.Variable);
  std::string Ends =
      Temporary ? (D.isReturned() ? ", which dies at the return"
                                  : ", which dies at the end of this statement")
      : D.isReturned() ? ", which dies at the return"
                       : ", which dies with its scope";
  if (D.What == ObjectSlot)
    return (Temporary ? "the temporary" : Name + ", the object") +
           " that it is called on" + Ends;
  return (Temporary ? "the temporary bound to its parameter "
                    : Name + ", bound to its parameter ") +
         slotName(D.Callee, D.What) + Ends;
}

void addPath(Unit &U, const DyingArgument &D, std::vector<ReportNote> &Notes) {
  if (D.Later && D.Later != D.Call) {
    const char *Text = "it is used here";
    switch (D.Task.What) {
    case Fate::Spawned:
      Text = "it is started here, and nothing waits for it";
      break;
    case Fate::Stored:
      Text = "it is put away here";
      break;
    case Fate::Returned:
      Text = "it is returned here";
      break;
    case Fate::Kept:
      if (isa<CoroutineSuspendExpr>(D.Later))
        Text = "the task is awaited here";
      else if (isa<ReturnStmt, CoreturnStmt>(D.Later))
        Text = "the task is returned here";
      else
        Text = "the task is used here";
      break;
    default:
      break;
    }
    Notes.push_back({D.Later->getSourceRange(), Text});
  }
  if (const LateUseSummary *Use = D.UseBeyond) {
    auto Add = [&](const SourcePlace &Where, std::string Text) {
      Notes.push_back(
          elsewhere(U, Where, std::move(Text), D.Call->getSourceRange()));
    };
    if (Use->Suspended)
      Add(Use->Suspended, Use->Shown + " suspends here");
    Add(Use->Use, Use->Meanwhile ? "and what it awaits uses it meanwhile"
                  : Use->Suspended
                      ? "and uses it here, after that"
                      : Use->Shown + " uses it here, once it is started");
    return;
  }
  if (D.Use.Suspended)
    Notes.push_back({D.Use.Suspended->getSourceRange(),
                     quoted(D.Use.In) + " suspends here"});
  std::string Text = quoted(D.Use.In) + " uses it here, once it is started";
  if (D.Use.Meanwhile)
    Text = "and what it awaits uses it meanwhile";
  else if (D.Use.Suspended)
    Text = "and uses it here, after that";
  Notes.push_back({D.Use.Use->getSourceRange(), Text});
}

std::vector<DroppedClosure> droppedClosures(Unit &U) {
  std::vector<DroppedClosure> Found;
  LateUses &Late = U.shared<LateUses>();
  forEachCall(U, [&](const CallExpr *Call, const FunctionDecl *) {
    const FunctionModel *Model = U.models().callee(Call);
    // Who runs it later lets go of it after the call; of what is awaitable, it
    // may wait for the result first.
    bool Later = Model && Model->Callable == CallableUse::RunsElsewhere &&
                 !Call->getDirectCallee()->isInStdNamespace();
    if (!Model || (Model->Callable != CallableUse::DropsEarly && !Later))
      return;
    for (const Expr *Argument : Call->arguments()) {
      const LambdaExpr *Lambda = asLambda(Argument);
      const FunctionDecl *Body =
          Lambda && hasCaptures(Lambda) ? bodyOf(Lambda) : nullptr;
      const Coroutine *C = Body ? U.coroutine(Body) : nullptr;
      if (!Body || (Later && !(C && C->isDetached())))
        continue;
      std::optional<LateUse> Use = Late.find(Body, ObjectSlot);
      if (Use && Use->Suspended)
        Found.push_back({Lambda, Call, *Use});
    }
  });
  return Found;
}

} // namespace coro
