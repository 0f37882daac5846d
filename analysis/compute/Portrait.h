//===- Portrait.h - What a program does where -----------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The data of `coro-tidy map`: for each function of a unit, whether it is part
// of the async shell, computes, mixes both or blocks; whom it calls; and its
// hot spots, the places where the suggestions of this family and the check for
// blocking calls have something to say.
//
// One number sums a project up: the share of statements in coroutines that are
// separable, neither IO nor needed between two IOs. A statement is separable if
// it stands in a region (analysis/compute/Regions.h) of at least MinWeight
// computing statements with at most MaxIns inputs and MaxOuts outputs; what is
// shorter or more entangled hands one operation's result to the next.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_COMPUTE_PORTRAIT_H
#define CORO_ANALYSIS_COMPUTE_PORTRAIT_H

#include "analysis/facts/Report.h"
#include "analysis/unit/Unit.h"

namespace coro {

enum class FunctionKind {
  AsyncIo,  ///< awaits, starts or sets up IO
  Compute,  ///< neither
  Mixed,    ///< a coroutine that also computes a good deal
  Blocking, ///< may block its thread
};
llvm::StringRef toString(FunctionKind Kind);

/// Something worth a look.
struct HotSpot {
  /// "blocking", "separate", "offload", "plain" or "frame".
  std::string Kind;
  std::string Reason;    ///< one sentence, lower case, no full stop
  std::string Signature; ///< of the function that could be; or empty
  unsigned Line = 0, EndLine = 0;
  int Score = 0; ///< larger is worse
};

struct FunctionPortrait {
  std::string Id; ///< the same in every unit
  std::string Name;
  std::string File; ///< absolute
  unsigned Line = 0, EndLine = 0;
  FunctionKind Kind = FunctionKind::Compute;
  bool IsCoroutine = false;
  unsigned Statements = 0; ///< as people count them; conditions with their if
  unsigned Io = 0;         ///< of these, with a suspension or an IO object
  unsigned Separable = 0;
  std::vector<std::string> Calls; ///< Ids, each once, in order of first call
  std::vector<HotSpot> HotSpots;  ///< worst first
};

/// All functions of the user in \p U, in the order of the source; of the
/// instantiations of a template the first. Cost: that of the analyses behind
/// the hot spots.
std::vector<FunctionPortrait> portray(Unit &U);

} // namespace coro

#endif // CORO_ANALYSIS_COMPUTE_PORTRAIT_H
