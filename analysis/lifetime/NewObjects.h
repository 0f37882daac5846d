//===- NewObjects.h - Objects that nobody else knows yet ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// What a function does to an object that it has just made, and has given to
// nobody, cannot disturb a coroutine that is suspended meanwhile.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_NEWOBJECTS_H
#define CORO_ANALYSIS_LIFETIME_NEWOBJECTS_H

#include "analysis/unit/BorrowTypes.h"

namespace clang {
class Expr;
class Stmt;
class VarDecl;
} // namespace clang

namespace coro {

class Flow;

/// Does \p E make an object, as opposed to finding one: std::make_shared, a
/// template of a library that is asked for an owner of a T, a function whose
/// body says `return owner(new T)`, or calls one that does, or one without a
/// body here that is no member of an object and returns the only owner? \p
/// Depth is that of the calls so far.
bool makesObject(const clang::Expr *E, const BorrowTypes &Types,
                 unsigned Depth = 0);

/// Has \p Owner, on every way to \p Then, an object that was made in the
/// function of \p F, and of which nobody has got a copy of the owner before
/// that? Cost: linear in the function.
bool isNotYetShared(const clang::VarDecl *Owner, const Flow &F,
                    const clang::Stmt *Then, const BorrowTypes &Types);

/// Is \p Operation, in the function of \p F, done to such an object, or to a
/// part of one?
bool isOnNewObject(const clang::Expr *Operation, const Flow &F,
                   const BorrowTypes &Types);

/// Does \p Call call a member function on such an object, or, as a part of its
/// construction, on the object itself?
bool isCallOnNewObject(const clang::Expr *Call, const Flow &F,
                       const BorrowTypes &Types);

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_NEWOBJECTS_H
