//===- Results.cpp - Reports of earlier runs, read again ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/Results.h"
#include "driver/WholeFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace coro {

Shard shardOf(StringRef Path, unsigned Of) {
  return {static_cast<unsigned>(xxh3_64bits(Path) % Of) + 1, Of};
}

static Error wrong(StringRef File, const Twine &What) {
  return createStringError(inconvertibleErrorCode(),
                           "'" + printable(File) + "' " + What);
}

/// Our own format; false if something in it is not as it is written.
static bool readJson(const json::Object &Whole, RunResult &Result) {
  json::Path::Root Root;
  json::Path Path(Root);
  const json::Object *Tool = Whole.getObject("tool");
  const json::Value *Findings = Whole.get("findings");
  const json::Value *Problems = Whole.get("problems");
  std::optional<StringRef> Version =
      Tool ? Tool->getString("version") : std::nullopt;
  std::optional<StringRef> Folder = Whole.getString("root");
  std::optional<int64_t> Units = Whole.getInteger("files");
  if (Whole.getInteger("version") != 1 || !Version || !Folder || !Units ||
      !Findings || !Problems ||
      !fromJSON(*Findings, Result.Findings, Path.field("findings")) ||
      !fromJSON(*Problems, Result.Problems, Path.field("problems")))
    return false;
  Result.Version = Version->str();
  Result.Root = Folder->str();
  Result.Units = *Units;
  if (std::optional<StringRef> Part = Whole.getString("shard"))
    Result.Part = parseShard(*Part).value_or(Shard());
  return true;
}

namespace {

/// Reads what the writer of SARIF writes.
class SarifReader {
public:
  SarifReader(SourceTexts &Sources, RunResult &Result)
      : Sources(Sources), Result(Result) {}
  bool read(const json::Object &Run);

private:
  static std::string file(const json::Object *Artifact);
  Place region(StringRef File, const json::Object &Region);
  Place place(const json::Object *Location);
  std::vector<Edit> fix(const json::Object &Fix);
  bool readResult(const json::Object &Found);
  bool readProblem(const json::Object &Notification);
  static StringRef text(const json::Object *Message) {
    return Message ? Message->getString("text").value_or("") : "";
  }

  SourceTexts &Sources;
  RunResult &Result;
};

/// Calls \p Each for the objects of \p List.
template <typename T> void forEachObject(const json::Array *List, T Each) {
  if (!List)
    return;
  for (const json::Value &V : *List)
    if (const json::Object *O = V.getAsObject())
      Each(*O);
}

} // namespace

static std::string unescaped(StringRef Uri) {
  std::string Text;
  while (!Uri.empty()) {
    unsigned Code;
    if (Uri[0] == '%' && Uri.size() > 2 &&
        !Uri.substr(1, 2).getAsInteger(16, Code)) {
      Text += static_cast<char>(Code);
      Uri = Uri.drop_front(3);
    } else {
      Text += Uri[0];
      Uri = Uri.drop_front();
    }
  }
  return Text;
}

std::string SarifReader::file(const json::Object *Artifact) {
  StringRef Uri = Artifact ? Artifact->getString("uri").value_or("") : "";
  Uri.consume_front("file://");
  return unescaped(Uri);
}

Place SarifReader::region(StringRef File, const json::Object &Region) {
  Place P;
  P.File = File.str();
  const SourceText &Text = Sources.get(File);
  auto Number = [&](StringRef Name) {
    return static_cast<unsigned>(Region.getInteger(Name).value_or(0));
  };
  P.Line = Number("startLine");
  P.Column = byteColumn(Text.line(P.Line), Number("startColumn"));
  P.EndLine = Number("endLine");
  P.EndColumn = byteColumn(Text.line(P.EndLine), Number("endColumn"));
  if (P.Line && P.Line <= Text.lineCount())
    P.Offset = Text.offset(P.Line) + P.Column - 1;
  return P;
}

Place SarifReader::place(const json::Object *Location) {
  const json::Object *Physical =
      Location ? Location->getObject("physicalLocation") : nullptr;
  Place P;
  if (!Physical)
    return P;
  P.File = file(Physical->getObject("artifactLocation"));
  if (const json::Object *Region = Physical->getObject("region"))
    P = region(P.File, *Region);
  return P;
}

std::vector<Edit> SarifReader::fix(const json::Object &Fix) {
  std::vector<Edit> Edits;
  forEachObject(Fix.getArray("artifactChanges"), [&](const json::Object &C) {
    std::string File = file(C.getObject("artifactLocation"));
    forEachObject(C.getArray("replacements"), [&](const json::Object &R) {
      const json::Object *Deleted = R.getObject("deletedRegion");
      if (!Deleted)
        return;
      Edit E;
      E.Where = region(File, *Deleted);
      E.Text = text(R.getObject("insertedContent")).str();
      const SourceText &Text = Sources.get(File);
      if (E.Where.EndLine && E.Where.EndLine <= Text.lineCount())
        E.Length = Text.offset(E.Where.EndLine) + E.Where.EndColumn - 1 -
                   E.Where.Offset;
      Edits.push_back(std::move(E));
    });
  });
  return Edits;
}

bool SarifReader::readResult(const json::Object &Found) {
  Finding F;
  std::optional<StringRef> Check = Found.getString("ruleId");
  StringRef Level = Found.getString("level").value_or("warning");
  const json::Array *Where = Found.getArray("locations");
  if (!Check || !Where || Where->empty())
    return false;
  F.Check = Check->str();
  F.Level = Level == "note"    ? Severity::Suggestion
            : Level == "error" ? Severity::Error
                               : Severity::Warning;
  F.Message = text(Found.getObject("message")).str();
  const json::Object *Location = Where->front().getAsObject();
  F.Where = place(Location);
  forEachObject(Location ? Location->getArray("logicalLocations") : nullptr,
                [&](const json::Object &O) {
                  F.Function =
                      O.getString("fullyQualifiedName").value_or("").str();
                });
  forEachObject(Found.getArray("relatedLocations"), [&](const json::Object &L) {
    F.Notes.push_back({text(L.getObject("message")).str(), place(&L), {}});
  });
  forEachObject(Found.getArray("fixes"), [&](const json::Object &O) {
    StringRef Description = text(O.getObject("description"));
    if (Description == F.Message) {
      F.Fix = fix(O);
      return;
    }
    auto Note = find_if(F.Notes, [&](const coro::Note &N) {
      return N.Message == Description && N.Fix.empty();
    });
    if (Note == F.Notes.end())
      Note = F.Notes.insert(Note, {Description.str(), {}, {}});
    Note->Fix = fix(O);
  });
  bool Silenced = false;
  forEachObject(Found.getArray("suppressions"), [&](const json::Object &O) {
    Silenced = true;
    Result.Suppressed.push_back({F, O.getString("kind") == StringRef("inSource")
                                        ? SuppressedBy::Comment
                                        : SuppressedBy::Baseline});
  });
  if (!Silenced)
    Result.Findings.push_back(std::move(F));
  return true;
}

bool SarifReader::readProblem(const json::Object &Notification) {
  const json::Object *Kind = Notification.getObject("descriptor");
  std::optional<Failure> Known =
      parseFailure(Kind ? Kind->getString("id").value_or("") : "");
  if (!Known)
    return false;
  Problem P;
  P.Kind = *Known;
  P.Message = text(Notification.getObject("message")).str();
  if (const json::Object *Properties = Notification.getObject("properties"))
    P.File = Properties->getString("unit").value_or("").str();
  if (const json::Array *Where = Notification.getArray("locations");
      Where && !Where->empty()) {
    Finding Error;
    Error.Level = Severity::Error;
    Error.Where = place(Where->front().getAsObject());
    if (Error.Where.Line)
      P.Errors.push_back(std::move(Error));
  }
  Result.Problems.push_back(std::move(P));
  return true;
}

bool SarifReader::read(const json::Object &Run) {
  const json::Object *Tool = Run.getObject("tool");
  const json::Object *Driver = Tool ? Tool->getObject("driver") : nullptr;
  if (!Driver || Driver->getString("name") != "coro-tidy")
    return false;
  Result.Version = Driver->getString("version").value_or("").str();
  if (const json::Object *Bases = Run.getObject("originalUriBaseIds")) {
    Result.Root = file(Bases->getObject("SRCROOT"));
    if (Result.Root.size() > 1 && Result.Root.back() == '/')
      Result.Root.pop_back();
  }
  if (const json::Object *Properties = Run.getObject("properties")) {
    Result.Units = Properties->getInteger("files").value_or(0);
    if (std::optional<StringRef> Part = Properties->getString("shard"))
      Result.Part = parseShard(*Part).value_or(Shard());
  }
  bool Good = Run.getArray("results");
  forEachObject(Run.getArray("results"),
                [&](const json::Object &O) { Good &= readResult(O); });
  forEachObject(Run.getArray("invocations"), [&](const json::Object &O) {
    forEachObject(O.getArray("toolExecutionNotifications"),
                  [&](const json::Object &N) { Good &= readProblem(N); });
  });
  return Good;
}

/// Names of checks are shown as they are: a report of ours has no others.
static bool namesChecks(const RunResult &Read) {
  auto IsName = [](const Finding &F) {
    return all_of(F.Check, [](char C) {
      return isAlnum(C) || C == '-' || C == '.' || C == '_';
    });
  };
  return all_of(Read.Findings, IsName) &&
         all_of(Read.Suppressed,
                [&](const SuppressedFinding &S) { return IsName(S.What); }) &&
         all_of(Read.Problems,
                [&](const Problem &P) { return all_of(P.Errors, IsName); });
}

Error MergedResults::add(StringRef File) {
  auto Text = readRegularFile(File);
  if (!Text)
    return wrong(File, "cannot be read: " + Text.getError().message());
  Expected<json::Value> Parsed = parseForeignJson((*Text)->getBuffer());
  if (!Parsed)
    return wrong(File, "is not JSON: " + toString(Parsed.takeError()));
  const json::Object *Whole = Parsed->getAsObject();
  const json::Array *Runs = Whole ? Whole->getArray("runs") : nullptr;
  RunResult Read;
  bool Good = false;
  if (Runs && Runs->size() == 1) {
    const json::Object *Run = Runs->front().getAsObject();
    Good = Run && SarifReader(Sources, Read).read(*Run);
  } else if (Whole) {
    Good = readJson(*Whole, Read);
  }
  if (!Good || !namesChecks(Read))
    return wrong(File, "is no report of coro-tidy in the format json or sarif");
  return take(std::move(Read), File);
}

Error MergedResults::take(RunResult Read, StringRef File) {
  if (Read.Version != CORO_VERSION)
    return wrong(File, "is of coro-tidy " + printable(Read.Version) +
                           ", and this is " + CORO_VERSION);
  if (Read.Part) {
    if (Seen.empty())
      Seen.resize(Read.Part.Of);
    if (Seen.size() != Read.Part.Of)
      return wrong(File, "is shard " + toString(Read.Part) +
                             ", and others are of " + Twine(Seen.size()));
    if (Seen[Read.Part.Part - 1])
      return wrong(File, "is shard " + toString(Read.Part) +
                             ", of which there is a report already");
    Seen[Read.Part.Part - 1] = true;
  }
  if (First)
    All.Root = Read.Root;
  SameRoot &= All.Root == Read.Root;
  First = false;
  All.Units += Read.Units;
  llvm::move(Read.Findings, std::back_inserter(All.Findings));
  llvm::move(Read.Problems, std::back_inserter(All.Problems));
  llvm::move(Read.Suppressed, std::back_inserter(All.Suppressed));
  return Error::success();
}

std::vector<Shard> MergedResults::missing() const {
  std::vector<Shard> Result;
  for (unsigned I = 0; I < Seen.size(); ++I)
    if (!Seen[I])
      Result.push_back({I + 1, static_cast<unsigned>(Seen.size())});
  return Result;
}

void MergedResults::moveTo(RunResult &Result) {
  if (SameRoot)
    Result.Root = std::move(All.Root);
  Result.Units = All.Units;
  Result.Findings = std::move(All.Findings);
  Result.Suppressed = std::move(All.Suppressed);
  Result.Problems = std::move(All.Problems);
}

} // namespace coro
