//===- AwaiterPublish.h - Awaiters that are used after they are gone ------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// An awaiter lives in the frame of the coroutine that awaits. As soon as
// await_suspend has resumed that coroutine, destroyed it or handed its handle
// to somebody who may do so, the awaiter may be gone. This finds what
// await_suspend touches after that.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AWAITERPUBLISH_H
#define CORO_ANALYSIS_AWAITERPUBLISH_H

#include "analysis/Report.h"
#include "analysis/Unit.h"

namespace coro {

enum class PublishKind {
  Resumed,   ///< `handle.resume()`, `handle()`
  Destroyed, ///< `handle.destroy()`
  Elsewhere, ///< given to what runs it on another thread or executor
  Passed,    ///< given to a function that is not known
};

/// One use of an awaiter, or of its coroutine's frame, that comes too late.
struct LateTouch {
  const clang::FunctionDecl *Suspend = nullptr; ///< await_suspend
  PublishKind Kind = PublishKind::Resumed;
  const clang::Expr *Publish = nullptr;
  /// What Publish gives the handle to, or null.
  const clang::FunctionDecl *Taker = nullptr;
  const clang::Expr *Touch = nullptr;
  /// The member that is touched; null for `this` itself and for the handle.
  const clang::ValueDecl *Member = nullptr;
  bool TouchesHandle = false;
  Confidence Sure = Confidence::High;
};

/// All late touches of a unit, the first of each await_suspend and publication.
/// Cost: only functions named await_suspend are looked at.
class AwaiterPublish {
public:
  explicit AwaiterPublish(Unit &U);
  llvm::ArrayRef<LateTouch> touches() const { return Found; }

private:
  class Body;
  std::vector<LateTouch> Found;
};

} // namespace coro

#endif // CORO_ANALYSIS_AWAITERPUBLISH_H
