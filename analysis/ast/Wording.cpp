//===- Wording.cpp - Code in the words of a message -----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/ast/Wording.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace coro {

std::string quoted(const NamedDecl *Declaration) {
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Declaration)) {
    if (Method->getParent()->isLambda())
      return "this lambda";
    std::string Name;
    llvm::raw_string_ostream OS(Name);
    OS << '\'' << Method->getParent()->getName()
       << "::" << Method->getDeclName() << '\'';
    return Name;
  }
  return "'" + Declaration->getNameAsString() + "'";
}

std::string sourceText(SourceRange Range, const ASTContext &AST,
                       unsigned Limit) {
  llvm::StringRef Text =
      Lexer::getSourceText(AST.getSourceManager().getExpansionRange(Range),
                           AST.getSourceManager(), AST.getLangOpts());
  std::string Line;
  for (char C : Text) {
    bool Space = C == ' ' || C == '\n' || C == '\t' || C == '\r';
    if (Space && (Line.empty() || Line.back() == ' '))
      continue;
    Line += Space ? ' ' : C;
    if (Line.size() > Limit)
      return Line.substr(0, Limit - 1) + "…";
  }
  return Line;
}

} // namespace coro
