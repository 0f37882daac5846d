//===- KeywordScan.h - Units that cannot hold a finding -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Most checks look at coroutines, the others at plain functions that handle
// tasks, awaitables or scopes of them. All of these need a word: a keyword of
// coroutines, a part of a promise or an awaiter, or the name of a type or
// function that a model tells such things of. So where no file that a unit may
// include has such a word, there is nothing to find, and the unit need not be
// parsed.
//
// "May include" errs on the safe side: conditions are not evaluated, and both
// sides count. What is written in ways that a look at directives does not
// understand (a computed name that no literal defines, modules, header maps, a
// header that is not there) makes a unit one to be parsed; so does whatever a
// parse would report besides findings: a configuration or a model of the
// user's, a NOLINT comment that may be unused.
//
// Each file is read once for all units. Cost: that of reading their headers.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_KEYWORDSCAN_H
#define CORO_DRIVER_KEYWORDSCAN_H

#include "driver/CompileDatabase.h"
#include "driver/Inputs.h"
#include "driver/UnitAnalysis.h"
#include "llvm/ADT/StringSet.h"
#include <memory>

namespace coro {

/// What was seen of a unit.
struct ScannedUnit {
  /// No check can find anything in it.
  bool Empty = false;
  /// The files of the user that it may include, beginning with its main file;
  /// absolute paths without symbolic links.
  std::vector<std::string> Files;
  /// If it is empty: what that depends on.
  InputMap Inputs;
};

class KeywordScan {
public:
  explicit KeywordScan(const AnalysisOptions &Options);
  ~KeywordScan();
  KeywordScan(const KeywordScan &) = delete;

  /// Never fails: what cannot be read is not empty. May change the working
  /// directory of the process.
  ScannedUnit scan(const UnitCommand &Unit);

private:
  struct Impl;
  std::unique_ptr<Impl> Made;
};

/// Adds every identifier in \p Text to \p To.
void collectWords(llvm::StringRef Text, llvm::StringSet<> &To);

} // namespace coro

#endif // CORO_DRIVER_KEYWORDSCAN_H
