//===- LostErrors.h - Started tasks whose exceptions nobody hears of ------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Who starts a task and does not await it says what becomes of the exception
// that ends it (models: `errors`): nothing, or a handler that does not look at
// it. Harmless where every await of the coroutine stands in a `try` that
// catches everything.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_CANCEL_LOSTERRORS_H
#define CORO_ANALYSIS_CANCEL_LOSTERRORS_H

#include "analysis/facts/Report.h"
#include "analysis/unit/Unit.h"

namespace coro {

struct LostError {
  const clang::CallExpr *Start = nullptr;
  const FunctionModel *Model = nullptr;
  /// The handler that does not look at what it is told; null if there is none.
  const clang::LambdaExpr *Handler = nullptr;
  /// The coroutine that is started, or null if its body is not at hand.
  const Coroutine *Task = nullptr;
  Confidence Sure = Confidence::High;
};

/// In the order of the source. Cost: a walk over all bodies.
std::vector<LostError> findLostErrors(Unit &U);

} // namespace coro

#endif // CORO_ANALYSIS_CANCEL_LOSTERRORS_H
