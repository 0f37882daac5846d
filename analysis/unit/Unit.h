//===- Unit.h - One translation unit, as the checks see it ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Everything that several checks ask of a translation unit is found once and
// kept here: its functions and coroutines, the classification of its task
// types and awaits, control flow, call sites.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_UNIT_UNIT_H
#define CORO_ANALYSIS_UNIT_UNIT_H

#include "analysis/ast/Flow.h"
#include "analysis/ast/Wording.h"
#include "analysis/facts/Models.h"
#include "analysis/facts/Report.h"
#include "analysis/unit/TaskType.h"
#include "llvm/ADT/DenseMap.h"
#include <functional>
#include <memory>
#include <typeindex>

namespace clang {
class CallExpr;
class CoroutineBodyStmt;
class CoroutineSuspendExpr;
class Expr;
class FunctionDecl;
class LambdaExpr;
} // namespace clang

namespace coro {

class Index;
class IndexView;
struct SourcePlace;

/// A function whose body is a coroutine.
struct Coroutine {
  const clang::FunctionDecl *Function = nullptr;
  const clang::CoroutineBodyStmt *Body = nullptr;
  /// The classification of its return type; null if that is no class.
  const TaskType *Task = nullptr;
  /// The lambda that it is the call operator of, or null.
  const clang::LambdaExpr *Lambda = nullptr;

  bool isEager() const { return Task && Task->Start == StartKind::Eager; }
  bool isDetached() const { return Task && Task->Detached; }
};

/// A call of a function or the construction of an object, and the body that
/// evaluates it.
struct CallSite {
  const clang::Expr *Call = nullptr; ///< CallExpr or CXXConstructExpr
  const clang::FunctionDecl *Caller = nullptr;
};

/// One translation unit. Lives as long as its ASTContext.
class Unit {
public:
  Unit(clang::ASTContext &AST, std::shared_ptr<const Models> Known,
       std::shared_ptr<const Index> Project = nullptr);
  ~Unit();

  clang::ASTContext &ast() const { return AST; }
  const Models &models() const { return *Known; }
  TaskTypes &taskTypes() { return Types; }
  /// What is known about other units; knows nothing when there is no index.
  IndexView &index() { return *Project; }

  /// Every function of user code (outside system headers) that has a body and
  /// is not dependent: functions, members, instantiations, and the call
  /// operators of lambdas. In the order of the source; instantiations of one
  /// template stand together.
  llvm::ArrayRef<const clang::FunctionDecl *> functions() const {
    return Functions;
  }
  llvm::ArrayRef<const Coroutine *> coroutines() const { return Coroutines; }

  /// The coroutine that \p Function is, or null.
  const Coroutine *coroutine(const clang::FunctionDecl *Function) const;

  /// The lambda that \p Function is the call operator of, or null.
  const clang::LambdaExpr *lambda(const clang::FunctionDecl *Function) const;

  /// The function in whose body the closure \p Lambda is made, or null.
  const clang::FunctionDecl *
  enclosingFunction(const clang::LambdaExpr *Lambda) const;

  /// The control flow of \p Function, built on first use; null if it cannot be
  /// built.
  const Flow *flow(const clang::FunctionDecl *Function);

  /// The classification of a type; null if it is neither task nor awaitable.
  const TaskType *taskType(clang::QualType Type) {
    return Types.classify(Type);
  }

  /// Can this await suspend? Honours models and constant await_ready.
  bool maySuspend(const clang::CoroutineSuspendExpr *Await);

  /// Who calls \p Function in this unit, as far as can be seen.
  llvm::ArrayRef<CallSite> callers(const clang::FunctionDecl *Function);

  /// Is \p Function (or a class around it) annotated with
  /// [[clang::annotate("coro::<Name>")]]? Looks at all redeclarations.
  static bool isAnnotated(const clang::Decl *Declaration, llvm::StringRef Name);

  /// Is this location in code of the user, as opposed to a system header?
  bool isUserCode(clang::SourceLocation Location) const;

  /// An analysis that several checks share, made on first use. T must have a
  /// constructor from Unit &.
  template <typename T> T &shared() {
    std::shared_ptr<void> &Slot = Shared[&SharedKey<T>::Key];
    if (!Slot)
      Slot = std::make_shared<T>(*this);
    return *static_cast<T *>(Slot.get());
  }

private:
  template <typename T> struct SharedKey {
    static inline char Key = 0;
  };
  class Collector;

  clang::ASTContext &AST;
  std::shared_ptr<const Models> Known;
  std::unique_ptr<IndexView> Project;
  TaskTypes Types;
  std::vector<const clang::FunctionDecl *> Functions;
  std::vector<const Coroutine *> Coroutines;
  std::vector<std::unique_ptr<Coroutine>> OwnedCoroutines;
  llvm::DenseMap<const clang::FunctionDecl *, const Coroutine *> CoroutineOf;
  llvm::DenseMap<const clang::FunctionDecl *, const clang::LambdaExpr *>
      LambdaOf;
  llvm::DenseMap<const clang::LambdaExpr *, const clang::FunctionDecl *>
      LambdaIn;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Flow>> Flows;
  llvm::DenseMap<const clang::FunctionDecl *, std::vector<CallSite>> Callers;
  bool CallersKnown = false;
  std::map<const void *, std::shared_ptr<void>> Shared;
};

/// A note at a place in another unit's file. Where that file cannot be read,
/// it stands at \p Otherwise and names the file in its text.
ReportNote elsewhere(Unit &U, const SourcePlace &Place, std::string Message,
                     clang::SourceRange Otherwise);

} // namespace coro

#endif // CORO_ANALYSIS_UNIT_UNIT_H
