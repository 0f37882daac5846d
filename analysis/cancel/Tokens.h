//===- Tokens.h - Operations that are not given the token at hand ---------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A coroutine that has a token (models: `stop-token`) as a parameter or local
// can be cancelled only where it hands the token on. Found are awaited calls
// which could take it and were not given one: a default argument, an overload
// with one parameter more, a sibling that the model names.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_CANCEL_TOKENS_H
#define CORO_ANALYSIS_CANCEL_TOKENS_H

#include "analysis/facts/Report.h"
#include "analysis/unit/Unit.h"

namespace coro {

struct MissingToken {
  const clang::CallExpr *Call = nullptr;
  const clang::VarDecl *Token = nullptr;
  /// The declaration that takes it: the callee, an overload, or null.
  const clang::FunctionDecl *Takes = nullptr;
  /// The sibling that takes it, by the model.
  std::string Sibling;
};

/// In the order of the source. Cost: a walk over each awaited expression.
std::vector<MissingToken> findMissingTokens(Unit &U, const Coroutine &C);

} // namespace coro

#endif // CORO_ANALYSIS_CANCEL_TOKENS_H
