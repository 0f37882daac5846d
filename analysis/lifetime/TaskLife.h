//===- TaskLife.h - What becomes of a task after it was made --------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Follows the value of an expression that makes a task outwards: is it awaited
// in the same full-expression, kept in a variable, returned, handed to somebody
// who runs it, put into a container? Combinators, wrappers and functions whose
// bodies are at hand are looked through.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_TASKLIFE_H
#define CORO_ANALYSIS_LIFETIME_TASKLIFE_H

#include "analysis/lifetime/ArgumentLife.h"

namespace coro {

struct TaskLife {
  Fate What = Fate::Unknown;
  /// The await, return, call or assignment that decides.
  const clang::Stmt *Where = nullptr;
  /// For Kept: the variable.
  const clang::VarDecl *Variable = nullptr;
  /// For Spawned and Stored: who takes it, when that is a function.
  const clang::CallExpr *Taker = nullptr;
};

/// One later use of a variable that keeps a task.
struct KeptUse {
  const clang::DeclRefExpr *Mention = nullptr;
  TaskLife Then; ///< what this use does with the task
};

class TaskLives {
public:
  explicit TaskLives(Unit &U) : U(U) {}

  /// What becomes of the value of \p Task, an expression in the body of \p In.
  /// Cost: the depth of the expression.
  TaskLife of(const clang::Expr *Task, const clang::FunctionDecl *In);

  /// What becomes of the task that \p Closure makes for \p Call, of In, which
  /// is given the closure uncalled and keeps it until the task has ended.
  /// Unknown for a call of which no model says that.
  TaskLife ofClosure(const clang::CallExpr *Call, const clang::Expr *Closure,
                     const clang::FunctionDecl *In);

  /// Every mention of \p Variable in the body of \p In after its declaration.
  std::vector<KeptUse> usesOf(const clang::VarDecl *Variable,
                              const clang::FunctionDecl *In);

  /// The innermost statement that \p Variable's life is bound to (a compound
  /// statement, a loop …); null for parameters: the whole function.
  const clang::Stmt *scopeOf(const clang::VarDecl *Variable,
                             const clang::FunctionDecl *In);

  /// Can \p Variable be destroyed after \p From while nothing in between gave
  /// a started task the chance to end: no suspension, no call that may run an
  /// event loop or wait? This is what makes a report sure; false proves
  /// nothing.
  bool diesUnawaited(const clang::VarDecl *Variable, const clang::Stmt *From,
                     const clang::FunctionDecl *In);

  /// Does \p Outer contain \p Inner?
  bool contains(const clang::Stmt *Outer, const clang::Stmt *Inner,
                const clang::FunctionDecl *In);

  /// A call in user code that makes a task, and what becomes of that.
  struct Made {
    const clang::CallExpr *Call = nullptr;
    const clang::FunctionDecl *Caller = nullptr;
    const clang::FunctionDecl *Callee = nullptr;
    TaskLife Life;
  };
  /// All of them, once, in the order of the source functions.
  llvm::ArrayRef<Made> all();

private:
  struct Body;
  const Body *body(const clang::FunctionDecl *In);
  TaskLife ofArgument(const clang::CallExpr *Call, const clang::Stmt *Value,
                      const clang::FunctionDecl *In);
  const clang::CallExpr *waitInPlace(const clang::CallExpr *Spawn,
                                     const clang::FunctionDecl *In);
  /// What a function whose body is at hand does with its parameter.
  TaskLife ofParameter(const clang::FunctionDecl *Function, unsigned Index);
  bool mayWait(const clang::CFGElement &Element);
  bool waitsAfter(FlowPoint From, const clang::FunctionDecl *In);

  Unit &U;
  std::optional<std::vector<Made>> AllMade;
  llvm::DenseMap<const clang::FunctionDecl *, std::shared_ptr<Body>> Bodies;
  unsigned Depth = 0;
};

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_TASKLIFE_H
