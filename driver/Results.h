//===- Results.h - Reports of earlier runs, read again --------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A project too large for one machine is checked in shards; what they found
// becomes one result here. The format json keeps everything. SARIF keeps what
// it has words for: ranges beside the first, notes without a place and the log
// of a crash are not in it, and are missing in what is written from it.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_RESULTS_H
#define CORO_DRIVER_RESULTS_H

#include "driver/Finding.h"
#include "driver/SourceText.h"
#include "llvm/Support/Error.h"

namespace coro {

/// The one of \p Of shards that a unit belongs to whose file is \p Path,
/// relative to the project. The same on every machine and in every release.
Shard shardOf(llvm::StringRef Path, unsigned Of);

/// Collects the results of runs; their order does not matter once united.
class MergedResults {
public:
  /// SARIF counts columns in UTF-16, for which \p Sources are looked at.
  explicit MergedResults(SourceTexts &Sources) : Sources(Sources) {}

  /// Takes the report \p File. The error names the file, and what is wrong with
  /// it: no report, one of another version, a shard of another split or one
  /// that was there already.
  llvm::Error add(llvm::StringRef File);

  /// The shards of which there was no report.
  std::vector<Shard> missing() const;

  /// Moves findings, problems and the number of units to \p Result, and the
  /// folder that paths are relative to, if it was the same one in all runs.
  void moveTo(RunResult &Result);

private:
  llvm::Error take(RunResult Read, llvm::StringRef File);

  SourceTexts &Sources;
  RunResult All;
  std::vector<bool> Seen;
  bool First = true, SameRoot = true;
};

} // namespace coro

#endif // CORO_DRIVER_RESULTS_H
