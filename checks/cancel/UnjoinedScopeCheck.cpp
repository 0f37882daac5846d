//===- UnjoinedScopeCheck.cpp - coro-unjoined-scope -----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/cancel/UnjoinedScopeCheck.h"
#include "analysis/cancel/AsyncScopes.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace coro;

/// What a person sees of the place where a scope is destroyed: the return, or
/// the brace that closes the block.
static SourceRange placeOf(const Stmt *Left) {
  if (isa<CompoundStmt>(Left))
    return Left->getEndLoc();
  return Left->getSourceRange();
}

void UnjoinedScopeCheck::analyze(Unit &U) {
  for (const FunctionDecl *Function : U.functions())
    for (const UnjoinedScope &One : findUnjoinedScopes(U, Function)) {
      if (isAllowed(One.Scope))
        continue;
      const std::string Name = "'" + One.Scope->getNameAsString() + "'";
      Report R;
      R.Where = One.Scope->getLocation();
      R.Sure = One.Sure;
      R.Message = Name +
                  " is destroyed before the work that was started in it "
                  "has ended" +
                  (One.Throws   ? std::string(", when an await throws: ")
                   : One.Joined ? std::string(" on one of the ways out: ")
                                : std::string(": ")) +
                  One.Model->Unjoined + "; " +
                  (One.Throws   ? "join it in a handler that catches everything"
                   : One.Joined ? "join it on all ways out"
                                : "await its join at the end");
      R.Notes.push_back(
          {One.Started->getSourceRange(), "work is started here"});
      if (One.Throws)
        R.Notes.push_back({One.Throws->getSourceRange(),
                           "what is thrown here skips the join"});
      else
        R.Notes.push_back({placeOf(One.Left), Name + " is destroyed here"});
      emit(std::move(R));
    }
}
