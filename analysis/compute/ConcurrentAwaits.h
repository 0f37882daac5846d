//===- ConcurrentAwaits.h - Awaits that need not wait for each other ------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Finds consecutive statements of one block, each of which awaits one call and
// keeps its result, where no call needs what an earlier one produced or
// changes. Operations on one object (a connection, this) are no pair: they
// have an order, or share what only one of them may use.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_COMPUTE_CONCURRENTAWAITS_H
#define CORO_ANALYSIS_COMPUTE_CONCURRENTAWAITS_H

#include "analysis/facts/Report.h"
#include "analysis/unit/Unit.h"

namespace coro {

/// A group of awaits of one coroutine, in source order; at least two.
struct ConcurrentGroup {
  const Coroutine *In = nullptr;
  llvm::SmallVector<const clang::CoawaitExpr *, 4> Awaits;
  /// Medium if each awaits a coroutine whose arguments are its own: values,
  /// and objects that it cannot change. Low if members of this are called.
  Confidence Sure = Confidence::Medium;
};

/// All groups of \p C. Cost: linear in its statements, and quadratic in the
/// length of a group.
std::vector<ConcurrentGroup> findConcurrentAwaits(const Coroutine &C, Unit &U);

} // namespace coro

#endif // CORO_ANALYSIS_COMPUTE_CONCURRENTAWAITS_H
