//===- Concise.cpp - One line a finding -----------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/output/Writer.h"

using namespace llvm;
using namespace coro;

void coro::writeConcise(const RunResult &Result, SourceTexts &,
                        const WriterOptions &Options, raw_ostream &OS) {
  for (const Finding &F : Result.Findings) {
    OS << shownPath(F.Where.File) << ':' << F.Where.Line << ':'
       << F.Where.Column << ": " << toString(F.Level) << ": "
       << printable(F.Message) << " [" << F.Check << "]\n";
  }
  for (const Problem &P : Result.Problems) {
    if (!P.File.empty())
      OS << shownPath(P.File) << ": ";
    OS << "error: " << printable(P.Message) << '\n';
  }
  if (!Options.Quiet)
    OS << summaryLine(Result) << '\n';
}
