//===- UnitAnalysis.cpp - The checks on one translation unit --------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/UnitAnalysis.h"
#include "analysis/ast/Compat.h"
#include "analysis/facts/Models.h"
#include "analysis/facts/YamlLimits.h"
#include "checks/CheckList.h"
#include "checks/Session.h"
#include "clang-tidy/ClangTidy.h"
#include "clang-tidy/GlobList.h"
#include "driver/CompileDatabase.h"
#include "driver/CompilerOutputs.h"
#include "driver/FunctionNames.h"
#include "driver/NolintComments.h"
#include "driver/SharedHeaders.h"
#include "driver/SourceText.h"
#include "driver/UnitSummariser.h"
#include "driver/UserCodeConsumer.h"
#include "driver/WholeFile.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Frontend/MultiplexConsumer.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include CORO_CLANG_OPTIONS_HEADER
#include CORO_CLANG_TIDY_MODULE_HEADER

using namespace clang;
using namespace llvm;

namespace coro {

/// The names that clang-tidy reports a bad configuration of a check and a bad
/// NOLINT comment under. The first is off unless it is asked for.
static constexpr llvm::StringLiteral ConfigurationCheck = "clang-tidy-config";

json::Value toJSON(const UnitResult &R) {
  json::Array Configuration;
  for (const Problem &P : R.Configuration)
    Configuration.push_back(json::Array{P.File, P.Message});
  return json::Object{{"findings", R.Findings},
                      {"errors", R.Errors},
                      {"configuration", std::move(Configuration)},
                      {"suppressed", R.Suppressed},
                      {"comments", R.Comments}};
}

bool fromJSON(const json::Value &V, UnitResult &R, json::Path Path) {
  json::ObjectMapper M(V, Path);
  std::vector<std::vector<std::string>> Configuration;
  if (!M || !M.map("findings", R.Findings) || !M.map("errors", R.Errors) ||
      !M.map("configuration", Configuration) ||
      !M.map("suppressed", R.Suppressed) || !M.map("comments", R.Comments))
    return false;
  for (std::vector<std::string> &One : Configuration) {
    if (One.size() != 2)
      return false;
    Problem P;
    P.Kind = Failure::Configuration;
    P.File = std::move(One[0]);
    P.Message = std::move(One[1]);
    R.Configuration.push_back(std::move(P));
  }
  return true;
}

std::string effectiveChecks(StringRef Configured,
                            const AnalysisOptions &Options) {
  std::string Result = ("-*," + ConfigurationCheck).str();
  SmallVector<StringRef, 16> Ours;
  if (Options.Select.empty()) {
    SmallVector<StringRef, 16> Globs;
    Configured.split(Globs, ',', -1, /*KeepEmpty=*/false);
    for (StringRef Glob : Globs)
      if (Glob.trim().starts_with("coro-") || Glob.trim().starts_with("-coro-"))
        Ours.push_back(Glob.trim());
    // A configuration that only takes some away means all others.
    if (Ours.empty() || Ours.front().starts_with("-"))
      Result += ",coro-*";
  }
  for (StringRef Glob : Ours)
    Result += ("," + Glob).str();
  for (StringRef Glob : Options.Select)
    Result += ("," + Glob).str();
  for (StringRef Glob : Options.Ignore)
    Result += (",-" + Glob).str();
  return Result;
}

namespace {

/// The options of clang-tidy for a file: its .clang-tidy files, with our
/// selection of checks on top.
class OptionsProvider : public tidy::FileOptionsProvider {
public:
  OptionsProvider(const AnalysisOptions &Options, std::vector<Problem> &Errors,
                  IntrusiveRefCntPtr<vfs::FileSystem> Files)
      : FileOptionsProvider(tidy::ClangTidyGlobalOptions(), defaults(),
                            tidy::ClangTidyOptions(), std::move(Files)),
        Options(Options), Errors(Errors) {
    auto Parse = [this](MemoryBufferRef Text) { return parse(Text); };
    if (Options.ConfigFile.empty()) {
      ConfigHandlers = {{".clang-tidy", Parse}};
      return;
    }
    ConfigHandlers.clear();
    auto Text = readRegularFile(Options.ConfigFile);
    if (!Text) {
      note(Options.ConfigFile, "cannot read: " + Text.getError().message());
    } else if (auto Parsed = parse((*Text)->getMemBufferRef())) {
      Given = std::move(*Parsed);
    }
  }

  std::vector<OptionsSource> getRawOptions(StringRef FileName) override {
    std::vector<OptionsSource> Sources =
        FileOptionsProvider::getRawOptions(FileName);
    if (Given)
      Sources.emplace_back(*Given, Options.ConfigFile);
    tidy::ClangTidyOptions Merged;
    unsigned Order = 0;
    for (const OptionsSource &Source : Sources)
      Merged.mergeWith(Source.first, ++Order);
    tidy::ClangTidyOptions Ours;
    Ours.Checks = effectiveChecks(Merged.Checks.value_or(""), Options);
    // A check that is asked for by its name runs, whatever its level.
    for (const std::string &Id : Options.Select)
      if (const CheckInfo *Check = findCheck(Id))
        if (Check->Level == CheckLevel::OptIn)
          Ours.CheckOptions.insert_or_assign(
              Id + ".Enable", tidy::ClangTidyOptions::ClangTidyValue("true"));
    // One index for a run, whatever editors are told to use.
    auto UseIndex = [&](StringRef Option) {
      Ours.CheckOptions.insert_or_assign(
          Option, tidy::ClangTidyOptions::ClangTidyValue(Options.IndexFile));
    };
    UseIndex(IndexOption);
    for (const auto &Option : Merged.CheckOptions)
      if (Option.getKey().starts_with("coro-") &&
          Option.getKey().rsplit('.').second == IndexOption)
        UseIndex(Option.getKey());
    Sources.emplace_back(std::move(Ours), "coro-tidy");
    return Sources;
  }

private:
  static tidy::ClangTidyOptions defaults() {
    tidy::ClangTidyOptions Result = tidy::ClangTidyOptions::getDefaults();
    // Headers of the user are the user's code.
    Result.HeaderFilterRegex = ".*";
    return Result;
  }

  void note(StringRef File, const Twine &Message) {
    Problem P;
    P.Kind = Failure::Configuration;
    // One file, however it was reached.
    SmallString<256> Plain(File);
    sys::path::remove_dots(Plain, /*remove_dot_dot=*/true);
    P.File = Plain.str().str();
    P.Message = Message.str();
    Errors.push_back(std::move(P));
  }

  ErrorOr<tidy::ClangTidyOptions> parse(MemoryBufferRef Text) {
    if (Text.getBufferSize() > YamlSizeLimit) {
      note(Text.getBufferIdentifier(), "it is larger than 4 MiB");
      return std::make_error_code(std::errc::file_too_large);
    }
    if (int Line = tooDeepAt(Text.getBuffer())) {
      note(Text.getBufferIdentifier(),
           Twine(Line) + ":1: this is nested too deeply");
      return std::make_error_code(std::errc::invalid_argument);
    }
    bool Told = false;
    auto Result =
        tidy::parseConfigurationWithDiags(Text, [&](const SMDiagnostic &Error) {
          note(Text.getBufferIdentifier(), Twine(Error.getLineNo()) + ":" +
                                               Twine(Error.getColumnNo() + 1) +
                                               ": " + Error.getMessage());
          Told = true;
        });
    if (!Result && !Told)
      note(Text.getBufferIdentifier(), Result.getError().message());
    return Result;
  }

  const AnalysisOptions &Options;
  std::vector<Problem> &Errors;
  std::optional<tidy::ClangTidyOptions> Given;
};

/// What is kept of a parse for the time after it.
struct Gathered {
  explicit Gathered(const ExternalCode &External) : Comments(External) {}
  NolintComments Comments;
  FunctionNames Functions;
};

/// Runs the checks without the traversal that clang-tidy makes for them.
class ChecksConsumer : public MultiplexConsumer {
public:
  ChecksConsumer(std::vector<std::unique_ptr<ASTConsumer>> Checks,
                 std::shared_ptr<Session> Shared)
      : MultiplexConsumer(std::move(Checks)), Shared(std::move(Shared)) {}
  void HandleTranslationUnit(ASTContext &AST) override {
    std::vector<Decl *> Scope = AST.getTraversalScope();
    Shared->spareTraversal(AST);
    MultiplexConsumer::HandleTranslationUnit(AST);
    AST.setTraversalScope(Scope);
  }

private:
  std::shared_ptr<Session> Shared;
};

/// Comes last, as it reads the scope that others set.
class GatheringConsumer : public ASTConsumer {
public:
  explicit GatheringConsumer(Gathered &To) : To(To) {}
  void HandleTranslationUnit(ASTContext &AST) override {
    To.Functions.collect(AST);
  }

private:
  Gathered &To;
};

class Action : public ASTFrontendAction {
public:
  Action(tidy::ClangTidyASTConsumerFactory &Checks,
         tidy::ClangTidyContext &Context, const AnalysisOptions &Options,
         SharedHeadersUse *Shared, UnitResult &Result, Gathered &More)
      : Checks(Checks), Context(Context), Options(Options), Shared(Shared),
        Result(Result), More(More) {}

  bool BeginInvocation(CompilerInstance &Compiler) override {
    prepareForAnalysis(Compiler, Options);
    if (Shared)
      Shared->prepare(Compiler);
    return true;
  }

  bool BeginSourceFileAction(CompilerInstance &Compiler) override {
    if (Shared)
      Shared->watch(Compiler);
    Compiler.getPreprocessor().addCommentHandler(&More.Comments);
    return true;
  }

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &Compiler,
                                                 StringRef File) override {
    std::vector<std::unique_ptr<ASTConsumer>> Parts;
    Parts.push_back(std::make_unique<UserCodeConsumer>(
        Compiler.getSourceManager(), Options.External));
    std::vector<std::unique_ptr<ASTConsumer>> OfChecks;
    OfChecks.push_back(Checks.createASTConsumer(Compiler, File));
    Parts.push_back(std::make_unique<ChecksConsumer>(std::move(OfChecks),
                                                     Session::of(&Context)));
    Parts.push_back(std::make_unique<UnitSummariser>(Context, Options, Result));
    Parts.push_back(std::make_unique<GatheringConsumer>(More));
    return std::make_unique<MultiplexConsumer>(std::move(Parts));
  }

private:
  tidy::ClangTidyASTConsumerFactory &Checks;
  tidy::ClangTidyContext &Context;
  const AnalysisOptions &Options;
  SharedHeadersUse *Shared;
  UnitResult &Result;
  Gathered &More;
};

class ActionFactory : public AnalysisActionFactory {
public:
  ActionFactory(tidy::ClangTidyContext &Context, const AnalysisOptions &Options,
                SharedHeadersUse *Shared, UnitResult &Result, Gathered &More)
      : Checks(Context), Context(Context), Options(Options), Shared(Shared),
        Result(Result), More(More) {}
  std::unique_ptr<FrontendAction> create() override {
    return std::make_unique<Action>(Checks, Context, Options, Shared, Result,
                                    More);
  }

private:
  tidy::ClangTidyASTConsumerFactory Checks;
  tidy::ClangTidyContext &Context;
  const AnalysisOptions &Options;
  SharedHeadersUse *Shared;
  UnitResult &Result;
  Gathered &More;
};

/// Turns what clang-tidy reports into findings.
class Converter {
public:
  /// \p Inputs: what the parse read.
  Converter(StringRef Directory, FunctionNames &Functions,
            const InputMap &Inputs)
      : Directory(Directory), Functions(Functions), Inputs(Inputs) {
    Functions.renameFiles([this](StringRef Path) { return path(Path); });
  }

  Finding convert(const tidy::ClangTidyError &Error) {
    Finding F;
    F.Check = Error.DiagnosticName;
    F.Message = Error.Message.Message;
    const CheckInfo *Check = findCheck(F.Check);
    F.Level =
        Error.DiagLevel == tidy::ClangTidyError::Error || Error.IsWarningAsError
            ? Severity::Error
        : Check && isAdvice(*Check) ? Severity::Suggestion
                                    : Severity::Warning;
    F.Where = place(Error.Message);
    F.Function = Functions.at(F.Where.File, F.Where.Offset).str();
    for (const tooling::FileByteRange &Range : Error.Message.Ranges)
      F.Highlights.push_back(
          Texts.place(path(Range.FilePath), Range.FileOffset, Range.Length));
    widen(F.Where, F.Highlights);
    F.Fix = edits(Error.Message);
    bool AfterMacro = false;
    for (const tooling::DiagnosticMessage &Message : Error.Notes) {
      // Which macro the code stands in is of use; how that macro is made of
      // others is not.
      bool IsMacro =
          StringRef(Message.Message).starts_with("expanded from macro");
      if (std::exchange(AfterMacro, IsMacro) && IsMacro)
        continue;
      Note N;
      N.Message = Message.Message;
      N.Where = place(Message);
      std::vector<Place> Ranges;
      for (const tooling::FileByteRange &Range : Message.Ranges)
        Ranges.push_back(
            Texts.place(path(Range.FilePath), Range.FileOffset, Range.Length));
      widen(N.Where, Ranges);
      N.Fix = edits(Message);
      F.Notes.push_back(std::move(N));
    }
    return F;
  }

  /// Did the analysis read what lies there under that name? It may have seen
  /// another text, by an overlay, or another file, by a folder to work in.
  bool wasRead(StringRef Name) {
    if (Read.empty())
      for (const auto &[Path, One] : Inputs)
        if (One.How == Input::Contents)
          Read.insert(canonicalPath(Path, Directory));
    return Read.contains(path(Name));
  }

  NolintComment convert(const NolintComments::Entry &Entry) {
    NolintComment C;
    C.Where = Texts.place(path(Entry.Path), Entry.Offset, Entry.Length);
    C.Check = Entry.Check;
    C.Used = Entry.Used;
    C.Removal.Where = Texts.place(path(Entry.Path), Entry.RemovalOffset,
                                  std::max(1u, Entry.RemovalLength));
    C.Removal.Length = Entry.RemovalLength;
    return C;
  }

private:
  /// A range that begins at the point says how far it goes.
  static void widen(Place &Point, ArrayRef<Place> Ranges) {
    for (const Place &Range : Ranges)
      if (Range.File == Point.File && Range.Offset == Point.Offset &&
          std::tie(Point.EndLine, Point.EndColumn) <
              std::tie(Range.EndLine, Range.EndColumn)) {
        Point.EndLine = Range.EndLine;
        Point.EndColumn = Range.EndColumn;
      }
  }

  Place place(const tooling::DiagnosticMessage &Message) {
    if (Message.FilePath.empty())
      return {};
    return Texts.place(path(Message.FilePath), Message.FileOffset);
  }

  std::vector<Edit> edits(const tooling::DiagnosticMessage &Message) {
    std::vector<Edit> Result;
    for (const auto &File : Message.Fix)
      for (const tooling::Replacement &R : File.second) {
        Edit E;
        E.Where =
            Texts.place(path(R.getFilePath()), R.getOffset(), R.getLength());
        if (R.getLength() == 0) {
          E.Where.EndLine = E.Where.Line;
          E.Where.EndColumn = E.Where.Column;
        }
        if (!wasRead(R.getFilePath()))
          return {};
        E.Length = R.getLength();
        E.Text = R.getReplacementText().str();
        // Text that JSON cannot carry would be changed on the way.
        if (!json::isUTF8(E.Text) || !json::isUTF8(E.Where.File))
          return {};
        Result.push_back(std::move(E));
      }
    // The map that they come from is not ordered.
    llvm::sort(Result);
    return Result;
  }

  std::string path(StringRef Name) {
    std::string &Slot = Paths[Name];
    if (Slot.empty())
      Slot = canonicalPath(Name, Directory);
    return Slot;
  }

  StringRef Directory;
  FunctionNames &Functions;
  const InputMap &Inputs;
  SourceTexts Texts;
  StringMap<std::string> Paths;
  StringSet<> Read;
};

/// Did all checks that \p Name, a name or a glob, means run, those apart that
/// are off until somebody asks for them?
bool allRan(StringRef Name, const tidy::ClangTidyContext &Context) {
  tidy::GlobList Meant(Name);
  const auto &Configured = Context.getOptions().CheckOptions;
  bool IsGlob = Name.contains('*'), Any = false;
  for (const CheckInfo &Check : allChecks()) {
    if (!Meant.contains(Check.Id))
      continue;
    auto Enabled = Configured.find((Check.Id + ".Enable").str());
    bool IsOn = Context.isCheckEnabled(Check.Id) &&
                (Enabled == Configured.end() ? Check.Level != CheckLevel::OptIn
                                             : Enabled->second.Value == "true");
    if (!IsOn && !(IsGlob && Check.Level == CheckLevel::OptIn))
      return false;
    Any |= IsOn;
  }
  return Any;
}

} // namespace

std::vector<std::string>
dropUnknownFlags(std::vector<std::string> &CommandLine) {
  std::vector<std::string> Dropped;
  std::vector<const char *> Arguments;
  for (const std::string &One : drop_begin(CommandLine))
    Arguments.push_back(One.c_str());
  unsigned MissingIndex, MissingCount;
  opt::InputArgList Parsed = CORO_DRIVER_OPTIONS().ParseArgs(
      Arguments, MissingIndex, MissingCount,
      opt::Visibility(CORO_OPTIONS::ClangOption));
  std::vector<bool> Drop(CommandLine.size());
  bool AfterUnknown = false;
  for (const opt::Arg *A : Parsed) {
    bool IsInput = A->getOption().matches(CORO_OPTIONS::OPT_INPUT);
    // What follows an unknown flag and is no source is its value, as in nvcc's
    // `-gencode arch=…`.
    bool IsUnknown = A->getOption().matches(CORO_OPTIONS::OPT_UNKNOWN) ||
                     (AfterUnknown && IsInput && !isSource(A->getValue()));
    if (IsUnknown)
      Drop[A->getIndex() + 1] = true;
    AfterUnknown = IsUnknown && !IsInput;
  }
  std::vector<std::string> Kept;
  for (size_t I = 0; I < CommandLine.size(); ++I)
    (Drop[I] ? Dropped : Kept).push_back(std::move(CommandLine[I]));
  CommandLine = std::move(Kept);
  return Dropped;
}

std::vector<std::string> AnalysisOptions::identity() const {
  return {join(Select, ","),   join(Ignore, ","),
          ConfigFile,          ResourceDir,
          External.identity(), SkipBodies ? "skip" : "all",
          SummaryRoot,         IndexFile.empty() ? "alone" : "with index"};
}

/// Notes the files that are read past the recording file system: clang-tidy
/// opens its configuration, and we our models, by themselves.
static void recordConfiguration(StringRef File, const AnalysisOptions &Options,
                                const tidy::ClangTidyOptions &Effective,
                                InputMap &To) {
  std::vector<std::string> Read;
  for (const auto &[Path, One] : To)
    if (One.How == Input::Present && sys::path::filename(Path) == ".clang-tidy")
      Read.push_back(Path);
  for (StringRef Folder = sys::path::parent_path(File); !Folder.empty();
       Folder = sys::path::parent_path(Folder)) {
    SmallString<256> Models(Folder);
    sys::path::append(Models, UserModelsName);
    Read.push_back(Models.str().str());
  }
  if (!Options.ConfigFile.empty())
    Read.push_back(Options.ConfigFile);
  for (const auto &Option : Effective.CheckOptions) {
    if (Option.getKey().rsplit('.').second != "Models" &&
        Option.getKey() != "Models")
      continue;
    SmallVector<StringRef, 4> Names;
    StringRef(Option.getValue().Value).split(Names, ';', -1, false);
    for (StringRef Name : Names) {
      SmallString<256> Path(Name.trim());
      if (!sys::fs::make_absolute(Path))
        Read.push_back(Path.str().str());
    }
  }
  for (const std::string &One : Read)
    recordFile(One, To);
}

/// Leaves out flags by which clang's driver looks for the processors of the
/// machine: it starts programs for that, which other flags name. Code for the
/// host is what is analysed.
static void dropDeviceFlags(std::vector<std::string> &CommandLine) {
  llvm::erase_if(CommandLine, [](StringRef Word) {
    Word = Word.ltrim('-');
    return Word.split('=').first.ends_with("-arch-tool") ||
           Word == "offload-arch=native" || Word == "cuda-gpu-arch=native" ||
           Word.starts_with("fopenmp-targets=");
  });
}

tooling::CompileCommand
commandForAnalysis(const tooling::CompileCommand &Command,
                   const AnalysisOptions &Options) {
  tooling::CompileCommand Adjusted = Command;
  dropUnknownFlags(Adjusted.CommandLine);
  dropDeviceFlags(Adjusted.CommandLine);
  // The compiler's warnings are not ours to show, and -Werror must not make
  // errors of them. With the last, the driver writes none of the files that it
  // writes by itself, whichever way it is told of them: -MJ, which a file of
  // --config or beside the compiler may contain, too.
  std::vector<std::string> Extra = {"-w", "-###"};
  if (!Options.ResourceDir.empty() &&
      none_of(Adjusted.CommandLine, [](StringRef Argument) {
        return Argument.starts_with("-resource-dir");
      }))
    Extra.push_back("-resource-dir=" + Options.ResourceDir);
  auto AtEnd = llvm::find(Adjusted.CommandLine, "--");
  Adjusted.CommandLine.insert(AtEnd, Extra.begin(), Extra.end());
  return Adjusted;
}

void prepareForAnalysis(CompilerInstance &Compiler,
                        const AnalysisOptions &Options) {
  Compiler.getFrontendOpts().SkipFunctionBodies = Options.SkipBodies;
  // As clang-tidy does: code that is written for analysers is analysed.
  Compiler.getPreprocessorOpts().SetUpStaticAnalyzer = true;
}

/// One parse, with \p Shared if it is not null.
static UnitResult parseUnit(const tooling::CompileCommand &Adjusted,
                            const AnalysisOptions &Options,
                            SharedHeadersUse *Shared) {
  UnitResult Result;
  std::string File = absolutePath(Adjusted.Filename, Adjusted.Directory);
  OneCommand Database(Adjusted);
  IntrusiveRefCntPtr<vfs::FileSystem> Files(
      new RecordingFileSystem(vfs::getRealFileSystem(), Result.Inputs));
  tooling::ClangTool Tool(Database, {File},
                          std::make_shared<PCHContainerOperations>(), Files);
  Tool.setPrintErrorMessage(false);
  auto Provider =
      std::make_unique<OptionsProvider>(Options, Result.Configuration, Files);
  tidy::ClangTidyContext Context(std::move(Provider));
  Gathered More(Options.External);
  SuppressionConsumer Consumer(Context, More.Comments);
  CORO_DIAGNOSTICS_ENGINE(Engine, Context, &Consumer);
  Tool.setDiagnosticConsumer(&Consumer);
  Context.setEnableProfiling(false);
  ActionFactory Factory(Context, Options, Shared, Result, More);
  Tool.run(&Factory);
  recordConfiguration(File, Options, Context.getOptionsForFile(File),
                      Result.Inputs);

  Converter Convert(Adjusted.Directory, More.Functions, Result.Inputs);
  std::string Main = canonicalPath(File, Adjusted.Directory);
  StringRef Base = sys::path::parent_path(Main);
  for (const tidy::ClangTidyError &Error : Consumer.take()) {
    Finding F = Convert.convert(Error);
    if (StringRef(F.Check).starts_with("clang-diagnostic")) {
      if (F.Level == Severity::Error)
        Result.Errors.push_back(std::move(F));
    } else if (F.Check == ConfigurationCheck) {
      Problem P;
      P.Kind = Failure::Configuration;
      P.Message = F.Message;
      Result.Configuration.push_back(std::move(P));
    } else if (!Options.External.contains(F.Where.File, Base)) {
      Result.Findings.push_back(std::move(F));
    }
  }
  for (const tidy::ClangTidyError &Error : Consumer.Suppressed)
    Result.Suppressed.push_back(Convert.convert(Error));
  for (const NolintComments::Entry &Entry : More.Comments.Entries) {
    if (Entry.How == NolintComments::Entry::End || !Convert.wasRead(Entry.Path))
      continue;
    Result.Comments.push_back(Convert.convert(Entry));
    Result.Comments.back().Judged = allRan(Entry.Check, Context);
  }
  return Result;
}

UnitResult analyzeUnit(const tooling::CompileCommand &Command,
                       const AnalysisOptions &Options,
                       const SharedHeaders *Shared) {
  tooling::CompileCommand Adjusted = commandForAnalysis(Command, Options);
  if (Shared) {
    SharedHeadersUse Use(*Shared, Options.External);
    UnitResult Result = parseUnit(Adjusted, Options, &Use);
    if (Use.isSame() && Result.Errors.empty()) {
      Result.UsedSharedHeaders = true;
      dropInputsBelow(sys::path::parent_path(Shared->File), Result.Inputs);
      mergeInputs(Result.Inputs, Shared->Inputs);
      return Result;
    }
  }
  return parseUnit(Adjusted, Options, nullptr);
}

} // namespace coro
