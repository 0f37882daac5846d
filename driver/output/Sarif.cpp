//===- Sarif.cpp - SARIF 2.1.0, for code scanning services ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/output/Writer.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace coro;

namespace {

/// SARIF's words for one run. Columns are UTF-16 code units, as its default is.
class SarifWriter {
public:
  SarifWriter(const RunResult &Result, SourceTexts &Sources)
      : Result(Result), Sources(Sources) {}
  json::Value run();

private:
  json::Value tool();
  json::Value invocation();
  json::Value result(const Finding &F, StringRef Fingerprint);
  json::Value artifact(StringRef File);
  json::Object region(const Place &Where);
  json::Object location(const Place &Where);
  json::Value fix(ArrayRef<Edit> Edits, StringRef Description);
  json::Value flow(const Finding &F);
  static json::Object text(StringRef Text) {
    return json::Object{{"text", json::fixUTF8(Text)}};
  }
  static json::Object message(StringRef Text);

  const RunResult &Result;
  SourceTexts &Sources;
};

} // namespace

/// Viewers make links of [text](target) in a message, where none is meant:
/// what looks like one is source that the message quotes.
json::Object SarifWriter::message(StringRef Text) {
  std::string Plain;
  for (char C : Text) {
    if (C == '(' && StringRef(Plain).ends_with("]"))
      Plain += ' ';
    Plain += C;
  }
  return text(Plain);
}

static StringRef levelOf(Severity Level) {
  return Level == Severity::Suggestion ? "note" : toString(Level);
}

/// "coro-missing-await" as a name in the manner of types: MissingAwait.
static std::string ruleName(StringRef Id) {
  std::string Name;
  SmallVector<StringRef, 8> Words;
  Id.split(Words, '-');
  for (StringRef Word : drop_begin(Words))
    if (!Word.empty())
      Name += (Twine(toUpper(Word[0])) + Word.drop_front()).str();
  return Name;
}

json::Value SarifWriter::tool() {
  json::Array Rules;
  for (const Rule &R : Result.Rules) {
    std::string Sentence = R.Summary + '.';
    if (!Sentence.empty())
      Sentence[0] = toUpper(Sentence[0]);
    json::Object Help = text(R.Page.empty() ? Sentence : R.Page);
    if (!R.Page.empty())
      Help["markdown"] = R.Page;
    Rules.push_back(json::Object{
        {"id", R.Id},
        {"name", ruleName(R.Id)},
        {"shortDescription", message(Sentence)},
        {"fullDescription", message(Sentence)},
        {"help", std::move(Help)},
        {"helpUri", pageAddress(R.Id)},
        {"defaultConfiguration", json::Object{{"level", levelOf(R.Level)}}},
        {"properties",
         json::Object{{"tags", json::Array{"coroutines", R.Family}},
                      {"precision", "high"},
                      {"problem.severity", R.Level == Severity::Suggestion
                                               ? "recommendation"
                                               : "warning"}}}});
  }
  return json::Object{
      {"driver", json::Object{{"name", "coro-tidy"},
                              {"fullName", "coro-tidy " + Result.Version},
                              {"version", Result.Version},
                              {"semanticVersion", Result.Version},
                              {"informationUri", CORO_HOMEPAGE},
                              {"rules", std::move(Rules)}}}};
}

json::Value SarifWriter::artifact(StringRef File) {
  if (sys::path::is_absolute(File))
    return json::Object{{"uri", "file://" + uriEscaped(File)}};
  return json::Object{{"uri", uriEscaped(File)}, {"uriBaseId", "SRCROOT"}};
}

json::Object SarifWriter::region(const Place &Where) {
  const SourceText &Text = Sources.get(Where.File);
  return json::Object{
      {"startLine", Where.Line},
      {"startColumn", utf16Column(Text.line(Where.Line), Where.Column)},
      {"endLine", Where.EndLine},
      {"endColumn", utf16Column(Text.line(Where.EndLine), Where.EndColumn)}};
}

json::Object SarifWriter::location(const Place &Where) {
  json::Object Physical{{"artifactLocation", artifact(Where.File)}};
  if (Where.Line)
    Physical["region"] = region(Where);
  return json::Object{{"physicalLocation", std::move(Physical)}};
}

/// \p Location with the name of the function that it lies in.
static json::Object inFunction(json::Object Location, StringRef Function) {
  if (!Function.empty())
    Location["logicalLocations"] = json::Array{json::Object{
        {"fullyQualifiedName", json::fixUTF8(Function)}, {"kind", "function"}}};
  return Location;
}

json::Value SarifWriter::fix(ArrayRef<Edit> Edits, StringRef Description) {
  json::Array Changes;
  for (size_t I = 0; I < Edits.size();) {
    StringRef File = Edits[I].Where.File;
    json::Array Replacements;
    for (; I < Edits.size() && Edits[I].Where.File == File; ++I)
      Replacements.push_back(
          json::Object{{"deletedRegion", region(Edits[I].Where)},
                       {"insertedContent", text(Edits[I].Text)}});
    Changes.push_back(json::Object{{"artifactLocation", artifact(File)},
                                   {"replacements", std::move(Replacements)}});
  }
  return json::Object{{"description", message(Description)},
                      {"artifactChanges", std::move(Changes)}};
}

/// The steps of the path, with the finding itself where it belongs: last when
/// the steps lead to it, first when they lead on from it.
json::Value SarifWriter::flow(const Finding &F) {
  json::Array Steps;
  auto Add = [&](const Place &Where, StringRef Text) {
    json::Object L = location(Where);
    L["message"] = message(Text);
    Steps.push_back(json::Object{{"location", std::move(L)}});
  };
  bool LeadsOn = true, First = true;
  for (const Note &N : F.Notes)
    if (N.Where.Line && First) {
      LeadsOn = N.Where.File != F.Where.File || !(N.Where < F.Where);
      First = false;
    }
  if (LeadsOn)
    Add(F.Where, F.Message);
  for (const Note &N : F.Notes)
    if (N.Where.Line)
      Add(N.Where, N.Message);
  if (!LeadsOn)
    Add(F.Where, F.Message);
  return json::Object{{"threadFlows", json::Array{json::Object{
                                          {"locations", std::move(Steps)}}}}};
}

json::Value SarifWriter::result(const Finding &F, StringRef Fingerprint) {
  json::Object O{
      {"ruleId", F.Check},
      {"level", levelOf(F.Level)},
      {"message", message(F.Message)},
      {"locations", json::Array{inFunction(location(F.Where), F.Function)}},
      {"partialFingerprints",
       json::Object{{"primaryLocationLineHash", Fingerprint.str()}}}};
  for (size_t I = 0; I < Result.Rules.size(); ++I)
    if (Result.Rules[I].Id == F.Check)
      O["ruleIndex"] = static_cast<int64_t>(I);
  json::Array Related, Fixes;
  for (const Note &N : F.Notes) {
    if (N.Where.Line) {
      json::Object L = location(N.Where);
      L["id"] = static_cast<int64_t>(Related.size() + 1);
      L["message"] = message(N.Message);
      Related.push_back(std::move(L));
    }
    if (!N.Fix.empty())
      Fixes.push_back(fix(N.Fix, N.Message));
  }
  if (!Related.empty()) {
    O["codeFlows"] = json::Array{flow(F)};
    O["relatedLocations"] = std::move(Related);
  }
  if (!F.Fix.empty())
    Fixes.insert(Fixes.begin(), fix(F.Fix, F.Message));
  if (!Fixes.empty())
    O["fixes"] = std::move(Fixes);
  return O;
}

json::Value SarifWriter::invocation() {
  json::Array Notifications;
  for (const Problem &P : Result.Problems) {
    json::Object N{{"level", "error"},
                   {"message", message(P.Message)},
                   {"descriptor", json::Object{{"id", toString(P.Kind)}}}};
    Place File;
    File.File = P.File;
    if (!P.Errors.empty())
      N["locations"] = json::Array{location(P.Errors.front().Where)};
    else if (!P.File.empty())
      N["locations"] = json::Array{location(File)};
    if (!P.File.empty())
      N["properties"] = json::Object{{"unit", P.File}};
    Notifications.push_back(std::move(N));
  }
  bool Successful = Notifications.empty();
  json::Object O{{"executionSuccessful", Successful}};
  if (!Successful)
    O["toolExecutionNotifications"] = std::move(Notifications);
  return O;
}

json::Value SarifWriter::run() {
  Fingerprints Names(Sources);
  json::Array Results;
  for (const Finding &F : Result.Findings)
    Results.push_back(result(F, Names.next(F)));
  for (const SuppressedFinding &S : Result.Suppressed) {
    json::Value One = result(S.What, Names.next(S.What));
    (*One.getAsObject())["suppressions"] = json::Array{json::Object{
        {"kind", S.By == SuppressedBy::Comment ? "inSource" : "external"},
        {"status", "accepted"}}};
    Results.push_back(std::move(One));
  }
  json::Object Properties{{"files", Result.Units}};
  if (Result.Part)
    Properties["shard"] = toString(Result.Part);
  return json::Object{
      {"tool", tool()},
      {"originalUriBaseIds",
       json::Object{
           {"SRCROOT",
            json::Object{{"uri", "file://" + uriEscaped(Result.Root) + "/"}}}}},
      {"columnKind", "utf16CodeUnits"},
      {"invocations", json::Array{invocation()}},
      {"properties", std::move(Properties)},
      {"results", std::move(Results)}};
}

void coro::writeSarif(const RunResult &Result, SourceTexts &Sources,
                      const WriterOptions &, raw_ostream &OS) {
  json::Value Whole =
      json::Object{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                   {"version", "2.1.0"},
                   {"runs", json::Array{SarifWriter(Result, Sources).run()}}};
  OS << jsonText(Whole, /*Indent=*/2) << '\n';
}
