//===- CommandLine.cpp - What people can ask for --------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/CheckList.h"
#include "driver/CommandTable.h"
#include "driver/Nolint.h"
#include "driver/output/Writer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace coro {

static Error error(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message.str().c_str());
}

StringRef nearest(StringRef Text, ArrayRef<StringRef> Candidates) {
  StringRef Best;
  // Further away than a third of the word is another word.
  unsigned Limit = std::max<size_t>(2, Text.size() / 3),
           BestDistance = Limit + 1;
  for (StringRef Candidate : Candidates) {
    unsigned Distance = Text.edit_distance(Candidate, true, Limit);
    if (Distance < BestDistance) {
      Best = Candidate;
      BestDistance = Distance;
    }
  }
  return Best;
}

static std::string didYouMean(StringRef Near, StringRef Prefix = "") {
  return Near.empty() ? "" : ("; did you mean '" + Prefix + Near + "'?").str();
}

// The setters of options: they store a value or say what is wrong with it.

static Error setNumber(StringRef Text, unsigned &To) {
  if (Text.getAsInteger(10, To))
    return error("'" + Text + "' is not a number");
  return Error::success();
}

static Error checkFormat(StringRef Name) {
  if (findFormat(Name))
    return Error::success();
  SmallVector<StringRef, 16> Names;
  for (const Format &F : allFormats())
    Names.push_back(F.Name);
  StringRef Near = nearest(Name, Names);
  return error("there is no format '" + Name + "'" +
               (Near.empty() ? "; the formats are " + join(Names, ", ")
                             : didYouMean(Near)));
}

static Error addOutput(StringRef Text, Arguments &To) {
  auto [Name, File] = Text.split(':');
  OutputTarget Target;
  // A file name may contain a colon; only a format's name is taken off.
  if (!File.empty() && Name.find_first_of("/\\.") == StringRef::npos) {
    if (Error E = checkFormat(Name))
      return E;
    Target.Format = Name.str();
    Target.File = File.str();
  } else {
    Target.File = Text.str();
  }
  To.Outputs.push_back(std::move(Target));
  return Error::success();
}

static Error addChecks(StringRef Text, std::vector<std::string> &To) {
  SmallVector<StringRef, 8> Globs, Names;
  Text.split(Globs, ',', -1, /*KeepEmpty=*/false);
  for (const CheckInfo &Check : allChecks())
    Names.push_back(Check.Id);
  for (StringRef Glob : Globs) {
    Glob = Glob.trim();
    std::string Full = Glob.starts_with("coro-") || Glob.starts_with("*")
                           ? Glob.str()
                           : ("coro-" + Glob).str();
    if (Full.find('*') == std::string::npos && !findCheck(Full) &&
        Full != UnusedNolint.Id)
      return error("there is no check '" + Glob + "'" +
                   didYouMean(nearest(Full, Names)));
    To.push_back(std::move(Full));
  }
  return Error::success();
}

static Error setShard(StringRef Text, Arguments &To) {
  std::optional<Shard> Part = parseShard(Text);
  if (!Part)
    return error("'" + Text + "' is not of the form 2/8, the second of eight");
  To.Part = *Part;
  return Error::success();
}

#define CORO_FLAG(Field)                                                       \
  [](Arguments &A, StringRef) -> Error {                                       \
    A.Field = true;                                                            \
    return Error::success();                                                   \
  }
#define CORO_TEXT(Field)                                                       \
  [](Arguments &A, StringRef Text) -> Error {                                  \
    A.Field = Text.str();                                                      \
    return Error::success();                                                   \
  }

/// Sets \p Field to that of \p Choices whose place is that of the value among
/// the option's.
#define CORO_CHOICE(Field, Words, ...)                                         \
  [](Arguments &A, StringRef Text) -> Error {                                  \
    static constexpr decltype(Arguments::Field) Choices[] = {__VA_ARGS__};     \
    SmallVector<StringRef, 8> Names;                                           \
    StringRef(Words).split(Names, ' ');                                        \
    A.Field = Choices[llvm::find(Names, Text) - Names.begin()];                \
    return Error::success();                                                   \
  },                                                                           \
      Words

static const Option Options[] = {
    {"check map index link doctor explain-cancellation", "build-dir", 'p',
     Takes::Value, "DIR", "where compile_commands.json is (default: searched)",
     CORO_TEXT(BuildDirectory)},
    {"check map index", "jobs", 'j', Takes::Value, "N",
     "units analysed at once (default: one a processor)",
     [](Arguments &A, StringRef Text) -> Error {
       return setNumber(Text, A.Jobs);
     }},
    {"check", "select", 0, Takes::Value, "CHECKS",
     "run these checks only; names or globs, with commas",
     [](Arguments &A, StringRef Text) -> Error {
       return addChecks(Text, A.Select);
     }},
    {"check", "ignore", 0, Takes::Value, "CHECKS", "do not run these checks",
     [](Arguments &A, StringRef Text) -> Error {
       return addChecks(Text, A.Ignore);
     }},
    {"check merge", "format", 0, Takes::Value, "FORMAT",
     "how findings are written (default: text)",
     [](Arguments &A, StringRef Text) -> Error {
       A.Format = Text.str();
       return checkFormat(Text);
     }},
    {"map", "format", 0, Takes::Value, "FORMAT", "html (default), json or text",
     CORO_TEXT(MapFormat), "html json text"},
    {"map", "output", 'o', Takes::Value, "FILE",
     "write it to FILE (html: coro-map.html; others: standard output)",
     [](Arguments &A, StringRef Text) -> Error {
       A.Outputs.push_back({"", Text.str()});
       return Error::success();
     }},
    {"check merge", "output", 'o', Takes::Value, "[FORMAT:]FILE",
     "write findings to FILE; may be given several times",
     [](Arguments &A, StringRef Text) -> Error { return addOutput(Text, A); }},
    {"check", "fix", 0, Takes::Nothing, "", "apply the fixes to the files",
     CORO_FLAG(Fix)},
    {"check", "fix-suggestions", 0, Takes::Nothing, "",
     "with --fix: also where there is a choice, the first",
     CORO_FLAG(FixSuggestions)},
    {"check", "diff", 0, Takes::Nothing, "",
     "print what --fix would change, and change nothing", CORO_FLAG(Diff)},
    {"check", "changed", 0, Takes::OptionalValue, "REVISION",
     "only what touches lines changed since REVISION (HEAD)",
     CORO_TEXT(ChangedSince)},
    {"check", "staged", 0, Takes::Nothing, "",
     "only what touches lines in git's index", CORO_FLAG(Staged)},
    {"check merge", "baseline", 0, Takes::Value, "FILE",
     "leave out the findings that FILE lists", CORO_TEXT(BaselineFile)},
    {"check merge", "create-baseline", 0, Takes::Nothing, "",
     "write all findings to the --baseline file", CORO_FLAG(CreateBaseline)},
    {"check merge", "prune-baseline", 0, Takes::Nothing, "",
     "take what is fixed out of the --baseline file", CORO_FLAG(PruneBaseline)},
    {"check", "watch", 'w', Takes::Nothing, "",
     "check again whenever something that matters changes", CORO_FLAG(Watch)},
    {"check", "show-suppressed", 0, Takes::Nothing, "",
     "sarif: also what NOLINT or the baseline silence, marked so",
     CORO_FLAG(ShowSuppressed)},
    {"check merge", "statistics", 0, Takes::Nothing, "",
     "end with the number of findings of each check", CORO_FLAG(Statistics)},
    {"check map index", "external", 0, Takes::Value, "DIR",
     "a folder of code that is not yours; may be given several times",
     [](Arguments &A, StringRef Text) -> Error {
       A.External.push_back(Text.str());
       return Error::success();
     }},
    {"check", "config-file", 0, Takes::Value, "FILE",
     "use this in place of the .clang-tidy files", CORO_TEXT(ConfigFile)},
    {"check map index explain-cancellation", "timeout", 0, Takes::Value,
     "SECONDS", "give up a unit after that time (default: 120; 0: never)",
     [](Arguments &A, StringRef Text) -> Error {
       return setNumber(Text, A.TimeoutSeconds);
     }},
    {"check map index explain-cancellation", "memory", 0, Takes::Value, "MIB",
     "give up a unit that needs more (default: no limit)",
     [](Arguments &A, StringRef Text) -> Error {
       return setNumber(Text, A.MemoryMiB);
     }},
    {"check index", "no-cache", 0, Takes::Nothing, "",
     "analyse what did not change since the last run, too",
     [](Arguments &A, StringRef) -> Error {
       A.Cache = false;
       return Error::success();
     }},
    {"check index cache", "cache-dir", 0, Takes::Value, "DIR",
     "where results are kept (default: in the user's cache folder)",
     CORO_TEXT(CacheFolder)},
    {"check explain-cancellation", "no-index", 0, Takes::Nothing, "",
     "use only what each unit contains, nothing of the others",
     [](Arguments &A, StringRef) -> Error {
       A.Index = false;
       return Error::success();
     }},
    {"check index explain-cancellation", "index", 0, Takes::Value, "FILE",
     "use this index in place of making one", CORO_TEXT(IndexFile)},
    {"check index", "shard", 0, Takes::Value, "I/N",
     "only the units of part I of N; see 'coro-tidy merge'",
     [](Arguments &A, StringRef Text) -> Error { return setShard(Text, A); }},
    {"check merge", "color", 0, Takes::Value, "WHEN", "auto, always or never",
     CORO_CHOICE(Colors, "auto always never", Color::Auto, Color::Always,
                 Color::Never)},
    {"check merge", "fail-on", 0, Takes::Value, "LEVEL",
     "suggestion, warning (default), error or never: what fails a run",
     CORO_CHOICE(Fails, "suggestion warning error never", FailOn::Suggestion,
                 FailOn::Warning, FailOn::Error, FailOn::Never)},
    {"check map merge", "quiet", 'q', Takes::Nothing, "",
     "print the findings, and no progress, hint or summary", CORO_FLAG(Quiet)},
    {"index link", "quiet", 'q', Takes::Nothing, "", "print errors only",
     CORO_FLAG(Quiet)},
    {"index link", "output", 'o', Takes::Value, "FILE",
     "where to (default: .coro-tidy beside the compile database)",
     CORO_TEXT(OutputFile)},
    {"index link", "root", 0, Takes::Value, "DIR",
     "paths are relative to it (default: the folder of the database)",
     CORO_TEXT(IndexRoot)},
    {"check map index", "no-skip-bodies", 0, Takes::Nothing, "",
     "parse all function bodies of libraries too (slower)",
     [](Arguments &A, StringRef) -> Error {
       A.SkipBodies = false;
       return Error::success();
     }},
    {"check index", "no-shared-headers", 0, Takes::Nothing, "",
     "parse the headers of libraries anew in each unit (slower)",
     [](Arguments &A, StringRef) -> Error {
       A.ShareHeaders = false;
       return Error::success();
     }},
    {"check", "no-keyword-scan", 0, Takes::Nothing, "",
     "parse units that can hold no coroutine too (slower)",
     [](Arguments &A, StringRef) -> Error {
       A.ScanKeywords = false;
       return Error::success();
     }},
    {"check map index", "no-isolate", 0, Takes::Nothing, "", "",
     [](Arguments &A, StringRef) -> Error {
       A.Isolate = false;
       return Error::success();
     }},
    {"check map index link merge list explain explain-cancellation doctor "
     "cache init "
     "completion man version help",
     "help", 'h', Takes::Nothing, "", "show this help", CORO_FLAG(Help)},
};

static const Command Commands[] = {
    {"check", "[PATH…] [-- COMPILER-FLAG…]", "find bugs in coroutines",
     "Analyses the units of the compile database that the paths name: files, "
     "folders\n"
     "or headers; all of them without a path. Exit code: 0 nothing found but "
     "suggestions,\n"
     "1 findings (see --fail-on), 2 something could not be analysed."},
    {"map", "[PATH…] [-- COMPILER-FLAG…]",
     "draw what is IO, what computes, and what blocks",
     "Draws the functions of the units that the paths name as one page of HTML "
     "that works\noffline, and tells which share of the statements in "
     "coroutines could stand in plain\nfunctions. Exit code: 0, or 2 if "
     "something could not be analysed."},
    {"index", "[PATH…] [-- COMPILER-FLAG…]", "summarise units for each other",
     "Writes a summary of each unit, for 'coro-tidy link'. 'coro-tidy check' "
     "does both\n"
     "by itself; this is for build systems, and before an editor starts."},
    {"link", "[SUMMARY…]", "make one index of summaries",
     "Links summaries, or folders of them, into one index. Without any, those "
     "that are\n"
     "kept beside the compile database."},
    {"merge", "RESULT…", "make one report of those of several runs",
     "Reads reports in the formats json and sarif, of runs with --shard or of "
     "others,\n"
     "and writes what one run over all would have. Exit code: as that of "
     "'check'; 2 also\n"
     "if the report of a shard is not there."},
    {"list", "", "list the checks", "Lists every check with its level."},
    {"explain", "CHECK", "what a check means and how to fix what it finds",
     "Prints the page of a check."},
    {"explain-cancellation", "FUNCTION|FILE:LINE [PATH…] [-- COMPILER-FLAG…]",
     "what is left of a coroutine that is cancelled",
     "Prints the cancellation guarantee that is derived for a coroutine, and "
     "why, down\n"
     "the calls. A function is searched in the files that mention it, or in "
     "PATHs."},
    {"doctor", "", "see whether everything is in place",
     "Tells which compile database, configuration, models and headers a run "
     "from\n"
     "here would use, and what is wrong with them. Exit code 2 if a run would "
     "fail."},
    {"cache", "stats|clear", "show or empty the cache of results",
     "Results of units that did not change are kept in the user's cache "
     "folder, "
     "or in\n"
     "$CORO_TIDY_CACHE_DIR (empty: nowhere), up to $CORO_TIDY_CACHE_MIB "
     "(1024)."},
    {"init", "", "write configuration files",
     "Writes .clang-tidy, .clangd, .pre-commit-config.yaml and a GitHub "
     "workflow to\n"
     "this folder. Files that exist are left alone."},
    {"completion", "bash|zsh|fish", "print completions for a shell",
     "Prints a script that completes commands, options and their values: put\n"
     "  source <(coro-tidy completion bash)\n"
     "into ~/.bashrc. An installed coro-tidy needs no such line."},
    {"man", "", "print the manual page",
     "Prints the manual page: coro-tidy man | man -l -"},
    {"version", "", "print the version", "Prints the version."},
    {"help", "[COMMAND]", "help on a command",
     "Prints this help or that of a command."},
};

ArrayRef<Option> allOptions() { return Options; }
ArrayRef<Command> allCommands() { return Commands; }

bool belongsTo(const Option &O, StringRef Command) {
  SmallVector<StringRef, 8> Words;
  StringRef(O.Commands).split(Words, ' ');
  return is_contained(Words, Command);
}

std::vector<StringRef> valuesOf(const Option &O) {
  std::vector<StringRef> Result;
  if (!O.Values.empty()) {
    SmallVector<StringRef, 8> Words;
    O.Values.split(Words, ' ');
    Result.assign(Words.begin(), Words.end());
  } else if (O.ValueName == "FORMAT") {
    for (const Format &F : allFormats())
      Result.push_back(F.Name);
  } else if (O.ValueName == "CHECKS") {
    for (const CheckInfo &Check : allChecks())
      Result.push_back(Check.Id);
    Result.push_back(UnusedNolint.Id);
  }
  return Result;
}

bool isCommand(StringRef Name) {
  return any_of(Commands, [&](const Command &C) { return C.Name == Name; });
}

StringRef nearestCommand(StringRef Name) {
  SmallVector<StringRef, 8> Names;
  for (const Command &C : Commands)
    Names.push_back(C.Name);
  return nearest(Name, Names);
}

static Error unknownOption(StringRef Name, StringRef Command) {
  SmallVector<StringRef, 32> Names;
  for (const Option &O : Options)
    if (belongsTo(O, Command))
      Names.push_back(O.Name);
  StringRef Near = nearest(Name, Names);
  return error("'coro-tidy " + Command + "' has no option '--" + Name + "'" +
               (Near.empty() ? "; see 'coro-tidy help " + Command.str() + "'"
                             : didYouMean(Near, "--")));
}

Expected<Arguments> parseArguments(StringRef Command,
                                   ArrayRef<const char *> Words) {
  Arguments Result;
  for (size_t I = 0; I < Words.size(); ++I) {
    StringRef Word = Words[I];
    if (Word == "--") {
      Result.CompilerFlags.emplace();
      for (const char *Flag : Words.drop_front(I + 1))
        Result.CompilerFlags->push_back(Flag);
      break;
    }
    if (Word.size() < 2 || Word[0] != '-') {
      Result.Paths.push_back(Word.str());
      continue;
    }
    bool Long = Word.starts_with("--");
    StringRef Name = Word.drop_front(Long ? 2 : 1);
    std::optional<StringRef> Value;
    if (size_t At = Name.find('='); At != StringRef::npos) {
      Value = Name.substr(At + 1);
      Name = Name.take_front(At);
    }
    // Options of several letters are also known with one dash, as clang's are;
    // -j4 is a short option with its value.
    const Option *Found = find_if(Options, [&](const Option &O) {
      return belongsTo(O, Command) && O.Name == Name;
    });
    if (Found == std::end(Options) && !Long) {
      Found = find_if(Options, [&](const Option &O) {
        return belongsTo(O, Command) && O.Short && O.Short == Name[0];
      });
      if (Found != std::end(Options) && Name.size() > 1) {
        if (Found->How == Takes::Nothing || Value)
          Found = std::end(Options);
        else
          Value = Name.drop_front(1);
      }
    }
    if (Found == std::end(Options))
      return unknownOption(Name, Command);
    std::string Spelled = ("--" + Found->Name).str();
    if (Found->How == Takes::Nothing && Value)
      return error(Spelled + " takes no value");
    if (Found->How == Takes::Value && !Value) {
      if (I + 1 == Words.size())
        return error(Spelled + " needs a value: " + Found->ValueName);
      Value = Words[++I];
    }
    if (!Found->Values.empty()) {
      std::vector<StringRef> Known = valuesOf(*Found);
      if (!is_contained(Known, *Value))
        return error(Spelled + ": '" + *Value + "' is none of " +
                     join(Known, ", "));
    }
    if (Error E = Found->Set(Result, Value.value_or("")))
      return error(Spelled + ": " + toString(std::move(E)));
  }
  if ((Result.CreateBaseline || Result.PruneBaseline) &&
      Result.BaselineFile.empty())
    return error("--create-baseline and --prune-baseline need --baseline FILE");
  if (Result.Watch && (!Result.Cache || Result.Fix || Result.Diff))
    return error("--watch goes with none of --no-cache, --fix and --diff");
  return Result;
}

std::string longSpelling(const Option &O) {
  std::string Result = ("--" + O.Name).str();
  if (O.How == Takes::Value)
    Result += (" " + O.ValueName).str();
  else if (O.How == Takes::OptionalValue)
    Result += ("[=" + O.ValueName + "]").str();
  return Result;
}

/// How an option is spelled in a help text.
static std::string spelling(const Option &O) {
  return (O.Short ? std::string("-") + O.Short + ", " : "    ") +
         longSpelling(O);
}

void printHelp(StringRef Name, raw_ostream &OS) {
  if (Name.empty()) {
    OS << "coro-tidy finds bugs in C++20 coroutines.\n\n"
          "Usage: coro-tidy COMMAND [OPTION…]\n"
          "       coro-tidy CLANG-TIDY-ARGUMENT…   (it is also a "
          "clang-tidy)\n\n"
          "Commands:\n";
    for (const Command &C : Commands)
      OS << "  " << left_justify(C.Name, 22) << C.Help << '\n';
    OS << "\nExamples:\n"
          "  coro-tidy check                      all units of the compile "
          "database\n"
          "  coro-tidy check src -p build         those in src/\n"
          "  coro-tidy check a.cpp -- -std=c++20  without a database\n"
          "  coro-tidy explain coro-missing-await\n\n"
          "'coro-tidy help COMMAND' shows the options of a command.\n";
    return;
  }
  for (const Command &C : Commands) {
    if (C.Name != Name)
      continue;
    OS << "Usage: coro-tidy " << C.Name << " [OPTION…] " << C.Operands << "\n\n"
       << C.Details << "\n\nOptions:\n";
    for (const Option &O : Options)
      if (belongsTo(O, Name) && !O.Help.empty())
        OS << "  " << left_justify(spelling(O), 28) << ' ' << O.Help << '\n';
    if (Name == "check" || Name == "merge") {
      std::string Line = "\nFormats:";
      for (const Format &F : allFormats()) {
        if (Line.size() + F.Name.size() > 80) {
          OS << Line << '\n';
          Line = "        ";
        }
        Line += (" " + F.Name + (&F == &allFormats().back() ? "" : ",")).str();
      }
      OS << Line << '\n';
    }
  }
}

} // namespace coro
