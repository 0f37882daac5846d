//===- Watch.h - Waiting for a change -------------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// For `check --watch`. What is watched are the inputs that the analyses noted,
// headers that were only looked for among them. They are polled: that works on
// every file system and for every way of saving a file, and what a poll costs
// says how long the next one waits.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_WATCH_H
#define CORO_DRIVER_WATCH_H

#include "driver/Inputs.h"

namespace coro {

/// Returns when the contents of \p Inputs are others than those noted, which
/// may be so from the beginning.
void waitForChange(InputMap Inputs);

} // namespace coro

#endif // CORO_DRIVER_WATCH_H
