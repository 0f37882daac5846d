//===- ClosureFix.h - How to save the captures of a coroutine lambda ------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_CLOSUREFIX_H
#define CORO_ANALYSIS_LIFETIME_CLOSUREFIX_H

#include "analysis/lifetime/DyingArgument.h"

namespace coro {

/// The fix of a lambda whose closure dies too early, and which one it is.
struct ClosureFix {
  /// `spawn(ex, lambda(), …)` becomes `spawn(ex, lambda, …)`: the spawner keeps
  /// the closure.
  bool HandOver = false;
  /// `(this auto)`: the closure is copied into the frame (C++23).
  bool ByValueObject = false;
  std::vector<clang::FixItHint> Hints;
};

/// The fix that is right for \p D without further thought, if there is one.
/// Requires D.Closure.
ClosureFix fixClosure(const DyingArgument &D, Unit &U);

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_CLOSUREFIX_H
