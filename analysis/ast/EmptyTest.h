//===- EmptyTest.h - What a condition says about emptiness ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Conditions that ask whether there is something: `if (!owner)`,
// `value.has_value()`, `pointer == nullptr`, `it != map.end()`,
// `map.contains(key)`, `map.count(key) == 0`.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AST_EMPTYTEST_H
#define CORO_ANALYSIS_AST_EMPTYTEST_H

namespace clang {
class Expr;
} // namespace clang

namespace coro {

struct EmptyTest {
  enum {
    Nothing, ///< it asks something else
    Empty,   ///< Object is null, false, or has no value
    Missing, ///< Object, a container, has nothing for Key
    AtEnd,   ///< Object, an iterator, is the end of its container
  } What = Nothing;
  /// The value of the condition with which that is so.
  bool When = false;
  const clang::Expr *Object = nullptr;
  const clang::Expr *Key = nullptr;
  /// Of AtEnd and Missing: the iterator that is compared with the end, or null.
  const clang::Expr *Iterator = nullptr;
};

/// Is \p E a null pointer, or std::nullopt and its like?
bool isNullValue(const clang::Expr *E);

/// Cost: linear in the negations of \p Condition.
EmptyTest emptyTest(const clang::Expr *Condition);

} // namespace coro

#endif // CORO_ANALYSIS_AST_EMPTYTEST_H
