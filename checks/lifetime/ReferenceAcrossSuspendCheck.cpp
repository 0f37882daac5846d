//===- ReferenceAcrossSuspendCheck.cpp - coro-reference-across-suspend ----===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/lifetime/ReferenceAcrossSuspendCheck.h"
#include "analysis/lifetime/OwnershipFix.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace coro;

/// What is borrowed from, for a person: 'sessions_'.
static std::string holder(const Loan &Taken, const Unit &U) {
  if (const auto *Field = dyn_cast_or_null<FieldDecl>(Taken.Holder))
    return "'" + Field->getNameAsString() + "'";
  if (Taken.Holder)
    return quoted(Taken.Holder);
  return "'" + sourceText(Taken.Where->getSourceRange(), U.ast()) + "'";
}

static std::string lineOf(SourceLocation Where, const Unit &U) {
  return std::to_string(
      U.ast().getSourceManager().getExpansionLineNumber(Where));
}

static llvm::StringRef keyword(const CoroutineSuspendExpr *Suspension) {
  return isa<CoyieldExpr>(Suspension) ? "co_yield" : "co_await";
}

/// The name of the borrow, as people wrote it.
static std::string borrower(const StaleUse &S, const Unit &U) {
  if (const auto *Mention = dyn_cast<DeclRefExpr>(S.Use))
    if (Mention->getDecl()->getIdentifier())
      return quoted(Mention->getDecl());
  return "'" + sourceText(S.Use->getSourceRange(), U.ast()) + "'";
}

/// What the coroutine itself did to what it refers to.
static std::string ownFate(const StaleUse &S, const Unit &U) {
  const auto *Call = dyn_cast<CXXMemberCallExpr>(S.Changed);
  std::string How = Call && Call->getMethodDecl()
                        ? "'" + Call->getMethodDecl()->getNameAsString() + "'"
                        : std::string("assignment");
  return "this coroutine's own " + How + " on line " +
         lineOf(S.Changed->getExprLoc(), U) +
         (S.Effect != Tie::Removal        ? " may move the elements of "
          : S.Taken.What == Loan::Pointee ? " replaces "
                                          : " removes elements of ") +
         holder(S.Taken, U);
}

/// What happens to what it refers to.
static std::string fate(const StaleUse &S, const Unit &U) {
  std::string By = S.By.empty() ? "another function" : S.By.front().shown();
  llvm::StringRef Does = " may remove elements of ";
  if (!S.By.empty() && S.By.front().Effect != Tie::Removal)
    Does = " may move the elements of ";
  else if (!S.By.empty() && S.By.front().replaces())
    Does = " may replace ";
  switch (S.Taken.What) {
  case Loan::Pointee:
    return By + " may replace " + holder(S.Taken, U);
  case Loan::TemporaryOwner:
    return "nothing in this frame keeps what " + holder(S.Taken, U) +
           " refers to";
  default:
    return (By + Does + holder(S.Taken, U)).str();
  }
}

static std::string message(const StaleUse &S, const Unit &U) {
  std::string At = (keyword(S.Suspension) + " on line " +
                    lineOf(S.Suspension->getKeywordLoc(), U))
                       .str();
  if (S.Changed)
    return S.Loop ? "this loop holds an iterator into " + holder(S.Taken, U) +
                        ", and " + ownFate(S, U) +
                        " meanwhile; go on with a new iterator, or over a copy"
                  : borrower(S, U) + " dangles here: " + ownFate(S, U) +
                        " after it was obtained; look it up again after that";
  if (S.Loop)
    return "this loop holds an iterator into " + holder(S.Taken, U) +
           " over the " + At + ", and " + fate(S, U) +
           " meanwhile; iterate over a copy of what is needed";
  std::string Name = borrower(S, U);
  if (S.Taken.What == Loan::Temporary)
    return Name + " refers into a temporary that is gone after the " + At +
           "; keep a copy instead of the reference";
  std::string Advice = "copy what is needed before it, or look it up again";
  if (S.Taken.What == Loan::Pointee || S.Taken.What == Loan::TemporaryOwner)
    Advice = "keep a copy of the smart pointer in a local";
  return Name + " may dangle after the " + At + ": " + fate(S, U) +
         " meanwhile; " + Advice;
}

void ReferenceAcrossSuspendCheck::analyze(Unit &U) {
  for (const StaleUse &S : U.shared<Borrows>().staleUses()) {
    if (S.Taken.What == Loan::ThreadLocal || isAllowed(S.In->Function) ||
        isAllowed(S.Taken.Holder) ||
        isAllowed(
            S.Variable->getType().getNonReferenceType()->getAsCXXRecordDecl()))
      continue;
    const Expr *Use = S.Loop ? S.Loop->getRangeInit() : S.Use;
    Report R{Use->getBeginLoc(),
             message(S, U),
             S.Sure,
             {Use->getSourceRange()},
             {},
             {}};
    if (!S.Loop)
      R.Notes.push_back({S.Taken.Where->getSourceRange(), "obtained here"});
    if (S.PassedAt)
      R.Notes.push_back(
          {S.PassedAt->getSourceRange(), "this call passes the container"});
    R.Notes.push_back({S.Suspension->getSourceRange(), "suspended here"});
    if (S.Changed)
      R.Notes.push_back({S.Changed->getSourceRange(), "ended here"});
    if (!S.By.empty())
      R.Notes.push_back(
          S.By.front().note(U, S.By.front().shown() + " may end it meanwhile",
                            S.Taken.Where->getSourceRange()));
    if (std::optional<ReportNote> Note = keepOwner(S, U))
      R.Notes.push_back(std::move(*Note));
    emit(std::move(R));
  }
}
