//===- UnitRunner.h - The analyses of a run -------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Brings the units of a run to their results, with as little work as that
// takes: from the cache where nothing changed, not at all where no coroutine
// can be, with headers that units share parsed once, in as many processes as
// may run at once, and again when what a unit asked of the index is answered
// otherwise than before.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_UNITRUNNER_H
#define CORO_DRIVER_UNITRUNNER_H

#include "driver/CommandLine.h"
#include "driver/CompileDatabase.h"
#include "driver/Inputs.h"
#include "driver/ProcessPool.h"
#include "driver/ProjectIndex.h"
#include "driver/UnitAnalysis.h"
#include "driver/UnitCache.h"
#include "llvm/ADT/StringSet.h"
#include <map>

namespace coro {

struct SharedHeaders;

/// \p Path as it is shown: relative to \p Root if it lies below.
std::string displayedPath(llvm::StringRef Path, llvm::StringRef Root);

class UnitRunner {
public:
  /// Paths are shown relative to \p Root. Notes go to standard error, unless
  /// \p A says to be quiet.
  UnitRunner(const Arguments &A, llvm::StringRef Root, ProjectIndex &Project);

  /// The results of \p Units, in their order; those that Finished have the JSON
  /// form of a UnitResult as their output. Fills \p Project. Changes nothing
  /// else but the cache. To be called once.
  std::vector<JobOutcome> run(llvm::ArrayRef<UnitCommand> Units);

  /// After run(): how many results came from the cache, how many units were
  /// left out because they cannot hold a finding (in this run or, if their
  /// results came from the cache, an earlier one), and how many were parsed
  /// with shared headers.
  unsigned fromCache() const { return FromCache; }
  unsigned leftOut() const { return LeftOut.size(); }
  unsigned withSharedHeaders() const { return WithSharedHeaders; }

  /// After run(): adds everything that the results depend on, as far as the
  /// cache knows it.
  void addInputs(InputMap &To);

private:
  InputMap currentInputs(size_t I);
  std::vector<size_t> findKnown();
  bool mayLeaveOut(size_t I) const;
  void leaveOut(std::vector<size_t> &Wanted);
  bool takeLeftOut(size_t I);
  void noteIncluded();
  std::vector<size_t> takeDemanded();
  void tellUnknownFlags(llvm::ArrayRef<size_t> Wanted) const;
  JobLimits limits() const;
  void shareHeaders(llvm::ArrayRef<size_t> Wanted, llvm::StringRef Folder,
                    std::vector<std::shared_ptr<SharedHeaders>> &Of) const;
  void analyze(llvm::ArrayRef<size_t> Wanted);
  bool takeIndexPart(size_t I);
  bool linkIndex();

  const Arguments &A;
  llvm::StringRef Root;
  ProjectIndex &Project;
  AnalysisOptions Options;
  UnitCache Cache;
  llvm::ArrayRef<UnitCommand> Units;
  // Of each unit:
  std::vector<JobOutcome> Outcomes;
  std::vector<Digest> Keys; ///< in the cache
  /// With --watch, what was there when a unit began that did not finish.
  std::map<size_t, InputMap> Unfinished;
  std::vector<std::vector<IndexView::Question>> Asked;
  /// Units that were left out, each with the files of the user that it has.
  std::map<size_t, std::vector<std::string>> LeftOut;
  /// The files of the user that other units have, as far as they were scanned.
  llvm::StringSet<> Included;
  unsigned FromCache = 0, WithSharedHeaders = 0;
};

} // namespace coro

#endif // CORO_DRIVER_UNITRUNNER_H
