//===- TestMacros.cpp - What testing macros do to their arguments ---------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/unit/TestMacros.h"
#include "analysis/ast/EvaluatedTree.h"
#include "analysis/ast/Walk.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Lex/Lexer.h"

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

bool isInTest(const FunctionDecl *Function, const ASTContext &AST) {
  const SourceManager &SM = AST.getSourceManager();
  for (const DeclContext *Context = Function; Context;
       Context = Context->getParent())
    if (const auto *D = dyn_cast<Decl>(Context))
      for (SourceLocation At = D->getLocation(); At.isMacroID();
           At = SM.getImmediateMacroCallerLoc(At)) {
        llvm::StringRef Macro =
            Lexer::getImmediateMacroName(At, SM, AST.getLangOpts());
        if (Macro.contains("TEST"))
          return true;
      }
  return false;
}

} // namespace coro
