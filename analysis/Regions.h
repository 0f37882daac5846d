//===- Regions.h - Stretches of a coroutine that only compute -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Finds maximal runs of whole statements in one block of a coroutine that only
// compute: no suspension, no IO object, executor or token, no effect outside
// the function's own variables, no jump out. What flows in and out of such a
// region is told by the uses of variables and by control flow, so that a
// plain function with a real signature can be proposed.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_REGIONS_H
#define CORO_ANALYSIS_REGIONS_H

#include "analysis/Unit.h"

namespace coro {

/// A variable or data member that a region reads, writes or makes.
struct RegionValue {
  const clang::ValueDecl *Declaration = nullptr; ///< VarDecl or FieldDecl
  bool Mutated = false;                          ///< the region changes it
  bool DeclaredInside = false;                   ///< the region makes it
  bool ElementsOnly = false; ///< read only through its elements and size
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
  bool InMacro = false;
};

/// All regions of \p C that are worth a thought: at least \p MinWeight
/// computing statements, or a nest of loops and half of that; few enough live
/// values for a signature that a reviewer would accept. Best first. Cost:
/// linear in the statements, times the values of a region.
std::vector<ComputeRegion> findComputeRegions(const Coroutine &C, Unit &U,
                                              unsigned MinWeight,
                                              unsigned MaxIns,
                                              unsigned MaxOuts);

/// A proposed function. Empty Signature if a type cannot be named.
struct ProposedFunction {
  std::string Signature;  ///< "Frame compute_frame(const Limits &limits)"
  std::string Definition; ///< all of it; empty when it cannot be written safely
  std::string Call;       ///< what stands in place of the region
};

ProposedFunction proposeFunction(const ComputeRegion &Region, Unit &U);

} // namespace coro

#endif // CORO_ANALYSIS_REGIONS_H
