//===- WholeFile.h - Files that are written as a whole --------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_WHOLEFILE_H
#define CORO_DRIVER_WHOLEFILE_H

#include "llvm/Support/Error.h"
#include "llvm/Support/ErrorOr.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include <limits>
#include <memory>

namespace coro {

/// What is in \p File, whose name came from the repository. What is no regular
/// file (a pipe, a device) is not opened: to read it might never end. Nor is
/// one of more than \p Most bytes.
llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>>
readRegularFile(llvm::StringRef File,
                uint64_t Most = std::numeric_limits<uint64_t>::max());

/// The JSON in \p Text. Text that is nested deeply is an error: LLVM's parser
/// takes of the stack for each level.
llvm::Expected<llvm::json::Value> parseForeignJson(llvm::StringRef Text);

/// Makes a new file whose name begins with that of \p File and \p Suffix, and
/// opens it. LLVM's functions for that take a `%` in the names of folders, too,
/// for a place to fill.
std::error_code createFileBeside(llvm::StringRef File, llvm::StringRef Suffix,
                                 int &Descriptor,
                                 llvm::SmallVectorImpl<char> &Path);

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
