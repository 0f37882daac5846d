//===- ScopeLife.h - Scopes that a returned task has left -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_SCOPELIFE_H
#define CORO_ANALYSIS_LIFETIME_SCOPELIFE_H

#include "analysis/facts/Report.h"
#include "analysis/lifetime/TaskLife.h"

namespace coro {

/// A plain function returns the task of a coroutine from within a lock guard's
/// scope or a `try`: the body runs, or fails, when that scope was left.
struct UselessScope {
  const clang::CallExpr *Call = nullptr; ///< makes the task that is returned
  const clang::VarDecl *Guard = nullptr; ///< null for a `try`
  clang::SourceRange Where;              ///< the guard, or the first handler
  Confidence Sure = Confidence::High;
};

/// All of them, in the order of the source. An exception that is thrown where
/// the arguments are made is caught after all, and a guard may serve the
/// lines before the call: these lower the confidence.
std::vector<UselessScope> uselessScopes(Unit &U);

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_SCOPELIFE_H
