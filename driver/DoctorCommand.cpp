//===- DoctorCommand.cpp - coro-tidy doctor -------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/facts/EmbeddedFile.h"
#include "analysis/facts/Models.h"
#include "analysis/facts/YamlLimits.h"
#include "checks/CheckList.h"
#include "clang-tidy/ClangTidyOptions.h"
#include "clang-tidy/GlobList.h"
#include "driver/CompileDatabase.h"
#include "driver/Driver.h"
#include "driver/SourceText.h"
#include "driver/UnitAnalysis.h"
#include "driver/WholeFile.h"
#include "clang/Basic/Version.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

using namespace clang;
using namespace llvm;

namespace coro {

namespace {

class Doctor {
public:
  explicit Doctor(StringRef BuildDirectory) : BuildDirectory(BuildDirectory) {
    SmallString<256> Current;
    sys::fs::current_path(Current);
    Root = canonicalPath(Current, Current);
  }

  ExitCode run() {
    good("version", "coro-tidy " CORO_VERSION ", " + getClangFullVersion());
    headers();
    database();
    configuration();
    models();
    if (!Ill)
      row("next", "",
          "coro-tidy check" +
              (BuildDirectory.empty() ? "" : " -p " + BuildDirectory));
    outs().flush();
    return Ill ? Failed : Clean;
  }

private:
  void headers();
  void database();
  void configuration();
  void models();

  /// Further lines of \p Text stand below its first one.
  void row(StringRef Mark, StringRef What, const Twine &Text) {
    std::string Whole = Text.str();
    SmallVector<StringRef, 4> Lines;
    StringRef(Whole).split(Lines, '\n');
    for (StringRef Line : Lines) {
      outs() << left_justify(Mark, 8) << left_justify(What, 15)
             << printableLines(Line) << '\n';
      Mark = What = "";
    }
  }
  void good(StringRef What, const Twine &Text) { row("ok", What, Text); }
  void note(StringRef What, const Twine &Text) { row("note", What, Text); }
  void wrong(StringRef What, const Twine &Text) {
    row("WRONG", What, Text);
    Ill = true;
  }

  StringRef BuildDirectory;
  std::string Root;
  bool Ill = false;
};

} // namespace

void Doctor::headers() {
  std::string Folder = findResourceDir();
  if (Folder.empty())
    wrong("clang headers", "not found; install the package libclang-common-" +
                               Twine(LLVM_VERSION_MAJOR) + "-dev");
  else
    good("clang headers", Folder);
}

void Doctor::database() {
  Expected<CompileDatabase> Database =
      CompileDatabase::load(BuildDirectory, Root);
  if (!Database) {
    wrong("database", toString(Database.takeError()));
    return;
  }
  unsigned Missing = count_if(Database->Units, [](const UnitCommand &Unit) {
    return !sys::fs::exists(Unit.File);
  });
  good("database", Database->File + ", " + Twine(Database->Units.size()) +
                       (Database->Units.size() == 1 ? " unit" : " units"));
  if (Database->Duplicates)
    note("database",
         Twine(Database->Duplicates) + " entries say the same as others");
  if (Missing)
    wrong("database",
          Twine(Missing) + " files do not exist; configure the build anew");
  StringMap<unsigned> Unknown;
  for (const UnitCommand &Unit : Database->Units) {
    std::vector<std::string> Arguments = Unit.Command.CommandLine;
    for (const std::string &Flag : dropUnknownFlags(Arguments))
      ++Unknown[Flag];
  }
  std::vector<StringRef> Flags;
  for (const auto &Entry : Unknown)
    Flags.push_back(Entry.first());
  llvm::sort(Flags);
  if (!Flags.empty())
    note("database",
         "flags that clang does not know are left out: " + join(Flags, " "));
}

void Doctor::configuration() {
  SmallString<256> Path;
  for (StringRef Folder = Root; !Folder.empty();
       Folder = sys::path::parent_path(Folder)) {
    Path = Folder;
    sys::path::append(Path, ".clang-tidy");
    if (sys::fs::exists(Path))
      break;
    Path.clear();
  }
  if (Path.empty()) {
    note("configuration",
         "no .clang-tidy: all checks with their defaults; 'coro-tidy init' "
         "writes one");
    return;
  }
  auto Text = readRegularFile(Path, YamlSizeLimit);
  if (!Text) {
    wrong("configuration", Path + ": " + Text.getError().message());
    return;
  }
  if (int Line = tooDeepAt((*Text)->getBuffer())) {
    wrong("configuration",
          Path + ":" + Twine(Line) + ":1: this is nested too deeply");
    return;
  }
  std::string Error;
  auto Parsed = tidy::parseConfigurationWithDiags(
      MemoryBufferRef((*Text)->getBuffer(), Path), [&](const SMDiagnostic &D) {
        Error = (Twine(D.getLineNo()) + ":" + Twine(D.getColumnNo() + 1) +
                 ": " + D.getMessage())
                    .str();
      });
  if (!Parsed) {
    wrong("configuration", Path + ":" + Error);
    return;
  }
  good("configuration", Path);
  // What names a check of ours must match one.
  SmallVector<StringRef, 16> Globs;
  std::string Checks = Parsed->Checks.value_or("");
  StringRef(Checks).split(Globs, ',', -1, /*KeepEmpty=*/false);
  for (StringRef Glob : Globs) {
    Glob = Glob.trim();
    StringRef Positive = Glob;
    Positive.consume_front("-");
    if (!Positive.starts_with("coro-"))
      continue;
    tidy::GlobList List(Positive);
    if (none_of(allChecks(), [&](const CheckInfo &Check) {
          return List.contains(Check.Id);
        }))
      wrong("configuration", "'" + Glob + "' in Checks matches no check");
  }
  std::vector<StringRef> Keys;
  for (const auto &Option : Parsed->CheckOptions)
    Keys.push_back(Option.first());
  llvm::sort(Keys);
  for (StringRef Key : Keys)
    if (Key.starts_with("coro-") && !findCheck(Key.split('.').first))
      wrong("configuration", "option '" + Key + "' is of no check");
}

void Doctor::models() {
  // A library may have several files: asio.blocking, asio.tasks.
  std::vector<StringRef> Names;
  for (const EmbeddedFile &File : embeddedModels()) {
    StringRef Library = StringRef(File.Name).split('.').first;
    if (!is_contained(Names, Library))
      Names.push_back(Library);
  }
  good("models", "built in: " + join(Names, ", "));
  SmallString<256> Any(Root);
  sys::path::append(Any, "any.cpp");
  std::vector<std::string> Files = findUserModels(Any.str().str());
  std::vector<std::string> Errors;
  Models::withFiles(Files,
                    [&](StringRef Error) { Errors.push_back(Error.str()); });
  for (const std::string &File : Files)
    good("models", File);
  for (const std::string &Error : Errors)
    wrong("models", Error);
}

ExitCode runDoctor(StringRef BuildDirectory) {
  return Doctor(BuildDirectory).run();
}

} // namespace coro
