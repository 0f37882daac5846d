//===- IneffectiveTransferCheck.cpp - coro-ineffective-transfer -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/blocking/IneffectiveTransferCheck.h"
#include "analysis/blocking/Effects.h"
#include "analysis/unit/Executor.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace coro;

/// `post(ex, token)` to `post(bind_executor(ex, token))`, with the qualifier
/// that post has. Nothing if the binder is not declared here.
static std::vector<FixItHint> bindExecutor(const CallExpr *Call,
                                           llvm::StringRef Binder,
                                           const ASTContext &AST) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  const auto *Written =
      dyn_cast<DeclRefExpr>(Call->getCallee()->IgnoreParenImpCasts());
  if (!Written || Binder.empty() || Call->getNumArgs() < 2)
    return {};
  const DeclContext *Space = Callee->getDeclContext()->getRedeclContext();
  if (Space->lookup(DeclarationName(&AST.Idents.get(Binder))).empty())
    return {};
  const SourceManager &SM = AST.getSourceManager();
  std::string Qualifier;
  if (NestedNameSpecifierLoc Loc = Written->getQualifierLoc())
    Qualifier = Lexer::getSourceText(
                    CharSourceRange::getTokenRange(Loc.getSourceRange()), SM,
                    AST.getLangOpts())
                    .str();
  const Expr *First = Call->getArg(0), *Last = nullptr;
  for (const Expr *Argument : Call->arguments())
    if (!isa<CXXDefaultArgExpr>(Argument))
      Last = Argument;
  SourceLocation End =
      Lexer::getLocForEndOfToken(Last->getEndLoc(), 0, SM, AST.getLangOpts());
  return {FixItHint::CreateInsertion(First->getBeginLoc(),
                                     Qualifier + Binder.str() + "("),
          FixItHint::CreateInsertion(End, ")")};
}

/// Is a coroutine of this unit started on the executor \p Executor names?
static bool isSpawnedOn(Unit &U, const ValueDecl *Executor) {
  for (const Coroutine *C : U.coroutines()) {
    auto Mentions = [&](const Expr *Call) {
      return llvm::any_of(argumentsOf(Call), [&](const Expr *Argument) {
        return baseOf(Argument) == Executor;
      });
    };
    const FunctionDecl *In =
        C->Lambda ? U.enclosingFunction(C->Lambda) : nullptr;
    const Expr *Start = C->Lambda;
    auto Climb = [&](const Expr *From, const FunctionDecl *In) {
      const Flow *F = In ? U.flow(In) : nullptr;
      for (const Stmt *At = F ? F->parent(From) : nullptr; At && isa<Expr>(At);
           At = F->parent(At))
        if (isa<CallExpr>(At) && Mentions(cast<Expr>(At)))
          return true;
      return false;
    };
    if (Start && Climb(Start, In))
      return true;
    for (const CallSite &Site : U.callers(C->Function))
      if (Climb(Site.Call, Site.Caller))
        return true;
  }
  return false;
}

void IneffectiveTransferCheck::analyze(Unit &U) {
  ExecutorRoles &Roles = U.shared<ExecutorRoles>();
  for (const Coroutine *C : U.coroutines()) {
    const Flow *F = U.flow(C->Function);
    if (!F)
      continue;
    for (const CoroutineSuspendExpr *Await : F->suspensions()) {
      const auto *Call = dyn_cast_or_null<CallExpr>(awaitedCall(Await));
      const FunctionModel *Row = Call ? U.models().callee(Call) : nullptr;
      if (!Row || !Row->Transfer || !Row->Transfer->Moves ||
          Roles.moves(Await) || Call->getNumArgs() == 0 ||
          isAllowed(Call->getDirectCallee()))
        continue;
      const Expr *Executor = Call->getArg(0);
      const ValueDecl *Named = baseOf(Executor);
      if (Named && isAllowed(Named))
        continue;
      // The coroutine's own executor: a plain yield.
      if (const auto *Variable = dyn_cast_or_null<VarDecl>(Named);
          containsAwait(Executor) ||
          (Variable && containsAwait(Variable->getInit())))
        continue;
      const TypeModel *Type = U.models().type(origin(Executor)->getType());
      bool Strand = Type && Type->Strand;
      bool Pool = Roles.roleOf(Executor) == ThreadRole::MayBlock;
      if (!Pool && !Strand)
        continue;
      if (Pool && Roles.at(*C, F->point(Await)) != ThreadRole::Loop)
        continue;
      if (!Pool && Named && isSpawnedOn(U, Named))
        continue;
      Report R;
      R.Where = Call->getBeginLoc();
      R.Highlights = {Executor->getSourceRange()};
      R.Message = quoted(Call->getDirectCallee()) +
                  " does not move this coroutine to " +
                  (Pool ? "the thread pool" : "the strand") +
                  ": its completion comes back to the coroutine's own "
                  "executor, where all that follows runs as before";
      if (!Row->Transfer->Binder.empty())
        R.Message += "; bind the executor to the completion token with '" +
                     Row->Transfer->Binder + "'";
      // Another unit may start it on this very strand.
      R.Sure = Pool ? Confidence::High : Confidence::Medium;
      R.Fixes = bindExecutor(Call, Row->Transfer->Binder, U.ast());
      if (Pool)
        for (const Witness &W :
             U.shared<Effects>().blockingCalls(C->Function)) {
          if (!F->reaches(F->point(Await), W.At.Point))
            continue;
          R.Notes.push_back(
              {W.At.Where,
               "this still blocks the thread of the coroutine's own "
               "executor"});
          break;
        }
      emit(std::move(R));
    }
  }
}
