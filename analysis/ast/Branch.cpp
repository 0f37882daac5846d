//===- Branch.cpp - Which way of a branch leads somewhere -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/ast/Branch.h"

using namespace clang;

namespace coro {

std::optional<bool> wayTo(FlowPoint To, const CFGBlock &Block, const Flow &F) {
  if (!To || !Block.getTerminatorCondition() || Block.succ_size() != 2)
    return std::nullopt;
  auto Leads = [&](const CFGBlock *Next) {
    return Next && (Next == To.Block || F.reaches(FlowPoint{Next, 0}, To));
  };
  const bool IfTrue = Leads(*Block.succ_begin());
  const bool IfFalse = Leads(*std::next(Block.succ_begin()));
  if (IfTrue == IfFalse)
    return std::nullopt;
  return IfTrue;
}

} // namespace coro
