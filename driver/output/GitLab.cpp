//===- GitLab.cpp - GitLab's code quality report --------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/output/Writer.h"

using namespace llvm;
using namespace coro;

static StringRef severityOf(Severity Level) {
  switch (Level) {
  case Severity::Error:
    return "critical";
  case Severity::Warning:
    return "major";
  case Severity::Suggestion:
    return "info";
  }
  llvm_unreachable("all severities are listed");
}

void coro::writeGitLab(const RunResult &Result, SourceTexts &Sources,
                       const WriterOptions &, raw_ostream &OS) {
  json::Array Issues;
  Fingerprints Names(Sources);
  for (const Finding &F : Result.Findings)
    Issues.push_back(json::Object{
        {"description", F.Message},
        {"check_name", F.Check},
        {"fingerprint", Names.next(F)},
        {"severity", severityOf(F.Level)},
        {"location",
         json::Object{{"path", F.Where.File},
                      {"lines", json::Object{{"begin", F.Where.Line},
                                             {"end", F.Where.EndLine}}}}}});
  for (const Problem &P : Result.Problems) {
    Finding Shown;
    Shown.Check = ("coro-tidy-" + toString(P.Kind)).str();
    Shown.Where.File = P.File;
    Issues.push_back(json::Object{
        {"description", P.Message},
        {"check_name", Shown.Check},
        {"fingerprint", Names.next(Shown)},
        {"severity", "blocker"},
        {"location", json::Object{{"path", P.File},
                                  {"lines", json::Object{{"begin", 1}}}}}});
  }
  OS << jsonText(json::Value(std::move(Issues)), /*Indent=*/2) << '\n';
}
