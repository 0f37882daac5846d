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
#include "driver/ProjectIndex.h"
#include "driver/Results.h"
#include "driver/UnitAnalysis.h"
#include "driver/UnitRunner.h"
#include "driver/Watch.h"
#include "driver/WholeFile.h"
#include "driver/output/Writer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/WithColor.h"
#include <chrono>

using namespace llvm;

namespace coro {

namespace {

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
  bool prepareIndex(const CompileDatabase &Database);
  std::string indexRoot(const CompileDatabase &Database) const;
  ExitCode writeSummaries();
  void take(const UnitCommand &Unit, JobOutcome Outcome);
  void addProblem(Failure Kind, const UnitCommand &Unit, const Twine &Message,
                  std::string Log = {});
  std::string displayed(StringRef Path) const {
    return displayedPath(Path, Root);
  }
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
  unsigned FromCache = 0, LeftOut = 0, WithSharedHeaders = 0;
  InputMap Watched;
  ProjectIndex Project;
};

} // namespace

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
    bool IsFile =
        !sys::fs::status(Unit.File, Status) && sys::fs::is_regular_file(Status);
    const std::string &Folder = Unit.Command.Directory;
    if (A.Watch && !IsFile)
      recordFile(Unit.File, Watched);
    if (IsFile && !Folder.empty() && !sys::fs::is_directory(Folder))
      addProblem(Failure::MissingFile, Unit,
                 "the folder that the compile database names for this file, '" +
                     printable(Folder) + "', does not exist");
    else if (IsFile)
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

void CheckRun::analyze() {
  UnitRunner Runner(A, Root, Project);
  std::vector<JobOutcome> Outcomes = Runner.run(Units);
  FromCache = Runner.fromCache();
  LeftOut = Runner.leftOut();
  WithSharedHeaders = Runner.withSharedHeaders();
  if (A.Watch)
    Runner.addInputs(Watched);
  for (size_t I = 0; I < Units.size(); ++I)
    take(Units[I], std::move(Outcomes[I]));
}

void CheckRun::take(const UnitCommand &Unit, JobOutcome Outcome) {
  auto Fail = [&](Failure Kind, bool WithLog = false) {
    JobLimits Limits;
    Limits.TimeoutSeconds = A.TimeoutSeconds;
    Limits.MemoryMiB = A.MemoryMiB;
    addProblem(Kind, Unit, whyNoResult(Outcome, Limits),
               WithLog ? std::move(Outcome.Log) : std::string());
  };
  switch (Outcome.How) {
  case JobOutcome::Finished:
    break;
  case JobOutcome::Crashed:
    return Fail(Failure::Crash, /*WithLog=*/true);
  case JobOutcome::TimedOut:
    return Fail(Failure::Timeout);
  case JobOutcome::Interrupted:
    return Fail(Failure::Interrupted);
  case JobOutcome::OutOfMemory:
  case JobOutcome::TooLong:
    return Fail(Failure::Memory);
  }
  UnitResult Read;
  json::Path::Root Path;
  Expected<json::Value> Value = json::parse(Outcome.Output);
  if (!Value || !fromJSON(*Value, Read, Path)) {
    consumeError(Value.takeError());
    return Fail(Failure::Crash, /*WithLog=*/true);
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
  if (LeftOut)
    OS << format("%6u  ", LeftOut)
       << "units left out: nothing in them can be a coroutine or use one\n";
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
             << printable(A.BaselineFile) << "'.\n";
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
    // A patch holds texts as they are; what a person looks at does not.
    const bool ToTerminal = sys::Process::StandardOutIsDisplayed();
    for (const auto &[File, Edits] : Plan.Edits) {
      std::string Text = unifiedDiff(File, Read(File), Edits);
      outs() << (ToTerminal ? printableLines(Text) : Text);
    }
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
  if (A.Diff && A.Outputs.empty()) {
    // A patch has no place for what could not be analysed.
    for (const Problem &P : Result.Problems)
      printError(printable(P.File) + ": " + P.Message);
    return true;
  }
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
    // One process has no jobs to stop, and a watched run ends when it is told.
    if (A.Isolate && !A.Watch)
      stopOnSignals();
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
  // Who interrupts a run does not want files changed any more.
  const bool Stopped = stopSignal() != 0;
  bool Good = (Stopped && (A.CreateBaseline || A.PruneBaseline)) ||
              (applyBaseline() && (Stopped || fix()));
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
  if (A.Watch)
    return watch(A);
  ExitCode Result = CheckRun(A).run();
  endByStopSignal();
  return Result;
}

} // namespace coro
