//===- Effects.h - What a function may block on ---------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// One summary a function: for each kind of blocking the shortest way to a call
// that blocks, modulo location, as Infer's starvation analysis has it
// (Blackshear et al., RacerD and Starvation, 2018). Summaries are made on
// demand for what is reachable from the functions that are asked about; the
// shortest ways come from one run of Dijkstra's algorithm backwards over the
// call graph, in Knuth's form (1977) where a virtual call needs all of its
// overriders. A function that is not known (no body, no model, no summary in
// the index) has no effect.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_EFFECTS_H
#define CORO_ANALYSIS_EFFECTS_H

#include "analysis/Calls.h"
#include "analysis/Unit.h"
#include <array>
#include <optional>

namespace coro {

constexpr unsigned BlockingKindCount =
    static_cast<unsigned>(BlockingKind::Lock) + 1;

/// How a body comes to block: the call that does it and where it leads.
struct Witness {
  BlockingKind Kind = BlockingKind::Wait;
  Confidence Sure = Confidence::High;
  /// The number of calls down to the one that blocks; 1 for that one itself.
  unsigned Length = 1;
  Invocation At;
  /// The function whose own witness goes on from here: the callee, the callable
  /// that it runs, or an overrider of it. Null where the chain ends.
  const clang::FunctionDecl *Next = nullptr;
  /// At the end of the chain what the model says; null for a function that is
  /// annotated as blocking.
  const BlockingModel *Model = nullptr;
};

/// The summary of one function.
struct FunctionEffects {
  /// By BlockingKind.
  std::array<std::optional<Witness>, BlockingKindCount> Blocks;
  /// Bit i: the callable that is parameter i is called before it returns.
  uint64_t CallsParameter = 0;
};

/// The effects of the functions of one unit. Use Unit::shared<Effects>().
class Effects {
public:
  explicit Effects(Unit &U);
  ~Effects();

  /// The summary of \p Function; an empty one when it has no body. Calls from
  /// and into coroutines carry no effect: a coroutine that blocks is reported
  /// by itself.
  const FunctionEffects &of(const clang::FunctionDecl *Function);

  /// Every call in the body of \p Function that can block, in the order of its
  /// blocks: a call has one entry for each kind.
  std::vector<Witness> blockingCalls(const clang::FunctionDecl *Function);

  /// The chain from \p First down to the call that blocks. Bounded.
  std::vector<Witness> chain(const Witness &First);

private:
  struct Node;
  struct Edge;

  Node *node(const clang::FunctionDecl *Function);
  void scan(Node &N);
  void require(const clang::FunctionDecl *Function);
  void solveParameters(llvm::ArrayRef<Node *> New);
  void solveBlocking(llvm::ArrayRef<Node *> New);
  std::optional<Witness> leaf(const Invocation &I, const Flow &F,
                              llvm::ArrayRef<Invocation> All);
  bool isReady(const BlockingModel &Model, const Invocation &I, const Flow &F,
               llvm::ArrayRef<Invocation> All) const;
  bool isReleased(const BlockingModel &Model, const clang::VarDecl *Variable,
                  const Flow &F) const;
  bool isOpaque(const clang::FunctionDecl *Callee,
                const clang::FunctionDecl *Caller);
  bool isBarrier(const clang::FunctionDecl *Callee);
  const LibraryModel *libraryOf(const clang::FunctionDecl *Function);
  llvm::ArrayRef<const clang::FunctionDecl *>
  overriders(const clang::CXXMethodDecl *Method);
  std::optional<Witness> evaluate(const Edge &E, unsigned Kind) const;

  Unit &U;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Node>> Nodes;
  llvm::DenseMap<const clang::FunctionDecl *, const LibraryModel *> Libraries;
  llvm::DenseMap<const clang::FunctionDecl *,
                 llvm::SmallVector<const clang::FunctionDecl *, 2>>
      Overriders;
  bool OverridersKnown = false;
  FunctionEffects Nothing;
};

} // namespace coro

#endif // CORO_ANALYSIS_EFFECTS_H
