//===- ChangedLines.h - What a git diff touches ---------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_CHANGEDLINES_H
#define CORO_DRIVER_CHANGEDLINES_H

#include "driver/Finding.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

namespace coro {

/// The lines of a work tree that are new or changed.
class ChangedLines {
public:
  /// Against the place where the current branch left \p Revision (HEAD when it
  /// is empty), with files that git does not know yet.
  static llvm::Expected<ChangedLines> since(llvm::StringRef Revision,
                                            llvm::StringRef Folder);
  /// Those in the index; while a merge is under way, those that none of its
  /// parents has.
  static llvm::Expected<ChangedLines> staged(llvm::StringRef Folder);

  /// Reads `git diff --unified=0`; paths are below \p Top. Exposed for tests.
  static ChangedLines parse(llvm::StringRef Diff, llvm::StringRef Top);

  /// The changed files, as canonical paths.
  std::vector<std::string> files() const;

  /// Does \p F touch a changed line, with any place of its path? Its paths are
  /// relative to \p Root.
  bool touches(const Finding &F, llvm::StringRef Root) const;

private:
  bool touches(const Place &P, llvm::StringRef Root) const;
  void addWhole(llvm::StringRef File);
  /// Leaves the lines that both name.
  void intersect(const ChangedLines &Other);

  using Range = std::pair<unsigned, unsigned>; ///< first line, last line
  llvm::StringMap<std::vector<Range>> Files;
};

} // namespace coro

#endif // CORO_DRIVER_CHANGEDLINES_H
