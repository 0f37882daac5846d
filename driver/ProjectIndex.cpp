//===- ProjectIndex.cpp - The index that a run makes and keeps ------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/ProjectIndex.h"
#include "driver/Driver.h"
#include "driver/SourceText.h"
#include "driver/WholeFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace coro {

std::string encodeIndexPart(const UnitResult &R) {
  json::Array Asked;
  for (const IndexView::Question &Q : R.Asked)
    Asked.push_back(
        json::Array{static_cast<int64_t>(Q.What), Q.Key, utohexstr(Q.Answer)});
  return formatv("{0}", json::Value(json::Array{encodeBase64(R.Summary),
                                                std::move(Asked)}))
      .str();
}

bool decodeIndexPart(StringRef Line, UnitResult &R) {
  Expected<json::Value> Value = json::parse(Line);
  if (!Value) {
    consumeError(Value.takeError());
    return false;
  }
  const json::Array *Parts = Value->getAsArray();
  if (!Parts || Parts->size() != 2)
    return false;
  std::optional<StringRef> Text = (*Parts)[0].getAsString();
  const json::Array *Asked = (*Parts)[1].getAsArray();
  std::vector<char> Summary;
  if (!Text || !Asked)
    return false;
  if (Error E = decodeBase64(*Text, Summary)) {
    consumeError(std::move(E));
    return false;
  }
  R.Summary.assign(Summary.begin(), Summary.end());
  for (const json::Value &One : *Asked) {
    const json::Array *Q = One.getAsArray();
    if (!Q || Q->size() != 3)
      return false;
    std::optional<int64_t> What = (*Q)[0].getAsInteger();
    std::optional<StringRef> Key = (*Q)[1].getAsString();
    std::optional<StringRef> Answer = (*Q)[2].getAsString();
    uint64_t Number = 0;
    if (!What || !Key || !Answer || Answer->getAsInteger(16, Number))
      return false;
    R.Asked.push_back({static_cast<Facet>(*What), Key->str(), Number});
  }
  return true;
}

void tellNoIndex(Error E) {
  WithColor::warning(errs(), "coro-tidy")
      << printable(toString(std::move(E)))
      << "; only what each unit contains is known\n";
}

ProjectIndex::ProjectIndex() = default;

ProjectIndex::~ProjectIndex() { turnOff(); }

void ProjectIndex::turnOff() {
  if (Own) {
    sys::fs::remove(Current);
    sys::DontRemoveFileOnSignal(Current);
  }
  Own = false;
  Current.clear();
}

Error ProjectIndex::use(StringRef File, std::string SummariesIn) {
  Expected<std::shared_ptr<const Index>> Opened = Index::open(File);
  if (!Opened)
    return Opened.takeError();
  Known = *Opened;
  Current = Known->file();
  Root = std::move(SummariesIn);
  return Error::success();
}

std::string ProjectIndex::summaryFolder() const {
  SmallString<256> Path(Folder);
  sys::path::append(Path, "units");
  return Path.str().str();
}

std::string ProjectIndex::summaryName(const UnitCommand &Unit) const {
  // The same file may be compiled several times, with other flags.
  std::string Words = relativePath(Unit.File, Root);
  for (const std::string &Word : Unit.Command.CommandLine)
    Words += '\n' + Word;
  return (sys::path::filename(Unit.File) + "-" +
          utohexstr(xxh3_64bits(Words), /*LowerCase=*/true) + SummarySuffix)
      .str();
}

Error ProjectIndex::make(const CompileDatabase &Database, std::string Where,
                         bool Kept) {
  Root = std::move(Where);
  if (Kept) {
    SmallString<256> Path(Root);
    sys::path::append(Path, FolderName);
    Folder = Path.str().str();
    // A repository may bring a link under that name; what it leads to is not
    // ours.
    if (sys::fs::is_symlink_file(Folder) ||
        sys::fs::is_symlink_file(summaryFolder()))
      Kept = false;
  }
  if (Kept) {
    StringSet<> Ours;
    for (const UnitCommand &Unit : Database.Units)
      Ours.insert(summaryName(Unit));
    std::error_code EC;
    for (sys::fs::directory_iterator It(Folder, EC), End; !EC && It != End;
         It.increment(EC)) {
      // Left by a run that was killed long ago.
      sys::fs::file_status Status;
      if (StringRef(It->path()).ends_with(".tmp") &&
          !sys::fs::status(It->path(), Status) &&
          std::chrono::system_clock::now() - Status.getLastModificationTime() >
              std::chrono::hours(24))
        sys::fs::remove(It->path());
    }
    for (sys::fs::directory_iterator It(summaryFolder(), EC), End;
         !EC && It != End; It.increment(EC)) {
      StringRef Name = sys::path::filename(It->path());
      if (!Name.ends_with(SummarySuffix))
        continue;
      if (!Ours.contains(Name)) {
        // Of a unit that is no longer compiled, or not like that.
        sys::fs::remove(It->path());
        continue;
      }
      auto Text = readRegularFile(It->path());
      if (!Text)
        continue;
      Summaries[Name.str()] = (*Text)->getBuffer().str();
      Stored.insert(Name);
    }
  }
  SmallString<128> Private;
  // Build folders may be read-only: an index for this run, then.
  if (!Kept || sys::fs::create_directories(summaryFolder()))
    Folder.clear();
  SmallString<256> Beside(Folder);
  sys::path::append(Beside, FileName);
  int Descriptor;
  std::error_code EC =
      Folder.empty() ? sys::fs::createTemporaryFile("coro-tidy", "index",
                                                    Descriptor, Private)
                     : createFileBeside(Beside, ".tmp", Descriptor, Private);
  if (EC)
    return createStringError(EC, "no file can be made for the index: " +
                                     EC.message());
  sys::Process::SafelyCloseFileDescriptor(Descriptor);
  Current = Private.str().str();
  Own = true;
  sys::RemoveFileOnSignal(Current);
  return link().takeError();
}

void ProjectIndex::set(const UnitCommand &Unit, std::string Summary) {
  std::string Name = summaryName(Unit);
  std::string &Slot = Summaries[Name];
  if (Slot == Summary)
    return;
  Slot = std::move(Summary);
  Stored.erase(Name);
}

Expected<bool> ProjectIndex::link() {
  if (!Own)
    return false;
  // What an index is made from says what is in it.
  uint64_t Digest = 1;
  for (const auto &[Name, Text] : Summaries)
    Digest = Digest * 31 + xxh3_64bits(Name) + xxh3_64bits(Text);
  if (Digest == Linked)
    return false;
  Linked = Digest;

  IndexBuilder Builder;
  for (auto It = Summaries.begin(); It != Summaries.end();) {
    Expected<UnitSummary> Read = readSummary(It->second);
    if (Read) {
      Builder.add(*Read);
      ++It;
      continue;
    }
    WithColor::warning(errs(), "coro-tidy")
        << "the summary '" << printable(It->first) << "' "
        << toString(Read.takeError())
        << "; its unit is summarised anew when it is analysed\n";
    It = Summaries.erase(It);
  }
  SmallString<0> Made;
  raw_svector_ostream OS(Made);
  Builder.write(OS, Folder.empty() ? StringRef(Root) : "..");
  if (Made == Bytes)
    return false;
  Bytes = Made.str().str();
  if (Error E = writeWholeFile(Current, Bytes)) {
    turnOff();
    return createStringError(inconvertibleErrorCode(),
                             "the index cannot be written: " +
                                 toString(std::move(E)));
  }
  Expected<std::shared_ptr<const Index>> Opened = Index::open(Current);
  if (!Opened)
    return Opened.takeError();
  Known = *Opened;
  return true;
}

void ProjectIndex::follow(IndexDemand &Demand) const {
  std::vector<UnitSummary> Read;
  StringMap<std::vector<const FunctionSummary *>> Functions;
  StringMap<std::vector<const CostSummary *>> Costs;
  StringMap<std::vector<StringRef>> Overriders;
  for (const auto &[Name, Text] : Summaries) {
    Expected<UnitSummary> One = readSummary(Text);
    if (One)
      Read.push_back(std::move(*One));
    else
      consumeError(One.takeError());
  }
  for (const UnitSummary &One : Read) {
    for (const FunctionSummary &F : One.Functions)
      Functions[F.Key].push_back(&F);
    for (const CostSummary &C : One.Costs)
      Costs[C.Key].push_back(&C);
    for (const OverrideSummary &O : One.Overrides)
      Overriders[O.Base].push_back(O.Overrider);
  }
  std::vector<std::string> Work;
  StringSet<> Seen;
  auto Reach = [&](StringRef Key) {
    if (!Key.empty() && Seen.insert(Key).second) {
      Demand.add(Facet::Effects, Key);
      Work.push_back(Key.str());
    }
  };
  for (const auto &Entry : Demand.functions())
    if (Seen.insert(Entry.getKey()).second)
      Work.push_back(Entry.getKey().str());
  while (!Work.empty()) {
    std::string Key = std::move(Work.back());
    Work.pop_back();
    for (const FunctionSummary *F : Functions.lookup(Key)) {
      for (const CallSummary &Call : F->Calls) {
        for (const std::string &Target : Call.Targets)
          Reach(Target);
        Reach(Call.Virtual);
        Reach(Call.Through);
      }
      for (const auto &Pass : F->Passes)
        Reach(Pass.To);
    }
    for (const CostSummary *C : Costs.lookup(Key))
      for (const CostWay &Way : C->Ways)
        Reach(Way.To);
    for (StringRef Overrider : Overriders.lookup(Key))
      Reach(Overrider);
  }
}

bool ProjectIndex::agrees(ArrayRef<IndexView::Question> Asked) const {
  return !isOn() || all_of(Asked, [&](const IndexView::Question &Q) {
    return Known->answer(Q.What, Q.Key) == Q.Answer;
  });
}

Error ProjectIndex::writeTo(StringRef Path, ArrayRef<UnitCommand> Units) {
  if (Units.size() == 1 && !sys::fs::is_directory(Path))
    return writeWholeFile(Path, Summaries[summaryName(Units[0])]);
  if (std::error_code EC = sys::fs::create_directories(Path))
    return createStringError(EC,
                             "'" + Path + "' cannot be made: " + EC.message());
  for (const UnitCommand &Unit : Units) {
    std::string Name = summaryName(Unit);
    auto Found = Summaries.find(Name);
    if (Found == Summaries.end())
      continue;
    SmallString<256> File(Path);
    sys::path::append(File, Name);
    if (Error E = replaceWholeFile(File, Found->second))
      return E;
  }
  return Error::success();
}

Error ProjectIndex::keep() {
  if (Folder.empty() || !Own)
    return Error::success();
  // Build folders are often left to themselves; what is in ours is nobody's
  // source.
  SmallString<256> Path(Folder);
  sys::path::append(Path, ".gitignore");
  if (!sys::fs::exists(Path))
    if (Error E = replaceWholeFile(Path, "*\n"))
      return E;
  for (const auto &[Name, Text] : Summaries) {
    if (Stored.contains(Name))
      continue;
    SmallString<256> File(summaryFolder());
    sys::path::append(File, Name);
    if (Error E = replaceWholeFile(File, Text))
      return E;
    Stored.insert(Name);
  }
  sys::path::remove_filename(Path);
  sys::path::append(Path, FileName);
  auto Old = readRegularFile(Path);
  if (Old && (*Old)->getBuffer() == Bytes)
    return Error::success();
  return replaceWholeFile(Path, Bytes);
}

} // namespace coro
