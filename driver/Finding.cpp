//===- Finding.cpp - What a run found, in no tool's terms -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/Finding.h"
#include "analysis/ast/Compat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/ErrorHandling.h"

using namespace llvm;

namespace coro {

StringRef toString(Severity Level) {
  switch (Level) {
  case Severity::Error:
    return "error";
  case Severity::Warning:
    return "warning";
  case Severity::Suggestion:
    return "suggestion";
  }
  llvm_unreachable("all severities are listed");
}

StringRef toString(Failure Kind) {
  switch (Kind) {
  case Failure::DoesNotCompile:
    return "does-not-compile";
  case Failure::MissingFile:
    return "missing-file";
  case Failure::Crash:
    return "crash";
  case Failure::Timeout:
    return "timeout";
  case Failure::Memory:
    return "memory";
  case Failure::Interrupted:
    return "interrupted";
  case Failure::Configuration:
    return "configuration";
  }
  llvm_unreachable("all failures are listed");
}

std::optional<Failure> parseFailure(StringRef Text) {
  for (Failure F : {Failure::DoesNotCompile, Failure::MissingFile,
                    Failure::Crash, Failure::Timeout, Failure::Memory,
                    Failure::Interrupted, Failure::Configuration})
    if (Text == toString(F))
      return F;
  return std::nullopt;
}

std::string toString(Shard S) {
  return std::to_string(S.Part) + '/' + std::to_string(S.Of);
}

std::optional<Shard> parseShard(StringRef Text) {
  auto [Part, Of] = Text.split('/');
  Shard S;
  if (Part.getAsInteger(10, S.Part) || Of.getAsInteger(10, S.Of) || !S.Part ||
      S.Part > S.Of)
    return std::nullopt;
  return S;
}

void unite(std::vector<Problem> &Problems) {
  llvm::sort(Problems, [](const Problem &X, const Problem &Y) {
    return std::tie(X.File, X.Kind, X.Message) <
           std::tie(Y.File, Y.Kind, Y.Message);
  });
  Problems.erase(std::unique(Problems.begin(), Problems.end(),
                             [](const Problem &X, const Problem &Y) {
                               return X.Kind == Failure::Configuration &&
                                      Y.Kind == Failure::Configuration &&
                                      X.File == Y.File &&
                                      X.Message == Y.Message;
                             }),
                 Problems.end());
}

unsigned RunResult::fixable() const {
  return count_if(Findings, [](const Finding &F) { return !F.Fix.empty(); });
}

unsigned RunResult::filesWithFindings() const {
  StringSet<> Files;
  for (const Finding &F : Findings)
    Files.insert(F.Where.File);
  return Files.size();
}

unsigned RunResult::failedUnits() const {
  return count_if(Problems, [](const Problem &P) {
    return P.Kind != Failure::Configuration;
  });
}

static bool operator<(const Note &X, const Note &Y) {
  return std::tie(X.Where, X.Message, X.Fix) <
         std::tie(Y.Where, Y.Message, Y.Fix);
}

/// Places that are no line, such as the run as a whole, can have several
/// findings of a check, which only their messages tell apart.
static StringRef distinction(const Finding &F) {
  return F.Where.Line ? StringRef() : StringRef(F.Message);
}

/// Orders findings by what makes them different ones.
static bool isBefore(const Finding &X, const Finding &Y) {
  return std::forward_as_tuple(X.Where, X.Check, distinction(X)) <
         std::forward_as_tuple(Y.Where, Y.Check, distinction(Y));
}

void unite(std::vector<Finding> &Findings) {
  llvm::sort(Findings, [](const Finding &X, const Finding &Y) {
    if (bool Before = isBefore(X, Y); Before || isBefore(Y, X))
      return Before;
    if (X.Notes.size() != Y.Notes.size())
      return X.Notes.size() > Y.Notes.size();
    return std::tie(X.Message, X.Function, X.Notes, X.Fix) <
           std::tie(Y.Message, Y.Function, Y.Notes, Y.Fix);
  });
  Findings.erase(std::unique(Findings.begin(), Findings.end(),
                             [](const Finding &X, const Finding &Y) {
                               return !isBefore(X, Y) && !isBefore(Y, X);
                             }),
                 Findings.end());
}

json::Value toJSON(const Place &P) {
  json::Object O{{"file", P.File}};
  if (P.Line) {
    O["offset"] = P.Offset;
    O["line"] = P.Line;
    O["column"] = P.Column;
    O["endLine"] = P.EndLine;
    O["endColumn"] = P.EndColumn;
  }
  return O;
}

bool fromJSON(const json::Value &V, Place &P, json::Path Path) {
  json::ObjectMapper M(V, Path);
  return M && M.map("file", P.File) && M.mapOptional("offset", P.Offset) &&
         M.mapOptional("line", P.Line) && M.mapOptional("column", P.Column) &&
         M.mapOptional("endLine", P.EndLine) &&
         M.mapOptional("endColumn", P.EndColumn);
}

json::Value toJSON(const Edit &E) {
  return json::Object{
      {"location", E.Where}, {"length", E.Length}, {"text", E.Text}};
}

bool fromJSON(const json::Value &V, Edit &E, json::Path Path) {
  json::ObjectMapper M(V, Path);
  return M && M.map("location", E.Where) && M.map("length", E.Length) &&
         M.map("text", E.Text);
}

json::Value toJSON(const Note &N) {
  json::Object O{{"message", N.Message}, {"location", N.Where}};
  if (!N.Fix.empty())
    O["fix"] = N.Fix;
  return O;
}

bool fromJSON(const json::Value &V, Note &N, json::Path Path) {
  json::ObjectMapper M(V, Path);
  return M && M.map("message", N.Message) && M.map("location", N.Where) &&
         M.mapOptional("fix", N.Fix);
}

json::Value toJSON(const Finding &F) {
  json::Object O{{"check", F.Check},
                 {"severity", toString(F.Level)},
                 {"message", F.Message},
                 {"location", F.Where},
                 {"ranges", F.Highlights},
                 {"notes", F.Notes},
                 {"fix", F.Fix}};
  if (!F.Function.empty())
    O["function"] = F.Function;
  return O;
}

bool fromJSON(const json::Value &V, Finding &F, json::Path Path) {
  json::ObjectMapper M(V, Path);
  std::string Level;
  if (!M || !M.map("check", F.Check) || !M.map("severity", Level) ||
      !M.map("message", F.Message) || !M.map("location", F.Where) ||
      !M.mapOptional("function", F.Function) ||
      !M.map("ranges", F.Highlights) || !M.map("notes", F.Notes) ||
      !M.map("fix", F.Fix))
    return false;
  for (Severity S : {Severity::Error, Severity::Warning, Severity::Suggestion})
    if (Level == toString(S)) {
      F.Level = S;
      return true;
    }
  Path.field("severity").report("unknown severity");
  return false;
}

json::Value toJSON(const Problem &P) {
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

bool fromJSON(const json::Value &V, Problem &P, json::Path Path) {
  json::ObjectMapper M(V, Path);
  std::string Kind;
  if (!M || !M.map("kind", Kind) || !M.map("file", P.File) ||
      !M.map("message", P.Message) || !M.mapOptional("errors", P.Errors) ||
      !M.mapOptional("reproduce", P.Reproduce) || !M.mapOptional("log", P.Log))
    return false;
  if (std::optional<Failure> Known = parseFailure(Kind)) {
    P.Kind = *Known;
    return true;
  }
  Path.field("kind").report("unknown kind of problem");
  return false;
}

void forEachPlace(Finding &F, function_ref<void(Place &)> Change) {
  Change(F.Where);
  for (Place &P : F.Highlights)
    Change(P);
  for (Edit &E : F.Fix)
    Change(E.Where);
  for (Note &N : F.Notes) {
    Change(N.Where);
    for (Edit &E : N.Fix)
      Change(E.Where);
  }
}

} // namespace coro
