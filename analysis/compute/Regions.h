//===- Regions.h - Stretches of a coroutine that only compute -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Finds runs of whole statements in one block of a coroutine that only
// compute: no suspension, no IO object, executor or token, no effect outside
// the function's own variables, no jump out. What flows in and out of such a
// region is told by the uses of variables and by control flow, so that a
// plain function with a real signature can be proposed. Of a maximal run the
// part is kept that computes most for the fewest values.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_COMPUTE_REGIONS_H
#define CORO_ANALYSIS_COMPUTE_REGIONS_H

#include "analysis/compute/Cost.h"
#include "analysis/unit/Unit.h"

namespace coro {

/// A variable or data member that a region reads, writes or makes.
struct RegionValue {
  const clang::ValueDecl *Declaration = nullptr; ///< VarDecl, FieldDecl, …
  bool Mutated = false;                          ///< the region changes it
  bool DeclaredInside = false;                   ///< the region makes it
  bool ElementsOnly = false; ///< read only through its elements and size
  bool UsedAfter = false;    ///< looked at after the region, or again in it
};

/// A region, with everything that is needed to propose a function for it.
struct ComputeRegion {
  const Coroutine *In = nullptr;
  llvm::SmallVector<const clang::Stmt *, 16> Statements;
  /// Read or changed, made outside; in order of first use.
  std::vector<RegionValue> LiveIns;
  /// Made or changed inside and used afterwards; in order of first use.
  std::vector<RegionValue> LiveOuts;
  unsigned Weight = 0;    ///< statements that compute, counted through nesting
  unsigned LoopDepth = 0; ///< deepest nest of loops
  unsigned Decisions = 0; ///< branches, and loops twice
  unsigned Opaque = 0;    ///< calls of the user's functions without a body here
  /// What comes out are two values that have nothing to do with each other.
  bool TwoThings = false;
  bool InMacro = false;
  bool HasDirectives = false; ///< of the preprocessor, between its statements
  Cost Taken;                 ///< what it costs

  clang::SourceLocation begin() const;
  clang::SourceLocation end() const;
  /// How much is gained by taking it out; larger is better.
  int score() const;
  /// Is it advice that most people would take? Straight lines, and lines which
  /// mostly call what is not known, are less clearly so.
  Confidence sure() const;
};

struct RegionLimits {
  unsigned MinWeight = 8;
  unsigned MaxIns = 4;
  unsigned MaxOuts = 2;
};

/// All regions of \p C that are worth a thought: at least MinWeight computing
/// statements, or a nest of loops and half of that; few enough live values for
/// a signature that a reviewer would accept. Best first.
/// Cost: linear in the statements of the coroutine; for each run of computing
/// statements the square of its length (at most 64) times its variables.
std::vector<ComputeRegion> findComputeRegions(const Coroutine &C, Unit &U,
                                              const RegionLimits &Limits);

/// What may stand in a computing region. Shared by the checks of a unit.
class ComputeTypes {
public:
  explicit ComputeTypes(Unit &U) : U(U) {}

  /// Sockets, timers, executors, tokens, awaitables, streams on files, locks;
  /// what has a member function that makes an awaitable; and what holds or
  /// points to such.
  bool isIo(clang::QualType Type);

private:
  bool isIoClass(const clang::CXXRecordDecl *Record, unsigned Depth);

  Unit &U;
  llvm::DenseMap<const clang::CXXRecordDecl *, bool> Known;
};

} // namespace coro

#endif // CORO_ANALYSIS_COMPUTE_REGIONS_H
