//===- OwnChanges.h - What a coroutine itself ends of what it borrowed ----===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// What the frame owns nobody else ends, but the frame itself may: `own.clear()`
// between the look-up and the use. Only operations of which the model of the
// container tells that they end the very element, or that all elements may
// move, are found: erasing another key ends nothing that was borrowed.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_OWNCHANGES_H
#define CORO_ANALYSIS_LIFETIME_OWNCHANGES_H

#include "analysis/facts/Report.h"
#include "analysis/lifetime/Origins.h"
#include "llvm/ADT/DenseMap.h"
#include <vector>

namespace clang {
class Stmt;
} // namespace clang

namespace coro {

class Flow;
class Unit;

/// An operation of a coroutine on a container or smart pointer.
struct OwnChange {
  enum Kind {
    All,    ///< ends every element: clear, assignment, reset
    Moves,  ///< moves the elements, or may: push_back
    Looked, ///< ends what certain look-ups give: pop_front
    Erases, ///< ends what Key gives, or what Iterator stands at: erase(it)
  };
  const clang::Expr *Operation = nullptr;
  Kind What = All;
  Tie Effect = Tie::Removal;
  llvm::StringRef Member; ///< of Looked
  const ContainerFacts *Facts = nullptr;
  const clang::VarDecl *Iterator = nullptr;
  const clang::Expr *Key = nullptr;
  /// The object: its storage, what its path begins with, and the path.
  Storage In = Storage::Unknown;
  const clang::ValueDecl *Root = nullptr;
  const clang::ValueDecl *Holder = nullptr;
  llvm::SmallVector<const clang::ValueDecl *, 2> Around;

  /// Was \p Taken borrowed from the object?
  bool isOf(const Loan &Taken) const;

  /// Does it end a borrow with \p Taken, which is tied by \p How? What the
  /// Iterator stands at is the caller's to know.
  bool ends(const Loan &Taken, Tie How, const clang::ASTContext &AST) const;

  /// How sure is it that the element is ended?
  Confidence sure() const;
};

/// The changes of one coroutine. Cost: linear in its body.
class OwnChanges {
public:
  OwnChanges(Unit &U, Origins &Where, const Flow &F);

  /// The number of the change that \p At is; none for other expressions.
  std::optional<unsigned> at(const clang::Stmt *At) const {
    auto It = Numbers.find(At);
    return It == Numbers.end() ? std::nullopt : std::optional(It->second);
  }
  const OwnChange &operator[](unsigned Number) const { return All[Number]; }
  unsigned size() const { return All.size(); }

  /// The numbers of the changes of what \p Taken may be borrowed from.
  llvm::ArrayRef<unsigned> of(const Loan &Taken) const {
    auto It = OfHolder.find(Taken.Holder);
    return It == OfHolder.end() ? llvm::ArrayRef<unsigned>()
                                : llvm::ArrayRef<unsigned>(It->second);
  }

private:
  std::vector<OwnChange> All;
  llvm::DenseMap<const clang::ValueDecl *, llvm::SmallVector<unsigned, 2>>
      OfHolder;
  llvm::DenseMap<const clang::Stmt *, unsigned> Numbers;
};

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_OWNCHANGES_H
