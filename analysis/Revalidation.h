//===- Revalidation.h - What makes a stale borrow fresh again -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// After a suspension people look again: they search for the same key, or they
// compare a version that they had noted before. What is used then is known to
// be there.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_REVALIDATION_H
#define CORO_ANALYSIS_REVALIDATION_H

#include "analysis/Origins.h"
#include "llvm/ADT/FoldingSet.h"
#include <optional>

namespace coro {

/// For one function. Each expression is looked at once.
class Revalidation {
public:
  Revalidation(Unit &U, Origins &Where) : U(U), Where(Where) {}

  /// What an expression looks at.
  struct Look {
    const clang::ValueDecl *Holder = nullptr; ///< a look-up in it
    const clang::FunctionDecl *Callee = nullptr;
    std::optional<llvm::FoldingSetNodeID> Key;
    /// The object whose state is compared with what was noted before: the
    /// variable, or none for *this.
    bool Version = false;
    const clang::ValueDecl *Of = nullptr;
    bool empty() const { return !Holder && !Callee && !Version; }
  };
  /// Valid until the next call of it.
  const Look &look(const clang::Stmt *At);
  /// Does evaluating \p At, which looks at \p L, tell whether what \p Taken
  /// borrowed is still there? Never if \p L is empty.
  bool renews(const clang::Stmt *At, const Look &L, const Loan &Taken);

private:
  bool isNoted(const clang::Expr *E, const clang::ValueDecl *&Of) const;
  const std::optional<llvm::FoldingSetNodeID> &profile(const clang::Expr *Key);

  Unit &U;
  Origins &Where;
  llvm::DenseMap<const clang::Stmt *, Look> Looks;
  llvm::DenseMap<const clang::Expr *, std::optional<llvm::FoldingSetNodeID>>
      Profiles;
};

} // namespace coro

#endif // CORO_ANALYSIS_REVALIDATION_H
