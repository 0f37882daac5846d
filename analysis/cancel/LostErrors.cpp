//===- LostErrors.cpp - Started tasks whose exceptions nobody hears of ----===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/LostErrors.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Walk.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

/// Is \p At in a `try` of its function that catches everything?
static bool isCaught(const Flow &F, const Stmt *At) {
  for (const Stmt *Below = At, *Up = F.parent(At); Up;
       Below = Up, Up = F.parent(Up))
    if (const auto *Try = dyn_cast<CXXTryStmt>(Up);
        Try && Below == Try->getTryBlock())
      for (unsigned I = 0; I < Try->getNumHandlers(); ++I)
        if (Try->getHandler(I)->getCaughtType().isNull())
          return true;
  return false;
}

/// Can no exception leave \p C, as far as its awaits go?
static bool catchesAll(Unit &U, const Coroutine &C) {
  const auto *Type = C.Function->getType()->getAs<FunctionProtoType>();
  if (Type && Type->isNothrow())
    return true;
  const Flow *F = U.flow(C.Function);
  return F && llvm::all_of(F->suspensions(), [&](const auto *Await) {
           return isCaught(*F, Await) || !U.maySuspend(Await);
         });
}

/// Does \p Handler not look at the first thing that it is told?
static bool looksAway(const LambdaExpr *Handler) {
  const CXXMethodDecl *Call = Handler->getCallOperator();
  return Call->getNumParams() > 0 && !Call->getParamDecl(0)->isReferenced() &&
         !Call->isVariadic();
}

static const LambdaExpr *asLambda(const Expr *E) {
  const Expr *Inner = origin(E);
  // A handler that was wrapped: bind_executor(executor, [](…) {…}).
  if (const auto *Call = dyn_cast<CallExpr>(Inner))
    for (const Expr *Argument : argumentsOf(Call))
      if (const auto *Lambda = dyn_cast<LambdaExpr>(origin(Argument)))
        return Lambda;
  return dyn_cast<LambdaExpr>(Inner);
}

/// The coroutine that \p Call starts.
static const Coroutine *started(Unit &U, const CallExpr *Call,
                                const Expr *Handler) {
  auto Of = [&](const Expr *E) -> const Coroutine * {
    const Expr *Inner = origin(E);
    if (const auto *Made = dyn_cast<CallExpr>(Inner))
      return U.coroutine(Made->getDirectCallee());
    return U.coroutine(callableOf(Inner));
  };
  if (const Expr *Object = objectOf(Call))
    if (const Coroutine *C = Of(Object))
      return C;
  for (const Expr *Argument : argumentsOf(Call))
    if (Argument != Handler)
      if (const Coroutine *C = Of(Argument))
        return C;
  return nullptr;
}

std::vector<LostError> findLostErrors(Unit &U) {
  std::vector<LostError> Found;
  for (const FunctionDecl *Function : U.functions())
    walk(writtenBody(Function), [&](const Stmt *S) {
      const auto *Call = dyn_cast<CallExpr>(S);
      const FunctionModel *Row = Call ? U.models().callee(Call) : nullptr;
      if (!Row || !Row->Errors)
        return WalkInto::Children;
      LostError One;
      One.Start = Call;
      One.Model = Row;
      bool Lost = llvm::any_of(Row->Errors->LostWhen,
                               [&](const ArgumentCondition &Condition) {
                                 return holds(Condition, Call, Function);
                               });
      const Expr *Handler = nullptr;
      if (Row->Errors->Handler) {
        llvm::ArrayRef<const Expr *> Arguments = argumentsOf(Call);
        int At = *Row->Errors->Handler;
        if (At < 0)
          At += static_cast<int>(Arguments.size());
        if (At >= 0 && At < static_cast<int>(Arguments.size()))
          Handler = Arguments[At];
        One.Handler = Handler ? asLambda(Handler) : nullptr;
        if (!Lost && One.Handler)
          Lost = looksAway(One.Handler);
        else
          One.Handler = nullptr;
      }
      if (!Lost)
        return WalkInto::Children;
      One.Task = started(U, Call, Handler);
      if (One.Task && catchesAll(U, *One.Task))
        return WalkInto::Children;
      if (!One.Task)
        One.Sure = Confidence::Medium;
      Found.push_back(One);
      return WalkInto::Children;
    });
  return Found;
}

} // namespace coro
