//===- Resumptions.h - Calls that run somebody else's code ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Which calls of a unit resume a suspended coroutine, or call a callable that
// somebody has stored, before they return: directly (a model says so of the
// callee) or through functions whose bodies are at hand. And who else takes
// the locks that are held at such a call: the code that is run there may.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_BLOCKING_RESUMPTIONS_H
#define CORO_ANALYSIS_BLOCKING_RESUMPTIONS_H

#include "analysis/blocking/LockState.h"

namespace coro {

/// A place at which other code runs while a lock is held that it may want.
struct LockedResumption {
  const clang::FunctionDecl *In = nullptr;
  /// The call in In.
  const clang::CallExpr *Call = nullptr;
  /// The calls from there to the one that resumes; empty if Call does.
  std::vector<const clang::CallExpr *> Path = {};
  /// A coroutine is resumed, as opposed to a callback being called.
  bool Coroutine = true;
  HeldLock Held;
  /// Another function that takes the lock, and where it does.
  const clang::FunctionDecl *Taker = nullptr;
  const clang::Expr *TakenAgain = nullptr;
  Confidence Sure = Confidence::High;
};

/// Finds them in a unit. Cost: one walk over all bodies, and a lock state for
/// each function that resumes something.
class Resumptions {
public:
  explicit Resumptions(Unit &U);

  llvm::ArrayRef<LockedResumption> locked() const { return Found; }

private:
  struct Facts {
    /// Calls that resume, with the kind.
    std::vector<const clang::CallExpr *> Resumes;
    std::vector<const clang::CallExpr *> Calls;
  };
  void collect(const clang::FunctionDecl *Function);
  void take(const clang::FunctionDecl *Function, const clang::Expr *Object,
            const clang::Expr *Where);
  /// Fills Paths: the shortest way from each function to what resumes, over at
  /// most MaxPath calls.
  void findPaths();
  /// The calls from \p Function to one that resumes; null if it runs no code
  /// of others, as far as is known.
  const std::vector<const clang::CallExpr *> *
  pathFrom(const clang::FunctionDecl *Function) const;
  void look(const clang::FunctionDecl *Function, const clang::CallExpr *Call,
            std::vector<const clang::CallExpr *> Path);

  Unit &U;
  LockTypes &Types;
  llvm::DenseMap<const clang::FunctionDecl *, Facts> Bodies;
  llvm::DenseMap<const clang::FunctionDecl *,
                 std::vector<const clang::CallExpr *>>
      Paths;
  /// Who takes the mutex that is this variable or member.
  llvm::DenseMap<
      const clang::ValueDecl *,
      std::vector<std::pair<const clang::FunctionDecl *, const clang::Expr *>>>
      Takers;
  std::vector<LockedResumption> Found;
};

} // namespace coro

#endif // CORO_ANALYSIS_BLOCKING_RESUMPTIONS_H
