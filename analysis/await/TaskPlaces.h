//===- TaskPlaces.h - Local variables that tasks are put into -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A task that is put into a local container, array, aggregate, optional or
// smart pointer is lost with it unless somebody takes it out. This tells what
// each mention of such a variable does: put something in, ask how much there
// is, or anything else, which counts as a use.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AWAIT_TASKPLACES_H
#define CORO_ANALYSIS_AWAIT_TASKPLACES_H

#include "analysis/ast/EvaluatedTree.h"
#include "analysis/unit/Unit.h"

namespace coro {

/// What naming a variable does to the tasks that it is or holds.
enum class Mention {
  Nothing, ///< its value is dropped, or put where nothing reads it
  Moves,   ///< the same by another variable, perhaps to destroy it there
  Asks,    ///< whether or how much there is
  Fills,   ///< puts something in
  Write,   ///< gives the whole variable a new value
  Use,     ///< takes something out, passes it on, or is not understood
};

/// For one body. Cost: each mention of a variable once, the answer is kept.
class TaskPlaces {
public:
  TaskPlaces(Unit &U, const EvaluatedTree &Tree) : U(U), Tree(Tree) {}

  /// Where \p Value goes, as EvaluatedTree::fate() has it; what is put into a
  /// local holder by a member call or an assignment goes there, too.
  FateOfValue fate(const clang::Expr *Value) const;

  Mention classify(const clang::DeclRefExpr *Name);

  /// Does no mention of the local \p Variable use what it is or holds?
  bool neverGivesOut(const clang::ValueDecl *Variable);

  /// Is a value of \p Type nothing but a place for other values: an array, an
  /// aggregate, a container, a pair, tuple, optional or smart pointer, so that
  /// what is put into it is lost with it?
  bool isPlainHolder(clang::QualType Type) const;

private:
  const clang::VarDecl *holderOf(const clang::Expr *Place) const;
  bool onlyFills(const clang::CXXMemberCallExpr *Call) const;
  Mention classifyCall(const clang::CXXMemberCallExpr *Call) const;

  Unit &U;
  const EvaluatedTree &Tree;
  llvm::DenseMap<const clang::ValueDecl *, bool> Known;
};

} // namespace coro

#endif // CORO_ANALYSIS_AWAIT_TASKPLACES_H
