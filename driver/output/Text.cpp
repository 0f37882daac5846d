//===- Text.cpp - Findings for people -------------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/output/Writer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Unicode.h"
#include <map>

using namespace llvm;
using namespace coro;

namespace {

/// How wide lines of source may be; longer ones (generated code) are cut
/// around what is marked in them.
constexpr unsigned MaxWidth = 140;

/// A stretch of source that the frame marks.
struct Label {
  Place Where;
  std::string Text;
  bool Primary = false;
};

class TextWriter {
public:
  TextWriter(SourceTexts &Sources, const WriterOptions &Options,
             raw_ostream &OS)
      : Sources(Sources), Options(Options), OS(OS) {}

  void show(const Finding &F);
  void show(const Problem &P);

private:
  void header(const Place &Where, raw_ostream::Colors Color, StringRef Kind,
              StringRef Message, StringRef Check);
  void frame(ArrayRef<Label> Labels);
  void underline(const Label &L, StringRef Line, size_t From);
  void gutter(unsigned Line);
  void place(const Place &Where);

  /// Colours what \p Print prints.
  template <typename T>
  void painted(raw_ostream::Colors Color, bool Bold, T Print) {
    if (Options.Colors)
      OS.changeColor(Color, Bold);
    Print();
    if (Options.Colors)
      OS.resetColor();
  }

  SourceTexts &Sources;
  const WriterOptions &Options;
  raw_ostream &OS;
  unsigned GutterWidth = 1;
};

unsigned width(StringRef Text) {
  int Columns = sys::unicode::columnWidthUTF8(Text);
  return Columns < 0 ? Text.size() : Columns;
}

} // namespace

void TextWriter::place(const Place &Where) {
  OS << shownPath(Where.File);
  if (Where.Line)
    OS << ':' << Where.Line << ':' << Where.Column;
}

void TextWriter::header(const Place &Where, raw_ostream::Colors Color,
                        StringRef Kind, StringRef Message, StringRef Check) {
  if (!Where.File.empty())
    painted(raw_ostream::SAVEDCOLOR, true, [&] {
      place(Where);
      OS << ": ";
    });
  painted(Color, true, [&] { OS << Kind << ": "; });
  painted(raw_ostream::SAVEDCOLOR, true, [&] { OS << printable(Message); });
  if (!Check.empty())
    painted(raw_ostream::MAGENTA, false, [&] {
      OS << " [";
      if (Options.Links && StringRef(Check).starts_with("coro-"))
        OS << "\033]8;;" << pageAddress(Check) << "\033\\" << Check
           << "\033]8;;\033\\";
      else
        OS << Check;
      OS << ']';
    });
  OS << '\n';
}

void TextWriter::gutter(unsigned Line) {
  painted(raw_ostream::BLUE, true, [&] {
    if (Line)
      OS << format_decimal(Line, GutterWidth + 2) << " | ";
    else
      OS.indent(GutterWidth + 2) << " | ";
  });
}

void TextWriter::underline(const Label &L, StringRef Line, size_t From) {
  size_t Begin =
      std::max<size_t>(std::min<size_t>(L.Where.Column - 1, Line.size()), From);
  size_t End = L.Where.EndLine > L.Where.Line
                   ? Line.rtrim().size()
                   : std::min<size_t>(L.Where.EndColumn - 1, Line.size());
  unsigned Before = width(printable(Line.slice(From, Begin)));
  unsigned Marks =
      std::max(1u, width(printable(Line.slice(Begin, std::max(Begin, End)))));
  Marks = std::min(Marks, MaxWidth - std::min(MaxWidth - 1, Before));
  gutter(0);
  OS.indent(Before);
  painted(L.Primary ? raw_ostream::YELLOW : raw_ostream::CYAN, true, [&] {
    OS << std::string(Marks, L.Primary ? '^' : '-');
    if (!L.Text.empty())
      OS << ' ' << printable(L.Text);
  });
  OS << '\n';
}

/// Shows the lines of one file that \p Labels are in, each label below its
/// line.
void TextWriter::frame(ArrayRef<Label> Labels) {
  const SourceText &Text = Sources.get(Labels.front().Where.File);
  if (!Text.isReadable())
    return;
  std::map<unsigned, std::vector<const Label *>> Lines;
  for (const Label &L : Labels)
    Lines[L.Where.Line].push_back(&L);
  GutterWidth = std::to_string(Lines.rbegin()->first).size();
  unsigned Last = 0;
  for (const auto &[Number, Here] : Lines) {
    if (Last && Number == Last + 2) {
      gutter(Last + 1);
      OS << printable(Text.line(Last + 1)) << '\n';
    } else if (Last && Number > Last + 1) {
      painted(raw_ostream::BLUE, true, [&] { OS << "  ...\n"; });
    }
    Last = Number;
    StringRef Line = Text.line(Number);
    size_t From = 0;
    if (Line.size() > MaxWidth) {
      unsigned First =
          (*llvm::min_element(Here, [](const Label *A, const Label *B) {
            return A->Where.Column < B->Where.Column;
          }))->Where.Column;
      From = First > 40 ? std::min<size_t>(First - 40, Line.size()) : 0;
      while (From < Line.size() && (Line[From] & 0xC0) == 0x80)
        ++From;
      size_t End = std::min<size_t>(From + MaxWidth, Line.size());
      while (End < Line.size() && (Line[End] & 0xC0) == 0x80)
        ++End;
      Line = Line.take_front(End);
    }
    gutter(Number);
    OS << printable(Line.drop_front(From)) << '\n';
    for (const Label *L : Here)
      underline(*L, Line, From);
  }
}

static raw_ostream::Colors colorOf(Severity Level) {
  switch (Level) {
  case Severity::Error:
    return raw_ostream::RED;
  case Severity::Warning:
    return raw_ostream::YELLOW;
  case Severity::Suggestion:
    return raw_ostream::GREEN;
  }
  llvm_unreachable("all severities are listed");
}

/// "insert 'co_await ' at 12:3".
static std::string describe(const Edit &E, const SourceText &Text) {
  std::string At = " at " + std::to_string(E.Where.Line) + ":" +
                   std::to_string(E.Where.Column);
  StringRef Old = Text.all().substr(E.Where.Offset, E.Length);
  auto Quoted = [](StringRef S) { return "'" + printable(S.trim("\n")) + "'"; };
  if (Old.empty())
    return "insert " + Quoted(E.Text) + At;
  if (E.Text.empty())
    return "remove " + Quoted(Old) + At;
  return "replace " + Quoted(Old) + " by " + Quoted(E.Text) + At;
}

void TextWriter::show(const Finding &F) {
  header(F.Where, colorOf(F.Level), toString(F.Level), F.Message, F.Check);
  if (!F.Where.Line)
    return;

  // Steps in the same file are labels of one frame. Where they do not stand
  // in the order in which they happen, they are numbered.
  std::vector<const Note *> Inside, Outside;
  for (const Note &N : F.Notes)
    (N.Where.Line && N.Where.File == F.Where.File ? Inside : Outside)
        .push_back(&N);
  bool Ordered = llvm::is_sorted(
      Inside, [](const Note *A, const Note *B) { return A->Where < B->Where; });
  std::vector<Label> Labels;
  Labels.push_back({F.Where, "", true});
  unsigned Step = 0;
  for (const Note *N : Inside)
    Labels.push_back(
        {N->Where, (Ordered ? "" : std::to_string(++Step) + ". ") + N->Message,
         false});
  frame(Labels);
  for (const Note *N : Outside) {
    OS << "  ";
    header(N->Where, raw_ostream::CYAN, "note", N->Message, "");
    if (N->Where.Line)
      frame(Label{N->Where, "", false});
  }
  for (const Edit &E : F.Fix) {
    painted(raw_ostream::GREEN, true, [&] { OS << "  fix: "; });
    OS << describe(E, Sources.get(E.Where.File));
    if (E.Where.File != F.Where.File)
      OS << " of " << printable(E.Where.File);
    OS << '\n';
  }
  OS << '\n';
}

void TextWriter::show(const Problem &P) {
  Place File;
  File.File = P.File;
  header(File, raw_ostream::RED, "error", P.Message, "");
  constexpr size_t Shown = 3;
  for (const Finding &Error : ArrayRef(P.Errors).take_front(Shown)) {
    OS << "  ";
    header(Error.Where, raw_ostream::RED, "error", Error.Message, "");
    if (Error.Where.Line)
      frame(Label{Error.Where, "", true});
  }
  if (P.Errors.size() > Shown)
    OS << "  and " << P.Errors.size() - Shown << " more\n";
  StringRef Log = StringRef(P.Log).trim();
  SmallVector<StringRef, 32> Lines;
  Log.split(Lines, '\n', -1, /*KeepEmpty=*/false);
  for (StringRef Line : ArrayRef(Lines).take_front(12))
    OS << "  | " << printable(Line) << '\n';
  if (!P.Reproduce.empty())
    OS << "  to see it again: " << printable(P.Reproduce) << '\n';
  OS << '\n';
}

void coro::writeText(const RunResult &Result, SourceTexts &Sources,
                     const WriterOptions &Options, raw_ostream &OS) {
  TextWriter Writer(Sources, Options, OS);
  for (const Finding &F : Result.Findings)
    Writer.show(F);
  size_t Interrupted = 0;
  for (const Problem &P : Result.Problems)
    if (P.Kind == Failure::Interrupted)
      ++Interrupted;
    else
      Writer.show(P);
  if (Interrupted)
    OS << "The run was interrupted before it had come to the end of "
       << Interrupted << (Interrupted == 1 ? " file" : " files")
       << "; run it again for their findings.\n\n";
  if (Options.Quiet)
    return;
  if (!Result.Findings.empty())
    OS << "Run 'coro-tidy explain " << Result.Findings.front().Check
       << "' for what a check means and how to fix or silence it.\n";
  OS << summaryLine(Result) << '\n';
}
