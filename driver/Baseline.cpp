//===- Baseline.cpp - Findings that are known already ---------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/Baseline.h"
#include "driver/CompileDatabase.h"
#include "driver/Statement.h"
#include "driver/WholeFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <limits>

using namespace llvm;

namespace coro {

Baseline::Baseline(StringRef File, StringRef Root)
    : Folder(sys::path::parent_path(canonicalPath(File, Root))), Root(Root) {}

Baseline::Key Baseline::keyOf(const Finding &F, SourceTexts &Sources) const {
  std::string File = absolutePath(F.Where.File, Root);
  StringRef Below = File;
  if (Below.consume_front(Folder) && Below.consume_front("/"))
    File = Below.str();
  // A finding on the run as a whole has no statement, only its message.
  std::string Statement =
      F.Where.Line ? statementAt(Sources.get(F.Where.File), F.Where.Offset)
                   : F.Message;
  return {std::move(File), F.Check, F.Function, json::fixUTF8(Statement)};
}

void Baseline::add(ArrayRef<Finding> Findings, SourceTexts &Sources) {
  for (const Finding &F : Findings)
    ++Entries[keyOf(F, Sources)];
}

Expected<Baseline> Baseline::read(StringRef File, StringRef Root) {
  auto Error = [&](const Twine &Message) {
    return createStringError(
        inconvertibleErrorCode(),
        ("cannot read the baseline '" + File + "': " + Message).str().c_str());
  };
  auto Text = readRegularFile(absolutePath(File, Root));
  if (!Text)
    return Error(Text.getError().message());
  Expected<json::Value> Value = parseForeignJson((*Text)->getBuffer());
  if (!Value)
    return Error(toString(Value.takeError()));
  const json::Object *Whole = Value->getAsObject();
  const json::Array *Rows = Whole ? Whole->getArray("findings") : nullptr;
  if (!Rows || Whole->getInteger("version") != Version)
    return Error("it is no baseline of version " + Twine(Version));
  Baseline Result(File, Root);
  for (const json::Value &Row : *Rows) {
    const json::Object *O = Row.getAsObject();
    auto Path = O ? O->getString("file") : std::nullopt;
    auto Check = O ? O->getString("check") : std::nullopt;
    auto Function = O ? O->getString("function") : std::nullopt;
    auto Statement = O ? O->getString("statement") : std::nullopt;
    if (!Path || !Check || !Function || !Statement)
      return Error("an entry has no file, check, function or statement");
    int64_t Count = O->getInteger("count").value_or(1);
    if (Count < 1 || Count > std::numeric_limits<unsigned>::max())
      return Error("an entry stands for " + Twine(Count) + " findings");
    Result.Entries[{Path->str(), Check->str(), Function->str(),
                    Statement->str()}] += Count;
  }
  return Result;
}

std::string Baseline::text() const {
  std::string Result;
  raw_string_ostream OS(Result);
  OS << "{\"version\": " << Version << ", \"findings\": [";
  ListSeparator Comma(",");
  for (const auto &[K, Count] : Entries) {
    json::Object Row{{"file", K.File},
                     {"check", K.Check},
                     {"function", K.Function},
                     {"statement", K.Statement}};
    if (Count != 1)
      Row["count"] = Count;
    OS << StringRef(Comma) << "\n" << json::Value(std::move(Row));
  }
  OS << "\n]}\n";
  return Result;
}

std::vector<Finding> Baseline::remove(std::vector<Finding> &Findings,
                                      SourceTexts &Sources) {
  std::vector<Finding> Known, New;
  for (Finding &F : Findings) {
    auto It = Entries.find(keyOf(F, Sources));
    if (It == Entries.end()) {
      New.push_back(std::move(F));
      continue;
    }
    if (--It->second == 0)
      Entries.erase(It);
    Known.push_back(std::move(F));
  }
  Findings = std::move(New);
  return Known;
}

void Baseline::list(raw_ostream &OS, unsigned Most) const {
  unsigned Shown = 0;
  for (const auto &[K, Count] : Entries) {
    if (Shown++ == Most) {
      OS << "  and " << Entries.size() - Most << " more\n";
      return;
    }
    OS << "  " << printable(K.File) << ": " << printable(K.Check);
    if (!K.Function.empty())
      OS << " in " << printable(K.Function);
    OS << ": " << printable(K.Statement);
    if (Count != 1)
      OS << " (" << Count << " times)";
    OS << '\n';
  }
}

void Baseline::prune(const Baseline &Stale) {
  for (const auto &[K, Count] : Stale.Entries) {
    auto It = Entries.find(K);
    if (It == Entries.end())
      continue;
    if (It->second <= Count)
      Entries.erase(It);
    else
      It->second -= Count;
  }
}

unsigned Baseline::size() const {
  unsigned Result = 0;
  for (const auto &Entry : Entries)
    Result += Entry.second;
  return Result;
}

} // namespace coro
