//===- Finding.h - What a run found, in no tool's terms -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The neutral form of everything that is shown: one writer a format (output/)
// turns it into text. Units are analysed in processes of their own, which hand
// their findings over in the JSON form of this file.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_FINDING_H
#define CORO_DRIVER_FINDING_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace coro {

/// A stretch of a file. Lines and columns count from 1, columns in bytes; the
/// end is exclusive. A place without a line is the file as a whole, one
/// without a file is the run as a whole.
struct Place {
  std::string File;
  unsigned Offset = 0;
  unsigned Line = 0, Column = 0;
  unsigned EndLine = 0, EndColumn = 0;

  bool operator==(const Place &O) const {
    return std::tie(File, Line, Column, EndLine, EndColumn) ==
           std::tie(O.File, O.Line, O.Column, O.EndLine, O.EndColumn);
  }
  bool operator<(const Place &O) const {
    return std::tie(File, Line, Column) < std::tie(O.File, O.Line, O.Column);
  }
};

/// Replaces the Length bytes that stand at Where by Text.
struct Edit {
  Place Where;
  unsigned Length = 0;
  std::string Text;

  bool operator==(const Edit &O) const {
    return std::tie(Where.File, Where.Offset, Length, Text) ==
           std::tie(O.Where.File, O.Where.Offset, O.Length, O.Text);
  }
  bool operator<(const Edit &O) const {
    return std::tie(Where.File, Where.Offset, Length, Text) <
           std::tie(O.Where.File, O.Where.Offset, O.Length, O.Text);
  }
};

/// One step on the path that a finding describes, or advice with a fix.
struct Note {
  std::string Message;
  Place Where;
  std::vector<Edit> Fix;
};

enum class Severity { Error, Warning, Suggestion };
llvm::StringRef toString(Severity Level);

struct Finding {
  std::string Check;
  Severity Level = Severity::Warning;
  std::string Message;
  Place Where;
  /// The qualified name of the function that Where lies in; may be empty.
  std::string Function;
  std::vector<Place> Highlights;
  std::vector<Note> Notes;
  std::vector<Edit> Fix;

  /// Order of output: by place, then check and message.
  bool operator<(const Finding &O) const {
    return std::tie(Where, Check, Message) <
           std::tie(O.Where, O.Check, O.Message);
  }
};

/// Sorts \p Findings and keeps one of those that are the same finding, seen
/// from several translation units: a check says one thing about a place, but
/// sizes and names in its message may depend on the unit and on what a template
/// was instantiated with. The view with the most notes is kept; the result does
/// not depend on the order of \p Findings.
void unite(std::vector<Finding> &Findings);

/// Who decided that a finding is not to be shown.
enum class SuppressedBy { Comment, Baseline };

struct SuppressedFinding {
  Finding What;
  SuppressedBy By;
};

/// What is known about a check that can be shown.
struct Rule {
  std::string Id, Summary, Family, Page;
  Severity Level = Severity::Warning;
};

/// Why a unit could not be analysed.
enum class Failure {
  DoesNotCompile,
  MissingFile,
  Crash,
  Timeout,
  Memory,
  Interrupted,   ///< as the whole run was
  Configuration, ///< of the tool: the unit was analysed without it
};
llvm::StringRef toString(Failure Kind);
std::optional<Failure> parseFailure(llvm::StringRef Text);

struct Problem {
  Failure Kind = Failure::DoesNotCompile;
  std::string File;    ///< the unit's main file, or the configuration file
  std::string Message; ///< one sentence
  std::vector<Finding> Errors; ///< of the compiler
  std::string Reproduce;       ///< a command that shows it again
  std::string Log;             ///< the end of what the process printed
};

/// Part \p Part of \p Of of a project, counted from 1; 0 of 0 is all of it.
struct Shard {
  unsigned Part = 0, Of = 0;

  explicit operator bool() const { return Of; }
  bool operator==(const Shard &O) const { return Part == O.Part && Of == O.Of; }
};
std::string toString(Shard S); ///< "1/4"
/// Reads what toString() makes; none if \p Text is nothing of that kind.
std::optional<Shard> parseShard(llvm::StringRef Text);

/// Sorts \p Problems, and keeps one of those of a configuration file that
/// several units said.
void unite(std::vector<Problem> &Problems);

/// One run, as the writers see it. Sorted; paths are relative to Root where
/// they lie below it.
struct RunResult {
  std::string Version;
  std::string Root;
  std::vector<Rule> Rules;
  std::vector<Finding> Findings;
  std::vector<Problem> Problems;
  Shard Part; ///< of which part of the project
  /// What would be among Findings otherwise; kept only if it is asked for.
  std::vector<SuppressedFinding> Suppressed;
  unsigned Units = 0; ///< how many were to be analysed
  unsigned Fixed = 0; ///< findings that were fixed, not among Findings
  double Seconds = 0;

  unsigned fixable() const;
  unsigned filesWithFindings() const;
  /// How many units have no result.
  unsigned failedUnits() const;
};

// Lossless; fromJSON() of anything else fails without side effects.
llvm::json::Value toJSON(const Place &P);
llvm::json::Value toJSON(const Edit &E);
llvm::json::Value toJSON(const Note &N);
llvm::json::Value toJSON(const Finding &F);
llvm::json::Value toJSON(const Problem &P);
bool fromJSON(const llvm::json::Value &V, Place &P, llvm::json::Path Path);
bool fromJSON(const llvm::json::Value &V, Edit &E, llvm::json::Path Path);
bool fromJSON(const llvm::json::Value &V, Note &N, llvm::json::Path Path);
bool fromJSON(const llvm::json::Value &V, Finding &F, llvm::json::Path Path);
bool fromJSON(const llvm::json::Value &V, Problem &P, llvm::json::Path Path);

/// Calls \p Change for every place in \p F.
void forEachPlace(Finding &F, llvm::function_ref<void(Place &)> Change);

} // namespace coro

#endif // CORO_DRIVER_FINDING_H
