//===- DroppedErrors.cpp - Errors of cancelled operations -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/DroppedErrors.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Walk.h"
#include "analysis/cancel/Cancellation.h"
#include "analysis/cancel/CancelledPaths.h"
#include "analysis/cancel/SelectResult.h"
#include "analysis/unit/Executor.h"
#include "analysis/unit/Suspensions.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/BitVector.h"

using namespace clang;

namespace coro {

namespace {

/// The paths from one await while its operation fails each time.
class FailingPaths {
public:
  FailingPaths(Unit &U, const Flow &F, const CoroutineSuspendExpr *Await,
               const AwaitedOperation &Op)
      : U(U), F(F), Await(Await), Object(workedOn(awaitedCall(Await))),
        Result(U.ast(), Await, 1) {
    Result.findVariables(F);
    for (const VarDecl *Error : errorVariables(Op)) {
      Result.addError(Error, 0);
      Errors.push_back(Error);
    }
    findTied();
  }

  /// Do all of them come back to the await, as far as they are known?
  bool neverEnd() {
    const FlowPoint Start = F.point(Await);
    if (!Start.Block)
      return false;
    Seen.resize(2 * F.cfg().getNumBlockIDs());
    if (!go(Start.Block, Start.Index + 1, true))
      return false;
    while (!Work.empty()) {
      auto [Block, Valid] = Work.pop_back_val();
      if (!go(Block, 0, Valid))
        return false;
    }
    return ComesBack;
  }

  bool pauses() const { return Pauses; }

private:
  /// `std::tie(error, size) = co_await …`: an assignment of the awaited tuple
  /// to a temporary that is made of references.
  void findTied() {
    for (const Stmt *Up = F.semanticParent(Await); Up;
         Up = F.semanticParent(Up)) {
      const auto *Assignment = dyn_cast<CXXOperatorCallExpr>(Up);
      if (!Assignment)
        return;
      if (Assignment->getOperator() != OO_Equal)
        return;
      const auto *Tie =
          dyn_cast_or_null<CallExpr>(stripTransfers(Assignment->getArg(0)));
      if (!Tie || Tie->getNumArgs() == 0)
        return;
      const auto *First =
          dyn_cast_or_null<DeclRefExpr>(stripTransfers(Tie->getArg(0)));
      if (const auto *Error =
              First ? dyn_cast<VarDecl>(First->getDecl()) : nullptr) {
        Result.addError(Error, 0);
        Errors.push_back(Error);
      }
      return;
    }
  }

  /// Is \p S the error, or all of a result that has it in it?
  bool isError(const Stmt *S) const {
    const auto *E = dyn_cast_or_null<Expr>(S);
    const auto *Ref =
        E ? dyn_cast_or_null<DeclRefExpr>(stripTransfers(E)) : nullptr;
    if (!Ref)
      return false;
    if (!Errors.empty())
      return llvm::is_contained(Errors, Ref->getDecl());
    if (!Result.declaresResult(Ref->getDecl()))
      return false;
    // auto [error, size]
    const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl());
    return !Binding ||
           Binding == cast<DecompositionDecl>(Binding->getDecomposedDecl())
                          ->bindings()
                          .front();
  }

  bool isInAwait(const Stmt *S) const {
    for (; S; S = F.parent(S))
      if (S == Await)
        return true;
    return false;
  }

  /// May \p Callee, which was given the error, end the coroutine by throwing?
  bool mayThrow(const FunctionDecl *Callee) const {
    if (!Callee)
      return true;
    // Libraries log errors, compare them, and put them into other types.
    if (U.ast().getSourceManager().isInSystemHeader(Callee->getLocation()))
      return false;
    const auto *Type = Callee->getType()->getAs<FunctionProtoType>();
    if (Type && Type->isNothrow())
      return false;
    const FunctionDecl *Definition = nullptr;
    return !Callee->hasBody(Definition) ||
           contains(Definition->getBody(), [](const Stmt *S) {
             return isa<CXXThrowExpr>(S) ||
                    (isa<CallExpr>(S) && cast<CallExpr>(S)->getDirectCallee() &&
                     cast<CallExpr>(S)->getDirectCallee()->isNoReturn());
           });
  }

  /// Follows \p Block from its element \p Index on. With \p Valid the error is
  /// still that of the await. \returns false if a path leaves.
  bool go(const CFGBlock *Block, unsigned Index, bool Valid) {
    if (Block == &F.cfg().getExit())
      return false;
    for (unsigned I = Index; I < Block->size(); ++I) {
      auto Statement = (*Block)[I].getAs<CFGStmt>();
      if (!Statement)
        continue;
      const Stmt *S = Statement->getStmt();
      if (S == Await) {
        ComesBack = true;
        return true;
      }
      if (const auto *Other = dyn_cast<CoroutineSuspendExpr>(S)) {
        if (!U.shared<Suspensions>().maySuspend(Other))
          continue;
        const Expr *Operation = awaitedCall(Other);
        const auto *Plain = dyn_cast<CoawaitExpr>(Other);
        if (!Operation || !Plain || workedOn(Operation) != Object)
          Pauses = true;
        // What works on the same object fails as well.
        else if (!returnsErrors(Other, U.shared<Cancellations>().describe(
                                           Plain->getOperand())))
          return false;
        continue;
      }
      if (isa<CXXThrowExpr>(S))
        return false;
      if (const auto *Assignment = dyn_cast<BinaryOperator>(S);
          Assignment && Assignment->isAssignmentOp() &&
          isError(Assignment->getLHS()))
        Valid = false;
      const auto *Call = dyn_cast<CallExpr>(S);
      if (!Call || !Valid || isInAwait(Call))
        continue;
      const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
      const bool OnError =
          Member ? isError(Member->getImplicitObjectArgument())
                 : isa<CXXOperatorCallExpr>(Call) && isError(Call->getArg(0));
      if (OnError) {
        const auto *Method =
            dyn_cast_or_null<CXXMethodDecl>(Call->getDirectCallee());
        if (Method && !Method->isConst())
          Valid = false; // error.clear(), error = …
        else if (takesValueOut(Call))
          return false; // result.value() throws
        continue;
      }
      for (unsigned A = 0; A < Call->getNumArgs(); ++A) {
        if (!isError(Call->getArg(A)))
          continue;
        const FunctionDecl *Callee = Call->getDirectCallee();
        if (mayThrow(Callee))
          return false;
        if (takesByMutableReference(Callee, A))
          Valid = false;
      }
    }
    bool Goes = false;
    unsigned At = 0;
    for (const CFGBlock::AdjacentBlock &Next : Block->succs()) {
      const unsigned Successor = At++;
      const CFGBlock *To = Next.getReachableBlock();
      if (!To)
        continue;
      Goes = true;
      if (Valid && !takes(*Block, Successor))
        continue;
      const unsigned Key = 2 * To->getBlockID() + Valid;
      if (!Seen.test(Key)) {
        Seen.set(Key);
        Work.push_back({To, Valid});
      }
    }
    return Goes; // otherwise a call that does not return
  }

  /// Something that is not there after a failure: `result.value()`.
  static bool takesValueOut(const CallExpr *Call) {
    return Call->isGLValue() && !isa<CXXOperatorCallExpr>(Call) &&
           !holdsError(Call->getType());
  }

  static bool takesByMutableReference(const FunctionDecl *Callee,
                                      unsigned Argument) {
    if (!Callee || Argument >= Callee->getNumParams())
      return false;
    QualType Type = Callee->getParamDecl(Argument)->getType();
    return Type->isPointerType() ||
           (Type->isLValueReferenceType() &&
            !Type->getPointeeType().isConstQualified());
  }

  /// Is the way from \p From to its successor taken after a failure?
  bool takes(const CFGBlock &From, unsigned Successor) const {
    const Expr *Condition = From.getLastCondition();
    if (!Condition)
      Condition = dyn_cast_or_null<Expr>(From.getTerminatorCondition());
    if (!Condition || From.succ_size() != 2)
      return true;
    const Verdict Says = Result.whenTrue(Condition);
    if (Says.What == Verdict::Nothing)
      return true;
    return (Says.What == Verdict::NotWon) == (Successor == 0);
  }

  Unit &U;
  const Flow &F;
  const CoroutineSuspendExpr *Await;
  const ValueDecl *Object;
  ResultTests Result;
  llvm::SmallVector<const ValueDecl *, 2> Errors;
  llvm::BitVector Seen;
  llvm::SmallVector<std::pair<const CFGBlock *, bool>, 16> Work;
  bool ComesBack = false;
  bool Pauses = false;
};

} // namespace

/// Is \p Call given a token that limits its time? What to do when that is over
/// is the loop's business.
static bool hasTimeLimit(const Models &Known, const Expr *Call) {
  llvm::ArrayRef<const Expr *> Arguments = argumentsOf(Call);
  return !Arguments.empty() && contains(Arguments.back(), [&](const Stmt *S) {
    const auto *Token = dyn_cast<CallExpr>(S);
    const FunctionModel *Row = Token ? Known.callee(Token) : nullptr;
    return Row && Row->Select && Row->Select->Token;
  });
}

std::vector<DroppedError> findDroppedErrors(Unit &U, const Coroutine &C) {
  std::vector<DroppedError> Found;
  const CancellationModel *How = cancellationOf(C);
  const Flow *F =
      How && How->How == CancelledBy::Throwing ? U.flow(C.Function) : nullptr;
  if (!F)
    return Found;
  auto &Guarantees = U.shared<Cancellations>();
  for (const CoroutineSuspendExpr *Await : F->suspensions()) {
    const auto *Plain = dyn_cast<CoawaitExpr>(Await);
    const Expr *Call = Plain ? awaitedCall(Await) : nullptr;
    const FunctionModel *Row = Call ? U.models().callee(Call) : nullptr;
    // Connecting opens a closed object again; a timer is set again. Taking from
    // a closed object fails for ever.
    if (!Row || !Row->Operation || Row->Operation->Data != Payload::Consumes ||
        !workedOn(Call) || !F->isInLoop(Await) ||
        hasTimeLimit(U.models(), Call))
      continue;
    const AwaitedOperation Op = Guarantees.describe(Plain->getOperand());
    if (!returnsErrors(Await, Op))
      continue;
    FailingPaths Paths(U, *F, Await, Op);
    if (!Paths.neverEnd())
      continue;
    DroppedError One;
    One.Await = Await;
    One.By = findOperationCanceller(U, C, Await);
    One.Pauses = Paths.pauses();
    if (One.By.Who == Canceller::Nobody)
      One.Sure = Confidence::Low;
    else if (One.By.Who != Canceller::Closer || One.Pauses)
      One.Sure = Confidence::Medium;
    Found.push_back(One);
  }
  return Found;
}

} // namespace coro
