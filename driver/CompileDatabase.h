//===- CompileDatabase.h - How each unit is compiled ----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_COMPILEDATABASE_H
#define CORO_DRIVER_COMPILEDATABASE_H

#include "driver/UserCode.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace coro {

struct Arguments;

/// One unit to analyse.
struct UnitCommand {
  clang::tooling::CompileCommand Command;
  std::string File; ///< its main file, absolute, without symbolic links
};

/// The compile commands of a project.
struct CompileDatabase {
  std::string File;               ///< what they were read from
  std::vector<UnitCommand> Units; ///< in the order of their files
  unsigned Duplicates = 0;        ///< entries that said the same as another

  /// Reads the database in \p Directory (or that file itself); with an empty
  /// one, looks for it from \p WorkingDirectory: there, in the usual build
  /// folders, then the same in the folders above, last for a
  /// compile_flags.txt. The error tells how to make one.
  static llvm::Expected<CompileDatabase> load(llvm::StringRef Directory,
                                              llvm::StringRef WorkingDirectory);

  /// A database of \p Files that are compiled with \p Flags.
  static CompileDatabase fixed(llvm::ArrayRef<std::string> Files,
                               llvm::ArrayRef<std::string> Flags,
                               llvm::StringRef WorkingDirectory);

  /// The database that a command's line names: fixed() for \p Paths when
  /// flags follow `--`, load() otherwise. The error is one for the user.
  static llvm::Expected<CompileDatabase> open(const Arguments &A,
                                              llvm::ArrayRef<std::string> Paths,
                                              llvm::StringRef WorkingDirectory);

  /// The path of the database that load() takes, or an empty one.
  static std::string find(llvm::StringRef WorkingDirectory);
};

/// Which units a run analyses.
struct UnitSelection {
  std::vector<UnitCommand> Units;
  /// Headers that were asked for: only what is found in them is shown, unless
  /// something else was asked for too.
  std::vector<std::string> OnlyIn;
  /// One message for each path that names nothing to analyse.
  std::vector<std::string> Errors;
};

/// The units of \p Database that \p Paths name: files, folders, or headers,
/// for which a unit that includes them is taken. No path names all units
/// outside external folders.
UnitSelection selectUnits(const CompileDatabase &Database,
                          llvm::ArrayRef<std::string> Paths,
                          llvm::StringRef WorkingDirectory,
                          const ExternalCode &External);

/// Does \p File's name say that it is compiled by itself?
bool isSource(llvm::StringRef File);

/// What makes two commands the same: where their output goes does not count.
std::string identity(const clang::tooling::CompileCommand &Command);

/// Where \p Command names its main file; the size of its line if it does not.
size_t mainFileIndex(const clang::tooling::CompileCommand &Command);

/// What the command has in common with those of other files: all but the name
/// of its main file. Empty if it does not name that.
std::string commonFlags(const clang::tooling::CompileCommand &Command);

/// \p Path, seen from \p Base.
std::string absolutePath(llvm::StringRef Path, llvm::StringRef Base);

/// \p Path, absolute from \p Base, without symbolic links as far as it exists.
std::string canonicalPath(llvm::StringRef Path, llvm::StringRef Base);

} // namespace coro

#endif // CORO_DRIVER_COMPILEDATABASE_H
