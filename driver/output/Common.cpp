//===- Common.cpp - What several formats need -----------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/Statement.h"
#include "driver/output/Writer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace coro {

std::string summaryLine(const RunResult &Result) {
  std::string Line;
  raw_string_ostream OS(Line);
  auto Plural = [](unsigned N, StringRef Word) {
    return (Twine(N) + " " + Word + (N == 1 ? "" : "s")).str();
  };
  if (Result.Findings.empty())
    OS << (Result.Fixed ? "Found nothing else" : "Found nothing");
  else
    OS << "Found " << Plural(Result.Findings.size(), "problem");
  if (unsigned Fixable = Result.fixable())
    OS << " (" << Fixable << " fixable with --fix)";
  OS << " in ";
  // Headers have findings, too: there may be more of them than units.
  unsigned With = Result.filesWithFindings();
  if (With > Result.Units)
    OS << Plural(With, "file");
  else if (With)
    OS << With << " of " << Plural(Result.Units, "file");
  else
    OS << Plural(Result.Units, "file");
  if (unsigned Failed = Result.failedUnits())
    OS << ", " << Plural(Failed, "file") << " could not be analysed";
  if (Result.Fixed)
    OS << ", fixed " << Plural(Result.Fixed, "problem");
  OS << format(", %.1f s", Result.Seconds);
  return Line;
}

std::string pageAddress(StringRef Check) {
  return (CORO_HOMEPAGE "/blob/v" CORO_VERSION "/docs/checks/" + Check + ".md")
      .str();
}

std::string jsonText(const json::Value &Value, unsigned Indent) {
  std::string Text;
  raw_string_ostream OS(Text);
  json::OStream(OS, Indent).value(Value);
  // JSON's own escapes end at U+001F. Outside of strings, all is ASCII.
  std::string Result;
  for (size_t I = 0; I < Text.size(); ++I) {
    auto Byte = [&](size_t At) -> unsigned {
      return At < Text.size() ? static_cast<unsigned char>(Text[At]) : 0;
    };
    unsigned Code = Byte(I), Length = 1;
    if (Byte(I) == 0xC2) {
      Code = Byte(I + 1);
      Length = 2;
    } else if (Byte(I) == 0xE2) {
      Code = 0x2000 | (Byte(I + 1) & 0x3F) << 6 | (Byte(I + 2) & 0x3F);
      Length = 3;
    }
    if ((Code >= 0x7F && Code < 0xA0 && (Length == 2 || Code == 0x7F)) ||
        (Code >= 0x202A && Code <= 0x202E) ||
        (Code >= 0x2066 && Code <= 0x2069)) {
      Result += "\\u" + utohexstr(Code, /*LowerCase=*/true, 4);
      I += Length - 1;
    } else {
      Result += Text[I];
    }
  }
  return Result;
}

std::string xmlEscaped(StringRef Text) {
  std::string Result;
  for (char C : printable(Text))
    switch (C) {
    case '&':
      Result += "&amp;";
      break;
    case '<':
      Result += "&lt;";
      break;
    case '>':
      Result += "&gt;";
      break;
    case '"':
      Result += "&quot;";
      break;
    default:
      Result += C;
    }
  return Result;
}

std::string uriEscaped(StringRef Path) {
  std::string Result;
  for (char C : Path)
    if (isAlnum(C) || StringRef("/-._~!$&'()*+,;=@").contains(C))
      Result += C;
    else
      Result += "%" + utohexstr(static_cast<unsigned char>(C),
                                /*LowerCase=*/false, 2);
  return Result;
}

std::string Fingerprints::next(const Finding &F) {
  std::string Key = F.Check + '\0' + F.Where.File + '\0' + F.Function + '\0';
  Key += F.Where.Line ? statementAt(Sources.get(F.Where.File), F.Where.Offset)
                      : F.Message;
  unsigned Number = Seen[Key]++;
  Key += '\0' + utostr(Number);
  return utohexstr(xxh3_64bits(Key), /*LowerCase=*/true, 16);
}

} // namespace coro
