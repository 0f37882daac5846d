//===- MissingAwaitCheck.cpp - coro-missing-await -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/await/MissingAwaitCheck.h"
#include "analysis/await/AwaitableUse.h"
#include "clang/AST/ASTContext.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace coro;

static constexpr llvm::StringLiteral ReportEagerOption = "ReportEager";

MissingAwaitCheck::MissingAwaitCheck(llvm::StringRef Name,
                                     tidy::ClangTidyContext *Context)
    : CoroCheck(Name, Context),
      ReportEager(Options.get(ReportEagerOption, false)) {}

void MissingAwaitCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  CoroCheck::storeOptions(Opts);
  Options.store(Opts, ReportEagerOption, ReportEager);
}

/// What was called to make it, for a message: "'save'", "this lambda".
static std::string maker(const LostAwaitable &L) {
  if (isa<CoawaitExpr>(L.Made))
    return "this 'co_await'";
  // A function object has the name of the variable that it is.
  if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(L.Made);
      Call && Call->getOperator() == OO_Call)
    if (const auto *Object =
            dyn_cast<DeclRefExpr>(Call->getArg(0)->IgnoreParenImpCasts());
        Object && isa<VarDecl>(Object->getDecl()) &&
        cast<VarDecl>(Object->getDecl())->hasGlobalStorage())
      return quoted(Object->getDecl());
  return L.Callee ? quoted(L.Callee) : "this call";
}

/// "'t' holds a lazy task", "'save' returns a lazy task".
static std::string what(const LostAwaitable &L) {
  std::string Thing = L.IsOperation                  ? "an awaitable"
                      : L.Kind == LostKind::LazyTask ? "a lazy task"
                                                     : "a task";
  if (L.How == LostHow::Dropped && !isa<CallExpr, CoawaitExpr>(L.Made))
    return "this " + quoted(L.Type->Record) + " is " + Thing;
  if (L.How == LostHow::Dropped || L.How == LostHow::Tested)
    return maker(L) + (isa<CoawaitExpr>(L.Made) ? " gives " : " returns ") +
           Thing;
  return "'" + L.Variable->getNameAsString() + "' holds " + Thing;
}

static std::string consequence(const LostAwaitable &L, const Models &Known) {
  switch (L.Kind) {
  case LostKind::LazyTask:
  case LostKind::Operation:
    if (const FunctionModel *Model =
            isa<CallExpr>(L.Made) ? Known.callee(L.Made) : nullptr;
        Model && Model->Transfer)
      return "the coroutine stays on the executor that it is on";
    if (!L.IsOperation)
      return "its body never runs";
    return "the operation never starts, and what follows runs without it";
  case LostKind::EagerTask:
    return "it runs by itself, and nobody sees when it ends, its result or its "
           "error";
  case LostKind::Cancelled:
    return "it is cancelled at its first suspension";
  case LostKind::Unknown:
    return "it may never run, and its result and errors are lost";
  }
  llvm_unreachable("all kinds are handled");
}

/// All of \p E. Clang begins a call of a member with a deduced object at the
/// name of the member, in some versions.
static SourceRange writtenRange(const Expr *E) {
  const auto *Call = dyn_cast<CallExpr>(E);
  const auto *Method =
      Call ? dyn_cast_or_null<CXXMethodDecl>(Call->getDirectCallee()) : nullptr;
  if (Method && Method->isExplicitObjectMemberFunction() &&
      !isa<CXXOperatorCallExpr>(Call) && Call->getNumArgs() > 0)
    return {Call->getArg(0)->getBeginLoc(), Call->getEndLoc()};
  return E->getSourceRange();
}

/// `co_await` before \p E, with parentheses where E is an operator.
static void addAwait(llvm::SmallVectorImpl<FixItHint> &Fixes, const Expr *E,
                     const ASTContext &AST) {
  const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
  bool Parens = Operator && Operator->isInfixBinaryOp();
  Fixes.push_back(FixItHint::CreateInsertion(
      writtenRange(E).getBegin(), Parens ? "co_await (" : "co_await "));
  if (Parens)
    Fixes.push_back(FixItHint::CreateInsertion(
        Lexer::getLocForEndOfToken(E->getEndLoc(), 0, AST.getSourceManager(),
                                   AST.getLangOpts()),
        ")"));
}

/// \p E as it is written with a `co_await`, in quotes; empty where it is not
/// written in one piece, as in the body of a macro.
static std::string awaited(const Expr *E, const ASTContext &AST) {
  CharSourceRange Range =
      Lexer::makeFileCharRange(CharSourceRange::getTokenRange(writtenRange(E)),
                               AST.getSourceManager(), AST.getLangOpts());
  if (Range.isInvalid())
    return {};
  // A call ends with its last character.
  std::string Text =
      sourceText({Range.getBegin(), Range.getEnd().getLocWithOffset(-1)}, AST);
  const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
  if (Operator && Operator->isInfixBinaryOp())
    Text = "(" + Text + ")";
  return "co_await " + Text + "'";
}

void MissingAwaitCheck::analyze(Unit &U) {
  const ASTContext &AST = U.ast();
  for (const LostAwaitable &L : U.shared<AwaitableUse>().lost()) {
    if (L.Kind == LostKind::EagerTask && !ReportEager && !L.IsGuard)
      continue;
    const SourceRange Written = writtenRange(L.Made);
    if (!U.isUserCode(Written.getBegin()) || isAllowed(L.Callee) ||
        isAllowed(L.Type->Record))
      continue;
    Report R;
    R.Where = Written.getBegin();
    R.Sure = L.Sure;
    R.Highlights = {Written};
    std::string Awaited = awaited(L.Made, AST);
    bool HasResult = !L.Result.isNull() && !L.Result->isVoidType();
    std::string Name = L.Variable ? L.Variable->getNameAsString() : "";
    std::string Advice;

    switch (L.How) {
    case LostHow::Dropped:
      R.Message =
          what(L) + " that nothing awaits: " + consequence(L, U.models());
      if (L.CanAwait && !Awaited.empty())
        Advice = "write '" + Awaited;
      break;
    case LostHow::Tested:
      R.Message = what(L) +
                  ", and this tests the task instead of its result: " +
                  consequence(L, U.models());
      if (L.CanAwait && !Awaited.empty())
        Advice = "write '" + Awaited;
      break;
    case LostHow::Unused:
      if (L.IsGuard) {
        R.Message =
            "'" + Name + "' is the awaitable, not the '" +
            L.Result.getUnqualifiedType().getAsString(AST.getPrintingPolicy()) +
            "' that awaiting it gives: " +
            (L.Kind == LostKind::EagerTask
                 ? "nothing waits until it is locked or held"
                 : "nothing is locked or held here");
        if (L.InCoroutine && !Awaited.empty())
          Advice = "write 'auto " + Name + " = " + Awaited;
        break;
      }
      R.Message =
          what(L) + " that nothing awaits: " + consequence(L, U.models());
      if (L.InCoroutine)
        Advice = "await it, or hand it to something that runs it";
      break;
    case LostHow::Overwritten:
      R.Message = what(L) + " that is replaced before anything awaits it: " +
                  consequence(L, U.models());
      R.Notes.push_back({L.LostAt, "replaced here"});
      break;
    case LostHow::SomePath:
      R.Message = what(L) +
                  " that nothing awaits on a path to the end of its "
                  "scope: there, " +
                  consequence(L, U.models());
      R.Notes.push_back({L.LostAt, "left here without an await"});
      break;
    case LostHow::Held:
      R.Message =
          what(L) + " that nothing awaits: " + consequence(L, U.models());
      if (L.InCoroutine)
        Advice = "await it, or hand it to something that runs it";
      break;
    case LostHow::Callback:
      R.Message = maker(L) +
                  " takes a callback whose result it drops, and this "
                  "coroutine returns a lazy task: its body never "
                  "runs; give it a plain function that starts the task";
      break;
    }
    if (!Advice.empty())
      R.Message += "; " + Advice;
    else if (!L.InCoroutine && L.How != LostHow::Callback)
      R.Notes.push_back(
          {Written,
           "this function is no coroutine: return the task, hand it to "
           "something that runs it, or make this function a coroutine"});

    // Where the result is another awaitable the report would only move.
    bool Nested = HasResult && U.taskType(L.Result);
    if (L.CanAwait && !Nested) {
      llvm::SmallVector<FixItHint, 4> Fixes;
      for (const Expr *E : L.Awaits)
        addAwait(Fixes, E, AST);
      // A variable takes the result if there is one and nobody said what type
      // it has; a condition needs one, too.
      bool Fits = L.How == LostHow::Dropped ? HasResult || !L.NeedsResult
                  : L.How == LostHow::Tested
                      ? HasResult && L.Result->isBooleanType()
                      : HasResult && L.NeedsResult;
      if (Fits)
        R.Fixes.assign(Fixes.begin(), Fixes.end());
    }
    emit(std::move(R));
  }
}
