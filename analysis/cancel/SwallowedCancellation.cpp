//===- SwallowedCancellation.cpp - Handlers that eat a cancellation -------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/SwallowedCancellation.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Walk.h"
#include "analysis/cancel/CancelledPaths.h"
#include "analysis/cancel/Select.h"
#include "analysis/unit/Executor.h"
#include "analysis/unit/Suspensions.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

namespace {

/// Where objects are closed and tokens are handed over, once a unit.
class Cancellers {
public:
  explicit Cancellers(Unit &U) : U(U) {
    for (const FunctionDecl *Function : U.functions())
      walk(writtenBody(Function), [&](const Stmt *S) {
        if (const auto *Call = dyn_cast<CallExpr>(S)) {
          const FunctionModel *Row = U.models().callee(Call);
          if (Row && Row->Closes == "this")
            if (const Expr *Object = objectOf(Call))
              if (const ValueDecl *Of = baseOf(Object);
                  Of && !isOpenedAgain(Function, Of, Call))
                Closed[Of].push_back({Call, Function});
        }
        return WalkInto::Children;
      });
  }

  /// The selects of which a call of \p Function is a branch, directly or as
  /// what a branch awaits.
  const Expr *select(const FunctionDecl *Function, unsigned Depth = 0) {
    constexpr unsigned MaxDepth = 3;
    for (const CallSite &Site : U.callers(Function)) {
      const Flow *F = U.flow(Site.Caller);
      for (const Stmt *Up = F ? F->parent(Site.Call) : nullptr;
           Up && isa<Expr>(Up); Up = F->parent(Up)) {
        const auto *Call = dyn_cast<CallExpr>(Up);
        const FunctionModel *Row = Call ? U.models().callee(Call) : nullptr;
        if (Row && Row->Select && Row->Select->Losers == LoserFate::Cancelled)
          return Call;
      }
      if (Depth < MaxDepth && Site.Caller != Function &&
          U.coroutine(Site.Caller))
        if (const Expr *Found = select(Site.Caller, Depth + 1))
          return Found;
    }
    return nullptr;
  }

  /// The call that starts \p Function with a token.
  const Expr *token(const FunctionDecl *Function) {
    for (const CallSite &Site : U.callers(Function)) {
      const Flow *F = U.flow(Site.Caller);
      for (const Stmt *Up = F ? F->parent(Site.Call) : nullptr;
           Up && isa<Expr>(Up); Up = F->parent(Up))
        if (const auto *Call = dyn_cast<CallExpr>(Up))
          if (takesToken(Call))
            return Call;
    }
    return nullptr;
  }

  bool takesToken(const Expr *Call) const {
    return llvm::any_of(argumentsOf(Call), [&](const Expr *Argument) {
      if (isa<CXXDefaultArgExpr>(Argument))
        return false;
      const TypeModel *Row =
          U.models().type(Argument->getType().getNonReferenceType());
      return Row && Row->StopToken;
    });
  }

  const Expr *closer(const ValueDecl *Object,
                     const FunctionDecl *OtherThan) const {
    auto It = Closed.find(Object);
    if (It != Closed.end())
      for (const CallSite &Site : It->second)
        if (Site.Caller != OtherThan)
          return Site.Call;
    return nullptr;
  }

private:
  /// Does \p Function do more to the \p Object than to close it, after
  /// \p Call: opens it, or puts another one in its place?
  bool isOpenedAgain(const FunctionDecl *Function, const ValueDecl *Object,
                     const CallExpr *Call) const {
    const SourceManager &Sources = U.ast().getSourceManager();
    return contains(writtenBody(Function), [&](const Stmt *S) {
      const auto *Later = dyn_cast<CallExpr>(S);
      const auto *Method =
          Later ? dyn_cast_or_null<CXXMethodDecl>(Later->getDirectCallee())
                : nullptr;
      if (!Method || Method->isConst() || Method->isStatic() ||
          !Sources.isBeforeInTranslationUnit(Call->getEndLoc(),
                                             Later->getEndLoc()))
        return false;
      const FunctionModel *Row = U.models().callee(Later);
      const Expr *Of = objectOf(Later);
      return Of && baseOf(Of) == Object && !(Row && Row->Closes == "this");
    });
  }

  Unit &U;
  llvm::DenseMap<const ValueDecl *, std::vector<CallSite>> Closed;
};

} // namespace

const ValueDecl *workedOn(const Expr *Call) {
  if (const Expr *Object = objectOf(Call))
    return baseOf(Object);
  llvm::ArrayRef<const Expr *> Arguments = argumentsOf(Call);
  return Arguments.empty() ? nullptr : baseOf(Arguments[0]);
}

Canceller findOperationCanceller(Unit &U, const Coroutine &C,
                                 const CoroutineSuspendExpr *Await) {
  auto &Known = U.shared<Cancellers>();
  if (const Expr *Call = awaitedCall(Await)) {
    if (Known.takesToken(Call))
      return {Canceller::Token, Call};
    // Connecting opens a closed object again; taking from it fails for ever.
    const FunctionModel *Row = U.models().callee(Call);
    const ValueDecl *Object =
        Row && Row->Operation && Row->Operation->Data == Payload::Consumes
            ? workedOn(Call)
            : nullptr;
    if (Object)
      if (const Expr *Where = Known.closer(Object, C.Function))
        return {Canceller::Closer, Where};
  }
  return {};
}

Canceller findCanceller(Unit &U, const Coroutine &C,
                        const CoroutineSuspendExpr *Await) {
  auto &Known = U.shared<Cancellers>();
  const CancellationModel *How = cancellationOf(C);
  if (const Expr *Where = Known.select(C.Function))
    return {Canceller::Select, Where};
  if (const Expr *Where = Known.token(C.Function))
    return {Canceller::Token, Where};
  if (Canceller One = findOperationCanceller(U, C, Await);
      One.Who != Canceller::Nobody)
    return One;
  return {How && How->Ambient ? Canceller::Awaiter : Canceller::Nobody,
          nullptr};
}

bool isAlarm(Unit &U, const CoroutineSuspendExpr *Await) {
  const Expr *Call = awaitedCall(Await);
  const FunctionModel *Row = Call ? U.models().callee(Call) : nullptr;
  return Row && Row->Pause == PauseKind::Armed;
}

/// Does \p Handler do nothing with what it caught, and not end anything?
static bool onlyGoesOn(const CXXCatchStmt *Handler) {
  return !contains(Handler->getHandlerBlock(), [&](const Stmt *S) {
    if (isa<CXXThrowExpr, ReturnStmt, CoreturnStmt, BreakStmt, GotoStmt, IfStmt,
            SwitchStmt>(S))
      return true;
    const auto *Mention = dyn_cast<DeclRefExpr>(S);
    return Mention && Mention->getDecl() == Handler->getExceptionDecl();
  });
}

std::vector<SwallowedCancellation>
findSwallowedCancellations(Unit &U, const Coroutine &C) {
  std::vector<SwallowedCancellation> Found;
  const CancellationModel *How = cancellationOf(C);
  const Flow *F = How && How->How == CancelledBy::Throwing &&
                          How->Repeats != CancelledAgain::Nothing
                      ? U.flow(C.Function)
                      : nullptr;
  if (!F || F->suspensions().empty() || changesCancellation(U, *F))
    return Found;
  const Suspensions &Suspending = U.shared<Suspensions>();
  CancelledPaths Paths(U, *F, *How);
  llvm::SmallVector<const CXXCatchStmt *, 8> Seen;
  for (const CoroutineSuspendExpr *Await : F->suspensions()) {
    if (!Suspending.maySuspend(Await))
      continue;
    const CXXCatchStmt *Handler = Paths.handler(Await);
    if (!Handler || llvm::is_contained(Seen, Handler))
      continue;
    SwallowedCancellation One;
    One.Handler = Handler;
    One.Await = Await;
    llvm::SmallVector<const CoroutineSuspendExpr *, 8> Failing;
    One.NeverEnds = !Paths.canEnd(Handler, Failing) && !Failing.empty();
    One.By = findCanceller(U, C, Await);
    One.Again = How->Repeats;
    if (One.NeverEnds) {
      // One report for all handlers of one circle.
      for (const CoroutineSuspendExpr *Other : Failing)
        Seen.push_back(Paths.handler(Other));
      if (llvm::all_of(Failing, [&](const CoroutineSuspendExpr *Other) {
            return isAlarm(U, Other);
          }))
        One.Sure = Confidence::Low;
      else if (One.By.Who == Canceller::Nobody)
        One.Sure = Confidence::Medium;
      else if (One.By.Who == Canceller::Closer &&
               !llvm::all_of(Failing, [&](const CoroutineSuspendExpr *Other) {
                 const Expr *Call = awaitedCall(Other);
                 return Call && workedOn(Call) == workedOn(awaitedCall(Await));
               }))
        // Closing one object makes awaits on others fail only by chance.
        One.Sure = Confidence::Medium;
    } else {
      Seen.push_back(Handler);
      bool GoesOn =
          onlyGoesOn(Handler) &&
          llvm::any_of(F->suspensions(), [&](const CoroutineSuspendExpr *Next) {
            return Suspending.maySuspend(Next) &&
                   F->reaches(Paths.begin(Handler), F->point(Next));
          });
      if (!GoesOn)
        continue;
      One.Sure = Confidence::Low;
    }
    Found.push_back(One);
  }
  return Found;
}

} // namespace coro
