//===- Flow.h - The control flow of one function, with suspensions --------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// clang::CFG expands every co_await in evaluation order. This wraps it: where
// the suspension points are, which block an expression is evaluated in, who
// the parents of an expression are, and what can reach what.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AST_FLOW_H
#define CORO_ANALYSIS_AST_FLOW_H

#include "clang/AST/ParentMap.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include <memory>

namespace clang {
class CoroutineSuspendExpr;
class FunctionDecl;
} // namespace clang

namespace coro {

/// A program point: before element Index of Block.
struct FlowPoint {
  const clang::CFGBlock *Block = nullptr;
  unsigned Index = 0;
  explicit operator bool() const { return Block; }
};

/// The control flow of one function body. A lambda's body is a function of its
/// own: its awaits are not part of the enclosing function's flow.
class Flow {
public:
  /// Builds the flow of \p Function, which must have a body that is not
  /// dependent. Null when the body contains errors that leave no usable CFG,
  /// or has more than MaxBlocks blocks.
  static std::unique_ptr<Flow> build(const clang::FunctionDecl *Function);
  static constexpr unsigned MaxBlocks = 20'000;

  const clang::CFG &cfg() const { return *Graph; }
  const clang::FunctionDecl *function() const { return Function; }

  /// The statement that people wrote: the body of a coroutine without the
  /// implicit parts around it.
  const clang::Stmt *body() const { return Body; }

  const clang::Stmt *parent(const clang::Stmt *S) const {
    return Parents->getParent(S);
  }
  /// The parent, looking through parentheses, implicit casts, temporaries and
  /// clean-ups.
  const clang::Stmt *semanticParent(const clang::Stmt *S) const;

  /// The whole statement that \p S is part of: what stands in a compound
  /// statement, is a condition, or an initialiser's DeclStmt.
  const clang::Stmt *enclosingStatement(const clang::Stmt *S) const;

  /// Every await and yield that is evaluated in this body, in source order.
  llvm::ArrayRef<const clang::CoroutineSuspendExpr *> suspensions() const {
    return Suspensions;
  }

  /// Does \p Test hold for a statement of the graph, which has each expression
  /// by itself? Block by block, in no order of evaluation.
  bool anyStatement(llvm::function_ref<bool(const clang::Stmt *)> Test) const;
  void
  forEachStatement(llvm::function_ref<void(const clang::Stmt *)> Do) const {
    anyStatement([&](const clang::Stmt *S) {
      Do(S);
      return false;
    });
  }

  /// Where \p S is evaluated; invalid if it is in no reachable block.
  FlowPoint point(const clang::Stmt *S) const {
    auto It = Points.find(S);
    return It == Points.end() ? FlowPoint() : It->second;
  }

  /// Is there a path on which \p To is evaluated after \p From?
  bool reaches(FlowPoint From, FlowPoint To) const;
  bool reaches(const clang::Stmt *From, const clang::Stmt *To) const {
    return reaches(point(From), point(To));
  }

  /// Does \p S stand in a loop of this function?
  bool isInLoop(const clang::Stmt *S) const;

private:
  Flow() = default;

  const clang::FunctionDecl *Function = nullptr;
  clang::Stmt *Body = nullptr;
  std::unique_ptr<clang::CFG> Graph;
  std::unique_ptr<clang::ParentMap> Parents;
  llvm::DenseMap<const clang::Stmt *, FlowPoint> Points;
  std::vector<const clang::CoroutineSuspendExpr *> Suspensions;
  /// Reachability between blocks, filled on demand.
  mutable llvm::DenseMap<const clang::CFGBlock *, llvm::BitVector> Reachable;
};

} // namespace coro

#endif // CORO_ANALYSIS_AST_FLOW_H
