//===- AsyncTwin.h - The awaited form of a blocking function --------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Many interfaces offer an operation twice: `query()` blocks, `async_query()`
// returns a task. A function is taken for the twin of another one if it stands
// beside it, takes the same arguments, returns what the coroutine at hand can
// await because it returns the same itself, and is named after it.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_BLOCKING_ASYNCTWIN_H
#define CORO_ANALYSIS_BLOCKING_ASYNCTWIN_H

namespace clang {
class Expr;
class FunctionDecl;
} // namespace clang

namespace coro {

struct Coroutine;
class Unit;

/// The twin of what \p Call calls in \p From; null if there is none, if \p From
/// is it, if it cannot be used here, or if it blocks itself. Cost: some
/// look-ups of names.
const clang::FunctionDecl *asyncTwin(const clang::Expr *Call,
                                     const Coroutine &From, Unit &U);

} // namespace coro

#endif // CORO_ANALYSIS_BLOCKING_ASYNCTWIN_H
