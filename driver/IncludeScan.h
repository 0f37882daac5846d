//===- IncludeScan.h - Which files a unit includes ------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Reads `#include` lines without preprocessing: what stands behind a false
// condition counts too, what a macro names does not. Good enough to tell which
// units a header belongs to, at the cost of reading each file of the project
// once.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_INCLUDESCAN_H
#define CORO_DRIVER_INCLUDESCAN_H

#include "driver/CompileDatabase.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace coro {

class IncludeScan {
public:
  explicit IncludeScan(const ExternalCode &External) : External(External) {}

  /// Does \p Unit include one of \p Files (canonical paths), directly or
  /// through other headers of the project?
  bool includesAny(const UnitCommand &Unit, const llvm::StringSet<> &Files);

  /// The headers of others that \p Unit and the headers of the project that it
  /// includes name, in the order of the preprocessor. Those behind a condition,
  /// an include guard apart, are left out.
  std::vector<std::string> externalIncludes(const UnitCommand &Unit);

private:
  struct Include {
    std::string Name;
    bool Quoted;
    bool Conditional;
  };
  /// The file that \p One in \p File means; empty if it is in none of
  /// \p Folders.
  llvm::StringRef lookup(const Include &One, llvm::StringRef File,
                         llvm::ArrayRef<std::string> Folders);
  const std::vector<Include> &includesOf(llvm::StringRef File);

  const ExternalCode &External;
  llvm::StringMap<std::vector<Include>> Includes;
  /// A path that was looked up, and its canonical form; empty if there is none.
  llvm::StringMap<std::string> Found;
};

} // namespace coro

#endif // CORO_DRIVER_INCLUDESCAN_H
