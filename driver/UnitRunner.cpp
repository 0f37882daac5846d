//===- UnitRunner.cpp - The analyses of a run -----------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/UnitRunner.h"
#include "driver/Driver.h"
#include "driver/IncludeScan.h"
#include "driver/IndexDemand.h"
#include "driver/KeywordScan.h"
#include "driver/SharedHeaders.h"
#include "driver/SourceText.h"
#include "driver/TemporaryFolder.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Threading.h"
#include "llvm/Support/WithColor.h"
#include <chrono>

using namespace llvm;

namespace coro {

std::string displayedPath(StringRef Path, StringRef Root) {
  StringRef Rest = Path;
  return Rest.consume_front(Root) && Rest.consume_front("/") ? Rest.str()
                                                             : Path.str();
}

namespace {

/// "[ 12/120] src/session.cpp", on a terminal only.
class Progress {
public:
  Progress(size_t Total, bool Wanted)
      : Total(Total), On(Wanted && sys::Process::StandardErrIsDisplayed()) {}

  void step(StringRef File) {
    ++Count;
    if (!On)
      return;
    auto Now = std::chrono::steady_clock::now();
    if (Count < Total && Now - Last < std::chrono::milliseconds(50))
      return;
    Last = Now;
    errs() << "\r\033[K[" << Count << '/' << Total << "] " << printable(File);
  }

  ~Progress() {
    if (On)
      errs() << "\r\033[K";
  }

private:
  size_t Total, Count = 0;
  bool On;
  std::chrono::steady_clock::time_point Last;
};

} // namespace

/// The variables of the environment that change what a command means.
static std::string environment() {
  std::string Result;
  for (const char *Name :
       {"CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "COMPILER_PATH",
        "GCC_EXEC_PREFIX", "CCC_OVERRIDE_OPTIONS", "SDKROOT"})
    Result += sys::Process::GetEnv(Name).value_or("") + '\n';
  return Result;
}

UnitRunner::UnitRunner(const Arguments &A, StringRef Root,
                       ProjectIndex &Project)
    : A(A), Root(Root), Project(Project),
      Cache(!A.Cache        ? std::string()
            : A.CacheFolder ? absolutePath(*A.CacheFolder, Root)
                            : UnitCache::defaultFolder()) {
  Options.Select = A.Select;
  Options.Ignore = A.Ignore;
  if (!A.ConfigFile.empty())
    Options.ConfigFile = canonicalPath(A.ConfigFile, Root);
  Options.ResourceDir = findResourceDir();
  Options.External = ExternalCode(A.External);
  Options.SkipBodies = A.SkipBodies;
  Options.IndexFile = Project.file();
  Options.SummaryRoot = Project.root();
}

/// Takes what the cache has, and returns the units that it has not.
std::vector<size_t> UnitRunner::findKnown() {
  std::vector<size_t> Wanted;
  InputStates Now;
  std::vector<std::string> Words = {UnitCache::toolIdentity(), environment()};
  llvm::append_range(Words, Options.identity());
  Words.emplace_back();
  for (size_t I = 0; I < Units.size(); ++I) {
    Words.back() = identity(Units[I].Command);
    Keys[I] = UnitCache::key(Words);
    std::optional<std::string> Known = Cache.find(Keys[I], Now);
    if (Known)
      Outcomes[I].Output = std::move(*Known);
    if (Known && takeLeftOut(I)) {
      if (mayLeaveOut(I))
        continue;
      LeftOut.erase(I);
      Known.reset();
    }
    if (!Known || !takeIndexPart(I))
      Wanted.push_back(I);
  }
  return Wanted;
}

//===----------------------------------------------------------------------===//
// Units that are not parsed
//===----------------------------------------------------------------------===//

/// A unit that was summarised once was needed, or is one that others may need;
/// its summary has to be that of its present text.
bool UnitRunner::mayLeaveOut(size_t I) const {
  return A.ScanKeywords && !A.OnlyIndex &&
         // Not only our checks, then.
         none_of(A.Select,
                 [](StringRef Glob) { return Glob.starts_with("*"); }) &&
         !(Project.isMade() && Project.has(Units[I]));
}

/// What is kept of a unit in place of the two parts of a result.
static std::string leftOutText(ArrayRef<std::string> Files) {
  return formatv("{0}\n{1}",
                 json::Value(json::Object{{"left-out", json::Array(Files)}}),
                 toJSON(UnitResult()))
      .str();
}

/// Splits off what belongs to a unit that was left out; false when it was not.
bool UnitRunner::takeLeftOut(size_t I) {
  auto [Line, Rest] = StringRef(Outcomes[I].Output).split('\n');
  if (!Line.starts_with("{\"left-out\""))
    return false;
  Expected<json::Value> Value = json::parse(Line);
  std::vector<std::string> Files;
  json::Path::Root Path;
  if (!Value) {
    consumeError(Value.takeError());
    return false;
  }
  json::ObjectMapper M(*Value, Path);
  if (!M || !M.map("left-out", Files))
    return false;
  LeftOut[I] = std::move(Files);
  Outcomes[I].Output = Rest.str();
  return true;
}

/// Takes units out of \p Wanted that cannot hold a finding.
void UnitRunner::leaveOut(std::vector<size_t> &Wanted) {
  if (none_of(Wanted, [&](size_t I) { return mayLeaveOut(I); }))
    return;
  // In a process of its own: what it reads need not be in those of the
  // analyses, and a failure only means that all are parsed.
  auto Scan = [&](size_t) {
    KeywordScan Scanner(Options);
    json::Array Result;
    for (size_t I : Wanted) {
      ScannedUnit Seen = Scanner.scan(Units[I]);
      Seen.Empty &= mayLeaveOut(I);
      if (Seen.Empty)
        consumeError(
            Cache.store(Keys[I], Seen.Inputs, leftOutText(Seen.Files)));
      Result.push_back(
          json::Array{static_cast<int64_t>(I), Seen.Empty, Seen.Files});
    }
    return formatv("{0}", json::Value(std::move(Result))).str();
  };
  auto Take = [&](size_t, JobOutcome Outcome) {
    Expected<json::Value> Value = json::parse(Outcome.Output);
    if (!Value) {
      consumeError(Value.takeError());
      return;
    }
    const json::Array *Scanned = Value->getAsArray();
    if (Outcome.How != JobOutcome::Finished || !Scanned)
      return;
    for (const json::Value &One : *Scanned) {
      const json::Array &Parts = *One.getAsArray();
      size_t I = *Parts[0].getAsInteger();
      std::vector<std::string> Files;
      for (const json::Value &File : *Parts[2].getAsArray())
        Files.push_back(File.getAsString()->str());
      if (*Parts[1].getAsBoolean()) {
        Outcomes[I].Output = formatv("{0}", toJSON(UnitResult())).str();
        LeftOut[I] = std::move(Files);
      } else {
        Included.insert(Files.begin(), Files.end());
      }
    }
  };
  JobLimits Limits = limits();
  if (A.Isolate) {
    runIsolated(1, Limits, Scan, Take);
  } else {
    if (!A.Watch)
      forbidPrograms();
    JobOutcome Outcome;
    Outcome.Output = Scan(0);
    Take(0, std::move(Outcome));
    sys::fs::set_current_path(Root);
  }
  llvm::erase_if(Wanted, [&](size_t I) { return LeftOut.count(I); });
}

/// Notes which of the files of units that were left out others include. Those
/// that were not scanned in this run noted their inputs when they were parsed.
void UnitRunner::noteIncluded() {
  StringSet<> Wanted;
  for (const auto &[I, Files] : LeftOut)
    Wanted.insert(Files.begin(), Files.end());
  StringMap<std::string> Folders;
  for (size_t I = 0; I < Units.size(); ++I) {
    if (LeftOut.count(I) || Included.contains(Units[I].File))
      continue;
    std::optional<InputMap> Noted = Cache.inputs(Keys[I]);
    if (!Noted)
      continue;
    for (const auto &[Path, One] : *Noted) {
      if (One.How != Input::Contents)
        continue;
      auto [It, IsNew] = Folders.try_emplace(sys::path::parent_path(Path));
      if (IsNew)
        It->second = canonicalPath(It->first(), Root);
      SmallString<256> File(It->second);
      sys::path::append(File, sys::path::filename(Path));
      if (Wanted.contains(File))
        Included.insert(File);
    }
  }
}

/// Of the units that were left out, those that may have what the index is
/// asked; they no longer are.
std::vector<size_t> UnitRunner::takeDemanded() {
  std::vector<size_t> Result;
  if (LeftOut.empty() || !Project.isMade())
    return Result;
  noteIncluded();
  IndexDemand Demand(Project.root());
  for (const auto &Questions : Asked)
    for (const IndexView::Question &Q : Questions)
      Demand.add(Q.What, Q.Key);
  Project.follow(Demand);
  for (const auto &[I, Files] : LeftOut) {
    std::vector<std::string> Own;
    for (const std::string &File : Files)
      if (!Included.contains(File))
        Own.push_back(File);
    if (Demand.needs(Files, Own))
      Result.push_back(I);
  }
  for (size_t I : Result)
    LeftOut.erase(I);
  return Result;
}

//===----------------------------------------------------------------------===//
// Units that are
//===----------------------------------------------------------------------===//

std::vector<JobOutcome> UnitRunner::run(ArrayRef<UnitCommand> All) {
  Units = All;
  Outcomes.resize(Units.size());
  Keys.resize(Units.size());
  Asked.resize(Units.size());
  std::vector<size_t> Wanted = findKnown();
  BitVector Unchanged(Units.size(), true);
  for (size_t I : Wanted)
    Unchanged.reset(I);
  leaveOut(Wanted);
  linkIndex();
  for (size_t I = 0; I < Units.size(); ++I)
    if (!Project.agrees(Asked[I]) && !is_contained(Wanted, I))
      Wanted.push_back(I);
  llvm::append_range(Wanted, takeDemanded());
  tellUnknownFlags(Wanted);
  // What a unit needs to know of others may change with each round; two are
  // enough unless facts go through several units one by one.
  constexpr unsigned MaxRounds = 5;
  for (unsigned Round = 0;
       Round < MaxRounds && !Wanted.empty() && !(Round && stopSignal());
       ++Round) {
    analyze(Wanted);
    for (size_t I : Wanted) {
      takeIndexPart(I);
      Unchanged.reset(I);
    }
    Wanted = takeDemanded();
    // There are only so many units that were left out.
    if (!Wanted.empty())
      Round = 0;
    if (linkIndex())
      for (size_t I = 0; I < Units.size(); ++I)
        if (Outcomes[I].How == JobOutcome::Finished &&
            !Project.agrees(Asked[I]))
          Wanted.push_back(I);
  }
  FromCache = Unchanged.count();
  Cache.prune();
  return std::move(Outcomes);
}

void UnitRunner::addInputs(InputMap &To) {
  for (size_t I = 0; I < Keys.size(); ++I) {
    if (auto It = Unfinished.find(I); It != Unfinished.end())
      mergeInputs(To, It->second);
    else if (std::optional<InputMap> Noted = Cache.inputs(Keys[I]))
      mergeInputs(To, *Noted);
  }
}

/// The files of unit \p I as they are now, as far as they are known: who does
/// not finish cannot tell what it has read.
InputMap UnitRunner::currentInputs(size_t I) {
  InputMap Result;
  recordFile(Units[I].File, Result);
  if (std::optional<InputMap> Noted = Cache.inputs(Keys[I]))
    for (const auto &[Path, One] : *Noted)
      recordFile(Path, Result);
  return Result;
}

/// Says which flags of other compilers clang is not given.
void UnitRunner::tellUnknownFlags(ArrayRef<size_t> Wanted) const {
  if (A.Quiet)
    return;
  StringSet<> Flags;
  for (size_t I : Wanted) {
    std::vector<std::string> Words = Units[I].Command.CommandLine;
    for (const std::string &Flag : dropUnknownFlags(Words))
      Flags.insert(Flag);
  }
  std::vector<StringRef> Sorted;
  for (const auto &Entry : Flags)
    Sorted.push_back(Entry.getKey());
  llvm::sort(Sorted);
  if (!Sorted.empty())
    WithColor::note(errs(), "coro-tidy")
        << "flags that clang does not know are left out: "
        << printable(join(Sorted, " ")) << '\n';
}

/// Splits off what belongs to the index; false when there is no such part.
bool UnitRunner::takeIndexPart(size_t I) {
  JobOutcome &Outcome = Outcomes[I];
  if (Outcome.How != JobOutcome::Finished)
    return false;
  auto [Line, Rest] = StringRef(Outcome.Output).split('\n');
  UnitResult Part;
  if (!decodeIndexPart(Line, Part))
    return false;
  if (!Part.Summary.empty())
    Project.set(Units[I], std::move(Part.Summary));
  Asked[I] = std::move(Part.Asked);
  Outcome.Output = Rest.str();
  return true;
}

/// False if nothing changed.
bool UnitRunner::linkIndex() {
  Expected<bool> Changed = Project.link();
  if (Changed)
    return *Changed;
  tellNoIndex(Changed.takeError());
  return false;
}

JobLimits UnitRunner::limits() const {
  JobLimits Limits;
  Limits.Parallel =
      A.Jobs ? A.Jobs : hardware_concurrency().compute_thread_count();
  Limits.TimeoutSeconds = A.TimeoutSeconds;
  Limits.MemoryMiB = A.MemoryMiB;
  return Limits;
}

/// Parses what units share into files in \p Folder, and sets \p Of for those of
/// the units \p Wanted that can use one.
void UnitRunner::shareHeaders(
    ArrayRef<size_t> Wanted, StringRef Folder,
    std::vector<std::shared_ptr<SharedHeaders>> &Of) const {
  std::vector<const UnitCommand *> Candidates;
  for (size_t I : Wanted)
    Candidates.push_back(&Units[I]);
  IncludeScan Scan(Options.External);
  std::vector<SharedPlan> Plans = planSharedHeaders(Candidates, Scan);
  auto Make = [&](size_t I) {
    const SharedPlan &Plan = Plans[I];
    SmallString<256> File(Folder);
    sys::path::append(File, Twine(I) + ".pch");
    return makeSharedHeaders(Plan.Includes, *Candidates[Plan.Units.front()],
                             File, Options);
  };
  auto Made = [&](size_t I, JobOutcome Outcome) {
    std::optional<SharedHeaders> Read = readSharedHeaders(Outcome.Output);
    if (Outcome.How != JobOutcome::Finished || !Read)
      return;
    auto Shared = std::make_shared<SharedHeaders>(std::move(*Read));
    for (size_t Unit : Plans[I].Units)
      Of[Unit] = Shared;
  };
  runIsolated(Plans.size(), limits(), Make, Made);
}

/// Analyses the units \p Wanted and keeps their results.
void UnitRunner::analyze(ArrayRef<size_t> Wanted) {
  std::optional<TemporaryFolder> Scratch;
  std::vector<std::shared_ptr<SharedHeaders>> Shared(Wanted.size());
  if (A.ShareHeaders && A.SkipBodies && A.Isolate && Wanted.size() > 2) {
    Scratch.emplace();
    if (!Scratch->path().empty())
      shareHeaders(Wanted, Scratch->path(), Shared);
  }

  // A line for the parent, and the result: one letter for whether headers were
  // shared, and what went wrong with the cache.
  auto Job = [&](size_t I) {
    size_t Unit = Wanted[I];
    UnitResult Found =
        analyzeUnit(Units[Unit].Command, Options, Shared[I].get());
    std::string Text =
        encodeIndexPart(Found) + '\n' + formatv("{0}", toJSON(Found)).str();
    std::string Line = Found.UsedSharedHeaders ? "s" : "p";
    if (Error E = Cache.store(Keys[Unit], Found.Inputs, Text))
      Line += printable(toString(std::move(E)));
    return Line + '\n' + Text;
  };

  if (A.Watch)
    for (size_t I : Wanted)
      Unfinished[I] = currentInputs(I);
  Progress Shown(Wanted.size(), !A.Quiet);
  std::string CacheTrouble;
  DenseMap<const SharedHeaders *, int> Scores;
  auto Done = [&](size_t I, JobOutcome Outcome) {
    auto [Line, Text] = StringRef(Outcome.Output).split('\n');
    bool Used = Line.consume_front("s");
    Line.consume_front("p");
    WithSharedHeaders += Used;
    if (Shared[I]) {
      // Units that cannot use them are parsed twice: that must stay the
      // exception.
      int &Score = Scores[Shared[I].get()];
      Score += Used ? 1 : -1;
      if (Score <= -2)
        for (auto &Other : llvm::drop_begin(Shared, I + 1))
          if (Other == Shared[I])
            Other.reset();
    }
    if (!Line.empty())
      CacheTrouble = Line.str();
    Outcome.Output = Text.str();
    if (Outcome.How == JobOutcome::Finished)
      Unfinished.erase(Wanted[I]);
    Outcomes[Wanted[I]] = std::move(Outcome);
    Shown.step(displayedPath(Units[Wanted[I]].File, Root));
  };
  if (A.Isolate) {
    runIsolated(Wanted.size(), limits(), Job, Done);
  } else {
    // The next of several runs may ask git.
    if (!A.Watch)
      forbidPrograms();
    for (size_t I = 0; I < Wanted.size(); ++I) {
      JobOutcome Outcome;
      Outcome.Output = Job(I);
      Done(I, std::move(Outcome));
    }
    // Analyses change to the folders of their commands.
    sys::fs::set_current_path(Root);
  }
  if (!CacheTrouble.empty() && !A.Quiet)
    WithColor::note(errs(), "coro-tidy")
        << "results could not be kept in '" << printable(Cache.folder())
        << "': " << CacheTrouble << '\n';
}

} // namespace coro
