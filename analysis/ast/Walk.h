//===- Walk.h - Walks over statements -------------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A plain walk over the statements of one body. It serves most of what a
// RecursiveASTVisitor is used for, and costs a hundredth of its compile time.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AST_WALK_H
#define CORO_ANALYSIS_AST_WALK_H

#include "clang/AST/Stmt.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <vector>

namespace clang {
class FunctionDecl;
} // namespace clang

namespace coro {

enum class WalkInto {
  Children, ///< go on with what is below
  Skip,     ///< go on behind this statement
  Stop,     ///< end the walk
};

/// Calls \p Visit on \p S and on every statement below it, in source order,
/// parents first. The body of a lambda belongs to another function and is not
/// entered; its captures are. An await is seen with its operand as written,
/// without the calls that it expands to. Returns false if the walk was stopped.
bool walk(const clang::Stmt *S,
          llvm::function_ref<WalkInto(const clang::Stmt *)> Visit);

/// Is there a statement for which \p Test holds in \p S?
inline bool contains(const clang::Stmt *S,
                     llvm::function_ref<bool(const clang::Stmt *)> Test) {
  return !walk(S, [&](const clang::Stmt *At) {
    return Test(At) ? WalkInto::Stop : WalkInto::Children;
  });
}

/// Does a suspension point stand in \p S, outside lambdas?
bool containsSuspension(const clang::Stmt *S);

/// Calls \p Visit on what is directly below \p S, as walk() sees it.
void forEachChild(const clang::Stmt *S,
                  llvm::function_ref<void(const clang::Stmt *)> Visit);

/// The body of \p Function as people wrote it: without the implicit parts of a
/// coroutine. Null if it has none.
const clang::Stmt *writtenBody(const clang::FunctionDecl *Function);

/// The values that \p Function returns, in source order.
std::vector<const clang::Expr *>
returnedValues(const clang::FunctionDecl *Function);

} // namespace coro

#endif // CORO_ANALYSIS_AST_WALK_H
