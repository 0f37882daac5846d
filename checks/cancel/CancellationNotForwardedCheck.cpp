//===- CancellationNotForwardedCheck.cpp - coro-cancellation-not-forwarded ===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/cancel/CancellationNotForwardedCheck.h"
#include "analysis/cancel/Tokens.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace coro;

void CancellationNotForwardedCheck::analyze(Unit &U) {
  for (const Coroutine *C : U.coroutines())
    for (const MissingToken &One : findMissingTokens(U, *C)) {
      const FunctionDecl *Callee = One.Call->getDirectCallee();
      if (isAllowed(Callee))
        continue;
      const std::string Token = "'" + One.Token->getNameAsString() + "'";
      Report R;
      R.Where = One.Call->getExprLoc();
      R.Message =
          quoted(Callee) + " is not given " + Token +
          ", so that it is waited for even when that is cancelled; " +
          (One.Sibling.empty() ? "pass it" : "use '" + One.Sibling + "'");
      R.Highlights = {One.Call->getSourceRange()};
      R.Notes.push_back({One.Token->getSourceRange(), "the token is here"});
      if (One.Takes)
        R.Notes.push_back(
            {One.Takes->getLocation(), "this is declared to take one"});
      emit(std::move(R));
    }
}
