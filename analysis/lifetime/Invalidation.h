//===- Invalidation.h - Who ends the life of what is borrowed -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// One search of a unit for everything that makes borrows invalid: members that
// erase, insert or assign on a container that is a member or global, smart
// pointers that are given another value, objects that are assigned as a whole.
// Construction and destruction do not count.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_INVALIDATION_H
#define CORO_ANALYSIS_LIFETIME_INVALIDATION_H

#include "analysis/facts/Report.h"
#include "analysis/lifetime/Origins.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"

namespace coro {

struct CallSite;
struct InvalidatorSummary;

/// One operation that invalidates borrows from a member, global or parameter.
struct Invalidator {
  /// Null when it is in another unit.
  const clang::Expr *Operation = nullptr;
  const clang::FunctionDecl *In = nullptr; ///< never a constructor
  Tie Effect = Tie::Removal;
  Storage Where = Storage::Unknown; ///< of the object that is changed
  /// The function that is given to a person: In, or for a lambda the function
  /// that makes it.
  const clang::FunctionDecl *Named = nullptr;
  /// What the index says of it, when it is in another unit.
  const InvalidatorSummary *Beyond = nullptr;

  /// The function that is given to a person, with quotes.
  std::string shown() const;
  /// Does it give the whole object another value?
  bool replaces() const;
  /// A note with \p Message at the operation; where that is in a file that
  /// cannot be read, at \p Otherwise.
  ReportNote note(Unit &U, std::string Message,
                  clang::SourceRange Otherwise) const;
};

/// Shared by the checks of a unit. Cost: one traversal of it on first use.
class Invalidation {
public:
  explicit Invalidation(Unit &U);

  /// What ends borrows from \p Holder (canonical) that are tied by \p How.
  /// Cost: linear in the operations on it.
  std::vector<Invalidator> of(const clang::ValueDecl *Holder, Tie How) const;

  /// The same in other units, by the index.
  std::vector<Invalidator> elsewhere(const clang::ValueDecl *Holder, Tie How);

  /// A plain function that destroys objects of \p Class, elements of a
  /// container, and does not run for \p Coroutine only. In this unit, or by the
  /// index in another one.
  std::optional<Invalidator> enderOf(const clang::CXXRecordDecl *Class,
                                     const clang::FunctionDecl *Coroutine);

  /// Calls \p Do for everything that was found here, in no order: with a member
  /// or variable, or with the class whose objects end.
  void forEach(
      llvm::function_ref<void(const clang::NamedDecl *, const Invalidator &)>
          Do) const;

  /// Does \p Function make or unmake objects, or a class as a whole? What it
  /// does is not concurrent with their use.
  static bool isConstruction(const clang::FunctionDecl *Function);

  /// Is every known caller of \p Function, at any distance, \p Coroutine or
  /// a constructor? False when no caller is known.
  bool runsOnlyFor(const clang::FunctionDecl *Function,
                   const clang::FunctionDecl *Coroutine);
  /// The same of an operation in another unit: do all ways to it, as far as
  /// that unit and this one know them, begin there?
  bool runsOnlyFor(const InvalidatorSummary &Operation,
                   const clang::FunctionDecl *Coroutine);

  /// Do \p One and \p Other, members of one class, run one after the other in
  /// each run of the function with which both begin: is every known call on
  /// the way to them one on the same object that is waited for where it stands,
  /// and do all ways begin in the same function?
  bool areInOneRun(const clang::FunctionDecl *One,
                   const clang::FunctionDecl *Other);

  /// Is \p One a part of the set-up before \p Coroutine: does the function that
  /// does it run once, and come to it before every call by which the coroutine
  /// is reached?
  bool isSetUpOf(const Invalidator &One, const clang::FunctionDecl *Coroutine);

  /// Is \p One, of this unit, the only operation on \p Holder (canonical) here,
  /// in no loop, and is the holder empty before, as far as constructors tell?
  bool isFirst(const Invalidator &One, const clang::ValueDecl *Holder) const;

  /// Is \p One all that ever happens to \p Holder: the first operation, done
  /// once by what main() or a constructor calls? Nobody has borrowed before.
  bool isOnlyFilling(const Invalidator &One, const clang::ValueDecl *Holder);

private:
  const clang::FunctionDecl *runOf(const clang::FunctionDecl *Function);
  bool isReachedBehind(const clang::FunctionDecl *Function,
                       const Invalidator &One);
  bool runsOnce(const clang::FunctionDecl *Function);
  /// The calls of \p Function, and where it is named otherwise.
  llvm::SmallVector<CallSite, 4> usesOf(const clang::FunctionDecl *Function);

  Unit &U;
  /// The functions with a body here, and those that are called here, by key.
  llvm::StringMap<const clang::FunctionDecl *> Mine, Called;
  void collectKeys();
  llvm::DenseMap<const clang::FunctionDecl *, std::vector<CallSite>> Named;
  bool NamedKnown = false;
  llvm::DenseMap<const clang::ValueDecl *, std::vector<Invalidator>> All;
  llvm::DenseMap<const clang::CXXRecordDecl *, std::vector<Invalidator>> Ends;
};

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_INVALIDATION_H
