//===- CheckCommand.h - coro-tidy check -----------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_CHECKCOMMAND_H
#define CORO_DRIVER_CHECKCOMMAND_H

#include "driver/CommandLine.h"
#include "driver/Driver.h"

namespace coro {

/// Runs `coro-tidy check`.
ExitCode runCheck(const Arguments &A);

} // namespace coro

#endif // CORO_DRIVER_CHECKCOMMAND_H
