//===- Summary.cpp - Summaries of units as files --------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/index/Summary.h"
#include "analysis/index/SummaryCodec.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/EndianStream.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace coro {

/// Followed by the version (4 bytes) and the checksum of the rest (8 bytes),
/// least significant byte first.
static constexpr StringLiteral Magic = "coro-tidy summary\n";
static constexpr uint32_t FormatVersion = 6;
static constexpr size_t HeadingSize = Magic.size() + 4 + 8;

/// Sections. Numbers are never used again for something else.
enum class Section : uint8_t {
  Strings = 1,
  Unit = 2,
  Functions = 3,
  Overrides = 4,
  Ambiguous = 5,
  Harmless = 6,
  Invalidators = 7,
  Callers = 8,
  Tasks = 9,
  Costs = 10,
  Made = 11,
  Telling = 13,
  Uses = 14,
  OtherUses = 15,
};

HarmlessFunction HarmlessFunction::of(StringRef Key, const SourcePlace &Where) {
  return {xxh3_64bits(Key),
          xxh3_64bits(Where.File + ":" + std::to_string(Where.Line) + ":" +
                      std::to_string(Where.Column))};
}

OtherUse OtherUse::of(StringRef Key) {
  return {xxh3_64bits(Key) >> 22}; // six bytes in the file
}

std::string write(const UnitSummary &Given) {
  UnitSummary Summary = Given;
  StringMap<uint64_t> Numbers;
  std::string Strings;
  auto Length = [](uint64_t N) {
    std::string Bytes;
    raw_string_ostream OS(Bytes);
    encodeULEB128(N, OS);
    return Bytes;
  };
  auto Intern = [&](StringRef S) -> uint64_t {
    auto [It, New] = Numbers.try_emplace(S, Numbers.size());
    if (New)
      Strings += Length(S.size()) + S.str();
    return It->second;
  };
  std::string Sections;
  auto Add = [&](Section Tag, StringRef Bytes) {
    Sections += static_cast<char>(Tag);
    Sections += Length(Bytes.size());
    Sections += Bytes;
  };
  auto List = [&](Section Tag, auto &Items) {
    if (Items.empty())
      return;
    SummaryWriter W(Intern);
    W.list(Items);
    Add(Tag, W.Bytes);
  };
  SummaryWriter Unit(Intern);
  Unit.text(Summary.Unit);
  Add(Section::Unit, Unit.Bytes);
  List(Section::Functions, Summary.Functions);
  List(Section::Overrides, Summary.Overrides);
  List(Section::Ambiguous, Summary.Ambiguous);
  List(Section::Harmless, Summary.Harmless);
  List(Section::Invalidators, Summary.Invalidators);
  List(Section::Callers, Summary.Callers);
  List(Section::Tasks, Summary.Tasks);
  List(Section::Costs, Summary.Costs);
  List(Section::Made, Summary.Made);
  List(Section::Telling, Summary.Telling);
  List(Section::Uses, Summary.Uses);
  List(Section::OtherUses, Summary.OtherUses);
  std::string Rest = std::move(Sections);
  Sections.clear();
  Add(Section::Strings, Strings);
  Rest = Sections + Rest;

  std::string Bytes;
  raw_string_ostream OS(Bytes);
  OS << Magic;
  support::endian::write<uint32_t>(OS, FormatVersion, endianness::little);
  support::endian::write<uint64_t>(OS, xxh3_64bits(Rest), endianness::little);
  OS << Rest;
  return Bytes;
}

static Error error(const Twine &What) {
  return createStringError(inconvertibleErrorCode(), What.str().c_str());
}

Expected<UnitSummary> readSummary(StringRef Bytes) {
  if (!Bytes.starts_with(Magic))
    return error("is no summary of a unit");
  if (Bytes.size() < HeadingSize)
    return error("is cut off");
  const char *Heading = Bytes.data() + Magic.size();
  if (support::endian::read32le(Heading) != FormatVersion)
    return error("was written by another version of coro-tidy");
  StringRef Rest = Bytes.drop_front(HeadingSize);
  if (xxh3_64bits(Rest) != support::endian::read64le(Heading + 4))
    return error("is damaged");

  std::vector<StringRef> Strings;
  auto Find = [&](uint64_t N, std::string &To) {
    if (N >= Strings.size())
      return false;
    To = Strings[N].str();
    return true;
  };
  UnitSummary Result;
  SummaryReader All(Rest, Find);
  while (!All.atEnd() && !All.failed()) {
    uint8_t Tag = All.bytes(1).front();
    uint64_t Length = 0;
    All.number(Length);
    SummaryReader R(All.bytes(Length), Find);
    switch (static_cast<Section>(Tag)) {
    case Section::Strings:
      while (!R.atEnd() && !R.failed()) {
        uint64_t Size = 0;
        R.number(Size);
        Strings.push_back(R.bytes(Size));
      }
      break;
    case Section::Unit:
      R.text(Result.Unit);
      break;
    case Section::Functions:
      R.list(Result.Functions);
      break;
    case Section::Overrides:
      R.list(Result.Overrides);
      break;
    case Section::Ambiguous:
      R.list(Result.Ambiguous);
      break;
    case Section::Harmless:
      R.list(Result.Harmless);
      break;
    case Section::Invalidators:
      R.list(Result.Invalidators);
      break;
    case Section::Callers:
      R.list(Result.Callers);
      break;
    case Section::Tasks:
      R.list(Result.Tasks);
      break;
    case Section::Costs:
      R.list(Result.Costs);
      break;
    case Section::Made:
      R.list(Result.Made);
      break;
    case Section::Telling:
      R.list(Result.Telling);
      break;
    case Section::Uses:
      R.list(Result.Uses);
      break;
    case Section::OtherUses:
      R.list(Result.OtherUses);
      break;
    }
    if (R.failed())
      All.fail();
  }
  if (All.failed())
    return error("is damaged");
  return Result;
}

} // namespace coro
