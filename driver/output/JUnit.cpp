//===- JUnit.cpp - JUnit XML, for CI servers ------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/output/Writer.h"
#include "llvm/Support/Format.h"

using namespace llvm;
using namespace coro;

void coro::writeJUnit(const RunResult &Result, SourceTexts &,
                      const WriterOptions &, raw_ostream &OS) {
  size_t Failures = Result.Findings.size(), Errors = Result.Problems.size();
  // A suite without a case counts as "no tests ran" with some servers.
  bool Empty = Failures + Errors == 0;
  size_t Tests = Empty ? 1 : Failures + Errors;
  OS << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
     << "  <testsuite name=\"coro-tidy\" tests=\"" << Tests << "\" failures=\""
     << Failures << "\" errors=\"" << Errors << "\" skipped=\"0\" time=\""
     << format("%.3f", Result.Seconds) << "\">\n";
  if (Empty)
    OS << "    <testcase name=\"coro-tidy\" classname=\"coro-tidy\" "
          "time=\"0\"/>\n";
  for (const Finding &F : Result.Findings) {
    OS << "    <testcase name=\"" << xmlEscaped(F.Check) << " at line "
       << F.Where.Line << "\" classname=\"" << xmlEscaped(F.Where.File)
       << "\" time=\"0\">\n      <failure type=\"" << toString(F.Level)
       << "\" message=\"" << xmlEscaped(F.Message) << "\">"
       << xmlEscaped(F.Where.File) << ':' << F.Where.Line << ':'
       << F.Where.Column << ": " << xmlEscaped(F.Message);
    for (const Note &N : F.Notes)
      OS << '\n'
         << xmlEscaped(N.Where.File) << ':' << N.Where.Line << ':'
         << N.Where.Column << ": note: " << xmlEscaped(N.Message);
    OS << "</failure>\n    </testcase>\n";
  }
  for (const Problem &P : Result.Problems)
    OS << "    <testcase name=\"analysis\" classname=\"" << xmlEscaped(P.File)
       << "\" time=\"0\">\n      <error type=\"" << toString(P.Kind)
       << "\" message=\"" << xmlEscaped(P.Message) << "\"/>\n    </testcase>\n";
  OS << "  </testsuite>\n</testsuites>\n";
}
