//===- StaleState.h - Decisions that a suspension has overtaken -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Three shapes in which a coroutine acts after a suspension on what it saw of
// shared state before it:
//
//   if (!connection_) connection_ = co_await connect();      Empty
//   if (!cache_.contains(k)) { …co_await…; cache_[k] = v; }  Missing
//   n_ = n_ + co_await f();                                  Read
//
// A forward data flow over the tests and reads of the function: each is fresh
// until a suspension and stale after it. Whatever looks at the state again, or
// changes shared state between the test and the suspension (a flag, a
// placeholder: single flight), ends it. State of the frame itself does not
// count, and neither does a suspension with a coroutine's lock held.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_STALESTATE_H
#define CORO_ANALYSIS_LIFETIME_STALESTATE_H

#include "analysis/ast/ObjectPath.h"
#include "analysis/facts/Report.h"
#include "analysis/unit/Unit.h"

namespace coro {

enum class StaleShape {
  Empty,   ///< it was tested to be empty, or not done yet
  Missing, ///< it was asked for a key and does not have it
  Read,    ///< its value was read, and goes into the new one
};

struct StaleState {
  StaleShape Shape = StaleShape::Empty;
  ObjectPath Object;
  const clang::Expr *Seen = nullptr; ///< the test, or the read
  const clang::CoroutineSuspendExpr *Await = nullptr;
  const clang::Expr *Write = nullptr;
  Confidence Sure = Confidence::High;
};

/// In the order of the source. Cost: one data flow.
std::vector<StaleState> findStaleState(Unit &U, const Coroutine &C);

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_STALESTATE_H
