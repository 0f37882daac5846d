//===- GitHub.cpp - Annotations by GitHub's workflow commands -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/output/Writer.h"

using namespace llvm;
using namespace coro;

/// Workflow commands escape their data with percent signs; a property may hold
/// no colon or comma besides.
static std::string escaped(StringRef Text, bool Property) {
  std::string Result;
  for (char C : Text)
    if (C == '%')
      Result += "%25";
    else if (C == '\n')
      Result += "%0A";
    else if (C == '\r')
      Result += "%0D";
    else if (Property && C == ':')
      Result += "%3A";
    else if (Property && C == ',')
      Result += "%2C";
    else
      Result += C;
  return Result;
}

void coro::writeGitHub(const RunResult &Result, SourceTexts &,
                       const WriterOptions &, raw_ostream &OS) {
  for (const Finding &F : Result.Findings) {
    OS << "::"
       << (F.Level == Severity::Suggestion ? "notice" : toString(F.Level))
       << " file=" << escaped(printable(F.Where.File), true)
       << ",line=" << F.Where.Line << ",endLine=" << F.Where.EndLine;
    // Columns are understood within one line only.
    if (F.Where.Line == F.Where.EndLine)
      OS << ",col=" << F.Where.Column << ",endColumn=" << F.Where.EndColumn;
    OS << ",title=" << escaped(F.Check, true)
       << "::" << escaped(printable(F.Message), false);
    for (const Note &N : F.Notes)
      if (N.Where.Line)
        OS << "%0A" << escaped(printable(N.Where.File), false) << ':'
           << N.Where.Line << ": " << escaped(printable(N.Message), false);
    OS << '\n';
  }
  for (const Problem &P : Result.Problems) {
    OS << "::error ";
    if (!P.File.empty())
      OS << "file=" << escaped(printable(P.File), true) << ',';
    OS << "title=coro-tidy::" << escaped(printable(P.Message), false) << '\n';
  }
}
