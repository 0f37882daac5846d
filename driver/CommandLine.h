//===- CommandLine.h - What people can ask for ----------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The options of every command stand in one table (CommandTable.h), which all
// that is said about them is made from. LLVM's own command line library holds
// clang-tidy's options in this program, under names that ours would clash with.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_COMMANDLINE_H
#define CORO_DRIVER_COMMANDLINE_H

#include "driver/Finding.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>
#include <vector>

namespace coro {

enum class Color { Auto, Always, Never };

/// The least finding that makes a run fail (exit code 1).
enum class FailOn { Suggestion, Warning, Error, Never };

/// Where a report goes, and in which format.
struct OutputTarget {
  std::string Format;
  std::string File; ///< empty: standard output
};

/// The arguments of every command; each uses what its options set.
struct Arguments {
  std::vector<std::string> Paths;                        ///< operands
  std::optional<std::vector<std::string>> CompilerFlags; ///< what follows `--`
  std::string BuildDirectory;
  unsigned Jobs = 0; ///< 0: as many as there are processors
  std::string Format = "text";
  std::string MapFormat = "html";
  std::vector<OutputTarget> Outputs;
  std::vector<std::string> Select, Ignore, External;
  std::string ConfigFile;
  Color Colors = Color::Auto;
  FailOn Fails = FailOn::Warning;
  unsigned TimeoutSeconds = 120;
  unsigned MemoryMiB = 0;
  bool SkipBodies = true;
  bool ShareHeaders = true;
  bool ScanKeywords = true; ///< leave out units that can hold no coroutine
  bool Isolate = true;
  bool Cache = true;
  bool Index = true;      ///< use what is known about other units
  bool OnlyIndex = false; ///< summarise units, and check nothing
  bool Merge = false;     ///< take results of shards, and check nothing
  Shard Part;             ///< the units of this part only
  std::string OutputFile; ///< of a summary or an index
  std::string IndexRoot;  ///< paths in an index are relative to it
  std::string IndexFile;  ///< a given index, in place of one that is made
  std::optional<std::string> CacheFolder; ///< none: the user's
  bool Quiet = false;
  bool Statistics = false;
  bool Fix = false, FixSuggestions = false, Diff = false;
  std::optional<std::string> ChangedSince; ///< a git revision; empty: HEAD
  bool Staged = false;
  std::string BaselineFile;
  bool CreateBaseline = false, PruneBaseline = false;
  bool Watch = false;
  bool ShowSuppressed = false; ///< in formats that have a place for it
  bool Help = false;
};

/// Parses what follows the name of \p Command. The error is one line that
/// names the nearest valid spelling.
llvm::Expected<Arguments> parseArguments(llvm::StringRef Command,
                                         llvm::ArrayRef<const char *> Words);

/// Prints the help of \p Command, or with an empty one that of the program.
void printHelp(llvm::StringRef Command, llvm::raw_ostream &OS);

/// Prints a script that completes words for \p Shell: bash, zsh or fish. False
/// if that is none of them.
bool printCompletions(llvm::StringRef Shell, llvm::raw_ostream &OS);

/// Prints the manual page, in the language of troff.
void printManual(llvm::raw_ostream &OS);

/// Is there a command of that name?
bool isCommand(llvm::StringRef Name);

/// The command that \p Name was probably meant to be, or an empty one.
llvm::StringRef nearestCommand(llvm::StringRef Name);

/// The one of \p Candidates that \p Text was probably meant to be.
llvm::StringRef nearest(llvm::StringRef Text,
                        llvm::ArrayRef<llvm::StringRef> Candidates);

} // namespace coro

#endif // CORO_DRIVER_COMMANDLINE_H
