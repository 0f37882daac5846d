//===- HandleFate.h - Where a coroutine's handle goes ---------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Follows the handle of a suspended coroutine, or a pointer to its awaiter,
// from one mention to what is done with it: resumed, destroyed, run on another
// thread, put where other threads see it, kept, or passed to what is not known.
// Functions whose bodies are at hand are looked into.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AWAIT_HANDLEFATE_H
#define CORO_ANALYSIS_AWAIT_HANDLEFATE_H

#include "analysis/ast/EvaluatedTree.h"
#include "analysis/unit/Unit.h"
#include <map>

namespace coro {

/// The strongest first.
enum class PublishKind {
  Destroyed, ///< `handle.destroy()`
  Resumed,   ///< `handle.resume()`, `handle()`
  Elsewhere, ///< given to what runs it on another thread or executor
  Shared,    ///< put where other threads see it at once: an atomic
  Passed,    ///< given to a function that is not known
  Stored,    ///< put into an object: who sees it depends on the locks
};

/// What is followed.
enum class Carrier {
  Handle,   ///< the coroutine's handle, or an object made from it
  Awaiter,  ///< a pointer to the awaiter that keeps the handle
  Callable, ///< a callable with one of them
  Resumer,  ///< a callable that resumes the coroutine when it is called
};

struct HandleFate {
  PublishKind Kind = PublishKind::Passed;
  const clang::Expr *At = nullptr; ///< it has happened when this is complete
  /// What At calls with it, or null.
  const clang::FunctionDecl *Taker = nullptr;
  /// The variable or member that it is put into, if that is known.
  const clang::ValueDecl *Into = nullptr;
  /// At gives a bool that says whether it took it.
  bool IfTrue = false;
  /// It happens in a function that At calls, and there on some paths only.
  bool OnSomePaths = false;
};

/// Is \p Type std::coroutine_handle?
bool isCoroutineHandle(clang::QualType Type);

/// Does \p Call resume the handle that it is called on? Looks at operator(),
/// too.
const clang::Expr *resumedHandle(const clang::Expr *Call);

/// Cost: each body and parameter once.
class HandleFates {
public:
  explicit HandleFates(Unit &U) : U(U) {}

  /// What becomes of \p What, which \p Mention names. \p Alias is set when it
  /// only gets another name, a local variable, and \p What to what that is.
  /// Nothing if it stays where it is.
  std::optional<HandleFate> follow(const EvaluatedTree &Tree,
                                   const clang::Expr *Mention, Carrier &What,
                                   const clang::VarDecl *&Alias,
                                   unsigned Depth = 0);

private:
  std::optional<HandleFate> ofCall(const EvaluatedTree &Tree,
                                   const clang::Expr *Call,
                                   const clang::Expr *Argument, Carrier What,
                                   unsigned Depth);
  std::optional<HandleFate> inside(const clang::FunctionDecl *Callee,
                                   unsigned Parameter, Carrier What,
                                   unsigned Depth);

  Unit &U;
  std::map<std::pair<const clang::Decl *, Carrier>, std::optional<HandleFate>>
      Known;
};

} // namespace coro

#endif // CORO_ANALYSIS_AWAIT_HANDLEFATE_H
