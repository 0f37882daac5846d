//===- EvaluatedTree.h - What one body evaluates, with parents ------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The expressions that one function body evaluates as people wrote them:
// without unevaluated operands (sizeof, noexcept, decltype), without the bodies
// of lambdas, and of an await only its operand, not the calls of
// await_transform and the await functions that the compiler puts around it.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AST_EVALUATEDTREE_H
#define CORO_ANALYSIS_AST_EVALUATEDTREE_H

#include "clang/AST/ExprCXX.h"
#include "clang/AST/Stmt.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include <vector>

namespace coro {

/// Where the value of an expression goes, at the nearest place that matters.
enum class ValueFate {
  Used,     ///< passed on, returned, awaited, stored, or anything unknown
  Dropped,  ///< nothing looks at it: a statement, a cast to void, `a, b`
  Variable, ///< initialises a local variable of its own type
  Assigned, ///< assigned to a local variable of its own type
  Holder,   ///< becomes part of the initial value of a local variable
  Tested,   ///< converted to bool, and then gone
};

struct FateOfValue {
  ValueFate Fate = ValueFate::Used;
  /// Variable, Assigned, Holder: the variable.
  const clang::VarDecl *Variable = nullptr;
  /// The outermost expression that is the same value (conditional operators
  /// and commas are looked through).
  const clang::Expr *Root = nullptr;
  /// What consumes it: Root's parent.
  const clang::Stmt *Parent = nullptr;
};

/// Cost: linear in the size of the body, once.
class EvaluatedTree {
public:
  explicit EvaluatedTree(const clang::Stmt *Body);

  /// Everything that is evaluated, parents before children.
  llvm::ArrayRef<const clang::Stmt *> all() const { return All; }

  /// The parent of \p S; null for the body and for what is not in it.
  const clang::Stmt *parent(const clang::Stmt *S) const {
    return Parents.lookup(S);
  }

  /// The names of \p Variable (or binding) in this body; a lambda that
  /// captures it counts as one.
  llvm::ArrayRef<const clang::DeclRefExpr *>
  mentions(const clang::ValueDecl *Variable) const;

  /// Follows the value of \p Value, looking through parentheses, casts that
  /// keep it, std::move, moves into an object of the same type, conditional
  /// arms and the right of a comma.
  FateOfValue fate(const clang::Expr *Value) const;

  /// Is \p S evaluated for its effects only, \p Parent being its parent?
  bool isDiscardedIn(const clang::Stmt *S, const clang::Stmt *Parent) const;

  /// The same, looking through what wraps \p S: clean-ups, parentheses,
  /// temporaries.
  bool isDiscarded(const clang::Stmt *S) const;

  /// Is \p S in a handler of this body?
  bool isInCatch(const clang::Stmt *S) const;

private:
  std::vector<const clang::Stmt *> All;
  llvm::DenseMap<const clang::Stmt *, const clang::Stmt *> Parents;
  llvm::DenseMap<const clang::ValueDecl *,
                 llvm::SmallVector<const clang::DeclRefExpr *, 4>>
      Mentions;
};

} // namespace coro

#endif // CORO_ANALYSIS_AST_EVALUATEDTREE_H
