//===- NolintComments.cpp - Which NOLINT comments a unit needs ------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/NolintComments.h"
#include "clang-tidy/GlobList.h"
#include "driver/UserCodeConsumer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Path.h"

using namespace clang;
using namespace llvm;

namespace coro {

static constexpr llvm::StringLiteral Marker = "NOLINT";

bool NolintComments::isExternal(SourceLocation Location,
                                const SourceManager &Sources) {
  auto [It, IsNew] = Known.try_emplace(Sources.getFileID(Location), false);
  if (IsNew) {
    auto Main = Sources.getFileEntryRefForID(Sources.getMainFileID());
    auto Entry = Sources.getFileEntryRefForID(It->first);
    It->second = Sources.isInSystemHeader(Location) || !Main || !Entry ||
                 External.contains(pathOf(*Entry),
                                   sys::path::parent_path(pathOf(*Main)));
  }
  return It->second;
}

/// The stretch of \p Text that goes when the comment of \p Length bytes at
/// \p Begin goes: with the blanks before it, and with its line if it is alone.
static std::pair<unsigned, unsigned> removal(StringRef Text, unsigned Begin,
                                             unsigned Length) {
  unsigned End = Begin + Length;
  while (Begin > 0 && (Text[Begin - 1] == ' ' || Text[Begin - 1] == '\t'))
    --Begin;
  if ((Begin == 0 || Text[Begin - 1] == '\n') && End < Text.size())
    End = std::min(Text.find('\n', End), Text.size() - 1) + 1;
  return {Begin, End - Begin};
}

bool NolintComments::HandleComment(Preprocessor &PP, SourceRange Comment) {
  const SourceManager &Sources = PP.getSourceManager();
  auto [File, Start] = Sources.getDecomposedLoc(Comment.getBegin());
  unsigned Length = Sources.getFileOffset(Comment.getEnd()) - Start;
  StringRef Whole = Sources.getBufferData(File);
  StringRef Text = Whole.substr(Start, Length);
  if (!Text.contains(Marker) || isExternal(Comment.getBegin(), Sources))
    return false;
  for (size_t At = 0; (At = Text.find(Marker, At)) != StringRef::npos;) {
    size_t Begin = At + Marker.size(), End = Begin;
    while (End < Text.size() && isAlpha(Text[End]))
      ++End;
    auto How = StringSwitch<std::optional<Entry::Kind>>(Text.slice(Begin, End))
                   .Case("", Entry::Line)
                   .Case("NEXTLINE", Entry::NextLine)
                   .Case("BEGIN", Entry::Begin)
                   .Case("END", Entry::End)
                   .Default(std::nullopt);
    size_t Marked = At;
    At = End;
    size_t Close = Text.find_first_of("\n)", End);
    if (!How || End == Text.size() || Text[End] != '(' ||
        Close == StringRef::npos || Text[Close] != ')')
      continue;
    StringRef List = Text.slice(End + 1, Close);
    SmallVector<StringRef, 4> Names;
    List.split(Names, ',');
    for (StringRef Name : Names) {
      Name = Name.trim();
      if (!Name.starts_with("coro-"))
        continue;
      Entry One;
      One.How = *How;
      One.File = File;
      One.Path = pathOf(*Sources.getFileEntryRefForID(File));
      One.Offset = Name.data() - Whole.data();
      One.Length = Name.size();
      One.OnLine = Sources.getLineNumber(File, Start + Marked);
      One.Check = Name.str();
      One.List = List.str();
      // The comment as a whole, if it says nothing else; one end of a block
      // does not go without the other.
      if ((*How == Entry::Line || *How == Entry::NextLine) &&
          Names.size() == 1 && Text.starts_with("//") &&
          Text.take_front(Marked).drop_front(2).trim().empty() &&
          Text.drop_front(Close + 1).trim().empty())
        std::tie(One.RemovalOffset, One.RemovalLength) =
            removal(Whole, Start, Length);
      Entries.push_back(std::move(One));
    }
  }
  return false;
}

void NolintComments::silencedAt(FileID File, unsigned Offset, unsigned Line,
                                StringRef Check) {
  auto EndsBlock = [&](const Entry &Begin) {
    return any_of(Entries, [&](const Entry &End) {
      return End.How == Entry::End && End.File == File &&
             End.List == Begin.List && End.Offset > Begin.Offset &&
             End.Offset < Offset;
    });
  };
  for (Entry &E : Entries) {
    if (E.File != File || E.Used)
      continue;
    bool Covers = (E.How == Entry::Line && E.OnLine == Line) ||
                  (E.How == Entry::NextLine && E.OnLine + 1 == Line) ||
                  (E.How == Entry::Begin && E.Offset < Offset && !EndsBlock(E));
    E.Used = Covers && tidy::GlobList(E.Check).contains(Check);
  }
}

// As clang-tidy does: a macro's own line counts, and that of each expansion.
void NolintComments::silenced(SourceLocation Where, StringRef Check,
                              const SourceManager &Sources) {
  while (true) {
    auto [File, Offset] = Sources.getDecomposedSpellingLoc(Where);
    silencedAt(File, Offset, Sources.getLineNumber(File, Offset), Check);
    if (!Where.isMacroID())
      return;
    Where = Sources.getImmediateExpansionRange(Where).getBegin();
  }
}

static tooling::DiagnosticMessage messageOf(const Diagnostic &Info,
                                            StringRef Check) {
  SmallString<128> Text;
  Info.FormatDiagnostic(Text);
  StringRef Message = Text;
  Message.consume_back((" [" + Check + "]").str());
  if (Info.getLocation().isInvalid())
    return tooling::DiagnosticMessage(Message);
  const SourceManager &Sources = Info.getSourceManager();
  return tooling::DiagnosticMessage(Message, Sources,
                                    Sources.getFileLoc(Info.getLocation()));
}

void SuppressionConsumer::HandleDiagnostic(DiagnosticsEngine::Level Level,
                                           const Diagnostic &Info) {
  if (Level == DiagnosticsEngine::Note) {
    if (LastWasSuppressed)
      Suppressed.back().Notes.push_back(messageOf(Info, ""));
  } else {
    LastWasSuppressed = false;
    std::string Check = Context.getCheckName(Info.getID());
    SmallVector<tooling::Diagnostic, 1> Malformed;
    if (StringRef(Check).starts_with("coro-") && Info.getLocation().isValid() &&
        Context.shouldSuppressDiagnostic(Level, Info, Malformed)) {
      LastWasSuppressed = true;
      Comments.silenced(Info.getLocation(), Check, Info.getSourceManager());
      Suppressed.emplace_back(Check, tidy::ClangTidyError::Warning, "",
                              /*IsWarningAsError=*/false);
      Suppressed.back().Message = messageOf(Info, Check);
    }
  }
  ClangTidyDiagnosticConsumer::HandleDiagnostic(Level, Info);
}

} // namespace coro
