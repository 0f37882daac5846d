//===- Json.cpp - Findings as JSON ----------------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/output/Writer.h"

using namespace llvm;
using namespace coro;

void coro::writeJson(const RunResult &Result, SourceTexts &,
                     const WriterOptions &, raw_ostream &OS) {
  json::Object Whole{{"version", 1},
                     {"tool", json::Object{{"name", "coro-tidy"},
                                           {"version", Result.Version}}},
                     {"root", Result.Root},
                     {"files", Result.Units},
                     {"findings", Result.Findings},
                     {"problems", Result.Problems}};
  if (Result.Part)
    Whole["shard"] = toString(Result.Part);
  OS << jsonText(std::move(Whole), /*Indent=*/2) << '\n';
}

void coro::writeJsonLines(const RunResult &Result, SourceTexts &,
                          const WriterOptions &, raw_ostream &OS) {
  for (const Finding &F : Result.Findings) {
    json::Value Line = toJSON(F);
    (*Line.getAsObject())["type"] = "finding";
    OS << jsonText(Line) << '\n';
  }
  for (const Problem &P : Result.Problems) {
    json::Value Line = toJSON(P);
    (*Line.getAsObject())["type"] = "problem";
    OS << jsonText(Line) << '\n';
  }
}
