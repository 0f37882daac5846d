//===- SharedHeaders.cpp - External headers that are parsed once ----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/SharedHeaders.h"
#include "driver/CompilerOutputs.h"
#include "driver/UnitAnalysis.h"
#include "driver/UserCodeConsumer.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Frontend/MultiplexConsumer.h"
#include "clang/Lex/PPCallbacks.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include <map>

using namespace clang;
using namespace llvm;

namespace coro {

//===----------------------------------------------------------------------===//
// The plan
//===----------------------------------------------------------------------===//

/// Fewer units than that are parsed sooner than a precompiled header is made.
static constexpr size_t FewestUnits = 3;

/// What units must have in common; empty for one that cannot share.
static std::string flagsOf(const UnitCommand &Unit) {
  for (StringRef Argument : Unit.Command.CommandLine)
    // These put text or modules before the first line already.
    if (Argument.starts_with("-include") || Argument.starts_with("-imacros") ||
        Argument.starts_with("-fmodule") || Argument.starts_with("-fpch") ||
        Argument.starts_with("-emit-pch") || Argument == "-Xclang")
      return {};
  return commonFlags(Unit.Command);
}

std::vector<SharedPlan> planSharedHeaders(ArrayRef<const UnitCommand *> Units,
                                          IncludeScan &Scan) {
  std::map<std::string, std::vector<size_t>> Groups;
  for (size_t I = 0; I < Units.size(); ++I)
    if (std::string Flags = flagsOf(*Units[I]); !Flags.empty())
      Groups[std::move(Flags)].push_back(I);

  std::vector<SharedPlan> Result;
  for (auto &[Flags, Members] : Groups) {
    std::map<size_t, std::vector<std::string>> Includes;
    if (Members.size() >= FewestUnits)
      for (size_t I : Members)
        Includes[I] = Scan.externalIncludes(*Units[I]);
    // The units that include one header share what all of them include; the
    // header that makes most of that is taken, and the rest goes on.
    while (Includes.size() >= FewestUnits) {
      StringMap<unsigned> Count;
      for (const auto &[I, Names] : Includes)
        for (const std::string &Name : Names)
          ++Count[Name];
      SharedPlan Best;
      size_t BestWorth = 0;
      StringSet<> Tried;
      for (const auto &Entry : Count) {
        if (Entry.second < FewestUnits)
          continue;
        SharedPlan Plan;
        for (const auto &[I, Names] : Includes)
          if (is_contained(Names, Entry.first()))
            Plan.Units.push_back(I);
        StringMap<unsigned> Common;
        for (size_t I : Plan.Units)
          for (const std::string &Name : Includes[I])
            ++Common[Name];
        // In the order of the first of them.
        for (const std::string &Name : Includes[Plan.Units.front()])
          if (Common[Name] == Plan.Units.size())
            Plan.Includes.push_back(Name);
        size_t Worth = (Plan.Units.size() - 1) * Plan.Includes.size();
        if (std::tie(Worth, Plan.Includes) >
            std::tie(BestWorth, Best.Includes)) {
          BestWorth = Worth;
          Best = std::move(Plan);
        }
      }
      if (Best.Units.empty())
        break;
      for (size_t I : Best.Units)
        Includes.erase(I);
      Result.push_back(std::move(Best));
    }
  }
  return Result;
}

//===----------------------------------------------------------------------===//
// Making one
//===----------------------------------------------------------------------===//

namespace {

/// Notes the files of the header as they are entered.
class MakingCallbacks : public PPCallbacks {
public:
  MakingCallbacks(const SourceManager &Sources, const ExternalCode &External,
                  StringRef Base, SharedHeaders &Made, bool &Failed)
      : Sources(Sources), External(External), Base(Base), Made(Made),
        Failed(Failed) {}

  void InclusionDirective(SourceLocation Hash, const Token &, StringRef, bool,
                          CharSourceRange, OptionalFileEntryRef File, StringRef,
                          StringRef, const Module *, bool,
                          SrcMgr::CharacteristicKind) override {
    if (!File)
      return;
    std::string Path = pathOf(*File);
    if (Sources.isInMainFile(Hash)) {
      Current = Path;
      // What was entered already comes with another.
      if (!Entered.contains(Path))
        Made.Needed.push_back(std::move(Path));
    } else if (Path != Current) {
      // So does what a later one includes, too.
      llvm::erase(Made.Needed, Path);
    }
  }

  void FileChanged(SourceLocation Location, FileChangeReason Reason,
                   SrcMgr::CharacteristicKind Kind, FileID) override {
    if (Reason != EnterFile || Sources.isInMainFile(Location))
      return;
    auto Entry = Sources.getFileEntryRefForID(Sources.getFileID(Location));
    if (!Entry)
      return;
    Entered.insert(pathOf(*Entry));
    if (Kind != SrcMgr::C_User)
      return;
    // A library's configuration may lie in the project; findings in it would
    // be lost.
    if (External.contains(pathOf(*Entry), Base))
      Made.Foreign.push_back(pathOf(*Entry));
    else
      Failed = true;
  }

private:
  const SourceManager &Sources;
  const ExternalCode &External;
  StringRef Base;
  SharedHeaders &Made;
  bool &Failed;
  std::string Current; ///< what the main file includes at the moment
  StringSet<> Entered;
};

class MakingAction : public GeneratePCHAction {
public:
  MakingAction(const AnalysisOptions &Options, StringRef Base,
               SharedHeaders &Made, bool &Failed)
      : Options(Options), Base(Base), Made(Made), Failed(Failed) {}

  bool BeginInvocation(CompilerInstance &Compiler) override {
    prepareForAnalysis(Compiler, Options);
    Compiler.getFrontendOpts().OutputFile = Made.File;
    // Once here and not in every unit.
    Compiler.getLangOpts().PCHInstantiateTemplates = true;
    return true;
  }

  bool BeginSourceFileAction(CompilerInstance &Compiler) override {
    Compiler.getPreprocessor().addPPCallbacks(std::make_unique<MakingCallbacks>(
        Compiler.getSourceManager(), Options.External, Base, Made, Failed));
    return GeneratePCHAction::BeginSourceFileAction(Compiler);
  }

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &Compiler,
                                                 StringRef File) override {
    std::unique_ptr<ASTConsumer> Generator =
        GeneratePCHAction::CreateASTConsumer(Compiler, File);
    if (!Generator)
      return nullptr;
    std::vector<std::unique_ptr<ASTConsumer>> Parts;
    Parts.push_back(std::move(Generator));
    Parts.push_back(std::make_unique<UserCodeConsumer>(
        Compiler.getSourceManager(), Options.External));
    return std::make_unique<MultiplexConsumer>(std::move(Parts));
  }

  void EndSourceFileAction() override {
    for (const auto &Entry :
         getCompilerInstance().getPreprocessor().getIdentifierTable())
      Made.Names.insert(Entry.getKey());
    GeneratePCHAction::EndSourceFileAction();
  }

private:
  const AnalysisOptions &Options;
  StringRef Base;
  SharedHeaders &Made;
  bool &Failed;
};

class MakingFactory : public AnalysisActionFactory {
public:
  MakingFactory(const AnalysisOptions &Options, StringRef Base,
                SharedHeaders &Made, bool &Failed)
      : Options(Options), Base(Base), Made(Made), Failed(Failed) {}
  std::unique_ptr<FrontendAction> create() override {
    return std::make_unique<MakingAction>(Options, Base, Made, Failed);
  }

private:
  const AnalysisOptions &Options;
  StringRef Base;
  SharedHeaders &Made;
  bool &Failed;
};

} // namespace

std::string makeSharedHeaders(ArrayRef<std::string> Includes,
                              const UnitCommand &Sample, StringRef File,
                              const AnalysisOptions &Options) {
  std::string Header = (File + ".h").str();
  {
    std::error_code EC;
    raw_fd_ostream OS(Header, EC);
    for (const std::string &Name : Includes)
      OS << "#if __has_include(<" << Name << ">)\n#include <" << Name
         << ">\n#endif\n";
    OS.close();
    if (EC || OS.has_error()) {
      OS.clear_error();
      return {};
    }
  }
  tooling::CompileCommand Command = commandForAnalysis(Sample.Command, Options);
  size_t Main = mainFileIndex(Command);
  if (Main == Command.CommandLine.size())
    return {};
  Command.CommandLine[Main] = Header;
  auto At = llvm::find(Command.CommandLine, "--");
  if (At == Command.CommandLine.end())
    At = Command.CommandLine.begin() + Main;
  Command.CommandLine.insert(At, {"-x", "c++-header"});
  Command.Filename = Header;

  SharedHeaders Made;
  Made.File = File.str();
  bool Failed = false;
  OneCommand Database(Command);
  IntrusiveRefCntPtr<vfs::FileSystem> Files(
      new RecordingFileSystem(vfs::getRealFileSystem(), Made.Inputs));
  tooling::ClangTool Tool(Database, {Header},
                          std::make_shared<PCHContainerOperations>(), Files);
  Tool.setPrintErrorMessage(false);
  IgnoringDiagConsumer Silent;
  Tool.setDiagnosticConsumer(&Silent);
  MakingFactory Factory(Options, sys::path::parent_path(Sample.File), Made,
                        Failed);
  if (Tool.run(&Factory) != 0 || Failed || Made.Needed.empty() ||
      !sys::fs::exists(File))
    return {};
  // The header itself is no input of a unit.
  dropInputsBelow(sys::path::parent_path(File), Made.Inputs);
  json::Array Names;
  for (const auto &Name : Made.Names)
    Names.push_back(json::fixUTF8(Name.getKey()));
  return formatv("{0}", json::Value(json::Object{
                            {"file", Made.File},
                            {"needed", Made.Needed},
                            {"foreign", Made.Foreign},
                            {"names", std::move(Names)},
                            {"inputs", toHex(encodeInputs(Made.Inputs))}}))
      .str();
}

std::optional<SharedHeaders> readSharedHeaders(StringRef Bytes) {
  if (Bytes.empty())
    return std::nullopt;
  Expected<json::Value> Value = json::parse(Bytes);
  SharedHeaders Result;
  std::vector<std::string> Names;
  std::string Inputs;
  json::Path::Root Root;
  if (!Value) {
    consumeError(Value.takeError());
    return std::nullopt;
  }
  json::ObjectMapper M(*Value, Root);
  if (!M || !M.map("file", Result.File) || !M.map("needed", Result.Needed) ||
      !M.map("foreign", Result.Foreign) || !M.map("names", Names) ||
      !M.map("inputs", Inputs))
    return std::nullopt;
  std::string Encoded;
  if (!tryGetFromHex(Inputs, Encoded))
    return std::nullopt;
  Expected<InputMap> Decoded = decodeInputs(Encoded);
  if (!Decoded) {
    consumeError(Decoded.takeError());
    return std::nullopt;
  }
  Result.Inputs = std::move(*Decoded);
  for (const std::string &Name : Names)
    Result.Names.insert(Name);
  return Result;
}

//===----------------------------------------------------------------------===//
// Using one
//===----------------------------------------------------------------------===//

class SharedHeadersUse::Callbacks : public PPCallbacks {
public:
  Callbacks(SharedHeadersUse &Use, CompilerInstance &Compiler)
      : Use(Use), Compiler(Compiler) {}

  void InclusionDirective(SourceLocation, const Token &, StringRef, bool,
                          CharSourceRange, OptionalFileEntryRef File, StringRef,
                          StringRef, const Module *, bool,
                          SrcMgr::CharacteristicKind) override {
    // Inside a namespace or an extern "C" it declares something else.
    if (!Use.Left.empty() && File && Use.Left.erase(pathOf(*File)) &&
        Use.Braces != 0)
      Use.Conflict = true;
  }

  void MacroDefined(const Token &Name, const MacroDirective *) override {
    look(Name);
  }
  void MacroUndefined(const Token &Name, const MacroDefinition &,
                      const MacroDirective *) override {
    look(Name);
  }

private:
  void look(const Token &Name) {
    if (Use.Left.empty() || Use.Conflict ||
        !Use.Shared.Names.contains(Name.getIdentifierInfo()->getName()))
      return;
    const SourceManager &Sources = Compiler.getSourceManager();
    SourceLocation Where = Sources.getExpansionLoc(Name.getLocation());
    if (Sources.isWrittenInBuiltinFile(Where) ||
        Sources.isWrittenInCommandLineFile(Where) ||
        Sources.isInSystemHeader(Where))
      return;
    auto File = Sources.getFileEntryRefForID(Sources.getFileID(Where));
    if (!File || !Use.External.contains(pathOf(*File), Use.Base))
      Use.Conflict = true;
  }

  SharedHeadersUse &Use;
  CompilerInstance &Compiler;
};

void SharedHeadersUse::prepare(CompilerInstance &Compiler) {
  Compiler.getPreprocessorOpts().ImplicitPCHInclude = Shared.File;
}

void SharedHeadersUse::watch(CompilerInstance &Compiler) {
  for (const std::string &File : Shared.Needed)
    Left.insert(File);
  const SourceManager &Sources = Compiler.getSourceManager();
  if (auto Main = Sources.getFileEntryRefForID(Sources.getMainFileID())) {
    std::string Path = pathOf(*Main);
    Base = sys::path::parent_path(Path).str();
    for (const std::string &File : Shared.Foreign)
      Conflict |= !External.contains(File, Base);
  }
  Preprocessor &Reader = Compiler.getPreprocessor();
  Reader.addPPCallbacks(std::make_unique<Callbacks>(*this, Compiler));
  Reader.setTokenWatcher([this](const Token &T) {
    if (T.is(tok::l_brace))
      ++Braces;
    else if (T.is(tok::r_brace))
      --Braces;
  });
}

} // namespace coro
