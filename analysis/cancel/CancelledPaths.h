//===- CancelledPaths.h - What a cancelled coroutine does next ------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Where the exception of a cancelled await goes. In a library in which every
// further await fails as well once a coroutine is cancelled, its way from there
// on is determined: each await that it comes to continues in the handler that
// catches the cancellation, or leaves the coroutine.
//
// What is known about the library (models: `cancellation`) says which exception
// that is. clang::CFG has no edges from awaits to handlers; they are drawn
// here, for this one exception.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_CANCEL_CANCELLEDPATHS_H
#define CORO_ANALYSIS_CANCEL_CANCELLEDPATHS_H

#include "analysis/unit/Unit.h"
#include "llvm/ADT/SmallVector.h"

namespace clang {
class CXXCatchStmt;
} // namespace clang

namespace coro {

/// How coroutines of \p C's library are cancelled; null if that is not known.
const CancellationModel *cancellationOf(const Coroutine &C);

/// Does the function say itself what cancellation does to it?
bool changesCancellation(Unit &U, const Flow &F);

/// The paths of one coroutine that was cancelled.
class CancelledPaths {
public:
  CancelledPaths(Unit &U, const Flow &F, const CancellationModel &How);

  /// The handler that catches the cancellation when it is thrown at \p At, or
  /// null if it leaves the coroutine.
  const clang::CXXCatchStmt *handler(const clang::Stmt *At) const;

  /// Where \p Handler begins; invalid if it is not reached.
  FlowPoint begin(const clang::CXXCatchStmt *Handler) const {
    return {Entry.lookup(Handler), 0};
  }

  /// Can the coroutine end, or leave its cancellation to somebody else, once
  /// \p Handler has caught it? Awaits that fail on the way are added to
  /// \p Failing. Cost: linear in the size of the body.
  bool
  canEnd(const clang::CXXCatchStmt *Handler,
         llvm::SmallVectorImpl<const clang::CoroutineSuspendExpr *> &Failing);

  /// The first await after \p Handler whose failure leaves the coroutine, on
  /// the first path that comes to one before it ends otherwise; null if there
  /// is none.
  const clang::CoroutineSuspendExpr *
  firstUncaught(const clang::CXXCatchStmt *Handler);

private:
  bool
  follow(const clang::CXXCatchStmt *Handler,
         llvm::SmallVectorImpl<const clang::CoroutineSuspendExpr *> &Failing,
         const clang::CoroutineSuspendExpr *&Uncaught);
  bool catches(const clang::CXXCatchStmt *Handler) const;

  Unit &U;
  const Flow &F;
  /// The classes of the exception and their bases.
  llvm::DenseSet<const clang::CXXRecordDecl *> Caught;
  llvm::DenseMap<const clang::CXXCatchStmt *, const clang::CFGBlock *> Entry;
};

/// The declaration of a class (or of a typedef of one) by its qualified name,
/// as models spell it; null if the unit does not have it.
const clang::CXXRecordDecl *findClass(clang::ASTContext &AST,
                                      llvm::StringRef QualifiedName);

} // namespace coro

#endif // CORO_ANALYSIS_CANCEL_CANCELLEDPATHS_H
