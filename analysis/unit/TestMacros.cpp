//===- TestMacros.cpp - What testing macros do to their arguments ---------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/unit/TestMacros.h"
#include "analysis/ast/EvaluatedTree.h"
#include "analysis/ast/Walk.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

bool isTriedByMacro(Unit &U, const FunctionDecl *Function, const Stmt *S) {
  while (Function && S) {
    EvaluatedTree Tree(writtenBody(Function));
    for (const Stmt *At = S; At; At = Tree.parent(At))
      if (isa<CXXTryStmt>(At) && At->getBeginLoc().isMacroID())
        return true;
    const LambdaExpr *Lambda = U.lambda(Function);
    Function = Lambda ? U.enclosingFunction(Lambda) : nullptr;
    S = Lambda;
  }
  return false;
}

} // namespace coro
