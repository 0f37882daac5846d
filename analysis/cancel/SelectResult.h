//===- SelectResult.h - Who won a select ----------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Tests of a select's result. They are recognised by what they are made of, not
// by name: an integer made from the result alone and compared with a constant
// is the index of the winner; a pointer or bool made from it with an index or
// type as template argument tells whether that alternative is there.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_CANCEL_SELECTRESULT_H
#define CORO_ANALYSIS_CANCEL_SELECTRESULT_H

#include "analysis/ast/Flow.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace coro {

/// What a condition says about who won.
struct Verdict {
  enum Kind { Nothing, Won, NotWon } What = Nothing;
  unsigned Branch = 0;
  static Verdict won(uint64_t Branch) {
    return {Won, static_cast<unsigned>(Branch)};
  }
  Verdict inverted() const {
    return {What == Won ? NotWon : What == NotWon ? Won : Nothing, Branch};
  }
};

/// Understands the ways in which people ask a select's result who won.
class ResultTests {
public:
  ResultTests(const clang::ASTContext &AST,
              const clang::CoroutineSuspendExpr *Await, unsigned Branches)
      : AST(AST), Await(Await), Branches(Branches) {}

  /// Finds the variable that \p F's await initialises or is assigned to.
  void findVariables(const Flow &F);

  /// \p Variable is true, converted to bool, when \p Branch did not succeed.
  void addError(const clang::ValueDecl *Variable, unsigned Branch) {
    Errors.insert(Variable);
    ErrorBranch = Branch;
  }

  /// Is \p S made from the result (and constants) alone?
  bool isMadeFromResult(const clang::Stmt *S) const {
    bool Found = false;
    return onlyResult(S, Found, 0) && Found;
  }

  bool mentionsResult(const clang::Stmt *S, unsigned Depth = 0) const;
  bool declaresResult(const clang::ValueDecl *Declaration) const;

  /// What does \p Condition say when it is true?
  Verdict whenTrue(const clang::Expr *Condition, unsigned Depth = 0) const;

  /// Does evaluating \p Call take an alternative out, so that it throws when
  /// another one won?
  Verdict whenEvaluated(const clang::CallExpr *Call) const;

  /// Is \p Call given the whole result, other than to ask who won?
  bool visits(const clang::CallExpr *Call) const;

  /// What does going over to successor number \p Successor of \p Block, which
  /// ends with \p Switch, say? Several verdicts for a default.
  llvm::SmallVector<Verdict, 2> atSwitch(const clang::SwitchStmt &Switch,
                                         const clang::CFGBlock &Block,
                                         unsigned Successor) const;

private:
  bool isIndex(const clang::Expr *E) const;
  std::optional<uint64_t> caseOf(const clang::Expr *Condition,
                                 const clang::CaseStmt *Case) const;
  bool onlyResult(const clang::Stmt *S, bool &Found, unsigned Depth) const;
  std::optional<uint64_t> constant(const clang::Expr *E) const;
  Verdict equals(const clang::Expr *Index, const clang::Expr *Constant,
                 unsigned Depth) const;
  Verdict alternative(const clang::CallExpr *Call) const;

  const clang::ASTContext &AST;
  const clang::CoroutineSuspendExpr *Await;
  unsigned Branches;
  llvm::SmallPtrSet<const clang::ValueDecl *, 4> Variables;
  llvm::SmallPtrSet<const clang::ValueDecl *, 2> Errors;
  unsigned ErrorBranch = 0;
};

} // namespace coro

#endif // CORO_ANALYSIS_CANCEL_SELECTRESULT_H
