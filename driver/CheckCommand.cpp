//===- CheckCommand.cpp - coro-tidy check ---------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/CheckCommand.h"
#include "checks/CheckList.h"
#include "clang-tidy/GlobList.h"
#include "driver/Baseline.h"
#include "driver/ChangedLines.h"
#include "driver/CompileDatabase.h"
#include "driver/Driver.h"
#include "driver/Fixes.h"
#include "driver/IncludeScan.h"
#include "driver/Nolint.h"
#include "driver/ProcessPool.h"
#include "driver/ProjectIndex.h"
#include "driver/Results.h"
#include "driver/SharedHeaders.h"
#include "driver/UnitAnalysis.h"
#include "driver/UnitCache.h"
#include "driver/Watch.h"
#include "driver/WholeFile.h"
#include "driver/output/Writer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Threading.h"
#include "llvm/Support/WithColor.h"
#include <cerrno>
#include <chrono>
#include <csignal>
#include <unistd.h>

using namespace llvm;

namespace coro {

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

class CheckRun {
public:
  explicit CheckRun(const Arguments &A) : A(A) {
    SmallString<256> Current;
    sys::fs::current_path(Current);
    Root = canonicalPath(Current, Current);
  }

  ExitCode run();

  /// After run(), with --watch: everything that the result depends on; empty if
  /// that is not known.
  const InputMap &inputs() const { return Watched; }

private:
  bool selectUnits();
  void keepShard(std::vector<UnitCommand> &Selected,
                 const CompileDatabase &Database);
  bool keepChanged(std::vector<UnitCommand> &Selected);
  bool merge();
  bool applyBaseline();
  bool fix();
  void analyze();
  void tellUnknownFlags(ArrayRef<size_t> Wanted) const;
  JobLimits limits() const;
  void shareHeaders(ArrayRef<size_t> Wanted, StringRef Folder,
                    const AnalysisOptions &Options,
                    std::vector<std::shared_ptr<SharedHeaders>> &Of) const;
  bool prepareIndex(const CompileDatabase &Database);
  void runJobs(ArrayRef<size_t> Wanted, const AnalysisOptions &Options,
               UnitCache &Cache, ArrayRef<Digest> Keys,
               std::vector<JobOutcome> &Outcomes);
  bool takeIndexPart(size_t I, JobOutcome &Outcome);
  bool linkIndex();
  std::string indexRoot(const CompileDatabase &Database) const;
  ExitCode writeSummaries();
  void take(const UnitCommand &Unit, JobOutcome Outcome);
  void addProblem(Failure Kind, const UnitCommand &Unit, const Twine &Message,
                  std::string Log = {});
  std::string displayed(StringRef Path) const;
  bool coversProject() const;
  void finish();
  bool write();
  bool fails() const;
  void statistics(raw_ostream &OS) const;

  const Arguments &A;
  std::string Root;
  std::vector<UnitCommand> Units;
  std::vector<std::string> OnlyIn;
  std::string DatabaseFile;
  RunResult Result;
  /// What NOLINT comments silenced, and the comments.
  std::vector<Finding> Silenced;
  NolintUse Comments;
  std::optional<ChangedLines> Changed;
  SourceTexts Sources;
  bool SelectionFailed = false;
  unsigned FromCache = 0, WithSharedHeaders = 0;
  InputMap Watched;
  ProjectIndex Project;
  /// Of each unit what it asked the index.
  std::vector<std::vector<IndexView::Question>> Asked;
};

} // namespace

std::string CheckRun::displayed(StringRef Path) const {
  StringRef Rest = Path;
  return Rest.consume_front(Root) && Rest.consume_front("/") ? Rest.str()
                                                             : Path.str();
}

bool CheckRun::selectUnits() {
  Expected<CompileDatabase> Database = CompileDatabase::open(A, A.Paths, Root);
  if (!Database) {
    printError(toString(Database.takeError()));
    return false;
  }
  DatabaseFile = Database->File;
  if (A.Watch && !A.CompilerFlags)
    recordFile(DatabaseFile, Watched);
  if (!prepareIndex(*Database))
    return false;
  UnitSelection Selected =
      coro::selectUnits(*Database, A.Paths, Root, ExternalCode(A.External));
  for (const std::string &Error : Selected.Errors)
    printError(Error);
  SelectionFailed = !Selected.Errors.empty();
  OnlyIn = std::move(Selected.OnlyIn);
  if (Selected.Units.empty())
    return false;
  keepShard(Selected.Units, *Database);
  if (!keepChanged(Selected.Units))
    return false;
  for (UnitCommand &Unit : Selected.Units) {
    ++Result.Units;
    sys::fs::file_status Status;
    if (!sys::fs::status(Unit.File, Status) && sys::fs::is_regular_file(Status))
      Units.push_back(std::move(Unit));
    else if (sys::fs::exists(Status))
      addProblem(Failure::MissingFile, Unit,
                 "the compile database lists this as a file, but it is not a "
                 "regular one");
    else
      addProblem(Failure::MissingFile, Unit,
                 "the compile database lists this file, but it does not exist");
  }
  return true;
}

/// With --shard, leaves the units of that part. A unit's part depends on the
/// name of its file alone, so that it stays when others come and go.
void CheckRun::keepShard(std::vector<UnitCommand> &Selected,
                         const CompileDatabase &Database) {
  if (!A.Part)
    return;
  std::string Base = indexRoot(Database);
  unsigned Unknown = 0;
  erase_if(Selected, [&](const UnitCommand &Unit) {
    bool Mine = shardOf(relativePath(Unit.File, Base), A.Part.Of) == A.Part;
    Unknown += !Mine && !Project.has(Unit);
    return !Mine;
  });
  if (Unknown && A.Index && A.IndexFile.empty() && !A.OnlyIndex && !A.Quiet)
    WithColor::note(errs(), "coro-tidy")
        << "of other shards " << Unknown
        << (Unknown == 1 ? " unit is" : " units are")
        << " not summarised: what they do is not known here; to give it, run "
           "'coro-tidy index --shard' in each, 'coro-tidy link', and use "
           "--index\n";
}

/// With --changed or --staged, leaves the units that changed lines are part of.
bool CheckRun::keepChanged(std::vector<UnitCommand> &Selected) {
  if (!A.ChangedSince && !A.Staged)
    return true;
  Expected<ChangedLines> Lines =
      A.Staged ? ChangedLines::staged(Root)
               : ChangedLines::since(*A.ChangedSince, Root);
  if (!Lines) {
    printError(Twine(A.Staged ? "--staged: " : "--changed: ") +
               toString(Lines.takeError()));
    return false;
  }
  Changed = std::move(*Lines);
  StringSet<> Files;
  for (const std::string &File : Changed->files())
    Files.insert(File);
  ExternalCode External(A.External);
  IncludeScan Scan(External);
  erase_if(Selected, [&](const UnitCommand &Unit) {
    return !Files.contains(Unit.File) && !Scan.includesAny(Unit, Files);
  });
  return true;
}

void CheckRun::addProblem(Failure Kind, const UnitCommand &Unit,
                          const Twine &Message, std::string Log) {
  Problem P;
  P.Kind = Kind;
  P.File = displayed(Unit.File);
  P.Message = Message.str();
  P.Log = std::move(Log);
  if (Kind == Failure::Crash || Kind == Failure::Timeout ||
      Kind == Failure::Memory) {
    raw_string_ostream OS(P.Reproduce);
    OS << "coro-tidy check --no-isolate ";
    if (A.CompilerFlags) {
      sys::printArg(OS, P.File, /*Quote=*/false);
      OS << " --";
      for (const std::string &Flag : *A.CompilerFlags) {
        OS << ' ';
        sys::printArg(OS, Flag, /*Quote=*/false);
      }
    } else {
      OS << "-p ";
      sys::printArg(OS, displayed(DatabaseFile), /*Quote=*/false);
      OS << ' ';
      sys::printArg(OS, P.File, /*Quote=*/false);
    }
  }
  Result.Problems.push_back(std::move(P));
}

/// The variables of the environment that change what a command means.
static std::string environment() {
  std::string Result;
  for (const char *Name :
       {"CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "COMPILER_PATH",
        "GCC_EXEC_PREFIX", "CCC_OVERRIDE_OPTIONS", "SDKROOT"})
    Result += sys::Process::GetEnv(Name).value_or("") + '\n';
  return Result;
}

void CheckRun::analyze() {
  AnalysisOptions Options;
  Options.Select = A.Select;
  Options.Ignore = A.Ignore;
  if (!A.ConfigFile.empty())
    Options.ConfigFile = canonicalPath(A.ConfigFile, Root);
  Options.ResourceDir = findResourceDir();
  Options.External = ExternalCode(A.External);
  Options.SkipBodies = A.SkipBodies;
  Options.IndexFile = Project.file();
  Options.SummaryRoot = Project.root();

  UnitCache Cache(!A.Cache        ? std::string()
                  : A.CacheFolder ? absolutePath(*A.CacheFolder, Root)
                                  : UnitCache::defaultFolder());
  std::vector<JobOutcome> Outcomes(Units.size());
  std::vector<Digest> Keys(Units.size());
  Asked.resize(Units.size());
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
    if (!Known || !takeIndexPart(I, Outcomes[I]))
      Wanted.push_back(I);
  }
  linkIndex();
  for (size_t I = 0; I < Units.size(); ++I)
    if (!Project.agrees(Asked[I]) && !is_contained(Wanted, I))
      Wanted.push_back(I);
  FromCache = Units.size() - Wanted.size();
  tellUnknownFlags(Wanted);
  // What a unit needs to know of others may change with each round; two are
  // enough unless facts go through several units one by one.
  constexpr unsigned MaxRounds = 5;
  for (unsigned Round = 0; Round < MaxRounds && !Wanted.empty(); ++Round) {
    runJobs(Wanted, Options, Cache, Keys, Outcomes);
    for (size_t I : Wanted)
      takeIndexPart(I, Outcomes[I]);
    Wanted.clear();
    if (!linkIndex())
      break;
    for (size_t I = 0; I < Units.size(); ++I)
      if (Outcomes[I].How == JobOutcome::Finished && !Project.agrees(Asked[I]))
        Wanted.push_back(I);
  }
  if (A.Watch)
    for (const Digest &Key : Keys)
      if (std::optional<InputMap> Noted = Cache.inputs(Key))
        mergeInputs(Watched, *Noted);
  Cache.prune();
  for (size_t I = 0; I < Units.size(); ++I)
    take(Units[I], std::move(Outcomes[I]));
}

/// Says which flags of other compilers clang is not given.
void CheckRun::tellUnknownFlags(ArrayRef<size_t> Wanted) const {
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
bool CheckRun::takeIndexPart(size_t I, JobOutcome &Outcome) {
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

/// A run without an index is less, and no error.
static void tellNoIndex(Error E) {
  WithColor::warning(errs(), "coro-tidy")
      << toString(std::move(E)) << "; only what each unit contains is known\n";
}

/// False if nothing changed.
bool CheckRun::linkIndex() {
  Expected<bool> Changed = Project.link();
  if (Changed)
    return *Changed;
  tellNoIndex(Changed.takeError());
  return false;
}

/// The folder that the paths of summaries are relative to.
std::string CheckRun::indexRoot(const CompileDatabase &Database) const {
  if (!A.IndexRoot.empty())
    return canonicalPath(A.IndexRoot, Root);
  return A.CompilerFlags
             ? Root
             : canonicalPath(sys::path::parent_path(Database.File), Root);
}

/// For `coro-tidy index`: the summaries are the result.
ExitCode CheckRun::writeSummaries() {
  for (const Problem &P : Result.Problems)
    printError(printable(P.File) + ": " + P.Message);
  std::string To = Project.summaryFolder();
  if (!A.OutputFile.empty()) {
    To = A.OutputFile;
    // A shard may have any number of units, one or none as well.
    if (A.Part)
      sys::fs::create_directories(absolutePath(To, Root));
    if (Error E = Project.writeTo(absolutePath(To, Root), Units)) {
      printError("cannot write '" + To + "': " + toString(std::move(E)));
      return Failed;
    }
  }
  if (!A.Quiet)
    outs() << "Summarised " << Units.size()
           << (Units.size() == 1 ? " unit" : " units") << ", " << FromCache
           << " of them unchanged, in '" << printable(displayed(To)) << "'\n";
  return SelectionFailed || !Result.Problems.empty() ? Failed : Clean;
}

/// With a database, the index is kept beside it.
bool CheckRun::prepareIndex(const CompileDatabase &Database) {
  if (!A.Index)
    return true;
  if (!A.IndexFile.empty()) {
    Error E = Project.use(absolutePath(A.IndexFile, Root),
                          A.OnlyIndex ? indexRoot(Database) : std::string());
    if (E)
      tellNoIndex(std::move(E));
    return true;
  }
  bool Kept = !A.CompilerFlags && A.IndexRoot.empty();
  if (A.OnlyIndex && !Kept && A.OutputFile.empty()) {
    printError("say where the summaries go with --output");
    return false;
  }
  if (Error E = Project.make(Database, indexRoot(Database), Kept))
    tellNoIndex(std::move(E));
  return true;
}

JobLimits CheckRun::limits() const {
  JobLimits Limits;
  Limits.Parallel =
      A.Jobs ? A.Jobs : hardware_concurrency().compute_thread_count();
  Limits.TimeoutSeconds = A.TimeoutSeconds;
  Limits.MemoryMiB = A.MemoryMiB;
  return Limits;
}

/// Parses what units share into files in \p Folder, and sets \p Of for those of
/// the units \p Wanted that can use one.
void CheckRun::shareHeaders(
    ArrayRef<size_t> Wanted, StringRef Folder, const AnalysisOptions &Options,
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

namespace {
/// A folder that is gone in the end; that of a run which was killed goes with
/// the next run.
class TemporaryFolder {
public:
  TemporaryFolder() {
    removeStale();
    if (sys::fs::createUniqueDirectory(Prefix + Twine(::getpid()), Path))
      Path.clear();
  }
  ~TemporaryFolder() {
    if (!Path.empty())
      sys::fs::remove_directories(Path);
  }
  StringRef path() const { return Path; }

private:
  static constexpr StringLiteral Prefix = "coro-tidy-";

  static void removeStale() {
    SmallString<128> Folder;
    sys::path::system_temp_directory(/*ErasedOnReboot=*/true, Folder);
    std::error_code Error;
    for (sys::fs::directory_iterator It(Folder, Error), End;
         It != End && !Error; It.increment(Error)) {
      StringRef Name = sys::path::filename(It->path());
      pid_t Owner;
      if (Name.consume_front(Prefix) &&
          !Name.split('-').first.getAsInteger(10, Owner) &&
          ::kill(Owner, 0) != 0 && errno == ESRCH)
        sys::fs::remove_directories(It->path());
    }
  }

  SmallString<128> Path;
};
} // namespace

/// Analyses the units \p Wanted and keeps their results.
void CheckRun::runJobs(ArrayRef<size_t> Wanted, const AnalysisOptions &Options,
                       UnitCache &Cache, ArrayRef<Digest> Keys,
                       std::vector<JobOutcome> &Outcomes) {
  std::optional<TemporaryFolder> Scratch;
  std::vector<std::shared_ptr<SharedHeaders>> Shared(Wanted.size());
  if (A.ShareHeaders && A.SkipBodies && A.Isolate && Wanted.size() > 2) {
    Scratch.emplace();
    if (!Scratch->path().empty())
      shareHeaders(Wanted, Scratch->path(), Options, Shared);
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
    Outcomes[Wanted[I]] = std::move(Outcome);
    Shown.step(displayed(Units[Wanted[I]].File));
  };
  if (A.Isolate) {
    runIsolated(Wanted.size(), limits(), Job, Done);
  } else {
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

void CheckRun::take(const UnitCommand &Unit, JobOutcome Outcome) {
  switch (Outcome.How) {
  case JobOutcome::Finished:
    break;
  case JobOutcome::Crashed:
    addProblem(Failure::Crash, Unit,
               Outcome.Signal == 9 ? "the analysis was killed; there may be "
                                     "too little memory: try a smaller -j"
               : Outcome.Signal ? "the analysis crashed (signal " +
                                      Twine(Outcome.Signal) + ")"
                                : Twine("the analysis ended without a result"),
               std::move(Outcome.Log));
    return;
  case JobOutcome::TimedOut:
    addProblem(Failure::Timeout, Unit,
               "the analysis took longer than " + Twine(A.TimeoutSeconds) +
                   " s; give it more time with --timeout");
    return;
  case JobOutcome::OutOfMemory:
    addProblem(Failure::Memory, Unit,
               A.MemoryMiB ? "the analysis needed more than the " +
                                 Twine(A.MemoryMiB) + " MiB of --memory"
                           : Twine("the analysis ran out of memory"));
    return;
  }
  UnitResult Read;
  json::Path::Root Path;
  Expected<json::Value> Value = json::parse(Outcome.Output);
  if (!Value || !fromJSON(*Value, Read, Path)) {
    consumeError(Value.takeError());
    addProblem(Failure::Crash, Unit, "the analysis ended without a result",
               std::move(Outcome.Log));
    return;
  }
  auto Display = [&](Place &P) { P.File = displayed(P.File); };
  auto IsWanted = [&](Finding &F) {
    if (!OnlyIn.empty() && !is_contained(OnlyIn, F.Where.File))
      return false;
    forEachPlace(F, Display);
    return !Changed || Changed->touches(F, Root);
  };
  for (Finding &F : Read.Findings)
    if (IsWanted(F))
      Result.Findings.push_back(std::move(F));
  if (A.ShowSuppressed)
    for (Finding &F : Read.Suppressed)
      if (IsWanted(F))
        Silenced.push_back(std::move(F));
  for (NolintComment &Comment : Read.Comments) {
    Display(Comment.Where);
    Display(Comment.Removal.Where);
    Comments.add(std::move(Comment));
  }
  for (Problem &P : Read.Configuration) {
    P.File = displayed(P.File);
    Result.Problems.push_back(std::move(P));
  }
  if (!Read.Errors.empty()) {
    addProblem(Failure::DoesNotCompile, Unit,
               "this unit does not compile; findings in it may be missing");
    for (Finding &Error : Read.Errors) {
      forEachPlace(Error, Display);
      Result.Problems.back().Errors.push_back(std::move(Error));
    }
  }
}

/// Was every unit of the project analysed, so that what was not found is not
/// there?
bool CheckRun::coversProject() const {
  return (A.Merge ? !SelectionFailed : A.Paths.empty() && A.Index) && !A.Part &&
         !Changed && Result.Problems.empty() && A.Select.empty();
}

void CheckRun::finish() {
  bool TellsUnused = none_of(A.Ignore, [](StringRef Glob) {
    return clang::tidy::GlobList(Glob).contains(UnusedNolint.Id);
  });
  if (coversProject() && TellsUnused)
    llvm::append_range(Result.Findings, Comments.unused());
  unite(Result.Findings);
  unite(Silenced);
  for (Finding &F : Silenced)
    Result.Suppressed.push_back({std::move(F), SuppressedBy::Comment});
  unite(Result.Problems);
}

void CheckRun::statistics(raw_ostream &OS) const {
  StringMap<unsigned> Count;
  for (const Finding &F : Result.Findings)
    ++Count[F.Check];
  std::vector<std::pair<unsigned, StringRef>> Rows;
  for (const auto &Entry : Count)
    Rows.emplace_back(Entry.second, Entry.first());
  llvm::sort(Rows, [](const auto &X, const auto &Y) {
    return X.first != Y.first ? X.first > Y.first : X.second < Y.second;
  });
  for (const auto &[Number, Check] : Rows)
    OS << format("%6u  ", Number) << Check << '\n';
  if (FromCache)
    OS << format("%6u  ", FromCache)
       << "units not changed since the last run\n";
  if (WithSharedHeaders)
    OS << format("%6u  ", WithSharedHeaders)
       << "units parsed with shared headers\n";
}

static bool wantsColors(Color Wanted) {
  if (Wanted != Color::Auto)
    return Wanted == Color::Always;
  std::optional<std::string> No = sys::Process::GetEnv("NO_COLOR");
  return (!No || No->empty()) && sys::Process::StandardOutHasColors();
}

/// For `coro-tidy merge`: takes results in place of making them.
bool CheckRun::merge() {
  if (A.Paths.empty()) {
    printError("name the reports to merge: coro-tidy merge RESULT…");
    return false;
  }
  MergedResults Merged(Sources);
  for (const std::string &Path : A.Paths)
    if (Error E = Merged.add(Path)) {
      printError(toString(std::move(E)));
      return false;
    }
  for (Shard Missing : Merged.missing()) {
    printError("the report of shard " + toString(Missing) + " is not there");
    SelectionFailed = true;
  }
  Merged.moveTo(Result);
  // Several parts may have silenced the same finding in a header.
  for (SuppressedFinding &S : std::exchange(Result.Suppressed, {}))
    if (S.By == SuppressedBy::Comment)
      Silenced.push_back(std::move(S.What));
    else
      Result.Suppressed.push_back(std::move(S));
  return true;
}

/// Creates, prunes or applies the baseline.
bool CheckRun::applyBaseline() {
  if (A.BaselineFile.empty())
    return true;
  std::string File = absolutePath(A.BaselineFile, Root);
  auto Write = [&](const Baseline &B) {
    Error E = writeWholeFile(File, B.text());
    bool Good = !E;
    if (E)
      printError("cannot write '" + A.BaselineFile +
                 "': " + toString(std::move(E)));
    else if (!A.Quiet)
      errs() << "Wrote " << B.size()
             << (B.size() == 1 ? " finding" : " findings") << " to '"
             << A.BaselineFile << "'.\n";
    return Good;
  };
  if (A.CreateBaseline) {
    Baseline New(File, Root);
    New.add(Result.Findings, Sources);
    Result.Findings.clear();
    return Write(New);
  }
  Expected<Baseline> Known = Baseline::read(A.BaselineFile, Root);
  if (!Known) {
    printError(toString(Known.takeError()) +
               "; make one with --create-baseline");
    return false;
  }
  Baseline Left = *Known;
  for (Finding &F : Left.remove(Result.Findings, Sources))
    if (A.ShowSuppressed)
      Result.Suppressed.push_back({std::move(F), SuppressedBy::Baseline});
  // A run over a part of the project cannot tell what is gone from the rest.
  bool Whole = coversProject() && A.Ignore.empty();
  if (!Left.size() || (!Whole && !A.PruneBaseline))
    return true;
  if (!A.PruneBaseline) {
    if (!A.Quiet) {
      errs() << "The baseline lists " << Left.size()
             << (Left.size() == 1 ? " finding that is" : " findings that are")
             << " gone; --prune-baseline takes "
             << (Left.size() == 1 ? "it" : "them") << " out:\n";
      constexpr unsigned Most = 10;
      Left.list(errs(), Most);
    }
    return true;
  }
  if (!Whole) {
    printError("--prune-baseline needs a run over the whole project in which "
               "every unit could be analysed");
    return false;
  }
  Known->prune(Left);
  return Write(*Known);
}

/// Applies fixes, or shows them as a diff.
bool CheckRun::fix() {
  if (!A.Fix && !A.Diff)
    return true;
  FixPlan Plan = planFixes(Result.Findings, A.FixSuggestions);
  auto Read = [&](StringRef File) { return Sources.get(File).all(); };
  for (const Finding *F : Plan.Conflicts)
    errs() << printable(F->Where.File) << ':' << F->Where.Line << ':'
           << F->Where.Column << ": the fix of this " << F->Check
           << " overlaps with another; run again after that one\n";
  if (A.Diff) {
    for (const auto &[File, Edits] : Plan.Edits)
      outs() << unifiedDiff(File, Read(File), Edits);
    outs().flush();
    return true;
  }
  if (Plan.Edits.empty())
    return true;
  if (Error E = writeFixes(Plan, Read)) {
    printError(toString(std::move(E)) + "; no file was changed");
    return false;
  }
  Result.Fixed = Plan.fixedCount();
  // The rest is shown where it stands now.
  SourceTexts Now;
  std::vector<Finding> Rest;
  for (size_t I = 0; I < Result.Findings.size(); ++I) {
    if (Plan.Fixed[I])
      continue;
    Finding F = std::move(Result.Findings[I]);
    forEachPlace(F, [&](Place &P) {
      auto Edits = Plan.Edits.find(P.File);
      if (Edits != Plan.Edits.end())
        P = movedPlace(P, Edits->second, Sources.get(P.File), Now);
    });
    Rest.push_back(std::move(F));
  }
  Result.Findings = std::move(Rest);
  Sources = std::move(Now);
  return true;
}

bool CheckRun::write() {
  if (A.Diff && A.Outputs.empty())
    return true;
  bool Good = true;
  for (const OutputTarget &Target : A.Outputs) {
    const Format *To =
        findFormat(Target.Format.empty() ? A.Format : Target.Format);
    std::string Text;
    raw_string_ostream OS(Text);
    WriterOptions Plain;
    To->Write(Result, Sources, Plain, OS);
    if (Error E = writeWholeFile(Target.File, Text)) {
      printError("cannot write '" + Target.File +
                 "': " + toString(std::move(E)));
      Good = false;
    }
  }
  // A file without a format of its own takes the place of standard output.
  if (any_of(A.Outputs,
             [](const OutputTarget &T) { return T.Format.empty(); })) {
    if (!A.Quiet)
      outs() << summaryLine(Result) << '\n';
  } else {
    WriterOptions Shown;
    Shown.Colors = wantsColors(A.Colors);
    // Colours may be asked for in a pipe; what a pager makes of links is
    // another question.
    Shown.Links = wantsColors(Color::Auto) && A.Colors != Color::Never;
    Shown.Quiet = A.Quiet;
    outs().enable_colors(Shown.Colors);
    findFormat(A.Format)->Write(Result, Sources, Shown, outs());
  }
  if (A.Statistics)
    statistics(A.Format == "text" || A.Format == "concise" ? outs() : errs());
  outs().flush();
  return Good;
}

/// Advice does not fail a run unless that is asked for.
bool CheckRun::fails() const {
  auto Counts = [&](const Finding &F) {
    switch (A.Fails) {
    case FailOn::Suggestion:
      return true;
    case FailOn::Warning:
      return F.Level != Severity::Suggestion;
    case FailOn::Error:
      return F.Level == Severity::Error;
    case FailOn::Never:
      break;
    }
    return false;
  };
  return any_of(Result.Findings, Counts);
}

ExitCode CheckRun::run() {
  auto Start = std::chrono::steady_clock::now();
  Result.Version = CORO_VERSION;
  Result.Root = Root;
  for (const CheckInfo &Check : allChecks())
    Result.Rules.push_back(
        {Check.Id.str(), Check.Summary.str(), Check.Family.str(),
         checkPage(Check.Id).str(),
         isAdvice(Check) ? Severity::Suggestion : Severity::Warning});
  Result.Rules.push_back({UnusedNolint.Id.str(), UnusedNolint.Summary.str(),
                          UnusedNolint.Family.str(),
                          checkPage(UnusedNolint.Id).str(),
                          Severity::Suggestion});
  Result.Part = A.Part;
  if (A.Merge) {
    if (!merge())
      return Failed;
  } else {
    if (!selectUnits())
      return Failed;
    analyze();
  }
  finish();
  if (Error E = Project.keep(); E && !A.Quiet)
    WithColor::note(errs(), "coro-tidy")
        << "the index could not be kept: " << toString(std::move(E)) << '\n';
  if (A.OnlyIndex)
    return writeSummaries();
  bool Good = applyBaseline() && fix();
  Result.Seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - Start)
          .count();
  if (!write() || !Good)
    return Failed;
  if (SelectionFailed || !Result.Problems.empty())
    return Failed;
  return fails() ? Found : Clean;
}

/// Runs again and again. Ends when there is nothing to watch.
static ExitCode watch(const Arguments &A) {
  InputMap Inputs;
  while (true) {
    if (sys::Process::StandardOutIsDisplayed())
      outs() << "\033[2J\033[H";
    CheckRun Run(A);
    ExitCode Result = Run.run();
    outs().flush();
    if (Run.inputs().empty()) {
      // No database, for a moment, or from the beginning.
      if (Inputs.empty())
        return Result;
      InputMap Current;
      for (const auto &Noted : Inputs)
        recordFile(Noted.first, Current);
      Inputs = std::move(Current);
    } else {
      Inputs = Run.inputs();
    }
    if (!A.Quiet)
      errs() << "Watching " << Inputs.size()
             << " files and places where one may appear; Ctrl-C ends it.\n";
    waitForChange(Inputs);
  }
}

ExitCode runCheck(const Arguments &A) {
  return A.Watch ? watch(A) : CheckRun(A).run();
}

} // namespace coro
