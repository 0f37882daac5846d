//===- Markdown.cpp - For the summary page of a CI job --------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/output/Writer.h"

using namespace llvm;
using namespace coro;

/// \p Text as it is, whatever Markdown or HTML it resembles.
static std::string escaped(StringRef Text) {
  std::string Result;
  for (char C : printable(Text)) {
    if (StringRef("\\`*_{}[]<>()#+-!|~&").contains(C))
      Result += '\\';
    Result += C;
  }
  return Result;
}

/// \p Text as code. A span of code has no escapes: it is fenced by more
/// backticks than it holds in a row.
static std::string code(StringRef Text) {
  std::string Shown = printable(Text);
  size_t Longest = 0, Here = 0;
  for (char C : Shown) {
    Here = C == '`' ? Here + 1 : 0;
    Longest = std::max(Longest, Here);
  }
  std::string Fence(Longest + 1, '`');
  StringRef Space = Longest ? " " : "";
  return (Fence + Space + Shown + Space + Fence).str();
}

static void writePlace(const Place &P, raw_ostream &OS) {
  OS << code((P.File + ":" + Twine(P.Line)).str());
}

void coro::writeMarkdown(const RunResult &Result, SourceTexts &,
                         const WriterOptions &Options, raw_ostream &OS) {
  if (!Options.Quiet)
    OS << "### coro\\-tidy\n\n" << escaped(summaryLine(Result)) << "\n";
  for (const Finding &F : Result.Findings) {
    OS << "\n- ";
    writePlace(F.Where, OS);
    OS << " **" << toString(F.Level) << "** " << escaped(F.Message) << ' '
       << code(F.Check) << '\n';
    for (const Note &N : F.Notes) {
      OS << "  - ";
      if (N.Where.Line) {
        writePlace(N.Where, OS);
        OS << ' ';
      }
      OS << escaped(N.Message) << '\n';
    }
  }
  for (const Problem &P : Result.Problems) {
    OS << "\n- **not analysed** ";
    if (!P.File.empty())
      OS << code(P.File) << ' ';
    OS << escaped(P.Message) << '\n';
  }
}
