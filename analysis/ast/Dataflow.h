//===- Dataflow.h - A small data-flow driver with a budget ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A forward may-analysis over clang::CFG: a worklist in reverse post-order
// until nothing changes, the classic iterative algorithm of Kildall (1973).
// Every analysis of a function runs through it, so that none can hang on a
// giant or hostile function.
//
// An analysis gives a State that is cheap to copy and has
//   bool join(const State &Other);   // true when this changed
// and a type with
//   State entry();                                   // at function entry
//   void transfer(State &, const clang::CFGElement &, const clang::CFGBlock &);
// and, if it wants to look at branch conditions,
//   void edge(State &, const clang::CFGBlock &From, unsigned SuccessorIndex);
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AST_DATAFLOW_H
#define CORO_ANALYSIS_AST_DATAFLOW_H

#include "clang/Analysis/CFG.h"
#include "clang/Analysis/FlowSensitive/DataflowWorklist.h"
#include <optional>
#include <vector>

namespace coro {

/// The outcome of one analysis.
template <typename State> struct FlowStates {
  /// The state before the first element of each block, by block ID; empty for
  /// blocks that are not reached.
  std::vector<std::optional<State>> Blocks;
  /// False when the budget ran out: the states are then not a fixpoint, and
  /// the caller must say nothing about this function, or say that it gave up.
  bool Complete = true;
};

/// How many CFG elements one analysis may visit: generous for any function
/// that people write, and a bound for generated ones.
constexpr unsigned DefaultFlowBudget = 2'000'000;

namespace detail {
template <typename A, typename S>
auto edgeIfAny(A &Analysis, S &State, const clang::CFGBlock &From,
               unsigned Successor, int)
    -> decltype(Analysis.edge(State, From, Successor), void()) {
  Analysis.edge(State, From, Successor);
}
template <typename A, typename S>
void edgeIfAny(A &, S &, const clang::CFGBlock &, unsigned, long) {}
} // namespace detail

/// Runs \p Analysis forward over \p Graph. Cost: visited elements are bounded
/// by \p Budget; near-linear for the usual bit-vector states.
template <typename State, typename Analysis>
FlowStates<State> runForward(const clang::CFG &Graph, Analysis &A,
                             unsigned Budget = DefaultFlowBudget) {
  FlowStates<State> Result;
  Result.Blocks.resize(Graph.getNumBlockIDs());
  clang::PostOrderCFGView Order(&Graph);
  clang::ForwardDataflowWorklist Worklist(Graph, &Order);
  Result.Blocks[Graph.getEntry().getBlockID()] = A.entry();
  Worklist.enqueueBlock(&Graph.getEntry());
  while (const clang::CFGBlock *Block = Worklist.dequeue()) {
    State S = *Result.Blocks[Block->getBlockID()];
    for (const clang::CFGElement &Element : *Block) {
      if (Budget-- == 0) {
        Result.Complete = false;
        return Result;
      }
      A.transfer(S, Element, *Block);
    }
    unsigned Index = 0;
    for (const clang::CFGBlock::AdjacentBlock &Next : Block->succs()) {
      unsigned At = Index++;
      const clang::CFGBlock *Successor = Next.getReachableBlock();
      if (!Successor)
        continue;
      State Out = S;
      detail::edgeIfAny(A, Out, *Block, At, 0);
      std::optional<State> &In = Result.Blocks[Successor->getBlockID()];
      bool Changed = !In;
      if (In)
        Changed = In->join(Out);
      else
        In = std::move(Out);
      if (Changed)
        Worklist.enqueueBlock(Successor);
    }
  }
  return Result;
}

} // namespace coro

#endif // CORO_ANALYSIS_AST_DATAFLOW_H
