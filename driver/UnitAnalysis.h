//===- UnitAnalysis.h - The checks on one translation unit ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_UNITANALYSIS_H
#define CORO_DRIVER_UNITANALYSIS_H

#include "analysis/index/Index.h"
#include "driver/Finding.h"
#include "driver/Inputs.h"
#include "driver/Nolint.h"
#include "driver/UserCode.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace clang {
class ASTContext;
}

namespace clang {
class CompilerInstance;
}

namespace coro {

struct SharedHeaders;

struct AnalysisOptions {
  /// Globs of checks to run in place of the configured ones, and not to run.
  std::vector<std::string> Select, Ignore;
  /// A .clang-tidy file to use in place of those beside the sources.
  std::string ConfigFile;
  /// Where clang's own headers are; empty if unknown.
  std::string ResourceDir;
  ExternalCode External;
  /// Leave out function bodies outside of the user's code: no check looks into
  /// them, and the parse is shorter for it.
  bool SkipBodies = true;
  /// The index to ask, and the folder that the paths of summaries are relative
  /// to. Without an index, no question is noted; without a folder, no summary
  /// is made.
  std::string IndexFile, SummaryRoot;

  /// All of it as words: a result is that of the same words only.
  std::vector<std::string> identity() const;
};

struct UnitResult {
  std::vector<Finding> Findings;
  std::vector<Finding> Errors; ///< the compiler's
  std::vector<Problem>
      Configuration;               ///< what is wrong with .clang-tidy, models
  std::vector<Finding> Suppressed; ///< what NOLINT comments silenced
  std::vector<NolintComment> Comments;
  // No part of the JSON form:
  InputMap Inputs; ///< what it depends on in the file system
  bool UsedSharedHeaders = false;
  std::string Summary; ///< of the unit; empty if none was asked for
  std::vector<IndexView::Question> Asked; ///< what it depends on in the index
};

llvm::json::Value toJSON(const UnitResult &R);
bool fromJSON(const llvm::json::Value &V, UnitResult &R, llvm::json::Path Path);

/// Parses and checks one unit, with \p Shared if it is not null and the result
/// is the same. Paths in the result are absolute and free of symbolic links.
/// Changes the working directory of the process.
UnitResult analyzeUnit(const clang::tooling::CompileCommand &Command,
                       const AnalysisOptions &Options,
                       const SharedHeaders *Shared = nullptr);

/// \p Command as it is given to clang here.
clang::tooling::CompileCommand
commandForAnalysis(const clang::tooling::CompileCommand &Command,
                   const AnalysisOptions &Options);

/// What every parse for an analysis sets.
void prepareForAnalysis(clang::CompilerInstance &Compiler,
                        const AnalysisOptions &Options);

/// A database of one command.
class OneCommand : public clang::tooling::CompilationDatabase {
public:
  explicit OneCommand(clang::tooling::CompileCommand Command)
      : Command(std::move(Command)) {}
  std::vector<clang::tooling::CompileCommand>
  getCompileCommands(llvm::StringRef) const override {
    return {Command};
  }

private:
  clang::tooling::CompileCommand Command;
};

/// The arguments of \p CommandLine that clang's driver does not know, with
/// their values; the compiler that the command was written for does. They are
/// removed from it.
std::vector<std::string>
dropUnknownFlags(std::vector<std::string> &CommandLine);

/// clang-tidy's `Checks` for our checks, from those of a configuration that
/// was not written with us in mind: of \p Configured, what names our checks.
std::string effectiveChecks(llvm::StringRef Configured,
                            const AnalysisOptions &Options);

} // namespace coro

#endif // CORO_DRIVER_UNITANALYSIS_H
