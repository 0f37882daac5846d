//===- Mutation.h - Which variables a statement changes -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// clang's ExprMutationAnalyzer takes the call of a member that is not const for
// a change. Most containers have begin(), operator[] and the like in two
// forms, and an object that is not const gets the one that could change it.
// Here such a call counts by what is done with its result.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AST_MUTATION_H
#define CORO_ANALYSIS_AST_MUTATION_H

#include "analysis/ast/Flow.h"

namespace clang {
class Expr;
class ValueDecl;
} // namespace clang

namespace coro {

/// Is \p S a mention of \p Declaration: the variable, or the member of *this?
bool mentions(const clang::Stmt *S, const clang::ValueDecl *Declaration);

/// May \p S, a statement of \p F, change the variable or data member
/// \p Declaration, directly, through a reference or an iterator?
bool changes(const clang::Stmt *S, const clang::ValueDecl *Declaration,
             const Flow &F, clang::ASTContext &AST);

} // namespace coro

#endif // CORO_ANALYSIS_AST_MUTATION_H
