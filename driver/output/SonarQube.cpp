//===- SonarQube.cpp - SonarQube's generic issue import -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/output/Writer.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace coro;

static json::Value location(const Place &Where, StringRef Message,
                            SourceTexts &Sources) {
  json::Object Range{{"startLine", Where.Line}};
  const SourceText &Text = Sources.get(Where.File);
  // Columns count from 0 here. A range that is empty or runs past its line
  // makes the import fail, so a doubtful one is given as a line only.
  unsigned Begin = utf16Column(Text.line(Where.Line), Where.Column) - 1;
  unsigned End = utf16Column(Text.line(Where.EndLine), Where.EndColumn) - 1;
  if (Text.isReadable() &&
      Where.EndColumn <= Text.line(Where.EndLine).size() + 1 &&
      (Where.EndLine > Where.Line || End > Begin)) {
    Range["endLine"] = Where.EndLine;
    Range["startColumn"] = Begin;
    Range["endColumn"] = End;
  }
  return json::Object{{"message", Message},
                      {"filePath", Where.File},
                      {"textRange", std::move(Range)}};
}

static StringRef impactOf(Severity Level) {
  switch (Level) {
  case Severity::Error:
    return "HIGH";
  case Severity::Warning:
    return "MEDIUM";
  case Severity::Suggestion:
    return "LOW";
  }
  llvm_unreachable("all severities are listed");
}

void coro::writeSonarQube(const RunResult &Result, SourceTexts &Sources,
                          const WriterOptions &, raw_ostream &OS) {
  json::Array Rules, Issues;
  StringSet<> Used;
  for (const Finding &F : Result.Findings) {
    Used.insert(F.Check);
    json::Array Steps;
    for (const Note &N : F.Notes)
      if (N.Where.Line)
        Steps.push_back(location(N.Where, N.Message, Sources));
    Issues.push_back(
        json::Object{{"ruleId", F.Check},
                     {"primaryLocation", location(F.Where, F.Message, Sources)},
                     {"secondaryLocations", std::move(Steps)}});
  }
  for (const Rule &R : Result.Rules)
    if (Used.erase(R.Id))
      Rules.push_back(json::Object{
          {"id", R.Id},
          {"name", R.Summary},
          {"description", R.Page.empty() ? R.Summary : R.Page},
          {"engineId", "coro-tidy"},
          {"cleanCodeAttribute",
           R.Level == Severity::Suggestion ? "EFFICIENT" : "LOGICAL"},
          {"impacts", json::Array{json::Object{
                          {"softwareQuality", R.Level == Severity::Suggestion
                                                  ? "MAINTAINABILITY"
                                                  : "RELIABILITY"},
                          {"severity", impactOf(R.Level)}}}}});
  // What is no check of ours (a malformed NOLINT) needs a rule of its own.
  for (const auto &Other : Used)
    Rules.push_back(json::Object{
        {"id", Other.first()},
        {"name", Other.first()},
        {"description", Other.first()},
        {"engineId", "coro-tidy"},
        {"cleanCodeAttribute", "CONVENTIONAL"},
        {"impacts",
         json::Array{json::Object{{"softwareQuality", "MAINTAINABILITY"},
                                  {"severity", "LOW"}}}}});
  json::Value Whole =
      json::Object{{"rules", std::move(Rules)}, {"issues", std::move(Issues)}};
  OS << jsonText(Whole, /*Indent=*/2) << '\n';
}
