//===- RunOrder.h - In which order functions run, as calls tell -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// What is done by another function is no hazard for a coroutine if the two
// never run at the same time: one is called by the other alone, both are steps
// of one run, or one is the set-up before the other begins. All of it follows
// from calls that are seen here, or known from the index; a call that nobody
// sees makes each answer "no".
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_RUNORDER_H
#define CORO_ANALYSIS_LIFETIME_RUNORDER_H

#include "analysis/unit/Unit.h"
#include "llvm/ADT/SmallVector.h"

namespace coro {

/// Shared by the checks of a unit. Cost of each question: linear in the calls
/// on the way, which are bounded.
class RunOrder {
public:
  explicit RunOrder(Unit &U) : U(U) {}

  /// Does \p Function make or unmake objects, or a class as a whole? What it
  /// does is not concurrent with their use.
  static bool isConstruction(const clang::FunctionDecl *Function);

  /// Is every known caller of \p Function, at any distance, \p Coroutine or
  /// a constructor? False when no caller is known.
  bool runsOnlyFor(const clang::FunctionDecl *Function,
                   const clang::FunctionDecl *Coroutine);

  /// Do \p One and \p Other, members of one class, run one after the other in
  /// each run of the function with which both begin: is every known call on
  /// the way to them one on the same object that is waited for where it stands,
  /// and do all ways begin in the same function?
  bool areInOneRun(const clang::FunctionDecl *One,
                   const clang::FunctionDecl *Other);

  /// Do all ways to \p Function begin in \p In, behind \p Operation?
  bool isReachedBehind(const clang::FunctionDecl *Function,
                       const clang::Expr *Operation,
                       const clang::FunctionDecl *In);

  /// Does the program come to \p Function once for each object: from main() or
  /// a constructor, by calls that are in no loop and the only ones?
  bool runsOnce(const clang::FunctionDecl *Function);

  /// The calls of \p Function, and where it is named otherwise.
  llvm::SmallVector<CallSite, 4> usesOf(const clang::FunctionDecl *Function);

private:
  const clang::FunctionDecl *runOf(const clang::FunctionDecl *Function);

  Unit &U;
  llvm::DenseMap<const clang::FunctionDecl *, std::vector<CallSite>> Named;
  bool NamedKnown = false;
};

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_RUNORDER_H
