//===- AsyncScopes.h - Scopes of started tasks that nobody joins ----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A scope of started tasks (models: `unjoined`, `scope`) that lives in the
// frame has to be joined before the frame goes. A forward data flow from what
// starts work in it to where it is destroyed; a join ends it. A scope that
// others may join is not looked at.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_CANCEL_ASYNCSCOPES_H
#define CORO_ANALYSIS_CANCEL_ASYNCSCOPES_H

#include "analysis/facts/Report.h"
#include "analysis/unit/Unit.h"

namespace coro {

struct UnjoinedScope {
  const clang::VarDecl *Scope = nullptr;
  const TypeModel *Model = nullptr;
  const clang::Expr *Started = nullptr;
  /// Where the way out begins: a return, or the end of a block; null when
  /// Throws is set.
  const clang::Stmt *Left = nullptr;
  /// An await that skips the join when it throws.
  const clang::CoroutineSuspendExpr *Throws = nullptr;
  bool Joined = false; ///< on another path
  bool JoinedInMacro = false;
  Confidence Sure = Confidence::High;
};

/// At most one for each scope, in the order of the source. Cost: one data flow
/// for a function that has such a scope.
std::vector<UnjoinedScope> findUnjoinedScopes(Unit &U,
                                              const clang::FunctionDecl *F);

} // namespace coro

#endif // CORO_ANALYSIS_CANCEL_ASYNCSCOPES_H
