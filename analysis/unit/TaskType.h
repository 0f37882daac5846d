//===- TaskType.h - What a task or awaitable type is ----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Classifies the types that coroutines return and that people await, from
// their promise type and their await functions, not from their names. A model
// (models/*.yaml) may state what the declarations do not show.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_UNIT_TASKTYPE_H
#define CORO_ANALYSIS_UNIT_TASKTYPE_H

#include "analysis/facts/Models.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Type.h"
#include "llvm/ADT/DenseMap.h"
#include <memory>

namespace clang {
class ASTContext;
class CoroutineBodyStmt;
class CoroutineSuspendExpr;
} // namespace clang

namespace coro {

/// Does awaiting suspend?
enum class Suspends {
  Unknown, ///< await_ready decides at run time: treat as "it can"
  Never,   ///< await_ready is constantly true
  Always,  ///< await_ready is constantly false, and await_suspend returns void
  ToEnd,   ///< if at all, then for good: await_suspend finishes the coroutine
};

/// One classified type. Made by TaskTypes, which owns it.
struct TaskType {
  const clang::CXXRecordDecl *Record = nullptr;
  /// The promise type of coroutines that return Record; null if there is none
  /// or if it could not be found. May be the pattern of a class template.
  const clang::CXXRecordDecl *Promise = nullptr;
  const TypeModel *Model = nullptr;
  const LibraryModel *Library = nullptr;
  /// When the body of a coroutine of this type starts to run.
  StartKind Start = StartKind::Unknown;
  /// A coroutine can return it.
  bool IsTask = false;
  /// It has await functions or an operator co_await, or a model says so.
  bool IsAwaitable = false;
  /// It can be moved. A task that cannot must be awaited where it is made.
  bool Movable = true;
  /// Nothing can await it: fire and forget.
  bool Detached = false;
  /// Awaiting needs an rvalue: a second await would find it used up.
  bool AwaitsRvalueOnly = false;
  /// It can be copied: several handles of one result, as a shared task.
  bool Copyable = false;
  /// There is nothing to do with it but to await it: its public interface is
  /// the await functions or operator co_await. An operation, then, that
  /// awaiting starts, and no future of something that runs already.
  bool OnlyAwaitable = false;
  /// Its author says so: `[[nodiscard("… await …")]]`, or a marker that makes
  /// it a sender. What can be done with it besides awaiting only prepares that.
  bool MustAwait = false;
  /// A second await finds it used up, as it says or as its model says.
  bool SingleShot = false;
  /// An await resumes its coroutine without a look at whether that has ended.
  bool ResumesBlindly = false;
  /// Documented as something that may be dropped.
  bool MayDiscard = false;
  /// The coroutine goes on when the object is destroyed.
  bool SurvivesDrop = false;

  /// Is a dropped object of this type lost work: a task that has not run, or
  /// an operation that was not started?
  bool isLazy() const { return Start == StartKind::Lazy; }
};

/// Classifies types, each once.
class TaskTypes {
public:
  TaskTypes(clang::ASTContext &AST, const Models &Known);

  /// Tells what is known from a coroutine at hand: its body names the exact
  /// promise type and the expression of its initial suspend. Call this for all
  /// coroutines of a unit before the first classify().
  void learn(const clang::CoroutineBodyStmt *Body, clang::QualType ReturnType);

  /// The classification of \p Type (references are looked through), or null
  /// if it is neither a task nor awaitable. Amortised constant time.
  const TaskType *classify(clang::QualType Type);

  /// Does awaiting through this awaiter suspend?
  Suspends suspends(const clang::CXXRecordDecl *Awaiter) const;

  /// Does this await suspend? Looks at the awaiter that is really used. Only
  /// this one says ToEnd. Cost: each await_suspend once.
  Suspends suspends(const clang::CoroutineSuspendExpr *Await);

  /// What `co_await` of \p Type gives; a null type if the declarations do not
  /// tell (an await_transform, a deduced return type).
  clang::QualType awaitResult(const TaskType &Type) const;

private:
  const clang::CXXRecordDecl *
  findPromise(const clang::CXXRecordDecl *Record) const;
  StartKind startKind(const clang::CXXRecordDecl *Promise) const;
  std::unique_ptr<TaskType> make(const clang::CXXRecordDecl *Record);

  clang::ASTContext &AST;
  const Models &Known;
  /// Names of members that make a type a sender.
  llvm::SmallVector<std::string, 4> SenderMarkers;
  struct Learnt {
    const clang::CXXRecordDecl *Promise = nullptr;
    StartKind Start = StartKind::Unknown;
    /// Its coroutines have several promises, which start differently.
    bool Mixed = false;
  };
  bool isMarked(const clang::CXXRecordDecl *Record, unsigned Depth = 0) const;
  /// Of await_suspend functions, whether they finish the coroutine.
  llvm::DenseMap<const clang::FunctionDecl *, bool> Finishing;
  /// Keyed on the class, and on the pattern of its template.
  llvm::DenseMap<const clang::CXXRecordDecl *, Learnt> FromBodies;
  llvm::DenseMap<const clang::CXXRecordDecl *, std::unique_ptr<TaskType>> Cache;
};

/// Finds a member function by name in \p Record or its bases; null if there is
/// none. The first declaration is returned when there are overloads.
const clang::CXXMethodDecl *findMethod(const clang::CXXRecordDecl *Record,
                                       llvm::StringRef Name);

/// The class as it is written: the pattern of the template that \p Record is
/// made from, or its canonical declaration. Never null for a non-null Record.
const clang::CXXRecordDecl *templatePattern(const clang::CXXRecordDecl *Record);

/// The value that \p Function always returns, if its body is nothing but
/// `return` of a constant condition.
std::optional<bool> constantResult(const clang::FunctionDecl *Function,
                                   const clang::ASTContext &AST);

} // namespace coro

#endif // CORO_ANALYSIS_UNIT_TASKTYPE_H
