//===- Driver.h - What the commands of coro-tidy share --------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_DRIVER_H
#define CORO_DRIVER_DRIVER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/Twine.h"
#include <optional>
#include <string>

namespace coro {

struct Arguments;

/// The exit codes of every command.
enum ExitCode : int { Clean = 0, Found = 1, Failed = 2 };

/// The whole program: \p Argv is that of main(). Runs a command of ours, or
/// clang-tidy when the first argument is none.
int driverMain(llvm::ArrayRef<const char *> Argv);

/// Runs `coro-tidy doctor` for the project in \p BuildDirectory (see
/// CompileDatabase::load) and the working directory.
ExitCode runDoctor(llvm::StringRef BuildDirectory);

/// Runs `coro-tidy explain-cancellation`.
ExitCode runExplainCancellation(const Arguments &A);

/// Runs `coro-tidy cache stats` or `clear`, \p Action, on the cache in
/// \p Folder or, without one, on the user's.
ExitCode runCache(llvm::ArrayRef<std::string> Action,
                  const std::optional<std::string> &Folder);

/// Runs `coro-tidy link`.
struct Arguments;
ExitCode runLink(const Arguments &A);

/// Runs `coro-tidy init` in the working directory.
ExitCode runInit();

/// Where clang's own headers are: beside this program, in the LLVM that it was
/// built with, or beside the clang library that it runs with. Empty if nowhere.
std::string findResourceDir();

/// One line on standard error: "coro-tidy: error: …".
void printError(const llvm::Twine &Message);

} // namespace coro

#endif // CORO_DRIVER_DRIVER_H
