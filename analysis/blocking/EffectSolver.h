//===- EffectSolver.h - Effects over a call graph -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The fixpoints behind the effects of functions. They are the same whether the
// graph is that of one unit (Effects.cpp) or that of a whole project, when
// summaries are linked (IndexBuilder.cpp). The shortest ways come from
// Dijkstra's algorithm, run backwards over the calls, in Knuth's form (1977)
// where a call needs all of its targets.
//
// A Node has
//   FactType       how it blocks: Sure (a Confidence), Length, and what else
//                  its owner wants to know
//   EdgeType       a call: Targets, Cap, Through, Parameter,
//                  leaf(Kind) -> std::optional<FactType>, and
//                  extend(Kind, Target, Fact of that target, Sure) -> FactType
//   facts()        an optional FactType for each BlockingKind
//   parameters()   bit i: it calls the callable that is parameter i
//   Edges, Passes (Mine, To, Theirs), Callers (node, index of an edge), Solved
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_BLOCKING_EFFECTSOLVER_H
#define CORO_ANALYSIS_BLOCKING_EFFECTSOLVER_H

#include "analysis/facts/Report.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <optional>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

namespace coro {

template <typename Node> class EffectSolver {
  using Fact = typename Node::FactType;
  using Edge = typename Node::EdgeType;

public:
  /// How a call that is \p E blocks, as far as its targets are solved.
  static std::optional<Fact> evaluate(const Edge &E, unsigned Kind) {
    if (std::optional<Fact> Leaf = E.leaf(Kind))
      return Leaf;
    if (E.Through && !(E.Through->parameters() >> E.Parameter & 1))
      return std::nullopt;
    const Fact *Best = nullptr;
    Node *Where = nullptr;
    Confidence Sure = E.Cap;
    for (Node *Target : E.Targets) {
      const std::optional<Fact> &Theirs = Target->facts()[Kind];
      if (!Theirs)
        return std::nullopt;
      Sure = std::min(Sure, Theirs->Sure);
      if (!Best || cost(*Theirs) < cost(*Best)) {
        Best = &*Theirs;
        Where = Target;
      }
    }
    if (!Best)
      return std::nullopt;
    return E.extend(Kind, *Where, *Best, Sure);
  }

  /// Finds which of \p New call their parameters. Cost: linear in the passes.
  static void solveParameters(llvm::ArrayRef<Node *> New) {
    using Pass = std::tuple<Node *, unsigned, unsigned>;
    llvm::DenseMap<Node *, llvm::SmallVector<Pass, 2>> From;
    std::vector<Node *> Work;
    for (Node *N : New)
      for (const auto &P : N->Passes) {
        From[P.To].push_back({N, P.Mine, P.Theirs});
        if (P.To->parameters())
          Work.push_back(P.To);
      }
    while (!Work.empty()) {
      Node *N = Work.back();
      Work.pop_back();
      auto It = From.find(N);
      if (It == From.end())
        continue;
      for (auto [Caller, Mine, Theirs] : It->second) {
        uint64_t Bit = uint64_t(1) << Mine;
        if (!(N->parameters() >> Theirs & 1) || (Caller->parameters() & Bit))
          continue;
        Caller->parameters() |= Bit;
        Work.push_back(Caller);
      }
    }
  }

  /// Finds how each of \p New blocks; what they call is solved, or among them.
  static void solveBlocking(llvm::ArrayRef<Node *> New, unsigned Kinds) {
    struct Candidate {
      unsigned Cost;
      unsigned Order; ///< of discovery: makes ties the same in every run
      unsigned Kind;
      Node *N;
      Fact F;
      bool operator<(const Candidate &Other) const {
        return std::tie(Cost, Order) > std::tie(Other.Cost, Other.Order);
      }
    };
    std::priority_queue<Candidate> Queue;
    unsigned Order = 0;
    auto Consider = [&](Node *N, const Edge &E, unsigned Kind) {
      if (N->facts()[Kind])
        return;
      if (std::optional<Fact> F = evaluate(E, Kind))
        Queue.push({cost(*F), Order++, Kind, N, std::move(*F)});
    };
    for (Node *N : New)
      for (unsigned I = 0; I < N->Edges.size(); ++I)
        for (Node *Target : N->Edges[I].Targets)
          if (!Target->Solved)
            Target->Callers.push_back({N, I});
    for (Node *N : New)
      for (const Edge &E : N->Edges)
        for (unsigned Kind = 0; Kind < Kinds; ++Kind)
          Consider(N, E, Kind);
    while (!Queue.empty()) {
      Candidate Top = Queue.top();
      Queue.pop();
      std::optional<Fact> &Slot = Top.N->facts()[Top.Kind];
      if (Slot)
        continue;
      Slot = std::move(Top.F);
      for (auto [Caller, Index] : Top.N->Callers)
        Consider(Caller, Caller->Edges[Index], Top.Kind);
    }
    for (Node *N : New) {
      N->Solved = true;
      N->Callers.clear();
    }
  }

private:
  /// Better is smaller: a sure witness first, then a short one.
  static unsigned cost(const Fact &F) {
    return (static_cast<unsigned>(Confidence::High) -
            static_cast<unsigned>(F.Sure)) *
               1'000'000u +
           std::min(F.Length, 999'999u);
  }
};

} // namespace coro

#endif // CORO_ANALYSIS_BLOCKING_EFFECTSOLVER_H
