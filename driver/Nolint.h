//===- Nolint.h - Comments that silence a check ---------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A NOLINT comment that silences nothing any more hides the next mistake on its
// line. Each unit tells which ones it read and which of them were needed
// (NolintComments); here they are put together, since a comment in a header may
// be needed by one unit of many.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_NOLINT_H
#define CORO_DRIVER_NOLINT_H

#include "checks/CheckList.h"
#include "driver/Finding.h"
#include <map>

namespace coro {

/// What a run says about comments that are not needed, beside what checks say.
/// checkPage() knows it.
extern const CheckInfo UnusedNolint;

/// A check that a NOLINT comment names, by name or glob.
struct NolintComment {
  Place Where; ///< the name in the comment
  std::string Check;
  bool Used = false;   ///< it silenced something
  bool Judged = false; ///< every check that it means ran
  /// Takes the comment away; a length of 0 if more than that stands in it.
  Edit Removal;
};

llvm::json::Value toJSON(const NolintComment &C);
bool fromJSON(const llvm::json::Value &V, NolintComment &C,
              llvm::json::Path Path);

/// The comments of a run. Two units may see a comment differently.
class NolintUse {
public:
  void add(NolintComment Comment);

  /// One finding for each that no unit needed. Right only if all units of the
  /// project were added.
  std::vector<Finding> unused() const;

private:
  std::map<std::tuple<std::string, unsigned, std::string>, NolintComment> All;
};

} // namespace coro

#endif // CORO_DRIVER_NOLINT_H
