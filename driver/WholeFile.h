//===- WholeFile.h - Files that are written as a whole --------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_WHOLEFILE_H
#define CORO_DRIVER_WHOLEFILE_H

#include "llvm/Support/Error.h"
#include "llvm/Support/ErrorOr.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>

namespace coro {

/// What is in \p File, whose name came from the repository. What is no regular
/// file (a pipe, a device) is not opened: to read it might never end.
llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>>
readRegularFile(llvm::StringRef File);

/// Writes \p Text to \p File as a whole or not at all, in one step for whoever
/// reads it: a new file beside it, named with \p Prefix, takes its place. What
/// is no regular file (a pipe, a device) is written to as it is. LLVM's
/// writeToOutput() ends the process where the disk is full; here that is an
/// error like others.
llvm::Error writeWholeFile(llvm::StringRef File, llvm::StringRef Text,
                           llvm::StringRef Prefix = "");

/// The same for a file whose name nobody has given: what lies there, be it a
/// pipe, a device or a link to one, is replaced and not written to.
llvm::Error replaceWholeFile(llvm::StringRef File, llvm::StringRef Text,
                             llvm::StringRef Prefix = "");

} // namespace coro

#endif // CORO_DRIVER_WHOLEFILE_H
