//===- Driver.cpp - What the commands of coro-tidy share ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/Driver.h"
#include "checks/CheckList.h"
#include "clang-tidy/tool/ClangTidyMain.h"
#include "driver/CheckCommand.h"
#include "driver/Nolint.h"
#include "driver/SourceText.h"
#include "driver/map/MapCommand.h"
#include "clang/Basic/Version.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"
#include <dlfcn.h>

using namespace llvm;

namespace coro {

void printError(const Twine &Message) {
  WithColor::error(errs(), "coro-tidy")
      << printableLines(Message.str()) << '\n';
}

std::string findResourceDir() {
  // clang-cpp's path is that of the library that really runs.
  Dl_info Library;
  const char *LibraryFile =
      dladdr(reinterpret_cast<void *>(&clang::getClangFullVersion), &Library)
          ? Library.dli_fname
          : "";
  auto Beside = [](StringRef File, StringRef Down) {
    SmallString<256> Real;
    if (File.empty() || sys::fs::real_path(File, Real))
      return std::string();
    SmallString<256> Path(sys::path::parent_path(Real));
    sys::path::append(Path, Down, "clang", Twine(LLVM_VERSION_MAJOR));
    sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
    return Path.str().str();
  };
  std::string Self = sys::fs::getMainExecutable(
      nullptr, reinterpret_cast<void *>(&findResourceDir));
  for (const std::string &Candidate :
       {Beside(Self, "../lib"), std::string(CORO_RESOURCE_DIR),
        Beside(LibraryFile, "")}) {
    SmallString<256> Header(Candidate);
    sys::path::append(Header, "include", "stddef.h");
    if (!Candidate.empty() && sys::fs::exists(Header))
      return Candidate;
  }
  return {};
}

/// clang-tidy itself, on its own command line.
static int runClangTidy(ArrayRef<const char *> Argv) {
  SmallVector<const char *, 32> Words(Argv.begin(), Argv.end());
  // Without a resource directory it looks for clang's headers beside this
  // program, where they are only in LLVM's own folder.
  std::string Argument =
      "--extra-arg-before=-resource-dir=" + findResourceDir();
  auto IsResourceDir = [](StringRef Word) {
    return Word.contains("-resource-dir");
  };
  bool Wanted =
      none_of(Words, IsResourceDir) && !StringRef(Argument).ends_with("=");
  for (StringRef Word : ArrayRef(Words).drop_front())
    // These print a configuration, which that argument would be part of.
    if (Word.contains("-dump-config") || Word.contains("-list-checks") ||
        Word.contains("-verify-config") || Word.contains("-version") ||
        Word.contains("-help"))
      Wanted = false;
  if (Wanted)
    Words.insert(Words.begin() + 1, Argument.c_str());
  return clang::tidy::clangTidyMain(Words.size(), Words.data());
}

static ExitCode list() {
  StringRef Family;
  auto Show = [&](const CheckInfo &Check) {
    if (Check.Family != Family) {
      outs() << (Family.empty() ? "" : "\n") << Check.Family << '\n';
      Family = Check.Family;
    }
    outs() << "  " << left_justify(Check.Id, 36) << ' '
           << left_justify(toString(Check.Level), 11) << Check.Summary << '\n';
  };
  for (const CheckInfo &Check : allChecks())
    Show(Check);
  Show(UnusedNolint);
  return Clean;
}

static ExitCode explain(const Arguments &A) {
  if (A.Paths.size() != 1) {
    printError(
        "name one check: coro-tidy explain CHECK; 'coro-tidy list' shows them");
    return Failed;
  }
  StringRef Name = A.Paths[0];
  const CheckInfo *Check = findCheck(Name);
  if (!Check)
    Check = findCheck(("coro-" + Name).str());
  if (UnusedNolint.Id == Name || UnusedNolint.Id == ("coro-" + Name).str())
    Check = &UnusedNolint;
  if (!Check) {
    SmallVector<StringRef, 32> Names;
    for (const CheckInfo &One : allChecks())
      Names.push_back(One.Id);
    StringRef Near = nearest(
        Name.starts_with("coro-") ? Name.str() : ("coro-" + Name).str(), Names);
    printError("there is no check '" + printable(Name) + "'" +
               (Near.empty() ? Twine("; 'coro-tidy list' shows them")
                             : "; did you mean '" + Near + "'?"));
    return Failed;
  }
  StringRef Page = checkPage(Check->Id);
  if (Page.empty())
    outs() << Check->Id << ": " << Check->Summary << '\n';
  else
    outs() << Page;
  return Clean;
}

static ExitCode completion(const Arguments &A) {
  if (A.Paths.size() == 1 && printCompletions(A.Paths[0], outs()))
    return Clean;
  printError("name a shell: coro-tidy completion bash|zsh|fish");
  return Failed;
}

static void printVersion() {
  outs() << "coro-tidy " << CORO_VERSION << " (" << clang::getClangFullVersion()
         << ")\n";
}

static int runCommand(StringRef Command, ArrayRef<const char *> Words) {
  Expected<Arguments> A = parseArguments(Command, Words);
  if (!A) {
    printError(toString(A.takeError()));
    return Failed;
  }
  if (A->Help) {
    printHelp(Command, outs());
    return Clean;
  }
  if (Command == "check")
    return runCheck(*A);
  if (Command == "map")
    return runMap(*A);
  if (Command == "index") {
    // Facts only: no check has to run for them.
    A->OnlyIndex = true;
    A->Ignore = {"*"};
    return runCheck(*A);
  }
  if (Command == "merge") {
    A->Merge = true;
    return runCheck(*A);
  }
  if (Command == "link")
    return runLink(*A);
  if (Command == "list")
    return list();
  if (Command == "explain")
    return explain(*A);
  if (Command == "explain-cancellation")
    return runExplainCancellation(*A);
  if (Command == "doctor")
    return runDoctor(A->BuildDirectory);
  if (Command == "cache")
    return runCache(A->Paths, A->CacheFolder);
  if (Command == "init")
    return runInit();
  if (Command == "completion")
    return completion(*A);
  if (Command == "man") {
    printManual(outs());
    return Clean;
  }
  if (Command == "version") {
    printVersion();
    return Clean;
  }
  StringRef Topic = A->Paths.empty() ? StringRef() : StringRef(A->Paths[0]);
  if (!Topic.empty() && !isCommand(Topic)) {
    printError("there is no command '" + printable(Topic) + "'");
    return Failed;
  }
  printHelp(Topic, outs());
  return Clean;
}

/// What could not be written to standard output would end the process when the
/// stream is destroyed.
static int afterOutput(int Code) {
  outs().flush();
  if (!outs().has_error())
    return Code;
  std::string Why = outs().error().message();
  outs().clear_error();
  printError("cannot write to standard output: " + Why);
  return Failed;
}

int driverMain(ArrayRef<const char *> Argv) {
  if (Argv.size() < 2) {
    printHelp("", outs());
    return afterOutput(Clean);
  }
  StringRef First = Argv[1];
  if (isCommand(First))
    return afterOutput(runCommand(First, Argv.drop_front(2)));
  if (First == "--help" || First == "-h" || First == "-help") {
    printHelp("", outs());
    return afterOutput(Clean);
  }
  if (First == "--version" || First == "-version") {
    // Tools that drive clang-tidy read LLVM's version from what follows.
    printVersion();
    outs().flush();
  }
  if (First.starts_with("-") || First.starts_with("@") ||
      sys::fs::exists(First))
    return runClangTidy(Argv);
  StringRef Near = nearestCommand(First);
  printError("'" + printable(First) + "' is neither a command nor a file" +
             (Near.empty() ? Twine("; see 'coro-tidy help'")
                           : "; did you mean '" + Near + "'?"));
  return Failed;
}

} // namespace coro
