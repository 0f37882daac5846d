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

class RunOrder;
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
  /// The container in an element of which that is done; null if it is in none,
  /// or in one that is not known.
  const clang::ValueDecl *Within = nullptr;
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

  /// Do all ways to an operation in another unit, as far as that unit and this
  /// one know them, begin in \p Coroutine?
  bool runsOnlyFor(const InvalidatorSummary &Operation,
                   const clang::FunctionDecl *Coroutine);

  /// Is \p One done in an element of another container than \p Within, a member
  /// or global variable? Where the container is a parameter its callers tell. A
  /// reference that is a member may refer to any container: that it is the same
  /// is not known.
  bool isInOtherContainer(const Invalidator &One,
                          const clang::ValueDecl *Within);
  /// The containers, members or global variables, in an element of
  /// which \p One is done; empty if they are not known.
  std::vector<const clang::ValueDecl *> containersOf(const Invalidator &One);

  /// Does \p One happen to objects that nobody else knows yet: is it done by a
  /// member function to its own object, and is that function called, as far as
  /// this unit or the project knows, on objects only which its callers have
  /// just made?
  bool isSetUp(const Invalidator &One);

  /// Is \p One, of this unit, the only operation on \p Holder (canonical) here,
  /// in no loop, and is the holder empty before, as far as constructors tell?
  bool isFirst(const Invalidator &One, const clang::ValueDecl *Holder) const;

  /// Is \p One all that ever happens to \p Holder: the first operation, done
  /// once by what main() or a constructor calls? Nobody has borrowed before.
  bool isOnlyFilling(const Invalidator &One, const clang::ValueDecl *Holder);

private:
  Unit &U;
  RunOrder &Order;
  /// The functions with a body here, and those that are called here, by key.
  llvm::StringMap<const clang::FunctionDecl *> Mine, Called;
  void collectKeys();
  llvm::DenseMap<const clang::ValueDecl *, std::vector<Invalidator>> All;
  llvm::DenseMap<const clang::CXXRecordDecl *, std::vector<Invalidator>> Ends;
};

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_INVALIDATION_H
