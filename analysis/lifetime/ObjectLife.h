//===- ObjectLife.h - Member coroutines that nobody keeps an object for ---===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A member coroutine that goes on by itself needs its object. Somebody has to
// keep it: an owner in the frame (shared_from_this, an owning parameter), an
// owner beside the task (a completion handler's capture), a destructor that
// waits, or a life as long as the program's.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_OBJECTLIFE_H
#define CORO_ANALYSIS_LIFETIME_OBJECTLIFE_H

#include "analysis/facts/Report.h"
#include "analysis/lifetime/Invalidation.h"
#include "analysis/lifetime/TaskLife.h"

namespace coro {

struct CallerSummary;

/// A member coroutine that uses its object after a suspension.
struct UnkeptObject {
  const Coroutine *Body = nullptr;
  LateUse Use;
  /// The call that makes the task which is then spawned; null when the
  /// coroutine is detached by its type, or when no such call is visible.
  const clang::CallExpr *Call = nullptr;
  TaskLife Task;
  /// Such a call in another unit, when there is none here.
  const CallerSummary *CallBeyond = nullptr;
  /// The operation that ends objects of this class, where one is known.
  std::optional<Invalidator> Ender;
  Confidence Sure = Confidence::High;
  /// The member that hands out an owner of the object ("shared_from_this");
  /// empty if the class has none.
  std::string SelfOwner;
};

class ObjectLives {
public:
  explicit ObjectLives(Unit &U);

  llvm::ArrayRef<UnkeptObject> all() const { return All; }

  /// The classes (canonical) of which this unit makes objects. Cost: one walk
  /// over the unit, at the first call.
  const llvm::DenseSet<const clang::CXXRecordDecl *> &made();

  /// Is the task of \p Made spawned on an object that nobody there keeps, and
  /// that is neither a local nor a global?
  bool leavesObject(const TaskLives::Made &Made);
  /// Does what is given to the spawner beside the task refer to the frame of
  /// the coroutine that spawns? That has to wait then, and keeps what it is
  /// called on.
  static bool refersToSpawningFrame(const TaskLives::Made &Made, Unit &U);

private:
  bool keepsItself(const Coroutine &C, const clang::CXXRecordDecl *Class);
  bool asksForLife(const Coroutine &C, const clang::Expr *Use);
  bool isMade(const clang::CXXRecordDecl *Class);
  bool livesAsLongAsMain(const clang::CXXRecordDecl *Class);
  bool isKeptBySpawner(const TaskLives::Made &Made);
  bool ownsWhileItRuns(const TaskLives::Made &Made);
  bool isStoppedWithObject(const TaskLives::Made &Made,
                           const clang::CXXRecordDecl *Class);
  bool stopsWhenDestroyed(const clang::FieldDecl *Source,
                          const clang::CXXRecordDecl *Class);
  bool isOwner(clang::QualType Type) const;
  bool carriesOwner(clang::QualType Type,
                    const clang::CXXRecordDecl *Class) const;

  Unit &U;
  std::vector<UnkeptObject> All;
  /// Per class: is there an object in this unit, and are all of them globals
  /// or locals of main?
  llvm::DenseMap<const clang::CXXRecordDecl *, std::pair<bool, bool>> Objects;
  llvm::DenseSet<const clang::CXXRecordDecl *> MadeHere;
  bool Scanned = false;
};

/// The member of \p Class or its bases that hands out an owner of the object,
/// by the models; empty if there is none.
std::string selfOwnerOf(const clang::CXXRecordDecl *Class, const Models &Known);

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_OBJECTLIFE_H
