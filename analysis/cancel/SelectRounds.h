//===- SelectRounds.h - Selects that begin anew in each round -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// What goes wrong when a select stands in a loop and each round begins its
// branches anew: timers that busy traffic keeps from expiring, composed
// operations that never get to their end, places in queues that are given up.
//
// A timeout that is restarted at each message is what an idle timeout is. A
// timer is a tick only if the path on which it won comes back to the select and
// does something that the others do not do; and it is sure to be starved only
// if what it does ends something that the other path makes grow.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_CANCEL_SELECTROUNDS_H
#define CORO_ANALYSIS_CANCEL_SELECTROUNDS_H

#include "analysis/cancel/Select.h"

namespace coro {

/// Adds what is wrong with \p Branch of \p Site in later rounds. Cost: two data
/// flows.
void judgeRounds(Unit &U, const Flow &F, const SelectSite &Site,
                 unsigned Branch, std::vector<SelectFinding> &Findings);

} // namespace coro

#endif // CORO_ANALYSIS_CANCEL_SELECTROUNDS_H
