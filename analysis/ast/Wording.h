//===- Wording.h - Code in the words of a message -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AST_WORDING_H
#define CORO_ANALYSIS_AST_WORDING_H

#include "clang/Basic/SourceLocation.h"
#include <string>

namespace clang {
class ASTContext;
class NamedDecl;
} // namespace clang

namespace coro {

/// \p Declaration's name for a message, with the quotes: 'Session::run'.
std::string quoted(const clang::NamedDecl *Declaration);

/// The source text of \p Range on one line, shortened to \p Limit characters.
std::string sourceText(clang::SourceRange Range, const clang::ASTContext &AST,
                       unsigned Limit = 60);

} // namespace coro

#endif // CORO_ANALYSIS_AST_WORDING_H
