//===- Exclusion.h - Locks of coroutines that are held over a suspension --===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// An asynchronous lock (semaphore units, the result of co_await mutex.lock())
// that is held while a coroutine is suspended keeps others out of what it
// guards. Nothing says what it guards: it only makes a hazard less likely.
//
// What is a lock is told from types where they tell (a mutex of coroutines by
// its model or its shape, a guard of one), otherwise from the shape (a local
// that an await made and that has a destructor; an await whose result is
// dropped, undone later) together with the words that people use for it. That a
// function is called with a lock held is told by its callers; only where none
// is seen, by its name.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_UNIT_EXCLUSION_H
#define CORO_ANALYSIS_UNIT_EXCLUSION_H

#include "llvm/ADT/DenseMap.h"
#include <vector>

namespace clang {
class FunctionDecl;
class Stmt;
class ValueDecl;
} // namespace clang

namespace coro {

class Unit;

/// Shared by the checks of a unit. Each function is looked at once.
class Exclusion {
public:
  explicit Exclusion(Unit &U) : U(U) {}

  /// Is such a lock held when \p At, in the body of \p Function, is evaluated:
  /// in this frame, or by every visible caller?
  bool heldAt(const clang::FunctionDecl *Function, const clang::Stmt *At);

private:
  /// A stretch of source in which a lock is held.
  struct Held {
    const clang::Stmt *From;  ///< held after this
    const clang::Stmt *Scope; ///< and within this; null: until Released
    std::vector<const clang::Stmt *> Released;
  };
  const std::vector<Held> &heldIn(const clang::FunctionDecl *Function);
  bool heldInFrame(const clang::FunctionDecl *Function, const clang::Stmt *At);
  bool heldAround(const clang::FunctionDecl *Function, unsigned Depth);

  Unit &U;
  llvm::DenseMap<const clang::FunctionDecl *, std::vector<Held>> Known;
};

} // namespace coro

#endif // CORO_ANALYSIS_UNIT_EXCLUSION_H
