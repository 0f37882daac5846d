//===- ProjectIndex.h - The index that a run makes and keeps --------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Every unit is parsed once for its findings and its summary. What it asked of
// the index, and was answered, comes with them; when the summaries of all units
// are linked, those are analysed again for which an answer is another one now.
// Their summaries may be others, too, so this is repeated until nothing
// changes. In most runs nothing does after the first round.
//
// The summaries and the linked index are kept in `.coro-tidy` beside the
// compile database, where the clang-tidy module and clangd can use them. A run
// itself works with a copy of its own: others may run at the same time.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_PROJECTINDEX_H
#define CORO_DRIVER_PROJECTINDEX_H

#include "analysis/index/Index.h"
#include "driver/CompileDatabase.h"
#include "driver/IndexDemand.h"
#include "driver/UnitAnalysis.h"
#include "llvm/ADT/StringMap.h"

namespace coro {

/// What the analysis of a unit has to do with the index, as one line.
std::string encodeIndexPart(const UnitResult &R);
/// False when \p Line is none.
bool decodeIndexPart(llvm::StringRef Line, UnitResult &R);

/// Warns that there is no index because of \p E: a run without one is less, and
/// no error.
void tellNoIndex(llvm::Error E);

class ProjectIndex {
public:
  /// The folder and the file in it, beside the compile database.
  static constexpr llvm::StringLiteral FolderName = ".coro-tidy";
  static constexpr llvm::StringLiteral FileName = "index";
  static constexpr llvm::StringLiteral SummarySuffix = ".summary";

  ProjectIndex();
  ~ProjectIndex();
  ProjectIndex(const ProjectIndex &) = delete;

  /// Uses \p File as it is; summaries are made relative to \p SummariesIn,
  /// none if that is empty. The error says why that cannot be.
  llvm::Error use(llvm::StringRef File, std::string SummariesIn);

  /// Makes one for \p Database, in \p Root (absolute, without symbolic links)
  /// beside it; keeps nothing when that is not \p Kept. Takes the summaries
  /// that were kept, and forgets those of other units.
  llvm::Error make(const CompileDatabase &Database, std::string Root,
                   bool Kept);

  bool isOn() const { return !Current.empty(); }
  /// Is it made from the summaries of this run?
  bool isMade() const { return Own; }
  /// The file that analyses use now; empty when there is no index.
  const std::string &file() const { return Current; }
  /// The folder that summaries are relative to; empty when none are made.
  const std::string &root() const { return Root; }

  /// The summary of \p Unit, which was read or made anew.
  void set(const UnitCommand &Unit, std::string Summary);

  /// Is there a summary of \p Unit?
  bool has(const UnitCommand &Unit) const {
    return Summaries.count(summaryName(Unit));
  }

  /// Links what is there now. False if that changed nothing. After an error
  /// there is no index any more.
  llvm::Expected<bool> link();

  /// Adds to \p Demand what the functions that it asks for lead to, through
  /// all that were summarised.
  void follow(IndexDemand &Demand) const;

  /// Are these still the answers?
  bool agrees(llvm::ArrayRef<IndexView::Question> Asked) const;

  /// Writes what changed to the kept folder.
  llvm::Error keep();

  /// Writes the summaries of \p Units to \p Path: that file for one unit, a
  /// file each in that folder for several.
  llvm::Error writeTo(llvm::StringRef Path, llvm::ArrayRef<UnitCommand> Units);

  /// The folder of kept summaries.
  std::string summaryFolder() const;

  /// The file name of the summary of \p Unit.
  std::string summaryName(const UnitCommand &Unit) const;

private:
  void turnOff();

  std::string Root, Folder, Current;
  /// By file name, so that the order is the same on every machine.
  std::map<std::string, std::string> Summaries;
  llvm::StringSet<> Stored;
  bool Own = false;
  uint64_t Linked = 0;
  std::string Bytes;
  std::shared_ptr<const Index> Known;
};

} // namespace coro

#endif // CORO_DRIVER_PROJECTINDEX_H
