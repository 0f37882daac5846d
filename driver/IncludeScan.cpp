//===- IncludeScan.cpp - Which files a unit includes ----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/IncludeScan.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace coro {

const std::vector<IncludeScan::Include> &
IncludeScan::includesOf(StringRef File) {
  auto [It, IsNew] = Includes.try_emplace(File);
  if (!IsNew)
    return It->second;
  auto Buffer = MemoryBuffer::getFile(File);
  if (!Buffer)
    return It->second;
  for (StringRef Rest = (*Buffer)->getBuffer(), Line; !Rest.empty();) {
    std::tie(Line, Rest) = Rest.split('\n');
    Line = Line.ltrim();
    if (!Line.consume_front("#"))
      continue;
    Line = Line.ltrim();
    if (!Line.consume_front("include"))
      continue;
    Line = Line.ltrim();
    bool Quoted = Line.starts_with("\"");
    if (!Quoted && !Line.starts_with("<"))
      continue;
    size_t End = Line.find(Quoted ? '"' : '>', 1);
    if (End != StringRef::npos)
      It->second.push_back({Line.slice(1, End).str(), Quoted});
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

bool IncludeScan::includesAny(const UnitCommand &Unit,
                              const StringSet<> &Files) {
  std::vector<std::string> Folders = includeFolders(Unit.Command);
  StringRef Base = sys::path::parent_path(Unit.File);
  auto Lookup = [&](StringRef Folder, StringRef Name) -> StringRef {
    SmallString<256> Path(Folder);
    sys::path::append(Path, Name);
    auto [It, IsNew] = Found.try_emplace(Path);
    if (IsNew && sys::fs::is_regular_file(Path))
      It->second = canonicalPath(Path, Folder);
    return It->second;
  };
  StringSet<> Seen;
  std::vector<std::string> Work = {Unit.File};
  Seen.insert(Unit.File);
  while (!Work.empty()) {
    std::string File = std::move(Work.back());
    Work.pop_back();
    for (const Include &One : includesOf(File)) {
      StringRef Target;
      if (One.Quoted)
        Target = Lookup(sys::path::parent_path(File), One.Name);
      for (size_t I = 0; Target.empty() && I < Folders.size(); ++I)
        Target = Lookup(Folders[I], One.Name);
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

} // namespace coro
