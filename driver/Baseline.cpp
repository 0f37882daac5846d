//===- Baseline.cpp - Findings that are known already ---------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/Baseline.h"
#include "driver/CompileDatabase.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace coro {

Baseline::Baseline(StringRef File, StringRef Root)
    : Folder(sys::path::parent_path(canonicalPath(File, Root))), Root(Root) {}

Baseline::Key Baseline::keyOf(const Finding &F, SourceTexts &Sources) const {
  SmallVector<StringRef, 16> Words;
  SplitString(Sources.get(F.Where.File).line(F.Where.Line), Words);
  std::string File = absolutePath(F.Where.File, Root);
  StringRef Below = File;
  if (Below.consume_front(Folder) && Below.consume_front("/"))
    File = Below.str();
  return {std::move(File), F.Check, json::fixUTF8(join(Words, " "))};
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
  auto Text = MemoryBuffer::getFile(absolutePath(File, Root));
  if (!Text)
    return Error(Text.getError().message());
  Expected<json::Value> Value = json::parse((*Text)->getBuffer());
  if (!Value)
    return Error(toString(Value.takeError()));
  const json::Object *Whole = Value->getAsObject();
  const json::Array *Rows = Whole ? Whole->getArray("findings") : nullptr;
  if (!Rows || Whole->getInteger("version") != 1)
    return Error("it is no baseline of version 1");
  Baseline Result(File, Root);
  for (const json::Value &Row : *Rows) {
    const json::Object *O = Row.getAsObject();
    auto Path = O ? O->getString("file") : std::nullopt;
    auto Check = O ? O->getString("check") : std::nullopt;
    auto Line = O ? O->getString("line") : std::nullopt;
    if (!Path || !Check || !Line)
      return Error("an entry has no file, check or line");
    Result.Entries[{Path->str(), Check->str(), Line->str()}] +=
        O->getInteger("count").value_or(1);
  }
  return Result;
}

std::string Baseline::text() const {
  std::string Result;
  raw_string_ostream OS(Result);
  OS << "{\"version\": 1, \"findings\": [";
  ListSeparator Comma(",");
  for (const auto &[K, Count] : Entries) {
    json::Object Row{{"file", K.File}, {"check", K.Check}, {"line", K.Line}};
    if (Count != 1)
      Row["count"] = Count;
    OS << StringRef(Comma) << "\n" << json::Value(std::move(Row));
  }
  OS << "\n]}\n";
  return Result;
}

unsigned Baseline::remove(std::vector<Finding> &Findings,
                          SourceTexts &Sources) {
  size_t Before = Findings.size();
  erase_if(Findings, [&](const Finding &F) {
    auto It = Entries.find(keyOf(F, Sources));
    if (It == Entries.end())
      return false;
    if (--It->second == 0)
      Entries.erase(It);
    return true;
  });
  return Before - Findings.size();
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
