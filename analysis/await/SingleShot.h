//===- SingleShot.h - Tasks that are used after they were used up ---------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A task that cannot be copied gives its result once. This follows each local
// variable or parameter of such a type along the control flow: awaiting it as
// an rvalue, moving it away or calling a member that only rvalues have uses it
// up; assigning to it makes it good again; whatever is not understood does,
// too.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AWAIT_SINGLESHOT_H
#define CORO_ANALYSIS_AWAIT_SINGLESHOT_H

#include "analysis/ast/EvaluatedTree.h"
#include "analysis/facts/Report.h"
#include "analysis/unit/Unit.h"

namespace coro {

/// How a variable's task is used.
enum class TaskStep {
  Await,   ///< `co_await t`, `co_await std::move(t)`
  Move,    ///< moved into another object or a call that takes it
  Consume, ///< a member call on an rvalue: `std::move(t).start()`
};

/// A use of a task that an earlier one used up.
struct SecondUse {
  const clang::VarDecl *Variable = nullptr;
  const TaskType *Type = nullptr;
  TaskStep First = TaskStep::Await, Second = TaskStep::Await;
  const clang::Expr *FirstUse = nullptr;
  const clang::Expr *Use = nullptr;
  bool InLoop = false; ///< both are the same: a loop comes back to it
  /// High when every path to the second use passes the first, or an
  /// unconditional loop does; Medium where a condition may tell them apart or
  /// where a call may have left the task alone.
  Confidence Sure = Confidence::High;
};

/// All second uses of a unit. Cost: control flow only for functions that use
/// up a variable; then one bit-vector data flow.
class SingleShot {
public:
  explicit SingleShot(Unit &U);
  llvm::ArrayRef<SecondUse> secondUses() const { return Found; }

private:
  class Body;
  std::vector<SecondUse> Found;
};

} // namespace coro

#endif // CORO_ANALYSIS_AWAIT_SINGLESHOT_H
