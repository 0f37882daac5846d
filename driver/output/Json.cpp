//===- Json.cpp - Findings as JSON ----------------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/output/Writer.h"

using namespace llvm;
using namespace coro;

static json::Value toJson(const Problem &P) {
  json::Object O{
      {"kind", toString(P.Kind)}, {"file", P.File}, {"message", P.Message}};
  if (!P.Errors.empty())
    O["errors"] = P.Errors;
  if (!P.Reproduce.empty())
    O["reproduce"] = P.Reproduce;
  if (!P.Log.empty())
    O["log"] = json::fixUTF8(P.Log);
  return O;
}

void coro::writeJson(const RunResult &Result, SourceTexts &,
                     const WriterOptions &, raw_ostream &OS) {
  json::Array Problems;
  for (const Problem &P : Result.Problems)
    Problems.push_back(toJson(P));
  json::Value Whole =
      json::Object{{"version", 1},
                   {"tool", json::Object{{"name", "coro-tidy"},
                                         {"version", Result.Version}}},
                   {"root", Result.Root},
                   {"files", Result.Units},
                   {"findings", Result.Findings},
                   {"problems", std::move(Problems)}};
  OS << formatv("{0:2}", Whole) << '\n';
}

void coro::writeJsonLines(const RunResult &Result, SourceTexts &,
                          const WriterOptions &, raw_ostream &OS) {
  for (const Finding &F : Result.Findings) {
    json::Value Line = toJSON(F);
    (*Line.getAsObject())["type"] = "finding";
    OS << Line << '\n';
  }
  for (const Problem &P : Result.Problems) {
    json::Value Line = toJson(P);
    (*Line.getAsObject())["type"] = "problem";
    OS << Line << '\n';
  }
}
