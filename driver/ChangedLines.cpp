//===- ChangedLines.cpp - What a git diff touches -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/ChangedLines.h"
#include "driver/CompileDatabase.h"
#include "driver/WholeFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include <limits>

using namespace llvm;

namespace coro {

static Error error(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message.str().c_str());
}

/// What git prints; its complaint as the error.
static Expected<std::string> git(ArrayRef<StringRef> Arguments,
                                 StringRef Folder) {
  ErrorOr<std::string> Program = sys::findProgramByName("git");
  if (!Program)
    return error("git is not installed, or not in PATH");
  SmallString<128> Output, Errors;
  if (std::error_code EC = sys::fs::createTemporaryFile("coro", "out", Output))
    return errorCodeToError(EC);
  FileRemover RemoveOutput(Output);
  if (std::error_code EC = sys::fs::createTemporaryFile("coro", "err", Errors))
    return errorCodeToError(EC);
  FileRemover RemoveErrors(Errors);
  // Quoting of names and colours depend on the user's configuration.
  // A clone can bring a repository without a work tree, as one of its folders,
  // with a configuration of its own: git would run what that names.
  SmallVector<StringRef, 16> Words = {
      *Program, "-C", Folder, "-c", "core.quotepath=off", "-c",
      "safe.bareRepository=explicit", "-c", "core.fsmonitor=false",
      // It runs one when it updates its index.
      "-c", "core.hooksPath=/dev/null"};
  Words.append(Arguments.begin(), Arguments.end());
  std::optional<StringRef> Redirects[] = {StringRef(""), StringRef(Output),
                                          StringRef(Errors)};
  int Code = sys::ExecuteAndWait(*Program, Words, std::nullopt, Redirects);
  auto Text = MemoryBuffer::getFile(Code == 0 ? Output : Errors);
  if (!Text)
    return errorCodeToError(Text.getError());
  if (Code != 0)
    return error((*Text)->getBuffer().split('\n').first);
  return (*Text)->getBuffer().str();
}

/// Options for git that take away the filters which the configuration of the
/// repository itself names: programs that it runs on files of the work tree.
/// Those of the user, such as git-lfs, stay.
static Expected<std::vector<std::string>> withoutFilters(StringRef Top) {
  Expected<std::string> Known =
      git({"config", "--list", "--show-scope", "--name-only", "--null"}, Top);
  if (!Known)
    return Known.takeError();
  std::vector<std::string> Options;
  for (StringRef Rest = *Known; !Rest.empty();) {
    StringRef Scope, Name;
    std::tie(Scope, Rest) = Rest.split('\0');
    std::tie(Name, Rest) = Rest.split('\0');
    if (!Name.starts_with("filter.") ||
        (Scope != "local" && Scope != "worktree"))
      continue;
    // It could not be named in an option.
    if (Name.contains('='))
      return error("the configuration of the repository has a filter with '=' "
                   "in its name: '" +
                   Name + "'; remove it");
    Options.push_back("-c");
    Options.push_back((Name + "=").str());
  }
  return Options;
}

/// A path in a diff; git quotes names with quotes, tabs or line ends in them.
static std::string unquoted(StringRef Name) {
  Name = Name.rtrim("\t\r");
  if (!Name.consume_front("\"") || !Name.consume_back("\""))
    return Name.str();
  std::string Result;
  for (size_t I = 0; I < Name.size(); ++I) {
    if (Name[I] != '\\' || I + 1 == Name.size()) {
      Result += Name[I];
      continue;
    }
    char Next = Name[++I];
    unsigned Octal;
    if (!Name.substr(I, 3).getAsInteger(8, Octal) && Name.size() >= I + 3) {
      Result += static_cast<char>(Octal);
      I += 2;
    } else {
      Result += Next == 't' ? '\t' : Next == 'n' ? '\n' : Next;
    }
  }
  return Result;
}

ChangedLines ChangedLines::parse(StringRef Diff, StringRef Top) {
  ChangedLines Result;
  std::vector<Range> *Current = nullptr;
  unsigned Left = 0; // lines of the hunk that are still to come
  for (StringRef Line; !Diff.empty();) {
    std::tie(Line, Diff) = Diff.split('\n');
    if (Left && (Line.starts_with("+") || Line.starts_with("-"))) {
      --Left;
      continue;
    }
    if (Line.consume_front("+++ ")) {
      std::string Name = unquoted(Line);
      StringRef Path = Name;
      Current = Path.consume_front("b/")
                    ? &Result.Files[canonicalPath(Path, Top)]
                    : nullptr;
      continue;
    }
    if (!Line.consume_front("@@ -"))
      continue;
    // @@ -old[,count] +new[,count] @@
    auto [Old, Rest] = Line.split(' ');
    StringRef New = Rest.split(' ').first;
    auto Count = [](StringRef Text) {
      auto [Start, Number] = Text.split(',');
      unsigned N = 1;
      if (!Number.empty())
        (void)Number.getAsInteger(10, N);
      return N;
    };
    unsigned First = 0, Lines = Count(New);
    if (!New.consume_front("+") || New.split(',').first.getAsInteger(10, First))
      continue;
    Left = Count(Old) + Lines;
    // Where lines were only removed, the ones around the gap are touched.
    if (Current)
      Current->push_back(Lines ? Range(First, First + Lines - 1)
                               : Range(First, First + 1));
  }
  return Result;
}

void ChangedLines::addWhole(StringRef File) {
  Files[File] = {{1, std::numeric_limits<unsigned>::max()}};
}

/// Asks for a diff that parse() understands, whatever the configuration says.
static constexpr StringLiteral DiffWords[] = {
    "diff",          "--unified=0",  "--no-color",      "--no-ext-diff",
    "--no-textconv", "--no-renames", "--src-prefix=a/", "--dst-prefix=b/"};

static Expected<std::string> topFolder(StringRef Folder) {
  Expected<std::string> Top = git({"rev-parse", "--show-toplevel"}, Folder);
  if (!Top)
    return Top.takeError();
  return StringRef(*Top).rtrim("\n").str();
}

Expected<ChangedLines> ChangedLines::since(StringRef Revision,
                                           StringRef Folder) {
  Expected<std::string> Top = topFolder(Folder);
  if (!Top)
    return Top.takeError();
  std::string Against = Revision.empty() ? "HEAD" : Revision.str();
  // A revision that looks like an option would be taken for one.
  if (StringRef(Against).starts_with("-"))
    return error("'" + Against + "' is not a revision");
  Expected<std::string> Base = git({"merge-base", Against, "HEAD"}, *Top);
  if (!Base) {
    std::string Why = toString(Base.takeError());
    if (Why.empty())
      Why = "has no commit in common with HEAD";
    return error("'" + Against + "': " + Why +
                 (Revision.empty() ? ""
                                   : "; fetch it with the history back to "
                                     "where this branch began"));
  }
  Expected<std::vector<std::string>> NoFilters = withoutFilters(*Top);
  if (!NoFilters)
    return NoFilters.takeError();
  SmallVector<StringRef, 16> Words(NoFilters->begin(), NoFilters->end());
  append_range(Words, DiffWords);
  Words.push_back(StringRef(*Base).rtrim("\n"));
  Words.push_back("--");
  Expected<std::string> Diff = git(Words, *Top);
  if (!Diff)
    return Diff.takeError();
  ChangedLines Result = parse(*Diff, *Top);
  Expected<std::string> Untracked =
      git({"ls-files", "--others", "--exclude-standard", "-z"}, *Top);
  if (!Untracked)
    return Untracked.takeError();
  SmallVector<StringRef, 16> Names;
  StringRef(*Untracked).split(Names, '\0', -1, /*KeepEmpty=*/false);
  for (StringRef Name : Names)
    Result.addWhole(canonicalPath(Name, *Top));
  return Result;
}

Expected<ChangedLines> ChangedLines::staged(StringRef Folder) {
  Expected<std::string> Top = topFolder(Folder);
  if (!Top)
    return Top.takeError();
  auto Against = [&](StringRef Revision) -> Expected<ChangedLines> {
    SmallVector<StringRef, 16> Words(std::begin(DiffWords),
                                     std::end(DiffWords));
    Words.push_back("--cached");
    if (!Revision.empty())
      Words.push_back(Revision);
    Words.push_back("--");
    Expected<std::string> Diff = git(Words, *Top);
    if (!Diff)
      return Diff.takeError();
    return parse(*Diff, *Top);
  };
  // HEAD is not named: there may be no commit yet.
  Expected<ChangedLines> Result = Against("");
  if (!Result)
    return Result;
  // A merge that is about to be committed has more parents: what one of them
  // says already is not new.
  Expected<std::string> Merged =
      git({"rev-parse", "--git-path", "MERGE_HEAD"}, *Top);
  if (!Merged)
    return Merged.takeError();
  auto Text =
      readRegularFile(absolutePath(StringRef(*Merged).rtrim("\n"), *Top));
  if (!Text)
    return Result;
  SmallVector<StringRef, 4> Parents;
  (*Text)->getBuffer().split(Parents, '\n', -1, /*KeepEmpty=*/false);
  for (StringRef Parent : Parents) {
    Expected<ChangedLines> Other = Against(Parent);
    if (!Other)
      return Other;
    Result->intersect(*Other);
  }
  return Result;
}

void ChangedLines::intersect(const ChangedLines &Other) {
  std::vector<std::string> Gone;
  for (auto &File : Files) {
    std::vector<Range> Both;
    if (auto It = Other.Files.find(File.first()); It != Other.Files.end())
      for (const Range &A : File.second)
        for (const Range &B : It->second)
          if (std::max(A.first, B.first) <= std::min(A.second, B.second))
            Both.emplace_back(std::max(A.first, B.first),
                              std::min(A.second, B.second));
    if (Both.empty())
      Gone.push_back(File.first().str());
    File.second = std::move(Both);
  }
  for (const std::string &Name : Gone)
    Files.erase(Name);
}

std::vector<std::string> ChangedLines::files() const {
  std::vector<std::string> Result;
  for (const auto &File : Files)
    Result.push_back(File.first().str());
  llvm::sort(Result);
  return Result;
}

bool ChangedLines::touches(const Place &P, StringRef Root) const {
  if (!P.Line)
    return false;
  auto It = Files.find(absolutePath(P.File, Root));
  return It != Files.end() && any_of(It->second, [&](const Range &R) {
           return P.Line <= R.second && std::max(P.Line, P.EndLine) >= R.first;
         });
}

bool ChangedLines::touches(const Finding &F, StringRef Root) const {
  return touches(F.Where, Root) ||
         any_of(F.Highlights,
                [&](const Place &P) { return touches(P, Root); }) ||
         any_of(F.Notes, [&](const Note &N) { return touches(N.Where, Root); });
}

} // namespace coro
