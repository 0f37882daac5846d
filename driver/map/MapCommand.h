//===- MapCommand.h - coro-tidy map ---------------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_MAP_MAPCOMMAND_H
#define CORO_DRIVER_MAP_MAPCOMMAND_H

#include "driver/CommandLine.h"
#include "driver/Driver.h"

namespace coro {

/// Runs `coro-tidy map` in the working directory.
ExitCode runMap(const Arguments &A);

} // namespace coro

#endif // CORO_DRIVER_MAP_MAPCOMMAND_H
