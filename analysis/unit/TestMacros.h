//===- TestMacros.h - What testing macros do to their arguments -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_UNIT_TESTMACROS_H
#define CORO_ANALYSIS_UNIT_TESTMACROS_H

#include "analysis/unit/Unit.h"

namespace coro {

/// Does \p S, in the body of \p Function, stand in the `try` of a macro, or in
/// a lambda that does? Then it is there to see whether it throws, or ends the
/// program. Cost: one walk over the bodies around it.
bool isTriedByMacro(Unit &U, const clang::FunctionDecl *Function,
                    const clang::Stmt *S);

/// Is the function, or one around it, written by a macro that makes a test
/// case?
bool isInTest(const clang::FunctionDecl *Function,
              const clang::ASTContext &AST);

} // namespace coro

#endif // CORO_ANALYSIS_UNIT_TESTMACROS_H
