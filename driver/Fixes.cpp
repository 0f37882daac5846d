//===- Fixes.cpp - Applying fixes to files --------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/Fixes.h"
#include "driver/SourceText.h"
#include "driver/WholeFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace coro {

unsigned FixPlan::fixedCount() const { return llvm::count(Fixed, true); }

/// Does \p E insert whole lines between others?
static bool insertsLines(const Edit &E) {
  return E.Length == 0 && E.Where.Column == 1 &&
         StringRef(E.Text).ends_with("\n");
}

/// Can both be made? Two insertions at one place have no order, unless they are
/// whole lines, such as two functions; and an insertion inside of what another
/// edit removes has no place.
static bool overlap(const Edit &A, const Edit &B) {
  unsigned BeginA = A.Where.Offset, EndA = BeginA + A.Length;
  unsigned BeginB = B.Where.Offset, EndB = BeginB + B.Length;
  if (BeginA == BeginB)
    return !insertsLines(A) || !insertsLines(B);
  return BeginA < EndB && BeginB < EndA;
}

FixPlan planFixes(ArrayRef<Finding> Findings, bool Suggestions) {
  FixPlan Plan;
  Plan.Fixed.resize(Findings.size());
  for (size_t I = 0; I < Findings.size(); ++I) {
    const Finding &F = Findings[I];
    ArrayRef<Edit> Wanted = F.Fix;
    if (Wanted.empty() && Suggestions)
      for (const Note &N : F.Notes)
        if (!N.Fix.empty()) {
          Wanted = N.Fix;
          break;
        }
    if (Wanted.empty())
      continue;
    bool Clashes = any_of(Wanted, [&](const Edit &E) {
      auto It = Plan.Edits.find(E.Where.File);
      return It != Plan.Edits.end() && any_of(It->second, [&](const Edit &O) {
               return !(O == E) && overlap(O, E);
             });
    });
    if (Clashes) {
      Plan.Conflicts.push_back(&F);
      continue;
    }
    Plan.Fixed[I] = true;
    for (const Edit &E : Wanted)
      if (std::vector<Edit> &Of = Plan.Edits[E.Where.File];
          !is_contained(Of, E))
        Of.push_back(E);
  }
  for (auto &File : Plan.Edits)
    llvm::sort(File.second);
  return Plan;
}

std::string applyEdits(StringRef Text, ArrayRef<Edit> Edits) {
  std::string Result;
  size_t At = 0;
  for (const Edit &E : Edits) {
    Result += Text.slice(At, E.Where.Offset);
    Result += E.Text;
    At = E.Where.Offset + E.Length;
  }
  Result += Text.substr(At);
  return Result;
}

Place movedPlace(const Place &P, ArrayRef<Edit> Edits, const SourceText &Old,
                 SourceTexts &Texts) {
  if (!P.Line || P.EndLine > Old.lineCount())
    return P;
  auto Moved = [&](unsigned Offset) {
    unsigned Result = Offset;
    for (const Edit &E : Edits)
      if (E.Where.Offset + E.Length <= Offset)
        Result += E.Text.size() - E.Length;
    return Result;
  };
  unsigned Begin = Moved(P.Offset);
  unsigned End = Moved(Old.offset(P.EndLine) + P.EndColumn - 1);
  return Texts.place(P.File, Begin, End > Begin ? End - Begin : 0);
}

/// Lines with their ends; the last may have none.
static std::vector<StringRef> linesOf(StringRef Text) {
  std::vector<StringRef> Lines;
  while (!Text.empty()) {
    size_t End = Text.find('\n');
    size_t Length = End == StringRef::npos ? Text.size() : End + 1;
    Lines.push_back(Text.take_front(Length));
    Text = Text.drop_front(Length);
  }
  return Lines;
}

/// The name of a file in a header: in quotes, as git writes it, where a name
/// might end the line, and pass for a header itself.
static std::string headerName(const Twine &Name) {
  std::string Plain = Name.str();
  if (none_of(Plain, [](unsigned char C) {
        return C < 0x20 || C >= 0x7F || C == '"' || C == '\\';
      }))
    return Plain;
  std::string Result = "\"";
  for (unsigned char C : Plain) {
    if (C == '"' || C == '\\')
      Result += {'\\', static_cast<char>(C)};
    else if (C < 0x20 || C >= 0x7F)
      Result +=
          {'\\', static_cast<char>('0' + C / 64),
           static_cast<char>('0' + C / 8 % 8), static_cast<char>('0' + C % 8)};
    else
      Result += static_cast<char>(C);
  }
  return Result + '"';
}

std::string unifiedDiff(StringRef File, StringRef Text, ArrayRef<Edit> Edits) {
  constexpr size_t Context = 3;
  std::vector<StringRef> Old = linesOf(Text);
  std::vector<size_t> Starts;
  size_t Offset = 0;
  for (StringRef Line : Old) {
    Starts.push_back(Offset);
    Offset += Line.size();
  }
  auto LineAt = [&](size_t At) -> size_t {
    return Starts.empty() ? 0
                          : llvm::upper_bound(Starts, At) - Starts.begin() - 1;
  };

  // The edits say which lines change: no search for a common subsequence.
  struct Change {
    size_t First, End; // old lines
    std::string New;
  };
  std::vector<Change> Changes;
  for (size_t I = 0; I < Edits.size();) {
    size_t First = LineAt(Edits[I].Where.Offset), End = First + 1;
    size_t Begin = I;
    for (; I < Edits.size() && LineAt(Edits[I].Where.Offset) < End; ++I) {
      size_t Last = Edits[I].Where.Offset + Edits[I].Length;
      End = std::max(End, LineAt(Last) + 1);
    }
    End = std::min(End, Old.size());
    size_t From = First < Starts.size() ? Starts[First] : Text.size();
    size_t To = End < Starts.size() ? Starts[End] : Text.size();
    std::vector<Edit> Local(Edits.begin() + Begin, Edits.begin() + I);
    for (Edit &E : Local)
      E.Where.Offset -= From;
    std::string New = applyEdits(Text.slice(From, To), Local);
    // A line that an edit only reaches the start of stays as it is.
    for (StringRef Rest = New;
         End > First + 1 && Rest.ends_with(Old[End - 1]);) {
      Rest = Rest.drop_back(Old[End - 1].size());
      if (!Rest.empty() && !Rest.ends_with("\n"))
        break;
      --End;
      New.resize(Rest.size());
    }
    Changes.push_back({First, End, std::move(New)});
  }

  std::string Result;
  raw_string_ostream OS(Result);
  OS << "--- " << headerName("a/" + File) << "\n+++ " << headerName("b/" + File)
     << '\n';
  auto Print = [&](char Mark, StringRef Line) {
    OS << Mark << Line;
    if (!Line.ends_with("\n"))
      OS << "\n\\ No newline at end of file\n";
  };
  ptrdiff_t Shift = 0;
  for (size_t I = 0; I < Changes.size();) {
    size_t Last = I;
    while (Last + 1 < Changes.size() &&
           Changes[Last + 1].First <= Changes[Last].End + 2 * Context)
      ++Last;
    size_t First = Changes[I].First > Context ? Changes[I].First - Context : 0;
    size_t End = std::min(Changes[Last].End + Context, Old.size());
    std::string Body;
    size_t NewCount = End - First;
    for (size_t C = I; C <= Last; ++C)
      NewCount +=
          linesOf(Changes[C].New).size() - (Changes[C].End - Changes[C].First);
    OS << "@@ -" << First + 1 << ',' << End - First << " +"
       << ptrdiff_t(First) + 1 + Shift << ',' << NewCount << " @@\n";
    size_t At = First;
    for (; I <= Last; ++I) {
      for (; At < Changes[I].First; ++At)
        Print(' ', Old[At]);
      for (; At < Changes[I].End; ++At)
        Print('-', Old[At]);
      for (StringRef Line : linesOf(Changes[I].New))
        Print('+', Line);
    }
    for (; At < End; ++At)
      Print(' ', Old[At]);
    Shift += ptrdiff_t(NewCount) - ptrdiff_t(End - First);
  }
  return Result;
}

Error writeFixes(const FixPlan &Plan, function_ref<StringRef(StringRef)> Read) {
  struct Written {
    std::string Real, Temporary, Backup;
  };
  std::vector<Written> Files;
  auto Undo = [&](size_t Replaced) {
    for (size_t I = 0; I < Files.size(); ++I) {
      if (I < Replaced)
        (void)sys::fs::rename(Files[I].Backup, Files[I].Real);
      else
        (void)sys::fs::remove(Files[I].Backup);
      (void)sys::fs::remove(Files[I].Temporary);
    }
  };
  auto Fail = [&](StringRef File, const Twine &Why, size_t Replaced) {
    Undo(Replaced);
    return createStringError(
        inconvertibleErrorCode(),
        ("cannot write '" + File + "': " + Why).str().c_str());
  };
  /// A new file beside \p Real with \p Text in it.
  auto Make = [](StringRef Real, StringRef Text, std::string &Name) {
    SmallString<256> Path;
    int File;
    if (std::error_code EC = createFileBeside(Real, ".coro", File, Path))
      return EC;
    Name = Path.str().str();
    raw_fd_ostream OS(File, /*shouldClose=*/true);
    OS << Text;
    OS.close();
    std::error_code EC = OS.error();
    OS.clear_error();
    return EC;
  };

  for (const auto &[File, Edits] : Plan.Edits) {
    SmallString<256> Real;
    if (std::error_code EC = sys::fs::real_path(File, Real))
      return Fail(File, EC.message(), 0);
    auto Now = readRegularFile(Real);
    if (!Now)
      return Fail(File, Now.getError().message(), 0);
    if ((*Now)->getBuffer() != Read(File))
      return Fail(File, "it changed since it was analysed", 0);
    Files.push_back({Real.str().str(), "", ""});
    Written &W = Files.back();
    if (std::error_code EC =
            Make(W.Real, applyEdits((*Now)->getBuffer(), Edits), W.Temporary))
      return Fail(File, EC.message(), 0);
    if (std::error_code EC = Make(W.Real, (*Now)->getBuffer(), W.Backup))
      return Fail(File, EC.message(), 0);
    if (auto Mode = sys::fs::getPermissions(W.Real)) {
      (void)sys::fs::setPermissions(W.Temporary, *Mode);
      (void)sys::fs::setPermissions(W.Backup, *Mode);
    }
  }
  for (size_t I = 0; I < Files.size(); ++I)
    if (std::error_code EC = sys::fs::rename(Files[I].Temporary, Files[I].Real))
      return Fail(Files[I].Real, EC.message(), I);
  for (const Written &W : Files)
    (void)sys::fs::remove(W.Backup);
  return Error::success();
}

} // namespace coro
