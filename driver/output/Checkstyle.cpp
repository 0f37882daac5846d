//===- Checkstyle.cpp - Checkstyle's XML ----------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/output/Writer.h"
#include <map>

using namespace llvm;
using namespace coro;

void coro::writeCheckstyle(const RunResult &Result, SourceTexts &,
                           const WriterOptions &, raw_ostream &OS) {
  std::map<std::string, std::string> Files;
  for (const Finding &F : Result.Findings) {
    raw_string_ostream Row(Files[F.Where.File]);
    Row << "    <error line=\"" << F.Where.Line << "\" column=\""
        << F.Where.Column << "\" severity=\""
        << (F.Level == Severity::Suggestion ? "info" : toString(F.Level))
        << "\" message=\"" << xmlEscaped(F.Message) << "\" source=\""
        << xmlEscaped(F.Check) << "\"/>\n";
  }
  for (const Problem &P : Result.Problems) {
    raw_string_ostream Row(Files[P.File]);
    Row << "    <error line=\"1\" severity=\"error\" message=\""
        << xmlEscaped(P.Message) << "\" source=\"coro-tidy-" << toString(P.Kind)
        << "\"/>\n";
  }
  OS << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<checkstyle version=\"8.0\">\n";
  for (const auto &[File, Rows] : Files)
    OS << "  <file name=\"" << xmlEscaped(File) << "\">\n"
       << Rows << "  </file>\n";
  OS << "</checkstyle>\n";
}
