//===- KeywordScan.cpp - Units that cannot hold a finding -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/KeywordScan.h"
#include "analysis/facts/Models.h"
#include "analysis/facts/YamlLimits.h"
#include "clang-tidy/ClangTidyOptions.h"
#include "driver/CompilerOutputs.h"
#include "driver/WholeFile.h"
#include "clang/Basic/CharInfo.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Lex/DependencyDirectivesScanner.h"
#include "clang/Lex/HeaderSearch.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

using namespace clang;
using namespace llvm;

namespace coro {

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

/// Calls \p Do with every identifier in \p Text, those of comments and literals
/// among them.
template <typename Callable>
static void forEachWord(StringRef Text, Callable Do) {
  for (const char *At = Text.begin(), *End = Text.end(); At != End;) {
    if (!isAsciiIdentifierContinue(*At)) {
      ++At;
      continue;
    }
    const char *Begin = At;
    while (At != End && isAsciiIdentifierContinue(*At))
      ++At;
    Do(StringRef(Begin, At - Begin));
  }
}

void collectWords(StringRef Text, StringSet<> &To) {
  forEachWord(Text, [&](StringRef Word) { To.insert(Word); });
}

namespace {

/// What tells of coroutines: sets of words, each of which has to occur.
class Triggers {
public:
  Triggers() {
    // No coroutine, task or awaiter of the language does without one of these.
    for (StringRef Word :
         {"co_await", "co_yield", "co_return", "promise_type",
          "coroutine_traits", "coroutine_handle", "await_ready",
          "await_suspend", "await_resume", "await_transform"})
      add({Word});
    // What models call a task though its declaration does not show it, and
    // scopes of tasks; more facts about a type matter only if it is a task.
    std::shared_ptr<const Models> Known = Models::builtin();
    for (const auto &Entry : Known->types())
      if (Entry.second.Task || !Entry.second.Unjoined.empty())
        addName(Entry.first());
    // Callbacks that run under a lock are reported by request only; such a
    // request makes a unit one to be parsed.
    for (const auto &Entry : Known->functions())
      if (Entry.second.Errors || Entry.second.Resumes == "coroutine")
        addName(Entry.first());
    for (const LibraryModel &Library : Known->libraries())
      for (const MarkerModel &Marker : Library.Markers)
        if (Marker.Sender)
          add({Marker.Member});
  }

  unsigned words() const { return Ids.size(); }

  /// Sets the bits of those words that stand in \p Text.
  void find(StringRef Text, BitVector &Words) const {
    forEachWord(Text, [&](StringRef Word) {
      if (Word.size() > Longest || !Beginnings[uint8_t(Word.front())])
        return;
      auto It = Ids.find(Word);
      if (It != Ids.end())
        Words.set(It->second);
    });
  }

  bool hold(const BitVector &Words) const {
    return any_of(Sets, [&](ArrayRef<unsigned> Set) {
      return all_of(Set, [&](unsigned Id) { return Words.test(Id); });
    });
  }

private:
  void add(ArrayRef<StringRef> Words) {
    std::vector<unsigned> Set;
    for (StringRef Word : Words) {
      Set.push_back(Ids.try_emplace(Word, Ids.size()).first->second);
      Longest = std::max(Longest, Word.size());
      Beginnings[uint8_t(Word.front())] = true;
    }
    Sets.push_back(std::move(Set));
  }

  void addName(StringRef Qualified) {
    SmallVector<StringRef, 6> Words;
    forEachWord(Qualified, [&](StringRef Word) { Words.push_back(Word); });
    add(Words);
  }

  StringMap<unsigned> Ids;
  size_t Longest = 0;
  bool Beginnings[256] = {};
  std::vector<std::vector<unsigned>> Sets;
};

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

struct Include {
  std::string Name; ///< of a macro, when Computed
  bool Quoted = false;
  bool Next = false;     ///< `#include_next`
  bool Computed = false; ///< `#include MACRO`
  bool Needed = false;   ///< under no condition, but for an include guard
};

/// What a look at one file tells.
struct FileFacts {
  bool Readable = false;
  bool Strange = false; ///< written in a way that is not understood
  bool HasNolint = false;
  BitVector Words;
  std::vector<Include> Includes;
  /// Macros that are defined as the name of a header.
  std::vector<std::pair<std::string, Include>> HeaderMacros;
  /// Hashes of the names of all other macros.
  DenseSet<uint64_t> OtherMacros;
  Input State;
};

/// The header that \p Text names in quotes or angle brackets.
std::optional<Include> headerName(StringRef Text) {
  Text = Text.trim();
  Include One;
  One.Quoted = Text.starts_with("\"");
  if (!One.Quoted && !Text.starts_with("<"))
    return std::nullopt;
  size_t End = Text.find(One.Quoted ? '"' : '>', 1);
  if (End == StringRef::npos || End < 2)
    return std::nullopt;
  One.Name = Text.slice(1, End).str();
  return One;
}

class FileReader {
public:
  FileReader(StringRef Text, FileFacts &To) : Text(Text), To(To) {}

  void read() {
    using namespace dependency_directives_scan;
    SmallVector<Token, 0> Tokens;
    SmallVector<Directive, 64> Directives;
    if (scanSourceForDependencyDirectives(Text, Tokens, Directives)) {
      To.Strange = true;
      return;
    }
    unsigned Depth = 0, Guards = 0;
    bool First = true;
    for (const Directive &D : Directives) {
      switch (D.Kind) {
      case pp_include:
      case pp_include_next:
      case pp_import:
      case pp___include_macros:
        include(D, Depth <= Guards);
        break;
      case pp_define:
        define(D);
        break;
      case pp_if:
      case pp_ifdef:
      case pp_ifndef:
        // A header's include guard is no condition.
        if (First && D.Kind == pp_ifndef)
          Guards = 1;
        ++Depth;
        break;
      case pp_endif:
        Depth -= Depth > 0;
        break;
      case pp_pragma_import:
      case pp_pragma_include_alias:
      case pp_pragma_push_macro:
      case pp_pragma_pop_macro:
        To.Strange |=
            D.Kind == pp_pragma_import || D.Kind == pp_pragma_include_alias;
        break;
      case decl_at_import:
      case cxx_module_decl:
      case cxx_import_decl:
      case cxx_export_module_decl:
      case cxx_export_import_decl:
        To.Strange = true;
        break;
      default:
        break;
      }
      First &= D.Kind == pp_pragma_once;
    }
  }

private:
  using Directive = dependency_directives_scan::Directive;
  using Token = dependency_directives_scan::Token;

  StringRef spelled(const Token &T) const {
    return Text.substr(T.Offset, T.Length);
  }
  static bool isName(const Token &T) {
    return T.is(tok::raw_identifier) || T.is(tok::identifier);
  }

  /// The tokens of \p D after `#` and its own name.
  ArrayRef<Token> operands(const Directive &D) const {
    ArrayRef<Token> Rest = D.Tokens;
    while (!Rest.empty() && Rest.front().isNot(tok::hash))
      Rest = Rest.drop_front();
    Rest = Rest.size() < 2 ? ArrayRef<Token>() : Rest.drop_front(2);
    while (!Rest.empty() &&
           (Rest.back().is(tok::eod) || Rest.back().is(tok::eof)))
      Rest = Rest.drop_back();
    return Rest;
  }

  /// The text from \p From to the end of \p Tokens, as it is written.
  StringRef textOf(ArrayRef<Token> Tokens) const {
    return Tokens.empty()
               ? StringRef()
               : Text.slice(Tokens.front().Offset, Tokens.back().getEnd());
  }

  void include(const Directive &D, bool Needed) {
    ArrayRef<Token> Rest = operands(D);
    std::optional<Include> One = headerName(textOf(Rest));
    if (!One && Rest.size() == 1 && isName(Rest[0])) {
      One.emplace();
      One->Name = spelled(Rest[0]).str();
      One->Computed = true;
    }
    if (!One) {
      To.Strange = true;
      return;
    }
    One->Next = D.Kind == dependency_directives_scan::pp_include_next;
    One->Needed = Needed;
    To.Includes.push_back(std::move(*One));
  }

  void define(const Directive &D) {
    ArrayRef<Token> Rest = operands(D);
    if (Rest.empty())
      return;
    std::string Name = spelled(Rest[0]).str();
    if (std::optional<Include> One = headerName(textOf(Rest.drop_front())))
      To.HeaderMacros.emplace_back(std::move(Name), std::move(*One));
    else
      To.OtherMacros.insert(xxh3_64bits(Name));
  }

  StringRef Text;
  FileFacts &To;
};

//===----------------------------------------------------------------------===//
// Flags
//===----------------------------------------------------------------------===//

/// What units with the same flags have in common.
struct Group {
  bool Usable = false;
  /// The folders for headers; those before FirstAngled for `""` only.
  std::vector<std::string> Folders;
  size_t FirstAngled = 0;
  /// How many of them are the user's: those before the system's.
  size_t System = 0;
  std::vector<std::string> Roots; ///< `-include`
  std::string Defines;
  InputMap Inputs;
};

/// Looks at what the flags mean, and parses nothing.
class FlagsAction : public PreprocessorFrontendAction {
public:
  explicit FlagsAction(Group &To) : To(To) {}

  bool BeginSourceFileAction(CompilerInstance &Compiler) override {
    HeaderSearch &Search = Compiler.getPreprocessor().getHeaderSearchInfo();
    const PreprocessorOptions &Options = Compiler.getPreprocessorOpts();
    const HeaderSearchOptions &Headers = Compiler.getHeaderSearchOpts();
    // With module maps, one header may bring others that it does not name.
    To.Usable = Options.ImplicitPCHInclude.empty() &&
                Options.MacroIncludes.empty() &&
                Options.RemappedFiles.empty() &&
                Headers.VFSOverlayFiles.empty() && !Headers.ImplicitModuleMaps;
    for (const DirectoryLookup &One : Search.search_dir_range()) {
      To.Usable &= One.isNormalDir();
      if (One.isNormalDir())
        To.Folders.push_back(One.getName().str());
    }
    To.FirstAngled =
        std::distance(Search.quoted_dir_begin(), Search.quoted_dir_end());
    To.System = To.FirstAngled + std::distance(Search.angled_dir_begin(),
                                               Search.angled_dir_end());
    To.Roots = Options.Includes;
    for (const auto &[Macro, Undefined] : Options.Macros)
      To.Defines += Macro + '\n';
    return false;
  }

  void ExecuteAction() override {}

private:
  Group &To;
};

class FlagsFactory : public AnalysisActionFactory {
public:
  explicit FlagsFactory(Group &To) : To(To) {}
  std::unique_ptr<FrontendAction> create() override {
    return std::make_unique<FlagsAction>(To);
  }

private:
  Group &To;
};

} // namespace

//===----------------------------------------------------------------------===//
// Units
//===----------------------------------------------------------------------===//

struct KeywordScan::Impl {
  explicit Impl(const AnalysisOptions &Options) : Options(Options) {}

  Group &groupOf(const UnitCommand &Unit);
  const FileFacts &factsOf(StringRef File);
  bool exists(StringRef Path);
  std::vector<std::string> lookUp(const Include &One, StringRef From,
                                  const Group &G, InputMap &Inputs);
  bool isPlain(StringRef Main, InputMap &Inputs);
  bool isPlainConfiguration(StringRef File);
  ScannedUnit scan(const UnitCommand &Unit);

  const AnalysisOptions &Options;
  Triggers Known;
  StringMap<Group> Groups;
  StringMap<FileFacts> Facts;
  StringMap<bool> Existing, PlainConfigurations;
  /// Folders without symbolic links, by their names.
  StringMap<std::string> Folders;
};

Group &KeywordScan::Impl::groupOf(const UnitCommand &Unit) {
  std::string Flags = commonFlags(Unit.Command);
  auto [It, IsNew] =
      Groups.try_emplace(Flags.empty() ? "\n" + identity(Unit.Command) : Flags);
  Group &G = It->second;
  if (!IsNew)
    return G;
  OneCommand Database(commandForAnalysis(Unit.Command, Options));
  IntrusiveRefCntPtr<vfs::FileSystem> Files(
      new RecordingFileSystem(vfs::getRealFileSystem(), G.Inputs));
  tooling::ClangTool Tool(
      Database, {absolutePath(Unit.Command.Filename, Unit.Command.Directory)},
      std::make_shared<PCHContainerOperations>(), Files);
  Tool.setPrintErrorMessage(false);
  IgnoringDiagConsumer Silent;
  Tool.setDiagnosticConsumer(&Silent);
  FlagsFactory Factory(G);
  Tool.run(&Factory);
  // The unit that was taken for all of them.
  G.Inputs.erase(absolutePath(Unit.Command.Filename, Unit.Command.Directory));
  for (std::string &Folder : G.Folders)
    Folder = absolutePath(Folder, Unit.Command.Directory);
  return G;
}

const FileFacts &KeywordScan::Impl::factsOf(StringRef File) {
  auto [It, IsNew] = Facts.try_emplace(File);
  FileFacts &F = It->second;
  if (!IsNew)
    return F;
  F.Words.resize(Known.words());
  std::unique_ptr<MemoryBuffer> Text = readInput(File, F.State);
  if (!Text)
    return F;
  F.Readable = true;
  Known.find(Text->getBuffer(), F.Words);
  F.HasNolint = Text->getBuffer().contains("NOLINT") &&
                Text->getBuffer().contains("coro-");
  // Keywords that a macro puts together.
  F.Strange = Text->getBuffer().contains("co_##");
  FileReader(Text->getBuffer(), F).read();
  return F;
}

bool KeywordScan::Impl::exists(StringRef Path) {
  auto [It, IsNew] = Existing.try_emplace(Path);
  if (IsNew)
    It->second = sys::fs::is_regular_file(Path);
  return It->second;
}

static void note(StringRef Path, const Input &One, InputMap &To) {
  auto [It, IsNew] = To.try_emplace(Path.str(), One);
  if (!IsNew && It->second.How < One.How)
    It->second = One;
}

/// The files that \p One, which is no computed name, may mean.
std::vector<std::string> KeywordScan::Impl::lookUp(const Include &One,
                                                   StringRef From,
                                                   const Group &G,
                                                   InputMap &Inputs) {
  std::vector<std::string> Found;
  auto In = [&](StringRef Folder) {
    SmallString<256> Path(Folder);
    sys::path::append(Path, One.Name);
    bool There = exists(Path);
    Input Looked;
    Looked.How = There ? Input::Present : Input::Absent;
    note(Path, Looked, Inputs);
    if (There)
      Found.push_back(Path.str().str());
    return There;
  };
  if (sys::path::is_absolute(One.Name)) {
    In("");
    return Found;
  }
  if (One.Quoted && In(sys::path::parent_path(From)) && !One.Next)
    return Found;
  // Which folder is the next depends on how the file was found: any, then.
  for (size_t I = One.Quoted || One.Next ? 0 : G.FirstAngled;
       I < G.Folders.size(); ++I)
    if (In(G.Folders[I]) && !One.Next)
      break;
  return Found;
}

/// Does a configuration of clang-tidy ask for nothing that would change what is
/// found in plain functions, and is it without errors?
bool KeywordScan::Impl::isPlainConfiguration(StringRef File) {
  auto [It, IsNew] = PlainConfigurations.try_emplace(File, false);
  if (!IsNew)
    return It->second;
  // What comes through a pipe can be read once, and the analysis wants it.
  auto Text = readRegularFile(File, YamlSizeLimit);
  if (!Text || tooDeepAt((*Text)->getBuffer()))
    return false;
  auto Parsed = tidy::parseConfigurationWithDiags((*Text)->getMemBufferRef(),
                                                  [](const SMDiagnostic &) {});
  It->second =
      Parsed && none_of(Parsed->CheckOptions, [](const auto &Option) {
        StringRef Name = Option.getKey();
        return Name.ends_with("MinConfidence") || Name.ends_with("Models");
      });
  return It->second;
}

/// Are there no models or options for \p Main by which more could be found?
bool KeywordScan::Impl::isPlain(StringRef Main, InputMap &Inputs) {
  if (!Options.ConfigFile.empty() && !isPlainConfiguration(Options.ConfigFile))
    return false;
  bool Plain = true;
  for (StringRef Folder = sys::path::parent_path(Main);
       Plain && !Folder.empty(); Folder = sys::path::parent_path(Folder)) {
    SmallString<256> Path(Folder);
    sys::path::append(Path, UserModelsName);
    recordFile(Path, Inputs);
    Plain &= !sys::fs::exists(Path);
    Path = Folder;
    sys::path::append(Path, ".clang-tidy");
    recordFile(Path, Inputs);
    Plain &= !sys::fs::exists(Path) || isPlainConfiguration(Path);
  }
  if (!Options.ConfigFile.empty())
    recordFile(Options.ConfigFile, Inputs);
  return Plain;
}

ScannedUnit KeywordScan::Impl::scan(const UnitCommand &Unit) {
  ScannedUnit Result;
  Group &G = groupOf(Unit);
  if (!G.Usable)
    return Result;
  Result.Inputs = G.Inputs;
  bool Empty = isPlain(Unit.File, Result.Inputs);
  BitVector Words(Known.words());
  Known.find(G.Defines, Words);

  StringRef Base = sys::path::parent_path(Unit.File);
  auto IsUsers = [&](StringRef File) {
    for (size_t I = G.System; I < G.Folders.size(); ++I) {
      StringRef Rest = File;
      if (Rest.consume_front(G.Folders[I]) && Rest.starts_with("/"))
        return false;
    }
    return !Options.External.contains(File, Base);
  };
  std::vector<std::string> Work;
  StringSet<> Seen;
  auto Reach = [&](StringRef Path) {
    // One name for each folder, or "../" would go round. That of the file
    // stays: `""` looks beside a link, not beside what it leads to.
    auto [It, IsNew] = Folders.try_emplace(sys::path::parent_path(Path));
    if (IsNew)
      It->second = canonicalPath(It->first(), Unit.Command.Directory);
    SmallString<256> File(It->second);
    sys::path::append(File, sys::path::filename(Path));
    note(Path, factsOf(File).State, Result.Inputs);
    if (Seen.insert(File).second)
      Work.push_back(File.str().str());
  };
  Reach(Unit.File);
  for (const std::string &Root : G.Roots) {
    Include One;
    One.Name = Root;
    One.Quoted = true;
    SmallString<256> From(Unit.Command.Directory);
    sys::path::append(From, "x");
    std::vector<std::string> Found = lookUp(One, From, G, Result.Inputs);
    Empty &= !Found.empty();
    for (const std::string &File : Found)
      Reach(File);
  }
  // Names of headers that macros stand for, and where they are included.
  StringMap<std::vector<Include>> HeaderMacros;
  StringMap<std::vector<std::string>> Computed;
  SmallVector<const FileFacts *, 0> All;
  auto Follow = [&](const Include &One, StringRef From) {
    std::vector<std::string> Found = lookUp(One, From, G, Result.Inputs);
    // A header that is missing where it is needed is an error of the compiler.
    if (Found.empty() && One.Needed && IsUsers(From))
      Empty = false;
    for (const std::string &File : Found)
      Reach(File);
  };
  while (!Work.empty()) {
    std::string File = std::move(Work.back());
    Work.pop_back();
    std::string Real = canonicalPath(File, "/");
    bool Users = IsUsers(Real);
    if (Users)
      Result.Files.push_back(std::move(Real));
    // What libraries include does not matter any more.
    else if (!Empty || Known.hold(Words))
      continue;
    const FileFacts &F = factsOf(File);
    All.push_back(&F);
    Empty &= F.Readable && !F.Strange && !(F.HasNolint && Users);
    Words |= F.Words;
    for (const auto &[Name, Header] : F.HeaderMacros) {
      HeaderMacros[Name].push_back(Header);
      for (const std::string &From : Computed.lookup(Name))
        Follow(Header, From);
    }
    for (const Include &One : F.Includes) {
      if (!One.Computed) {
        Follow(One, File);
        continue;
      }
      Computed[One.Name].push_back(File);
      for (const Include &Header : HeaderMacros.lookup(One.Name))
        Follow(Header, File);
    }
  }
  for (const auto &Entry : Computed) {
    uint64_t Hash = xxh3_64bits(Entry.first());
    Empty &= HeaderMacros.count(Entry.first()) &&
             none_of(All, [&](const FileFacts *F) {
               return F->OtherMacros.contains(Hash);
             });
    // Nor by a flag.
    Empty &= !StringRef(G.Defines).contains(Entry.first());
  }
  Result.Empty = Empty && !Known.hold(Words);
  if (!Result.Empty)
    Result.Inputs.clear();
  return Result;
}

KeywordScan::KeywordScan(const AnalysisOptions &Options)
    : Made(std::make_unique<Impl>(Options)) {}

KeywordScan::~KeywordScan() = default;

ScannedUnit KeywordScan::scan(const UnitCommand &Unit) {
  return Made->scan(Unit);
}

} // namespace coro
