//===- Effects.h - What a function may block on ---------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// One summary a function: for each kind of blocking the shortest way to a call
// that blocks, modulo location, as Infer's starvation analysis has it
// (Blackshear et al., RacerD and Starvation, 2018). Summaries are made on
// demand for what is reachable from the functions that are asked about; see
// EffectSolver.h for how. What a function of another unit does is looked up in
// the index. A function that is not known (no body, no model, no summary in
// the index) has no effect.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_BLOCKING_EFFECTS_H
#define CORO_ANALYSIS_BLOCKING_EFFECTS_H

#include "analysis/ast/Calls.h"
#include "analysis/index/Index.h"
#include "analysis/unit/Unit.h"
#include <array>
#include <optional>

namespace coro {

constexpr unsigned BlockingKindCount =
    static_cast<unsigned>(BlockingKind::Lock) + 1;

/// More overriders than this and nobody knows which one it will be.
constexpr unsigned MaxOverriders = 4;

/// How a body comes to block: the call that does it and where it leads.
struct Witness {
  BlockingKind Kind = BlockingKind::Wait;
  Confidence Sure = Confidence::High;
  /// The number of calls down to the one that blocks; 1 for that one itself.
  unsigned Length = 1;
  Invocation At;
  /// The function whose own witness goes on from here: the callee, the callable
  /// that it runs, or an overrider of it. Null where the chain ends, or goes
  /// on in a function that is not declared here.
  const clang::FunctionDecl *Next = nullptr;
  /// The index's summary of that function when it has no body here.
  const IndexedFunction *Beyond = nullptr;
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

/// A step of a chain, ready to be told to a person.
struct ChainStep {
  /// Where the call is: in this unit, or else in a file of another.
  clang::SourceRange Where;
  SourcePlace Elsewhere;
  Invocation::Kind How = Invocation::Call;
  std::string Caller; ///< 'helper'; empty for the first step
  std::string Callee; ///< 'connect', the constructor of 'ifstream'
  /// Set when the call leads to another function than the one that it names.
  CallRelation Leads = CallRelation::Direct;
  std::string Next;
  /// The qualified names of all functions of this step.
  llvm::SmallVector<std::string, 2> Names;
};

/// How a call comes to block, from the call itself to the one that blocks.
struct BlockingChain {
  std::vector<ChainStep> Steps;
  std::string Reason; ///< what the last of them does: "waits until …"
  /// What to write instead of the last, by library.
  std::map<std::string, std::string> Replacement;
  /// No model says so, but the code itself.
  bool Annotated = false;
  /// An object is destroyed, and what it then does depends on its state, on a
  /// member that is a flag or a number; or a step depends on the thread.
  bool Conditional = false;
  /// It was followed to its end; false when a part of the index is missing.
  bool Whole = true;
};

/// A call in a body as the analysis sees it, for a summary of the unit.
struct EffectCall {
  Invocation At;
  std::optional<Witness> Leaf;
  llvm::SmallVector<const clang::FunctionDecl *, 1> Targets;
  /// The virtual function that is called; any overrider of it may be meant.
  const clang::CXXMethodDecl *Virtual = nullptr;
  /// It counts if Through calls its parameter of that index.
  const clang::FunctionDecl *Through = nullptr;
  unsigned Parameter = 0;
};

struct EffectPass {
  unsigned Mine;
  const clang::FunctionDecl *To;
  unsigned Theirs;
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

  /// The chain from \p First down to the call that blocks, as far as this unit
  /// has it. Bounded.
  std::vector<Witness> chain(const Witness &First);

  /// The whole chain, through other units too. Bounded.
  BlockingChain explain(const Witness &First);

  /// The calls in the body of \p Function, and the parameters that it hands
  /// on: what effects are computed from.
  std::vector<EffectCall> calls(const clang::FunctionDecl *Function);
  std::vector<EffectPass> passes(const clang::FunctionDecl *Function);
  /// Bit i: the body itself calls the callable that is parameter i.
  uint64_t callsItself(const clang::FunctionDecl *Function);

private:
  struct Node;
  struct Edge;

  bool dependsOnState(llvm::ArrayRef<Witness> Chain);
  bool dependsOnThread(llvm::ArrayRef<Witness> Chain);

  Node *node(const clang::FunctionDecl *Function);
  Node *node(llvm::StringRef Key);
  void learn(Node &N, const IndexedFunction *Known);
  void scan(Node &N);
  void scanVirtual(const clang::CXXMethodDecl *Method, Edge &E);
  void require(const clang::FunctionDecl *Function);
  bool isOpaque(const clang::FunctionDecl *Callee,
                const clang::FunctionDecl *Caller);
  bool isBarrier(const clang::FunctionDecl *Callee);
  const LibraryModel *libraryOf(const clang::FunctionDecl *Function);
  llvm::ArrayRef<const clang::FunctionDecl *>
  overriders(const clang::CXXMethodDecl *Method);

  Unit &U;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Node>> Nodes;
  /// Functions that are not declared here, by their keys in the index.
  llvm::StringMap<std::unique_ptr<Node>> Foreign;
  llvm::DenseMap<const clang::FunctionDecl *, const LibraryModel *> Libraries;
  llvm::DenseMap<const clang::FunctionDecl *,
                 llvm::SmallVector<const clang::FunctionDecl *, 2>>
      Overriders;
  bool OverridersKnown = false;
  FunctionEffects Nothing;
};

} // namespace coro

#endif // CORO_ANALYSIS_BLOCKING_EFFECTS_H
