//===- IncludeScan.cpp - Which files a unit includes ----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/IncludeScan.h"
#include "driver/WholeFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace coro {

const std::vector<IncludeScan::Include> &
IncludeScan::includesOf(StringRef File) {
  auto [It, IsNew] = Includes.try_emplace(File);
  if (!IsNew)
    return It->second;
  auto Buffer = readRegularFile(File);
  if (!Buffer)
    return It->second;
  // A header's include guard is no condition.
  unsigned Depth = 0, Guards = 0, Directives = 0;
  for (StringRef Rest = (*Buffer)->getBuffer(), Line; !Rest.empty();) {
    std::tie(Line, Rest) = Rest.split('\n');
    Line = Line.ltrim();
    if (!Line.consume_front("#"))
      continue;
    Line = Line.ltrim();
    ++Directives;
    if (Line.starts_with("if")) {
      ++Depth;
      if (Directives == 1 && Line.starts_with("ifndef"))
        Guards = 1;
    } else if (Line.starts_with("endif")) {
      Depth -= Depth > 0;
    }
    if (!Line.consume_front("include"))
      continue;
    Line = Line.ltrim();
    bool Quoted = Line.starts_with("\"");
    if (!Quoted && !Line.starts_with("<"))
      continue;
    size_t End = Line.find(Quoted ? '"' : '>', 1);
    if (End != StringRef::npos)
      It->second.push_back({Line.slice(1, End).str(), Quoted, Depth > Guards});
  }
  return It->second;
}

/// The folders that a command looks for headers in, without the system's.
static std::vector<std::string>
includeFolders(const clang::tooling::CompileCommand &Command) {
  std::vector<std::string> Result;
  for (size_t I = 0; I < Command.CommandLine.size(); ++I) {
    StringRef Argument = Command.CommandLine[I];
    for (StringRef Flag : {"-iquote", "-I"}) {
      StringRef Folder = Argument;
      if (!Folder.consume_front(Flag))
        continue;
      if (Folder.empty() && I + 1 < Command.CommandLine.size())
        Folder = Command.CommandLine[I + 1];
      Result.push_back(absolutePath(Folder, Command.Directory));
      break;
    }
  }
  return Result;
}

StringRef IncludeScan::lookup(const Include &One, StringRef File,
                              ArrayRef<std::string> Folders) {
  auto In = [&](StringRef Folder) -> StringRef {
    SmallString<256> Path(Folder);
    sys::path::append(Path, One.Name);
    auto [It, IsNew] = Found.try_emplace(Path);
    if (IsNew && sys::fs::is_regular_file(Path))
      It->second = canonicalPath(Path, Folder);
    return It->second;
  };
  StringRef Target;
  if (One.Quoted)
    Target = In(sys::path::parent_path(File));
  for (size_t I = 0; Target.empty() && I < Folders.size(); ++I)
    Target = In(Folders[I]);
  return Target;
}

bool IncludeScan::includesAny(const UnitCommand &Unit,
                              const StringSet<> &Files) {
  std::vector<std::string> Folders = includeFolders(Unit.Command);
  StringRef Base = sys::path::parent_path(Unit.File);
  StringSet<> Seen;
  std::vector<std::string> Work = {Unit.File};
  Seen.insert(Unit.File);
  while (!Work.empty()) {
    std::string File = std::move(Work.back());
    Work.pop_back();
    for (const Include &One : includesOf(File)) {
      StringRef Target = lookup(One, File, Folders);
      if (Target.empty() || !Seen.insert(Target).second)
        continue;
      if (Files.contains(Target))
        return true;
      if (!External.contains(Target, Base))
        Work.push_back(Target.str());
    }
  }
  return false;
}

std::vector<std::string>
IncludeScan::externalIncludes(const UnitCommand &Unit) {
  std::vector<std::string> Folders = includeFolders(Unit.Command);
  StringRef Base = sys::path::parent_path(Unit.File);
  std::vector<std::string> Result;
  StringSet<> Seen, Named;
  Seen.insert(Unit.File);
  // Files that are being read, each with the position of its next include.
  std::vector<std::pair<std::string, size_t>> Open = {{Unit.File, 0}};
  while (!Open.empty()) {
    auto &[File, Next] = Open.back();
    const std::vector<Include> &Includes = includesOf(File);
    if (Next == Includes.size()) {
      Open.pop_back();
      continue;
    }
    const Include &One = Includes[Next++];
    if (One.Conditional)
      continue;
    StringRef Target = lookup(One, File, Folders);
    if (Target.empty() || External.contains(Target, Base)) {
      if (Named.insert(One.Name).second)
        Result.push_back(One.Name);
    } else if (Seen.insert(Target).second) {
      Open.emplace_back(Target.str(), 0);
    }
  }
  return Result;
}

} // namespace coro
