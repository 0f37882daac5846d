//===- LinkCommand.cpp - coro-tidy link -----------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/CommandLine.h"
#include "driver/Driver.h"
#include "driver/ProjectIndex.h"
#include "driver/SourceText.h"
#include "driver/WholeFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace coro {

namespace {

class LinkRun {
public:
  explicit LinkRun(const Arguments &A) : A(A) {
    SmallString<256> Current;
    sys::fs::current_path(Current);
    Here = canonicalPath(Current, Current);
  }
  ExitCode run();

private:
  bool choose();
  void addFolder(StringRef Folder);

  const Arguments &A;
  std::string Here, Output, Root;
  bool OutputIsOurs = false; ///< nobody gave its name
  std::vector<std::string> Files;
};

} // namespace

void LinkRun::addFolder(StringRef Folder) {
  std::error_code EC;
  // Links may lead around in a circle.
  for (sys::fs::recursive_directory_iterator
           It(Folder, EC, /*follow_symlinks=*/false),
       End;
       !EC && It != End; It.increment(EC))
    if (StringRef(It->path()).ends_with(ProjectIndex::SummarySuffix))
      Files.push_back(It->path());
}

/// What is linked, and to where.
bool LinkRun::choose() {
  Root = absolutePath(A.IndexRoot.empty() ? "." : A.IndexRoot, Here);
  Output = A.OutputFile;
  for (const std::string &Path : A.Paths)
    if (sys::fs::is_directory(Path))
      addFolder(Path);
    else
      Files.push_back(Path);
  if (A.Paths.empty()) {
    // Those that were kept for a compile database.
    std::string Database = A.BuildDirectory.empty()
                               ? CompileDatabase::find(Here)
                               : absolutePath(A.BuildDirectory, Here);
    if (Database.empty()) {
      printError("there is no compile database here; name the summaries to "
                 "link, or the folder of the database with -p");
      return false;
    }
    if (!sys::fs::is_directory(Database))
      Database = sys::path::parent_path(Database).str();
    Root = Database;
    SmallString<256> Folder(Database);
    sys::path::append(Folder, ProjectIndex::FolderName);
    // A repository may bring a link under that name; what it leads to is not
    // ours.
    if (sys::fs::is_symlink_file(Folder)) {
      printError("'" + printable(Folder) + "' is a link");
      return false;
    }
    addFolder(Folder);
    if (Output.empty()) {
      sys::path::append(Folder, ProjectIndex::FileName);
      Output = Folder.str().str();
      OutputIsOurs = true;
    }
  }
  if (Output.empty()) {
    printError("say where the index goes with --output FILE");
    return false;
  }
  if (Files.empty()) {
    printError("there are no summaries to link; 'coro-tidy index' makes them");
    return false;
  }
  // The order decides which of several equal definitions counts.
  llvm::sort(Files);
  Files.erase(std::unique(Files.begin(), Files.end()), Files.end());
  return true;
}

ExitCode LinkRun::run() {
  if (!choose())
    return Failed;
  IndexBuilder Builder;
  unsigned Linked = 0;
  for (const std::string &File : Files) {
    auto Text = readRegularFile(File);
    if (!Text) {
      printError("cannot read '" + printable(File) +
                 "': " + Text.getError().message());
      continue;
    }
    Expected<UnitSummary> Read = readSummary((*Text)->getBuffer());
    if (!Read) {
      printError("'" + printable(File) + "' " + toString(Read.takeError()) +
                 "; it is left out");
      continue;
    }
    Builder.add(*Read);
    ++Linked;
  }
  std::string Folder = sys::path::parent_path(absolutePath(Output, Here)).str();
  std::string Seen =
      relativePath(canonicalPath(Root, Here), canonicalPath(Folder, Here));
  std::string Bytes;
  raw_string_ostream OS(Bytes);
  Builder.write(OS, Seen.empty() ? "." : StringRef(Seen));
  if (Error E = OutputIsOurs ? replaceWholeFile(Output, OS.str())
                             : writeWholeFile(Output, OS.str())) {
    printError("cannot write '" + Output + "': " + toString(std::move(E)));
    return Failed;
  }
  if (!A.Quiet)
    outs() << "Linked " << Linked << (Linked == 1 ? " summary" : " summaries")
           << " into '" << printable(Output) << "'\n";
  return Linked == Files.size() ? Clean : Failed;
}

ExitCode runLink(const Arguments &A) { return LinkRun(A).run(); }

} // namespace coro
