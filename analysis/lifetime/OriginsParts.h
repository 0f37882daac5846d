//===- OriginsParts.h - What the files of Origins share -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// For Origins.cpp (paths and variables), OriginsOfCalls.cpp and
// OriginsOfExpressions.cpp only.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_ORIGINSPARTS_H
#define CORO_ANALYSIS_LIFETIME_ORIGINSPARTS_H

#include "analysis/lifetime/Origins.h"
#include "clang/AST/Decl.h"

namespace coro {

/// Counts how deep an evaluation is: hostile code ends as "unknown".
struct Origins::Step {
  explicit Step(unsigned &Depth) : Depth(Depth) { ++Depth; }
  ~Step() { --Depth; }
  bool tooDeep() const { return Depth > MaxDepth; }
  unsigned &Depth;
};

inline Referents unknownReferents() { return {Referent()}; }

inline Referents referentsIn(Storage Root) {
  Referent R;
  R.Root = Root;
  return {R};
}

inline void append(Referents &To, Referents From) {
  To.append(std::make_move_iterator(From.begin()),
            std::make_move_iterator(From.end()));
}

inline const clang::ValueDecl *canonical(const clang::ValueDecl *Declaration) {
  return Declaration
             ? llvm::cast<clang::ValueDecl>(Declaration->getCanonicalDecl())
             : nullptr;
}

/// Takes a call of any form apart: the object that it is a member call on,
/// and the other arguments. \returns the callee, or null.
const clang::FunctionDecl *takeApart(const clang::Expr *E,
                                     const clang::Expr *&Object,
                                     llvm::ArrayRef<const clang::Expr *> &Args);

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_ORIGINSPARTS_H
