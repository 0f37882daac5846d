//===- TemporaryFolder.h - A folder for the time of a run -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_TEMPORARYFOLDER_H
#define CORO_DRIVER_TEMPORARYFOLDER_H

#include "llvm/ADT/SmallString.h"

namespace coro {

/// A folder that is gone in the end; that of a run which was killed goes with
/// the next run.
class TemporaryFolder {
public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder &) = delete;

  /// Empty if none could be made.
  llvm::StringRef path() const { return Path; }

private:
  llvm::SmallString<128> Path;
};

} // namespace coro

#endif // CORO_DRIVER_TEMPORARYFOLDER_H
