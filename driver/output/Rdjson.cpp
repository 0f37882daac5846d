//===- Rdjson.cpp - Reviewdog's diagnostic format -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/output/Writer.h"

using namespace llvm;
using namespace coro;

static json::Value range(const Place &Where) {
  return json::Object{
      {"start", json::Object{{"line", Where.Line}, {"column", Where.Column}}},
      {"end",
       json::Object{{"line", Where.EndLine}, {"column", Where.EndColumn}}}};
}

static json::Value location(const Place &Where) {
  json::Object O{{"path", Where.File}};
  if (Where.Line)
    O["range"] = range(Where);
  return O;
}

static StringRef severityOf(Severity Level) {
  switch (Level) {
  case Severity::Error:
    return "ERROR";
  case Severity::Warning:
    return "WARNING";
  case Severity::Suggestion:
    return "INFO";
  }
  llvm_unreachable("all severities are listed");
}

void coro::writeRdjson(const RunResult &Result, SourceTexts &,
                       const WriterOptions &, raw_ostream &OS) {
  json::Array Diagnostics;
  for (const Finding &F : Result.Findings) {
    json::Object D{{"message", F.Message},
                   {"location", location(F.Where)},
                   {"severity", severityOf(F.Level)},
                   {"code", json::Object{{"value", F.Check}}}};
    json::Array Suggestions, Related;
    for (const Edit &E : F.Fix)
      if (E.Where.File == F.Where.File)
        Suggestions.push_back(
            json::Object{{"range", range(E.Where)}, {"text", E.Text}});
    for (const Note &N : F.Notes)
      if (N.Where.Line)
        Related.push_back(json::Object{{"message", N.Message},
                                       {"location", location(N.Where)}});
    if (!Suggestions.empty())
      D["suggestions"] = std::move(Suggestions);
    if (!Related.empty())
      D["relatedLocations"] = std::move(Related);
    Diagnostics.push_back(std::move(D));
  }
  for (const Problem &P : Result.Problems) {
    Place File;
    File.File = P.File;
    Diagnostics.push_back(
        json::Object{{"message", P.Message},
                     {"location", location(File)},
                     {"severity", "ERROR"},
                     {"code", json::Object{{"value", toString(P.Kind)}}}});
  }
  json::Value Whole =
      json::Object{{"source", json::Object{{"name", "coro-tidy"}}},
                   {"diagnostics", std::move(Diagnostics)}};
  OS << jsonText(Whole, /*Indent=*/2) << '\n';
}
