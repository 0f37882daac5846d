//===- LockTypes.h - Which types are locks and guards ---------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Tells the locks of threads from those that coroutines may hold while they
// are suspended, and finds the types whose objects hold a lock as long as they
// live. Evidence, strongest first: a marker member or a model, thread-safety
// attributes, then the declarations themselves: a lock whose lock() spins or
// takes a thread's lock is one, too; a lock that has a member returning an
// awaitable was made for coroutines; a class whose destructor releases a lock
// that it refers to is a guard, and so is what contains one.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_UNIT_LOCKTYPES_H
#define CORO_ANALYSIS_UNIT_LOCKTYPES_H

#include "analysis/facts/Models.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include <memory>

namespace coro {

class Unit;

enum class MutexKind {
  None,      ///< no lock at all, or one that does nothing
  Unknown,   ///< it has lock() and unlock(), but what they do is not known
  Thread,    ///< locks out other threads: must be released where it was taken
  Coroutine, ///< made to be held while a coroutine is suspended
};

/// What an object of a class means as long as it lives.
struct GuardType {
  const clang::CXXRecordDecl *Record = nullptr;
  /// The kind of what it holds locked.
  MutexKind Mutex = MutexKind::None;
  /// Its thread may take the lock again.
  bool Recursive = false;
  /// It can be without its lock: made so, or released before it dies.
  bool CanBeEmpty = false;
  /// What its type says of how it locks: a policy among template arguments.
  LockTag Policy = LockTag::None;
  /// It is no guard itself but has members or bases that are.
  bool Contains = false;
  /// Not a lock: why it must not live across a suspension.
  std::string MustNotSuspend;
};

/// One lock that a call takes or gives back.
struct LockOperation {
  LockEffect Effect = LockEffect::None;
  const clang::Expr *Object = nullptr; ///< the mutex or guard; never null
  MutexKind Kind = MutexKind::Thread;
};

/// Where a lock is, as far as an expression tells: a variable (or `this`,
/// which is null) and the members on the way. Dereferencing is looked through.
using LockPath = llvm::SmallVector<const clang::ValueDecl *, 4>;

/// The path that \p Object names; empty when it is not that simple. Reference
/// variables are looked through to what they were bound to.
LockPath lockPath(const clang::Expr *Object);

/// The variable that is all of \p Object, or null.
const clang::VarDecl *plainVariable(const clang::Expr *Object);

/// Classifies types, each once a unit.
class LockTypes {
public:
  explicit LockTypes(Unit &U);

  /// What kind of lock \p Type (references and pointers looked through) is.
  MutexKind mutex(clang::QualType Type);

  /// May the thread that holds a lock of this type take it again?
  bool isRecursive(clang::QualType Type) const;

  /// The guard that an object of \p Type is or contains; null if it is none.
  const GuardType *guard(clang::QualType Type);

  /// What \p Call (a call or construction) does with locks, other than making
  /// a guard. Most calls have no operation.
  llvm::SmallVector<LockOperation, 2> operations(const clang::Expr *Call);

  /// What a tag argument of this type says.
  LockTag tag(clang::QualType Type) const;

private:
  MutexKind computeMutex(const clang::CXXRecordDecl *Record);
  GuardType computeGuard(const clang::CXXRecordDecl *Record);
  llvm::SmallVector<LockOperation, 2>
  ofOwnMember(const clang::CXXMethodDecl *Method, const clang::Expr *This);
  bool releasesInDestructor(const clang::CXXRecordDecl *Record,
                            GuardType &Found);
  const MarkerModel *marker(const clang::CXXRecordDecl *Record) const;

  Unit &U;
  std::vector<MarkerModel> Markers;
  llvm::DenseMap<const clang::CXXRecordDecl *, MutexKind> Mutexes;
  llvm::DenseMap<const clang::CXXMethodDecl *, LockEffect> OwnMembers;
  llvm::DenseMap<const clang::CXXRecordDecl *, std::unique_ptr<GuardType>>
      Guards;
};

/// Calls \p Visit for every statement in \p Root that is evaluated with it:
/// the bodies of lambdas are not. In the order of the source.
void forEachStatement(const clang::Stmt *Root,
                      llvm::function_ref<void(const clang::Stmt *)> Visit);

} // namespace coro

#endif // CORO_ANALYSIS_UNIT_LOCKTYPES_H
