//===- Select.cpp - Awaits that end with the first of several -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/Select.h"
#include "analysis/ast/Walk.h"
#include "analysis/cancel/AfterSelect.h"
#include "analysis/cancel/CancellationBody.h"
#include "analysis/cancel/SelectResult.h"
#include "analysis/cancel/SelectRounds.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

//===----------------------------------------------------------------------===//
// All selects of a unit
//===----------------------------------------------------------------------===//

static void flatten(Unit &U, const CallExpr *Call, const FunctionModel *Model,
                    SelectSite &Site) {
  auto Add = [&](const Expr *Argument) {
    if (const auto *Inner = dyn_cast<CallExpr>(stripTransfers(Argument)))
      if (U.models().callee(Inner) == Model &&
          isa<CXXOperatorCallExpr>(Inner)) {
        flatten(U, Inner, Model, Site);
        return;
      }
    Site.Branches.push_back(Argument);
  };
  const std::vector<std::string> &Listed = Model->Select->Branches;
  // Executors, stop sources and random numbers are no branches; what stands for
  // an operation together with its canceller is one.
  auto IsAwaitable = [&](const Expr *E) {
    return U.taskType(E->getType().getNonReferenceType()) != nullptr;
  };
  if (Listed.empty())
    for (const Expr *Argument : Call->arguments()) {
      const CallExpr *Operation =
          isa_and_nonnull<CXXConstructExpr>(stripTransfers(Argument))
              ? operationCall(Argument)
              : nullptr;
      if (IsAwaitable(Argument) || (Operation && IsAwaitable(Operation)))
        Add(Argument);
    }
  for (const std::string &One : Listed)
    if (const Expr *Argument = modelledArgument(Call, One))
      Add(Argument);
}

/// The call of a combinator that \p Operand is or hands on, and its model.
static std::pair<const CallExpr *, const FunctionModel *>
combinator(Unit &U, const Expr *Operand, unsigned Depth = 0) {
  const CallExpr *Call = operationCall(Operand);
  if (!Call || Depth > 4)
    return {};
  const FunctionModel *Model = U.models().callee(Call);
  if (Model && Model->Select && !Model->Select->Token)
    return {Call, Model};
  if (const Expr *Task = handedOnTask(U, Call))
    return combinator(U, Task, Depth + 1);
  return {};
}

/// The completion token of \p Call that limits its time, or null.
static const FunctionModel *
limitingToken(const Models &Known, const CallExpr *Call, unsigned Depth = 0) {
  if (Call->getNumArgs() == 0 || Depth > 3)
    return nullptr;
  // cancel_after(1s, token), as_tuple(cancel_after(1s)): the last argument of
  // the operation, or any of what that is made of.
  for (unsigned I = Call->getNumArgs(); I-- > 0;) {
    const auto *Token =
        dyn_cast_or_null<CallExpr>(stripTransfers(Call->getArg(I)));
    if (Token) {
      const FunctionModel *Model = Known.callee(Token);
      if (Model && Model->Select && Model->Select->Token)
        return Model;
      if ((Model = limitingToken(Known, Token, Depth + 1)))
        return Model;
    }
    if (Depth == 0 && !isa<CXXDefaultArgExpr>(Call->getArg(I)))
      break;
  }
  return nullptr;
}

/// Sets where \p Site goes on after a branch lost, if it throws then.
static void findHandlers(const Flow &F, SelectSite &Site) {
  const SelectModel &Select = *Site.Model->Select;
  if (!Select.Deadline || Site.Operations.empty())
    return;
  // A wrapper around it hands the error on as a value.
  Site.Throws = Select.DropsResults
                    ? operationCall(Site.Await->getOperand()) == Site.Call
                    : !returnsErrors(Site.Await, Site.Operations.front());
  const Stmt *Inside = Site.Await;
  for (const Stmt *S = F.parent(Inside); S; Inside = S, S = F.parent(S))
    if (const auto *Try = dyn_cast<CXXTryStmt>(S);
        Try && Try->getTryBlock() == Inside) {
      Site.Try = Try;
      return;
    }
}

/// Does a handler of \p Site go on, other than by leaving or by closing
/// \p Object?
static bool handlerGoesOn(Cancellations &Guarantees, const SelectSite &Site,
                          const ObjectPath &Object) {
  auto Ends = [&](const Stmt *S) {
    if (isa<ReturnStmt, CoreturnStmt, CXXThrowExpr, BreakStmt, GotoStmt>(S))
      return true;
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call)
      return false;
    if (const FunctionDecl *Callee = Call->getDirectCallee();
        Callee && Callee->isNoReturn())
      return true;
    return llvm::any_of(Guarantees.uses(Call), [&](const CallUse &Use) {
      return Use.Use == ObjectUse::Closes && Use.Object.overlaps(Object);
    });
  };
  for (unsigned I = 0; Site.Try && I < Site.Try->getNumHandlers(); ++I)
    if (!contains(Site.Try->getHandler(I)->getHandlerBlock(), Ends))
      return true;
  return false;
}

Selects::Selects(Unit &U) : U(U), Guarantees(U.shared<Cancellations>()) {
  for (const Coroutine *C : U.coroutines())
    if (const Flow *F = U.flow(C->Function))
      collect(C->Function, *F);
}

void Selects::collect(const FunctionDecl *Function, const Flow &F) {
  for (const CoroutineSuspendExpr *Await : F.suspensions()) {
    if (!isa<CoawaitExpr>(Await))
      continue;
    auto Site = std::make_unique<SelectSite>();
    Site->Function = Function;
    Site->Await = Await;
    std::tie(Site->Call, Site->Model) = combinator(U, Await->getOperand());
    if (Site->Call) {
      flatten(U, Site->Call, Site->Model, *Site);
    } else {
      Site->Call = operationCall(Await->getOperand());
      Site->Model =
          Site->Call ? limitingToken(U.models(), Site->Call) : nullptr;
      if (!Site->Model)
        continue;
      Site->Branches.push_back(Site->Call);
    }
    for (const Expr *Branch : Site->Branches)
      Site->Operations.push_back(Guarantees.describe(Branch));
    findHandlers(F, *Site);
    judge(*Site, F);
    Sites.push_back(std::move(Site));
  }
}

/// Can something end the select while \p Branch is still busy?
static Confidence canLose(const SelectSite &Site, unsigned Branch) {
  if (Site.Model->Select->Deadline)
    return Confidence::High;
  Confidence Sure = Confidence::Low;
  for (unsigned I = 0; I < Site.Operations.size(); ++I) {
    if (I == Branch)
      continue;
    const AwaitedOperation &Other = Site.Operations[I];
    if (!Other.MayReturn)
      continue;
    // A coroutine of which nothing is known may be an endless loop.
    bool Known = Other.Cancel != Guarantee::Unknown;
    Sure = std::max(Sure, Known ? Confidence::High : Confidence::Medium);
  }
  return Sure;
}

/// What awaiting \p Branch gives; null if that is not known.
static QualType resultType(const Expr *Branch) {
  const CXXMethodDecl *Resume =
      findMethod(Branch->getType().getNonReferenceType()->getAsCXXRecordDecl(),
                 "await_resume");
  return Resume ? Resume->getReturnType().getNonReferenceType() : QualType();
}

/// Does awaiting \p Branch give more than an error? A message without content
/// is a signal, and whoever waits for one usually looks at a state.
static bool carriesValue(const Expr *Branch) {
  QualType Result = resultType(Branch);
  if (Result.isNull())
    return true;
  if (Result->isVoidType())
    return false;
  const auto *Tuple = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Result->getAsCXXRecordDecl());
  // tuple<error>
  return !Tuple || Tuple->getTemplateArgs().size() != 1 ||
         Tuple->getTemplateArgs()[0].getKind() != TemplateArgument::Pack ||
         Tuple->getTemplateArgs()[0].pack_size() != 1;
}

/// Does the function take the message of \p Branch out of the result of
/// \p Site, rather than only the error that comes with it?
static bool looksAtMessage(const Unit &U, const Flow &F, const SelectSite &Site,
                           unsigned Branch) {
  ResultTests Tests(U.ast(), Site.Await, Site.Branches.size());
  Tests.findVariables(F);
  return contains(F.body(), [&](const Stmt *S) {
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call)
      return false;
    const Verdict Says = Tests.whenEvaluated(Call);
    if (Says.What != Verdict::Won || Says.Branch != Branch)
      return Says.What == Verdict::Nothing && Tests.visits(Call);
    // get<1>(result).error()
    const auto *Member = dyn_cast_or_null<MemberExpr>(F.semanticParent(Call));
    const auto *Asked =
        Member ? dyn_cast_or_null<CXXMemberCallExpr>(F.semanticParent(Member))
               : nullptr;
    return !Asked ||
           !(Asked->getType()->isBooleanType() || holdsError(Asked->getType()));
  });
}

/// Is \p Branch a signal to stop: it gives its errors as values, of which a
/// closed channel is one, and when it wins, nobody looks at the message and the
/// select is not reached again? A channel that is closed says so to each who
/// asks, and nothing is lost.
static bool isStopSignal(Unit &U, const Flow &F, const SelectSite &Site,
                         unsigned Branch) {
  QualType Result = resultType(Site.Branches[Branch]);
  if (errorVariables(Site.Operations[Branch]).empty() &&
      (Result.isNull() || !holdsError(Result)))
    return false;
  LosingBranch Winner;
  Winner.Branch = Branch;
  Winner.Wins = true;
  LosingPaths Paths = followLoser(U, F, Site, Winner);
  return Paths.Complete && !Paths.ComesBack &&
         !looksAtMessage(U, F, Site, Branch);
}

/// What was moved into a branch that sends it, of which there is no other copy.
static ObjectPath movedIn(const AwaitedOperation &Op) {
  for (const Expr *Sent : Op.Sent) {
    if (!isMove(Sent))
      continue;
    ObjectPath Path = resolveObject(Sent);
    const CXXRecordDecl *Record = Sent->getType()->getAsCXXRecordDecl();
    if (!Path || !Path.Exact || !Record || !Record->hasDefinition() ||
        Record->isTriviallyCopyable())
      continue;
    // `auto copy = message; send(std::move(copy))`
    const auto *Variable = dyn_cast_or_null<VarDecl>(Path.Variable);
    if (Path.Members.empty() && Variable && Variable->hasInit())
      if (const auto *Copy =
              dyn_cast<CXXConstructExpr>(Variable->getInit()->IgnoreImplicit());
          Copy && Copy->getConstructor()->isCopyConstructor() &&
          Copy->getNumArgs() > 0 && Copy->getArg(0)->isLValue())
        continue;
    return Path;
  }
  return {};
}

/// Adds \p Finding, without the use that it lacks, if a caller of its function
/// calls that again for the same object, whatever it was told.
void Selects::askCallers(SelectFinding Finding, Payload Data) {
  const FunctionDecl *Function = Finding.Site->Function;
  const SummaryObject Object = exported(Finding.Object, Function);
  if (Object.Parameter == SummaryObject::None)
    return;
  for (const CallSite &Caller : U.callers(Function)) {
    const Flow *F =
        U.coroutine(Caller.Caller) ? U.flow(Caller.Caller) : nullptr;
    const auto *Call = dyn_cast<CallExpr>(Caller.Call);
    if (!F || !Call)
      continue;
    for (const CoroutineSuspendExpr *Await : F->suspensions()) {
      if (!isa<CoawaitExpr>(Await) ||
          operationCall(Await->getOperand()) != Call)
        continue;
      // To its caller, the function is a select with one branch.
      SelectSite Whole;
      Whole.Function = Caller.Caller;
      Whole.Call = Call;
      Whole.Await = Await;
      Whole.Model = Finding.Site->Model;
      Whole.Branches.push_back(Call);
      Whole.Operations.emplace_back();
      LosingBranch Loser;
      Loser.Object = Guarantees.atCall(Object, Call);
      Loser.Again =
          Data == Payload::Commits ? ObjectUse::Puts : ObjectUse::Takes;
      if (!Loser.Object || !Loser.Object.Exact)
        continue;
      LosingPaths Paths = followLoser(U, *F, Whole, Loser);
      if (!Paths.Complete || !Paths.UsedAgain || !Paths.NextRound ||
          Paths.Sure != Confidence::High)
        continue;
      Finding.UsedAgain = Paths.Use;
      Findings.push_back(std::move(Finding));
      return;
    }
  }
}

void Selects::judge(const SelectSite &Site, const Flow &F) {
  const SelectModel &Select = *Site.Model->Select;
  for (unsigned I = 0; I < Site.Operations.size(); ++I) {
    const AwaitedOperation &Op = Site.Operations[I];
    // It goes on, and is awaited again when its owner likes.
    if (Select.LvaluesSurvive && Site.Branches[I]->isLValue())
      continue;
    const Confidence Sure = canLose(Site, I);
    auto Follow = [&](SelectReason Reason, const ObjectPath &Object,
                      Payload Data, Confidence Limit) {
      if (!Object || !Object.Exact ||
          (Site.Throws && !handlerGoesOn(Guarantees, Site, Object)))
        return;
      LosingBranch Loser;
      Loser.Branch = I;
      Loser.Object = Object;
      Loser.Again =
          Data == Payload::Commits ? ObjectUse::Puts : ObjectUse::Takes;
      LosingPaths Paths = followLoser(U, F, Site, Loser);
      SelectFinding Found;
      Found.Site = &Site;
      Found.Branch = I;
      Found.Reason = Reason;
      Found.Object = Object;
      if (Paths.Complete && !Paths.UsedAgain && Paths.Returns &&
          Reason != SelectReason::PayloadMovedIn) {
        Found.Sure = std::min({Paths.ReturnSure, Sure, Limit});
        askCallers(std::move(Found), Data);
        return;
      }
      if (!Paths.Complete || !Paths.UsedAgain)
        return;
      Found.UsedAgain = Paths.Use;
      Found.NextRound = Paths.NextRound;
      Found.Sure = std::min({Paths.Sure, Sure, Limit});
      if (Reason == SelectReason::PayloadMovedIn) {
        Found.Moved = movedIn(Op);
        // Is what was moved from sent again?
        Loser.Object = Found.Moved;
        LosingPaths Back = followLoser(U, F, Site, Loser);
        Found.SentEmpty = Back.Complete && Back.ComesBack &&
                          Found.Moved.Root == PathRoot::Variable &&
                          Back.BackSure == Confidence::High;
        // Who asked knows that it was not sent, and may mean to drop it.
        if (!Found.SentEmpty && !Paths.Unasked)
          Found.Sure = std::min(Found.Sure, Confidence::Medium);
      }
      Findings.push_back(std::move(Found));
    };
    const bool Abandoned = Select.Losers == LoserFate::Abandoned;
    // It goes on, and its owner has it still.
    if (Abandoned && !Select.DropsResults)
      continue;
    if (Select.Losers == LoserFate::Awaited) {
      // It runs to its end: only its result may be lost.
    } else if (Op.How == Loss::Progress) {
      if (!Select.DropsResults && progressIsSeen(F, Site.Await, Op))
        continue;
      Follow(Op.Cancel == Guarantee::Partial ? SelectReason::PartialProgress
                                             : SelectReason::TerminalThenReused,
             Op.Object, Op.Data, Confidence::High);
      continue;
    } else if (Op.How == Loss::InFrame && !Abandoned) {
      Follow(SelectReason::PayloadInFrame, Op.Object, Op.Data,
             Confidence::High);
      continue;
    }
    if (Select.DropsResults && Op.ReturnsMessage &&
        carriesValue(Site.Branches[I])) {
      Follow(SelectReason::DiscardedResult, Op.From, Payload::Consumes,
             isStopSignal(U, F, Site, I) ? Confidence::Low : Confidence::High);
    } else if (Select.DropsResults && Op.SingleShot &&
               Op.Data == Payload::Consumes) {
      // It needs a coincidence, and what is lost is often sent again.
      Follow(SelectReason::DiscardedResult, Op.Object, Payload::Consumes,
             Abandoned ? Confidence::Medium : Confidence::Low);
    } else if (!Abandoned && Op.To && movedIn(Op)) {
      Follow(SelectReason::PayloadMovedIn, Op.To, Payload::Commits,
             Confidence::High);
    } else if (!Site.Throws) {
      judgeRounds(U, F, Site, I, Findings);
    }
  }
}

} // namespace coro
