//===- CompileDatabase.cpp - How each unit is compiled --------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/CompileDatabase.h"
#include "driver/CommandLine.h"
#include "driver/Driver.h"
#include "driver/IncludeScan.h"
#include "driver/SourceText.h"
#include "clang/Tooling/JSONCompilationDatabase.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"

using namespace clang;
using namespace llvm;

namespace coro {

static constexpr llvm::StringLiteral DatabaseName = "compile_commands.json";
static constexpr llvm::StringLiteral FlagsName = "compile_flags.txt";

std::string absolutePath(StringRef Path, StringRef Base) {
  if (sys::path::is_absolute(Path))
    return Path.str();
  SmallString<256> Result(Base);
  sys::path::append(Result, Path);
  return Result.str().str();
}

std::string canonicalPath(StringRef Path, StringRef Base) {
  SmallString<256> Result(absolutePath(Path, Base)), Real;
  if (!sys::fs::real_path(Result, Real))
    return Real.str().str();
  sys::path::remove_dots(Result, /*remove_dot_dot=*/true);
  return Result.str().str();
}

static Error error(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message.str().c_str());
}

static std::string in(StringRef Folder, StringRef Name) {
  SmallString<256> Path(Folder);
  sys::path::append(Path, Name);
  return Path.str().str();
}

/// The database in \p Folder or in a build folder below it; the newest of
/// several, since that is the build somebody works with.
static std::string findBelow(StringRef Folder) {
  if (sys::fs::exists(in(Folder, DatabaseName)))
    return in(Folder, DatabaseName);
  std::vector<std::string> Candidates;
  std::error_code EC;
  for (sys::fs::directory_iterator It(Folder, EC), End; It != End && !EC;
       It.increment(EC)) {
    StringRef Name = sys::path::filename(It->path());
    if (!(Name == "build" || Name == "out" || Name == "_build" ||
          Name == "builddir" || Name.starts_with("build-") ||
          Name.starts_with("cmake-build")) ||
        !sys::fs::is_directory(It->path()))
      continue;
    Candidates.push_back(in(It->path(), DatabaseName));
    std::error_code Inner;
    for (sys::fs::directory_iterator Sub(It->path(), Inner);
         Sub != End && !Inner; Sub.increment(Inner))
      Candidates.push_back(in(Sub->path(), DatabaseName));
  }
  // Directories come in any order.
  llvm::sort(Candidates);
  std::string Best;
  sys::TimePoint<> BestTime;
  for (const std::string &File : Candidates) {
    sys::fs::file_status Status;
    if (sys::fs::status(File, Status) || !sys::fs::is_regular_file(Status))
      continue;
    if (Best.empty() || Status.getLastModificationTime() > BestTime) {
      Best = File;
      BestTime = Status.getLastModificationTime();
    }
  }
  return Best;
}

std::string CompileDatabase::find(StringRef WorkingDirectory) {
  for (StringRef Folder = WorkingDirectory; !Folder.empty();
       Folder = sys::path::parent_path(Folder))
    if (std::string Found = findBelow(Folder); !Found.empty())
      return Found;
  for (StringRef Folder = WorkingDirectory; !Folder.empty();
       Folder = sys::path::parent_path(Folder))
    if (sys::fs::exists(in(Folder, FlagsName)))
      return in(Folder, FlagsName);
  return {};
}

static std::string howToMakeOne(StringRef Folder) {
  if (sys::fs::exists(in(Folder, "CMakeLists.txt")))
    return "make it with\n"
           "    cmake -S . -B build -DCMAKE_EXPORT_COMPILE_COMMANDS=ON";
  if (sys::fs::exists(in(Folder, "meson.build")))
    return "make it with\n    meson setup build";
  if (sys::fs::exists(in(Folder, "MODULE.bazel")) ||
      sys::fs::exists(in(Folder, "WORKSPACE")))
    return "make it with\n"
           "    bazel run @hedron_compile_commands//:refresh_all";
  if (sys::fs::exists(in(Folder, "Makefile")))
    return "make it with\n    bear -- make -B";
  return "make it with one of\n"
         "    cmake -S . -B build -DCMAKE_EXPORT_COMPILE_COMMANDS=ON\n"
         "    meson setup build\n"
         "    bear -- make -B";
}

std::string identity(const tooling::CompileCommand &Command) {
  std::string Key = Command.Directory + '\0' + Command.Filename;
  for (size_t I = 0; I < Command.CommandLine.size(); ++I) {
    StringRef Argument = Command.CommandLine[I];
    if (Argument == "-o" || Argument == "-MF" || Argument == "-MT" ||
        Argument == "-MQ") {
      ++I;
      continue;
    }
    Key += '\0';
    Key += Argument;
  }
  return Key;
}

size_t mainFileIndex(const tooling::CompileCommand &Command) {
  return llvm::find(Command.CommandLine, Command.Filename) -
         Command.CommandLine.begin();
}

std::string commonFlags(const tooling::CompileCommand &Command) {
  tooling::CompileCommand Common = Command;
  size_t Main = mainFileIndex(Command);
  if (Main == Command.CommandLine.size())
    return {};
  Common.CommandLine[Main].clear();
  Common.Filename = sys::path::extension(Command.Filename).str();
  return identity(Common);
}

static void take(std::vector<tooling::CompileCommand> Commands,
                 CompileDatabase &To) {
  StringSet<> Seen;
  StringMap<std::string> Paths;
  for (tooling::CompileCommand &Command : Commands) {
    if (!Seen.insert(identity(Command)).second) {
      ++To.Duplicates;
      continue;
    }
    UnitCommand Unit;
    Unit.File = canonicalPath(Command.Filename, Command.Directory);
    Unit.Command = std::move(Command);
    To.Units.push_back(std::move(Unit));
  }
  llvm::sort(To.Units, [](const UnitCommand &A, const UnitCommand &B) {
    return std::tie(A.File, A.Command.CommandLine) <
           std::tie(B.File, B.Command.CommandLine);
  });
}

bool isSource(StringRef File) {
  static constexpr llvm::StringLiteral Extensions[] = {
      ".cpp",  ".cc",  ".cxx", ".c++", ".C", ".c",
      ".cppm", ".ixx", ".mpp", ".mm",  ".cu"};
  return is_contained(Extensions, sys::path::extension(File));
}

/// All C++ sources below \p Folder, for a database that lists none.
static std::vector<std::string> sourcesBelow(StringRef Folder) {
  std::vector<std::string> Result;
  std::error_code EC;
  for (sys::fs::recursive_directory_iterator
           It(Folder, EC, /*follow_symlinks=*/false),
       End;
       It != End && !EC; It.increment(EC)) {
    if (sys::path::filename(It->path()).starts_with("."))
      It.no_push();
    else if (isSource(It->path()) && !StringRef(It->path()).ends_with(".c"))
      Result.push_back(It->path());
  }
  llvm::sort(Result);
  return Result;
}

namespace {

/// Response files are read before a unit has a process of its own, a repository
/// may name anything as one, and each may name others several times.
class ResponseFiles : public vfs::ProxyFileSystem {
public:
  ResponseFiles() : ProxyFileSystem(vfs::createPhysicalFileSystem()) {}

  /// So much may be read from now on.
  void allow(uint64_t Bytes) { Left = Bytes; }

  ErrorOr<std::unique_ptr<vfs::File>>
  openFileForRead(const Twine &Path) override {
    ErrorOr<vfs::Status> Found = status(Path);
    if (!Found)
      return Found.getError();
    if (!Found->isRegularFile())
      return std::make_error_code(std::errc::invalid_argument);
    // An empty one costs something, too.
    uint64_t Cost = Found->getSize() + EachCosts;
    if (Cost > Left)
      return std::make_error_code(std::errc::file_too_large);
    Left -= Cost;
    return ProxyFileSystem::openFileForRead(Path);
  }

private:
  static constexpr uint64_t EachCosts = 1024;
  uint64_t Left = 0;
};

/// Replaces `@file` in commands by what the file says. What a command may take
/// from files is limited, and so is what all do together.
class Expander {
public:
  void expand(tooling::CompileCommand &Command) {
    if (none_of(Command.CommandLine,
                [](StringRef Word) { return Word.starts_with("@"); }))
      return;
    Files->allow(Words > MostWords ? 0 : MostBytes);
    BumpPtrAllocator Memory;
    SmallVector<const char *, 64> Argv;
    for (const std::string &Word : Command.CommandLine)
      Argv.push_back(Word.c_str());
    cl::ExpansionContext Context(Memory, cl::TokenizeGNUCommandLine);
    Context.setVFS(Files.get()).setCurrentDir(Command.Directory);
    if (Error E = Context.expandResponseFiles(Argv)) {
      // The compiler's driver complains about the word that is left.
      std::string Why = toString(std::move(E));
      if (Told.insert(Why).second)
        printError(Why);
      return;
    }
    Words += Argv.size();
    // Most of them point into the command.
    std::vector<std::string> Expanded(Argv.begin(), Argv.end());
    Command.CommandLine = std::move(Expanded);
  }

private:
  static constexpr uint64_t MostBytes = uint64_t(2) << 20;
  static constexpr size_t MostWords = size_t(16) << 20;
  IntrusiveRefCntPtr<ResponseFiles> Files =
      makeIntrusiveRefCnt<ResponseFiles>();
  StringSet<> Told;
  size_t Words = 0;
};

} // namespace

Expected<CompileDatabase> CompileDatabase::load(StringRef Directory,
                                                StringRef WorkingDirectory) {
  CompileDatabase Result;
  if (Directory.empty()) {
    Result.File = find(WorkingDirectory);
    if (Result.File.empty())
      return error(
          "no " + Twine(DatabaseName) + " in '" + WorkingDirectory +
          "', its build folders, or the folders above; " +
          howToMakeOne(WorkingDirectory) +
          "\nor name its folder with -p DIR, or give the compiler's "
          "flags after the files: coro-tidy check FILE… -- -std=c++20");
  } else {
    std::string Path = absolutePath(Directory, WorkingDirectory);
    if (!sys::fs::exists(Path))
      return error("-p '" + printable(Directory) + "' does not exist");
    if (sys::fs::is_directory(Path)) {
      Result.File = in(Path, DatabaseName);
      if (!sys::fs::exists(Result.File) && sys::fs::exists(in(Path, FlagsName)))
        Result.File = in(Path, FlagsName);
      if (!sys::fs::exists(Result.File)) {
        std::string Below = findBelow(Path);
        return error("no " + Twine(DatabaseName) + " in '" + Directory + "'" +
                     (Below.empty()
                          ? "; " + howToMakeOne(WorkingDirectory)
                          : "; did you mean -p '" +
                                sys::path::parent_path(Below).str() + "'?"));
      }
    } else {
      Result.File = Path;
    }
  }

  // Reading a device or a pipe might never end.
  if (sys::fs::exists(Result.File) && !sys::fs::is_regular_file(Result.File))
    return error("'" + printable(Result.File) + "' is not a regular file");
  std::string Message;
  if (sys::path::filename(Result.File) == FlagsName) {
    auto Flags =
        tooling::FixedCompilationDatabase::loadFromFile(Result.File, Message);
    if (!Flags)
      return error("cannot read '" + printable(Result.File) + "': " + Message);
    std::vector<tooling::CompileCommand> Commands;
    for (const std::string &File :
         sourcesBelow(sys::path::parent_path(Result.File)))
      for (tooling::CompileCommand &Command : Flags->getCompileCommands(File))
        Commands.push_back(std::move(Command));
    take(std::move(Commands), Result);
  } else {
    std::unique_ptr<tooling::CompilationDatabase> Database =
        tooling::JSONCompilationDatabase::loadFromFile(
            Result.File, Message, tooling::JSONCommandLineSyntax::AutoDetect);
    if (!Database)
      return error("cannot read '" + printable(Result.File) +
                   "': " + StringRef(Message).rtrim(". \n") + "; make it anew");
    std::vector<tooling::CompileCommand> Commands =
        Database->getAllCompileCommands();
    Expander Responses;
    for (tooling::CompileCommand &Command : Commands) {
      if (Command.CommandLine.empty())
        Command.CommandLine = {"c++", Command.Filename};
      Responses.expand(Command);
      tooling::addTargetAndModeForProgramName(Command.CommandLine,
                                              Command.CommandLine.front());
    }
    take(std::move(Commands), Result);
  }
  if (Result.Units.empty())
    return error("'" + printable(Result.File) +
                 "' has no entries; build the project once, or name another "
                 "database with -p DIR");
  return Result;
}

CompileDatabase CompileDatabase::fixed(ArrayRef<std::string> Files,
                                       ArrayRef<std::string> Flags,
                                       StringRef WorkingDirectory) {
  CompileDatabase Result;
  Result.File = "the command line";
  tooling::FixedCompilationDatabase Database(WorkingDirectory, Flags.vec());
  std::vector<tooling::CompileCommand> Commands;
  for (const std::string &File : Files)
    for (tooling::CompileCommand &Command :
         Database.getCompileCommands(canonicalPath(File, WorkingDirectory)))
      Commands.push_back(std::move(Command));
  take(std::move(Commands), Result);
  return Result;
}

Expected<CompileDatabase> CompileDatabase::open(const Arguments &A,
                                                ArrayRef<std::string> Paths,
                                                StringRef WorkingDirectory) {
  if (!A.CompilerFlags)
    return load(A.BuildDirectory, WorkingDirectory);
  if (Paths.empty())
    return error("no file is named before '--'");
  return fixed(Paths, *A.CompilerFlags, WorkingDirectory);
}

/// A unit that includes \p Header; units near the header are looked at first,
/// those that share most of their path with it.
static const UnitCommand *includingUnit(const CompileDatabase &Database,
                                        StringRef Header, IncludeScan &Scan) {
  std::vector<std::pair<size_t, const UnitCommand *>> Units;
  for (const UnitCommand &Unit : Database.Units) {
    size_t Length = std::min(Unit.File.size(), Header.size());
    size_t Shared = std::mismatch(Header.begin(), Header.begin() + Length,
                                  Unit.File.begin())
                        .first -
                    Header.begin();
    Units.emplace_back(Header.size() - Shared, &Unit);
  }
  llvm::sort(Units, [](const auto &A, const auto &B) {
    return std::tie(A.first, A.second->File) <
           std::tie(B.first, B.second->File);
  });
  StringSet<> Wanted;
  Wanted.insert(Header);
  for (const auto &[Distance, Unit] : Units)
    if (Scan.includesAny(*Unit, Wanted))
      return Unit;
  return nullptr;
}

UnitSelection selectUnits(const CompileDatabase &Database,
                          ArrayRef<std::string> Paths,
                          StringRef WorkingDirectory,
                          const ExternalCode &External) {
  UnitSelection Result;
  if (Paths.empty()) {
    std::string Here = canonicalPath(".", WorkingDirectory);
    for (const UnitCommand &Unit : Database.Units)
      if (!External.contains(Unit.File, Here))
        Result.Units.push_back(Unit);
    if (Result.Units.empty())
      Result.Errors.push_back("all " + utostr(Database.Units.size()) +
                              " units of '" + printable(Database.File) +
                              "' lie in folders of external code; name them "
                              "to have them analysed");
    return Result;
  }
  std::vector<bool> Taken(Database.Units.size());
  bool OnlyHeaders = true;
  IncludeScan Scan(External);
  for (const std::string &Path : Paths) {
    std::string Wanted = canonicalPath(Path, WorkingDirectory);
    bool IsFolder = sys::fs::is_directory(Wanted);
    bool Found = false;
    for (size_t I = 0; I < Database.Units.size(); ++I) {
      StringRef Rest = Database.Units[I].File;
      if (!Rest.consume_front(Wanted))
        continue;
      bool Match =
          Rest.empty() ||
          (IsFolder &&
           (Rest.starts_with("/") || StringRef(Wanted).ends_with("/")) &&
           !External.contains(Database.Units[I].File, Wanted));
      if (Match)
        Taken[I] = Found = true;
    }
    if (Found) {
      OnlyHeaders = false;
      continue;
    }
    if (IsFolder) {
      Result.Errors.push_back("'" + printable(Path) + "' holds no unit of '" +
                              printable(Database.File) + "'");
    } else if (!sys::fs::exists(Wanted)) {
      Result.Errors.push_back("'" + printable(Path) + "' does not exist");
    } else if (isSource(Wanted)) {
      Result.Errors.push_back(
          "'" + printable(Path) + "' is not in '" + printable(Database.File) +
          "'; build it once so that its flags are known, or give them: "
          "coro-tidy check " +
          Path + " -- -std=c++20");
    } else if (const UnitCommand *Unit =
                   includingUnit(Database, Wanted, Scan)) {
      Taken[Unit - Database.Units.data()] = true;
      Result.OnlyIn.push_back(Wanted);
    } else {
      Result.Errors.push_back(
          "'" + printable(Path) + "' is included by no unit of '" +
          printable(Database.File) + "'; name a source file that uses it");
    }
  }
  if (!OnlyHeaders)
    Result.OnlyIn.clear();
  for (size_t I = 0; I < Taken.size(); ++I)
    if (Taken[I])
      Result.Units.push_back(Database.Units[I]);
  return Result;
}

} // namespace coro
