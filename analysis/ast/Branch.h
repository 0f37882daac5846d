//===- Branch.h - Which way of a branch leads somewhere -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AST_BRANCH_H
#define CORO_ANALYSIS_AST_BRANCH_H

#include "analysis/ast/Flow.h"
#include <optional>

namespace coro {

/// If \p Block ends in a condition, and only one of its two ways leads to
/// \p To: whether that is the way which is taken when the condition holds.
/// Nothing otherwise. Cost: that of Flow::reaches().
std::optional<bool> wayTo(FlowPoint To, const clang::CFGBlock &Block,
                          const Flow &F);

} // namespace coro

#endif // CORO_ANALYSIS_AST_BRANCH_H
