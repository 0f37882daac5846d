//===- ObjectPath.h - Which object an expression names --------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Names of objects that can be compared: `socket`, `this->socket_`,
// `*session->socket()`, `(*self).stream_`. An access path in the sense of
// Deutsch (1992) without the part that would need aliasing: two equal paths
// name the same object as long as nothing on the path is assigned, and two
// different ones are taken to name different objects, except where one of them
// is not exact.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AST_OBJECTPATH_H
#define CORO_ANALYSIS_AST_OBJECTPATH_H

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/SmallVector.h"
#include <string>

namespace coro {

/// What stands at the beginning of a path.
enum class PathRoot {
  None,     ///< unknown: equal to nothing
  Variable, ///< a local, a parameter, a global
  This,     ///< the object whose member function (or lambda in one) this is
};

/// The name of an object, as seen from one function.
struct ObjectPath {
  PathRoot Root = PathRoot::None;
  const clang::ValueDecl *Variable = nullptr; ///< for PathRoot::Variable
  /// The names of data members, and (with "()") of member functions without
  /// arguments that return a reference or pointer, from the outside in.
  /// Dereferences leave no trace: `p->x`, `(*p).x` and, for a smart pointer,
  /// `p.get()->x` are one path.
  llvm::SmallVector<std::string, 4> Members;
  /// The object is somewhere inside what the path names: the result of a
  /// function that was given it, an element.
  bool Exact = true;

  explicit operator bool() const { return Root != PathRoot::None; }

  /// The same object, for certain.
  bool same(const ObjectPath &Other) const;

  /// Is \p Other this object, a part of it, or what it is a part of?
  bool overlaps(const ObjectPath &Other) const;

  /// Does the object live in the frame of \p Function: a local that is no
  /// reference, a by-value parameter, or a part of one?
  bool isOwnedBy(const clang::FunctionDecl *Function) const;

  /// As it is written in a message: `'socket_'`, `'session.socket_'`.
  std::string text() const;
};

/// The object that \p E names: looks through casts, `&`, `*`, moves and local
/// references, which stand for what they are bound to. A path without a root
/// when that is not known. Cost: the depth of the expression.
ObjectPath resolveObject(const clang::Expr *E);

/// \p E without parentheses, implicit conversions, temporaries, and the moves,
/// copies and casts that hand it on unchanged.
const clang::Expr *stripTransfers(const clang::Expr *E);

/// Is \p Variable, a local, assigned or incremented after its initialisation,
/// or its address taken? Cost: a walk over its function.
bool isAssigned(const clang::VarDecl *Variable);

/// Is \p E moved from: an rvalue made from a named object?
bool isMove(const clang::Expr *E);

} // namespace coro

#endif // CORO_ANALYSIS_AST_OBJECTPATH_H
