//===- Invalidation.h - Who ends the life of what is borrowed -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// One search of a unit for everything that makes borrows invalid: members that
// erase, insert or assign on a container that is a member or global, smart
// pointers that are given another value, objects that are assigned as a whole.
// Construction and destruction do not count.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_INVALIDATION_H
#define CORO_ANALYSIS_INVALIDATION_H

#include "analysis/Origins.h"
#include "llvm/ADT/ArrayRef.h"

namespace coro {

/// One operation that invalidates borrows from a member, global or parameter.
struct Invalidator {
  const clang::Expr *Operation = nullptr;
  const clang::FunctionDecl *In = nullptr; ///< never a constructor
  Tie Effect = Tie::Removal;
  Storage Where = Storage::Unknown; ///< of the object that is changed
  /// The function that is given to a person: In, or for a lambda the function
  /// that makes it.
  const clang::FunctionDecl *Named = nullptr;
};

/// Shared by the checks of a unit. Cost: one traversal of it on first use.
class Invalidation {
public:
  explicit Invalidation(Unit &U);

  /// What ends borrows from \p Holder (canonical) that are tied by \p How.
  /// Cost: linear in the operations on it.
  std::vector<Invalidator> of(const clang::ValueDecl *Holder, Tie How) const;

  /// Is every known caller of \p Function, at any distance, \p Coroutine or
  /// a constructor? False when no caller is known.
  bool runsOnlyFor(const clang::FunctionDecl *Function,
                   const clang::FunctionDecl *Coroutine);

private:
  Unit &U;
  llvm::DenseMap<const clang::ValueDecl *, std::vector<Invalidator>> All;
};

} // namespace coro

#endif // CORO_ANALYSIS_INVALIDATION_H
