//===- SourceText.cpp - Source files by line ------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/SourceText.h"
#include "driver/WholeFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

using namespace llvm;

namespace coro {

static constexpr StringLiteral Lowercase = "abcdefghijklmnopqrstuvwxyz";

SourceText::SourceText(std::unique_ptr<MemoryBuffer> Read)
    : Text(std::move(Read)) {
  Starts.push_back(0);
  StringRef Content = all();
  for (size_t At = 0; (At = Content.find('\n', At)) != StringRef::npos;)
    Starts.push_back(++At);
}

StringRef SourceText::line(unsigned Number) const {
  if (Number == 0 || Number > Starts.size())
    return "";
  StringRef Line = all().substr(Starts[Number - 1]);
  return Line.substr(0, Line.find('\n')).rtrim('\r');
}

std::pair<unsigned, unsigned> SourceText::position(unsigned Offset) const {
  Offset = std::min<size_t>(Offset, all().size());
  unsigned Line = llvm::upper_bound(Starts, Offset) - Starts.begin();
  return {Line, Offset - Starts[Line - 1] + 1};
}

const SourceText &SourceTexts::get(StringRef File) {
  std::unique_ptr<SourceText> &Slot = Files[File];
  if (!Slot) {
    // A finding may name anything: a file that the compiler was told lies
    // there, and the report of another run any at all.
    auto Buffer = readRegularFile(File);
    Slot = std::make_unique<SourceText>(Buffer ? std::move(*Buffer) : nullptr);
  }
  return *Slot;
}

Place SourceTexts::place(StringRef File, unsigned Offset, unsigned Length) {
  const SourceText &Text = get(File);
  if (Length == 0) {
    StringRef Rest = Text.all().substr(Offset);
    Length =
        Rest.take_while([](char C) { return isAlnum(C) || C == '_'; }).size();
    Length = std::max(Length, 1u);
  }
  Place P;
  P.File = File.str();
  P.Offset = Offset;
  std::tie(P.Line, P.Column) = Text.position(Offset);
  std::tie(P.EndLine, P.EndColumn) = Text.position(Offset + Length);
  return P;
}

unsigned utf16Column(StringRef Line, unsigned Column) {
  unsigned Units = 1;
  for (unsigned char C : Line.take_front(Column ? Column - 1 : 0))
    // Continuation bytes count nothing; four-byte sequences are a surrogate
    // pair.
    Units += (C & 0xC0) == 0x80 ? 0 : C >= 0xF0 ? 2 : 1;
  return Units;
}

unsigned byteColumn(StringRef Line, unsigned Column) {
  unsigned Units = 1, Bytes = 0;
  for (; Bytes < Line.size() && Units < Column; ++Bytes) {
    unsigned char C = Line[Bytes];
    Units += C < 0x80 || C >= 0xC0 ? (C >= 0xF0 ? 2 : 1) : 0;
  }
  while (Bytes < Line.size() && (Line[Bytes] & 0xC0) == 0x80)
    ++Bytes;
  // Behind the end, or in a text that is not there, each is a byte.
  return Bytes + 1 + (Column > Units ? Column - Units : 0);
}

/// Does \p Text start a command to a CI server, as in ##[group] or
/// ##vso[task.complete]? Some look for them anywhere in a line.
static bool isServerCommand(StringRef Text) {
  return Text.consume_front("##") && Text.ltrim(Lowercase).starts_with("[");
}

std::string printable(StringRef Text) {
  std::string Result;
  const UTF8 *At = Text.bytes_begin(), *End = Text.bytes_end();
  while (At != End) {
    if (*At < 0x80) {
      if (*At == '\t')
        Result += ' ';
      else if (*At < 0x20 || *At == 0x7F ||
               (*At == '#' &&
                isServerCommand(
                    StringRef(reinterpret_cast<const char *>(At), End - At))))
        Result += "\\x" + utohexstr(*At, /*LowerCase=*/true, 2);
      else
        Result += static_cast<char>(*At);
      ++At;
      continue;
    }
    const UTF8 *Start = At;
    UTF32 Code = 0, *Target = &Code;
    if (ConvertUTF8toUTF32(&At,
                           Start + std::min<ptrdiff_t>(
                                       End - Start, getNumBytesForUTF8(*Start)),
                           &Target, &Code + 1,
                           strictConversion) != conversionOK) {
      Result += "\xEF\xBF\xBD";
      At = Start + 1;
      continue;
    }
    // C1 controls, the marks that reorder text, what no XML may hold.
    if ((Code >= 0x80 && Code < 0xA0) || (Code >= 0x202A && Code <= 0x202E) ||
        (Code >= 0x2066 && Code <= 0x2069) || (Code & 0xFFFE) == 0xFFFE)
      Result += "\\u{" + utohexstr(Code, /*LowerCase=*/true) + "}";
    else
      Result.append(reinterpret_cast<const char *>(Start), At - Start);
  }
  return Result;
}

std::string printableLines(StringRef Text) {
  std::string Result;
  for (StringRef Line; !Text.empty();) {
    size_t End = Text.find('\n');
    Line = Text.substr(0, End);
    // Some CI servers take such a line for a command.
    StringRef Start = Line.ltrim();
    if (Start.starts_with("::"))
      Result += Line.drop_back(Start.size()).str() + "\\x3a" +
                printable(Start.drop_front());
    else
      Result += printable(Line);
    if (End == StringRef::npos)
      break;
    Result += '\n';
    Text = Text.drop_front(End + 1);
  }
  return Result;
}

std::string shownPath(StringRef Path) {
  // A line that starts with two colons is a command to some CI servers.
  return (Path.ltrim().starts_with("::") ? "./" : "") + printable(Path);
}

} // namespace coro
