//===- AwaitableUse.h - Awaitables that are made and lost -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// What becomes of each task or awaitable that a call hands back: is there
// anything that could await, start or keep it? Values are followed through the
// expression they stand in, then through the local variable, container or
// aggregate that they end up in; a variable is followed along the control flow.
// Whatever is not understood counts as a use.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AWAIT_AWAITABLEUSE_H
#define CORO_ANALYSIS_AWAIT_AWAITABLEUSE_H

#include "analysis/ast/EvaluatedTree.h"
#include "analysis/facts/Report.h"
#include "analysis/unit/Unit.h"

namespace coro {

/// What is lost when nothing awaits an awaitable.
enum class LostKind {
  LazyTask,  ///< the body never runs
  Operation, ///< an awaitable that is no task: it is never started
  EagerTask, ///< it runs, but nobody sees its end, result or error
  Cancelled, ///< it runs until its first suspension, where the drop ends it
  Unknown,   ///< a task that may or may not have been started
};

/// How it is lost.
enum class LostHow {
  Dropped,     ///< as a statement, by a cast to void, left of a comma …
  Tested,      ///< converted to bool in place of its result
  Unused,      ///< in a variable that nothing reads
  Overwritten, ///< in a variable that gets another value before it is read
  SomePath,    ///< in a variable that one path out of its scope does not read
  Held,        ///< in an aggregate or container that nothing reads
  Callback,    ///< returned by a callable to a caller that drops it
};

struct LostAwaitable {
  LostKind Kind = LostKind::LazyTask;
  LostHow How = LostHow::Dropped;
  Confidence Sure = Confidence::High;
  const clang::FunctionDecl *In = nullptr; ///< the body that makes it
  const TaskType *Type = nullptr;
  /// The expression that makes it: a call, an await that gives another
  /// awaitable, for a Callback the callable.
  const clang::Expr *Made = nullptr;
  /// What was called to make it, or what calls the Callback; may be null.
  const clang::FunctionDecl *Callee = nullptr;
  /// Every expression that wants a `co_await` for the whole to be right: more
  /// than one when they are the arms of one conditional operator.
  llvm::SmallVector<const clang::Expr *, 2> Awaits;
  /// The variable, for Unused, Overwritten, SomePath and Held.
  const clang::ValueDecl *Variable = nullptr;
  /// What awaiting it gives, if that is known.
  clang::QualType Result;
  /// Result is an object that does something by being there (a lock, units of
  /// a semaphore), and the variable was meant to be it.
  bool IsGuard = false;
  /// What consumes it takes its result as well as the awaitable, but not no
  /// result at all: `std::ignore =`, `auto x =`.
  bool NeedsResult = false;
  /// Overwritten, SomePath: where the value goes without having been read.
  clang::SourceLocation LostAt;
  /// What is lost is an operation of a library, not the body of a coroutine.
  bool IsOperation = false;
  /// In is a coroutine.
  bool InCoroutine = false;
  /// `co_await` in place of each of Awaits compiles, as far as can be told.
  bool CanAwait = false;
};

/// All that a unit loses. Cost: linear in the size of the bodies; control flow
/// is built only for functions that keep an awaitable in a variable.
class AwaitableUse {
public:
  explicit AwaitableUse(Unit &U);

  /// In the order of the functions of the unit.
  llvm::ArrayRef<LostAwaitable> lost() const { return Lost; }

private:
  class Body;
  Unit &U;
  std::vector<LostAwaitable> Lost;
  /// Which types were awaited in coroutines of which promise: both are the
  /// patterns of templates.
  llvm::DenseSet<
      std::pair<const clang::CXXRecordDecl *, const clang::CXXRecordDecl *>>
      Awaited;
  /// What awaiting an object of a class gave somewhere in the unit.
  llvm::DenseMap<const clang::CXXRecordDecl *, clang::QualType> Results;
};

} // namespace coro

#endif // CORO_ANALYSIS_AWAIT_AWAITABLEUSE_H
