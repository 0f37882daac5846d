//===- Fixes.h - Applying fixes to files ----------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_FIXES_H
#define CORO_DRIVER_FIXES_H

#include "driver/SourceText.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include <map>

namespace coro {

/// The fixes of a whole run. A finding's edits are taken together or not at
/// all; edits that several findings share are made once.
struct FixPlan {
  /// By file, sorted by offset, free of overlaps.
  std::map<std::string, std::vector<Edit>> Edits;
  /// Which of the findings are fixed by them.
  std::vector<bool> Fixed;
  /// Findings whose fix overlaps with one that was taken before it.
  std::vector<const Finding *> Conflicts;

  unsigned fixedCount() const;
};

/// Plans in the order of \p Findings. With \p Suggestions, a finding without a
/// fix of its own takes that of its first note that has one.
FixPlan planFixes(llvm::ArrayRef<Finding> Findings, bool Suggestions);

/// \p Text with \p Edits made.
std::string applyEdits(llvm::StringRef Text, llvm::ArrayRef<Edit> Edits);

/// Where \p P is after \p Edits were made to its file. \p Old is the file's
/// text before, \p Texts reads it as it is now.
Place movedPlace(const Place &P, llvm::ArrayRef<Edit> Edits,
                 const SourceText &Old, SourceTexts &Texts);

/// The change that \p Edits make to \p Text, as a unified diff.
std::string unifiedDiff(llvm::StringRef File, llvm::StringRef Text,
                        llvm::ArrayRef<Edit> Edits);

/// Changes the files. New contents are written beside them first and then put
/// in their places; when a write fails, all files are as they were. \p Read
/// gives a file's text as it was analysed.
llvm::Error
writeFixes(const FixPlan &Plan,
           llvm::function_ref<llvm::StringRef(llvm::StringRef)> Read);

} // namespace coro

#endif // CORO_DRIVER_FIXES_H
