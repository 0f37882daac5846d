//===- Calls.h - What a body runs -----------------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The functions that the evaluation of one body calls: written calls, operators
// and conversions, constructors, default arguments, and the destructors of
// locals, temporaries, members and bases. Taken from the CFG, so that code
// which cannot be reached is not in it, and neither is what only runs on the
// way to the end of the process.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AST_CALLS_H
#define CORO_ANALYSIS_AST_CALLS_H

#include "analysis/ast/Flow.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/ArrayRef.h"
#include <string>
#include <vector>

namespace clang {
class ASTContext;
class Expr;
class FunctionDecl;
class Stmt;
class ValueDecl;
class VarDecl;
} // namespace clang

namespace coro {

/// One function that a body calls.
struct Invocation {
  enum Kind { Call, Construct, Destroy };
  Kind How = Call;
  /// Null for a call through a pointer or of a parameter.
  const clang::FunctionDecl *Callee = nullptr;
  /// The CallExpr or CXXConstructExpr; for the destructor of a temporary the
  /// expression that made it; null for other destructors.
  const clang::Expr *Expression = nullptr;
  /// The local whose destructor it is, or null.
  const clang::VarDecl *Variable = nullptr;
  clang::SourceRange Where;
  FlowPoint Point;
};

/// What \p F runs, in the order of its blocks. Left out: unreachable code,
/// blocks from which every path ends in a noreturn function (assertions, last
/// messages), initialisers of local statics (they run once), trivial functions,
/// and what an awaiter does once its operation is complete (await_resume).
/// Cost: linear in the size of the CFG.
std::vector<Invocation> invocations(const Flow &F);

/// What is called, for a sentence: 'helper', the constructor of 'ifstream'.
std::string describe(const Invocation &I, const clang::ASTContext &AST);

/// The arguments of a call or construction, without the object.
llvm::ArrayRef<const clang::Expr *> argumentsOf(const clang::Expr *Call);

/// The object that a member is called on, or null.
const clang::Expr *objectOf(const clang::Expr *Call);

/// The variable, field or function that \p S itself names, as a reference or a
/// member access; null for everything else.
const clang::ValueDecl *namedBy(const clang::Stmt *S);

/// The data member of *this that \p E names itself, without a way through
/// another object; null for everything else.
const clang::FieldDecl *fieldOfThis(const clang::Expr *E);

/// The function object that \p Call calls by its name, a variable with static
/// storage (`std::ranges::sort`), or null.
const clang::VarDecl *functionObjectOf(const clang::Expr *Call);

/// The variable, field or function that \p E names, through elements,
/// dereferences and casts: `queue` for `this->queue[i].front()`'s object. A
/// binding stands for what was taken apart, the variable of a range-for for the
/// range. Null if there is none.
const clang::ValueDecl *baseOf(const clang::Expr *E);

/// \p E without casts, temporaries, std::move and copies: what an argument was
/// before it was passed on.
const clang::Expr *origin(const clang::Expr *E);

/// The function that is run when the callable \p E is called: the body of a
/// lambda, a function, the operator() of an object; null if it is not known.
const clang::FunctionDecl *callableOf(const clang::Expr *E);

/// Is there an await below \p S, lambdas aside?
bool containsAwait(const clang::Stmt *S);

} // namespace coro

#endif // CORO_ANALYSIS_AST_CALLS_H
