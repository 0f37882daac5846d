//===- MapCommand.cpp - coro-tidy map -------------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/map/MapCommand.h"
#include "driver/CompileDatabase.h"
#include "driver/ProcessPool.h"
#include "driver/SourceText.h"
#include "driver/UnitVisit.h"
#include "driver/WholeFile.h"
#include "driver/map/ProgramMap.h"
#include "driver/output/Writer.h"
#include "clang/AST/ASTContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Threading.h"

using namespace llvm;

namespace coro {

/// What one unit hands over: its functions, or why there are none.
static std::string portrayUnit(const UnitCommand &Unit,
                               const AnalysisOptions &Options) {
  json::Array Functions;
  std::string Error =
      visitUnit(Unit.Command, Options, [&](clang::ASTContext &AST) {
        coro::Unit Parsed(AST, Models::withFiles(findUserModels(Unit.File),
                                                 [](StringRef) {}));
        StringRef Base = sys::path::parent_path(Unit.File);
        for (const FunctionPortrait &One : portray(Parsed))
          if (!Options.External.contains(One.File, Base))
            Functions.push_back(toJSON(One));
      });
  return formatv("{0}",
                 json::Value(json::Object{{"functions", std::move(Functions)},
                                          {"error", json::fixUTF8(Error)}}))
      .str();
}

/// Reads what portrayUnit() wrote.
static bool read(StringRef Text, std::vector<FunctionPortrait> &Functions,
                 std::string &Error) {
  Expected<json::Value> Value = json::parse(Text);
  if (!Value) {
    consumeError(Value.takeError());
    return false;
  }
  json::Path::Root Path;
  json::ObjectMapper M(*Value, Path);
  return M && M.map("functions", Functions) && M.map("error", Error);
}

namespace {

class MapRun {
public:
  explicit MapRun(const Arguments &A) : A(A), Map(root()) { Root = root(); }

  ExitCode run() {
    if (!select())
      return Failed;
    analyze();
    Map.finish();
    if (!write())
      return Failed;
    return Map.Failed || SelectionFailed ? Failed : Clean;
  }

private:
  static std::string root() {
    SmallString<256> Current;
    sys::fs::current_path(Current);
    return canonicalPath(Current, Current);
  }

  bool select();
  void analyze();
  bool write() const;
  void fail(const UnitCommand &Unit, const Twine &Why) {
    ++Map.Failed;
    StringRef File = Unit.File;
    if (File.consume_front(Root))
      File.consume_front("/");
    printError(printable(File) + ": " + Why);
  }

  const Arguments &A;
  std::string Root;
  ProgramMap Map;
  std::vector<UnitCommand> Units;
  bool SelectionFailed = false;
};

bool MapRun::select() {
  Expected<CompileDatabase> Database = CompileDatabase::open(A, A.Paths, Root);
  if (!Database) {
    printError(toString(Database.takeError()));
    return false;
  }
  UnitSelection Selected =
      coro::selectUnits(*Database, A.Paths, Root, ExternalCode(A.External));
  for (const std::string &Error : Selected.Errors)
    printError(Error);
  SelectionFailed = !Selected.Errors.empty();
  Units = std::move(Selected.Units);
  return !Units.empty();
}

void MapRun::analyze() {
  AnalysisOptions Options;
  Options.ResourceDir = findResourceDir();
  Options.External = ExternalCode(A.External);
  Options.SkipBodies = A.SkipBodies;
  JobLimits Limits;
  Limits.Parallel =
      A.Jobs ? A.Jobs : hardware_concurrency().compute_thread_count();
  Limits.TimeoutSeconds = A.TimeoutSeconds;
  Limits.MemoryMiB = A.MemoryMiB;
  std::vector<JobOutcome> Outcomes(Units.size());
  auto Job = [&](size_t I) { return portrayUnit(Units[I], Options); };
  bool Progress = !A.Quiet && sys::Process::StandardErrIsDisplayed();
  size_t Ready = 0;
  auto Done = [&](size_t I, JobOutcome Outcome) {
    Outcomes[I] = std::move(Outcome);
    if (Progress)
      errs() << "\r\033[K[" << ++Ready << '/' << Units.size() << ']';
  };
  if (A.Isolate) {
    runIsolated(Units.size(), Limits, Job, Done);
  } else {
    forbidPrograms();
    for (size_t I = 0; I < Units.size(); ++I) {
      JobOutcome Outcome;
      Outcome.Output = Job(I);
      Done(I, std::move(Outcome));
    }
    // Analyses change to the folders of their commands.
    sys::fs::set_current_path(Root);
  }
  if (Progress)
    errs() << "\r\033[K";
  Map.Units = Units.size();
  for (size_t I = 0; I < Units.size(); ++I) {
    if (Outcomes[I].How != JobOutcome::Finished) {
      fail(Units[I], whyNoResult(Outcomes[I], Limits));
      continue;
    }
    std::vector<FunctionPortrait> Functions;
    std::string Error;
    if (!read(Outcomes[I].Output, Functions, Error)) {
      fail(Units[I], "the analysis ended without a result");
      continue;
    }
    if (!Error.empty())
      fail(Units[I], "does not compile; what is in it may be missing: " +
                         printable(Error));
    Map.add(std::move(Functions));
  }
}

bool MapRun::write() const {
  std::string Text;
  raw_string_ostream OS(Text);
  if (A.MapFormat == "html")
    Map.writeHtml(OS);
  else if (A.MapFormat == "json")
    OS << jsonText(Map.json(), /*Indent=*/2) << '\n';
  else
    Map.writeText(OS);
  std::string File = A.Outputs.empty()
                         ? (A.MapFormat == "html" ? "coro-map.html" : "-")
                         : A.Outputs.back().File;
  if (File == "-") {
    outs() << Text;
    outs().flush();
    return true;
  }
  std::string Path = absolutePath(File, Root);
  if (Error E = A.Outputs.empty() ? replaceWholeFile(Path, Text)
                                  : writeWholeFile(Path, Text)) {
    printError("cannot write '" + printable(File) +
               "': " + toString(std::move(E)));
    return false;
  }
  if (!A.Quiet) {
    ProgramMap::Totals Sum = Map.totals();
    outs() << "Wrote '" << File << "': " << Sum.Coroutines << " coroutines; "
           << format("%.1f", Sum.share())
           << " % of their statements could stand in plain functions\n";
    outs().flush();
  }
  return true;
}

} // namespace

ExitCode runMap(const Arguments &A) { return MapRun(A).run(); }

} // namespace coro
