//===- UserCode.h - Whose code a file is ----------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_USERCODE_H
#define CORO_DRIVER_USERCODE_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace coro {

/// Tells code that a project uses from code that it is: folders of package
/// managers and of vendored libraries hold the former.
class ExternalCode {
public:
  /// \p More are folders besides the usual ones: a name ("contrib") means every
  /// folder of that name, one of several parts ("libs/theirs") every such
  /// folder, an absolute path that one.
  explicit ExternalCode(std::vector<std::string> More = {});

  /// Does \p File lie in an external folder, seen from \p Base? Of single names
  /// only what \p File does not share with \p Base counts: a project may itself
  /// lie below a folder of such a name. Both are absolute paths.
  bool contains(llvm::StringRef File, llvm::StringRef Base) const;

  /// What it was made from, as text.
  std::string identity() const;

private:
  std::vector<std::string> Names, Paths;
};

} // namespace coro

#endif // CORO_DRIVER_USERCODE_H
