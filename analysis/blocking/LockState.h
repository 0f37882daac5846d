//===- LockState.h - Which locks are held where ---------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A forward data flow over one function: for each lock (a guard that is a
// variable, a parameter or a temporary, or a mutex that is locked by hand)
// whether it is held at a program point, on every path or on some. It follows
// constructors with their tags, moves, lock() and unlock(), tests of
// owns_lock(), scopes, adoption, and locks that are handed to others, which
// may give them back.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_BLOCKING_LOCKSTATE_H
#define CORO_ANALYSIS_BLOCKING_LOCKSTATE_H

#include "analysis/ast/Dataflow.h"
#include "analysis/facts/Report.h"
#include "analysis/unit/LockTypes.h"
#include <map>

namespace coro {

class Flow;
class Unit;

/// One lock of a function.
struct Lock {
  unsigned Id = 0;
  /// The guard variable; null for temporaries and mutexes locked by hand.
  const clang::VarDecl *Variable = nullptr;
  /// The temporary guard, or null.
  const clang::Expr *Temporary = nullptr;
  /// The mutex, when it was locked by hand.
  LockPath Path;
  /// Null for a mutex that was locked by hand.
  const GuardType *Guard = nullptr;
  MutexKind Kind = MutexKind::None;
  bool Recursive = false;
  /// The mutexes that a guard was made with, where they are plain enough.
  llvm::SmallVector<LockPath, 1> Mutexes = {};
  /// How people spell what is locked: "mutex_"; may be empty.
  std::string MutexText = {};
};

/// A lock that is held at some point.
struct HeldLock {
  const Lock *What = nullptr;
  /// High: on every path that leads here. Medium: on some.
  Confidence Sure = Confidence::High;
  /// Where it was taken: an expression, or null for a parameter.
  const clang::Stmt *Taken = nullptr;
};

/// The locks of one function. Cost: linear in the size of the function for
/// those that have no lock, near-linear for the others.
class LockState {
public:
  /// Computes the states of \p F. When the data flow's budget is exhausted
  /// nothing is held anywhere.
  LockState(Unit &U, const Flow &F);
  ~LockState();

  /// The locks that are held right before \p S is evaluated, in the order in
  /// which they were found. Only for suspensions and calls; empty for others.
  llvm::ArrayRef<HeldLock> heldAt(const clang::Stmt *S) const;

  /// Is \p Held given to what \p Await awaits: by reference, by pointer, or
  /// through another variable that was made with it? It may be released there.
  bool isGivenTo(const HeldLock &Held,
                 const clang::CoroutineSuspendExpr *Await) const;

  /// The calls by which \p Held may be given back after \p From.
  const clang::Expr *releaseAfter(const HeldLock &Held,
                                  const clang::Stmt *From) const;

private:
  class Analysis;
  std::unique_ptr<Analysis> Impl;
};

/// All lock states of a unit, each computed on first use.
class LockStates {
public:
  explicit LockStates(Unit &U) : U(U) {}

  /// Null if \p Function has no control flow.
  const LockState *of(const clang::FunctionDecl *Function);

private:
  Unit &U;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<LockState>>
      States;
};

} // namespace coro

#endif // CORO_ANALYSIS_BLOCKING_LOCKSTATE_H
