//===- CommandManual.cpp - Completions and the manual page ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/CheckList.h"
#include "driver/CommandTable.h"
#include "driver/output/Writer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace coro {

static std::vector<const Option *> optionsOf(const Command &C) {
  std::vector<const Option *> Result;
  for (const Option &O : allOptions())
    if (belongsTo(O, C.Name) && !O.Help.empty())
      Result.push_back(&O);
  return Result;
}

/// The operands of a command, if they can be listed.
static std::vector<StringRef> operandsOf(const Command &C) {
  std::vector<StringRef> Result;
  if (C.Operands == "CHECK") {
    for (const CheckInfo &Check : allChecks())
      Result.push_back(Check.Id);
  } else if (C.Operands == "[COMMAND]") {
    for (const Command &Other : allCommands())
      Result.push_back(Other.Name);
  } else if (C.Operands.contains('|') && C.Operands == C.Operands.lower()) {
    SmallVector<StringRef, 4> Words;
    C.Operands.split(Words, '|');
    Result.assign(Words.begin(), Words.end());
  }
  return Result;
}

static bool takesPaths(const Command &C) { return C.Operands.contains("PATH"); }

/// In single quotes, for a shell.
static std::string quoted(StringRef Text) {
  std::string Result = "'";
  for (char C : Text)
    Result += C == '\'' ? "'\\''" : std::string(1, C);
  return Result + "'";
}

static std::string commandNames() {
  std::string Result;
  for (const Command &C : allCommands())
    Result += (Result.empty() ? "" : " ") + C.Name.str();
  return Result;
}

// --- bash -------------------------------------------------------------------

static void printBash(raw_ostream &OS) {
  OS << R"(# Completions of coro-tidy for bash.
_coro_tidy() {
  local IFS=$' \t\n' command current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  # --name=value comes as three words.
  if [ "$current" = = ]; then
    current=
  elif [ "$previous" = = ]; then
    previous=${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W )"
     << quoted(commandNames()) << R"( -- "$current"))
    return
  fi
  case ${COMP_WORDS[1]} in
)";
  for (const Command &C : allCommands()) {
    OS << "  " << C.Name << ")\n    case $previous in\n";
    std::string Names;
    for (const Option *O : optionsOf(C)) {
      Names += (Names.empty() ? "--" : " --") + O->Name.str();
      if (O->How == Takes::Nothing)
        continue;
      OS << "    --" << O->Name;
      if (O->Short)
        OS << "|-" << O->Short;
      OS << ")\n";
      std::vector<StringRef> Values = valuesOf(*O);
      if (!Values.empty())
        OS << "      COMPREPLY=($(compgen -W " << quoted(join(Values, " "))
           << " -- \"$current\"))\n";
      else if (O->ValueName == "DIR")
        OS << "      IFS=$'\\n'\n"
              "      COMPREPLY=($(compgen -d -- \"$current\"))\n";
      OS << "      return ;;\n";
    }
    OS << "    esac\n"
          "    case $current in\n"
          "    -*) COMPREPLY=($(compgen -W "
       << quoted(Names) << " -- \"$current\")) ;;\n";
    if (std::vector<StringRef> Operands = operandsOf(C); !Operands.empty())
      OS << "    *) COMPREPLY=($(compgen -W " << quoted(join(Operands, " "))
         << " -- \"$current\")) ;;\n";
    OS << "    esac ;;\n";
  }
  OS << "  esac\n"
        "}\n"
        "complete -o default -o filenames -F _coro_tidy coro-tidy\n";
}

// --- zsh --------------------------------------------------------------------

/// Within a specification of _arguments or _describe.
static std::string zshEscaped(StringRef Text) {
  std::string Result;
  for (char C : Text) {
    if (StringRef("[]:\\").contains(C))
      Result += '\\';
    Result += C;
  }
  return Result;
}

static void printZsh(raw_ostream &OS) {
  OS << "#compdef coro-tidy\n"
        "# Completions of coro-tidy for zsh.\n"
        "_coro_tidy() {\n"
        "  local -a commands=(\n";
  for (const Command &C : allCommands())
    OS << "    " << quoted((C.Name + ":" + zshEscaped(C.Help)).str()) << '\n';
  OS << "  )\n"
        "  if (( CURRENT == 2 )); then\n"
        "    _describe -t commands command commands\n"
        "    _files\n"
        "    return\n"
        "  fi\n"
        "  shift words\n"
        "  (( CURRENT-- ))\n"
        "  case $words[1] in\n";
  for (const Command &C : allCommands()) {
    OS << "  " << C.Name << ")\n    _arguments";
    for (const Option *O : optionsOf(C)) {
      std::string What;
      if (O->How != Takes::Nothing) {
        What = (O->How == Takes::OptionalValue ? "::" : ":") +
               zshEscaped(O->ValueName) + ":";
        std::vector<StringRef> Values = valuesOf(*O);
        if (!Values.empty())
          What += "(" + join(Values, " ") + ")";
        else if (O->ValueName == "DIR")
          What += "_directories";
        else if (O->ValueName.contains("FILE"))
          What += "_files";
      }
      std::string Help = "[" + zshEscaped(O->Help) + "]" + What;
      // Some can be given several times, which does no harm for the others.
      OS << " \\\n      "
         << quoted(("*--" + O->Name +
                    (O->How == Takes::Nothing ? ""
                     : O->How == Takes::Value ? "="
                                              : "=-") +
                    Help)
                       .str());
      if (O->Short)
        OS << " \\\n      "
           << quoted(std::string("*-") + O->Short +
                     (O->How == Takes::Nothing ? "" : "+") + Help);
    }
    std::vector<StringRef> Operands = operandsOf(C);
    if (!Operands.empty())
      OS << " \\\n      " << quoted("1:operand:(" + join(Operands, " ") + ")");
    else if (takesPaths(C) || C.Operands.contains("SUMMARY"))
      OS << " \\\n      " << quoted("*:path:_files");
    OS << " ;;\n";
  }
  OS << "  *)\n"
        "    _files ;;\n"
        "  esac\n"
        "}\n"
        "if [ \"$funcstack[1]\" = _coro-tidy ]; then\n"
        "  _coro_tidy \"$@\"\n"
        "else\n"
        "  compdef _coro_tidy coro-tidy\n"
        "fi\n";
}

// --- fish -------------------------------------------------------------------

/// In single quotes, as fish reads them.
static std::string fishQuoted(StringRef Text) {
  std::string Result = "'";
  for (char C : Text) {
    if (C == '\'' || C == '\\')
      Result += '\\';
    Result += C;
  }
  return Result + "'";
}

static void printFish(raw_ostream &OS) {
  OS << "# Completions of coro-tidy for fish.\n";
  for (const Command &C : allCommands())
    OS << "complete -c coro-tidy -n __fish_use_subcommand -a " << C.Name
       << " -d " << fishQuoted(C.Help) << '\n';
  for (const Command &C : allCommands()) {
    std::string Within =
        "complete -c coro-tidy -n " +
        fishQuoted(("__fish_seen_subcommand_from " + C.Name).str());
    if (!takesPaths(C) && !C.Operands.contains("SUMMARY"))
      OS << Within << " -f\n";
    std::vector<StringRef> Operands = operandsOf(C);
    if (!Operands.empty())
      OS << Within << " -a " << fishQuoted(join(Operands, " ")) << '\n';
    for (const Option *O : optionsOf(C)) {
      OS << Within << " -l " << O->Name;
      if (O->Short)
        OS << " -s " << O->Short;
      std::vector<StringRef> Values = valuesOf(*O);
      if (!Values.empty())
        OS << " -x -a " << fishQuoted(join(Values, " "));
      else if (O->How == Takes::Value && O->ValueName == "DIR")
        OS << " -x -a '(__fish_complete_directories)'";
      else if (O->How == Takes::Value && O->ValueName.contains("FILE"))
        OS << " -r -F";
      else if (O->How == Takes::Value)
        OS << " -x";
      OS << " -d " << fishQuoted(O->Help) << '\n';
    }
  }
}

bool printCompletions(StringRef Shell, raw_ostream &OS) {
  if (Shell == "bash")
    printBash(OS);
  else if (Shell == "zsh")
    printZsh(OS);
  else if (Shell == "fish")
    printFish(OS);
  else
    return false;
  return true;
}

// --- The manual page --------------------------------------------------------

/// \p Text as troff prints it: a hyphen is one that can be copied, and no line
/// is a request.
static std::string roff(StringRef Text) {
  std::string Result;
  while (!Text.empty()) {
    if (Text.consume_front("…")) {
      Result += "...";
      continue;
    }
    char C = Text.front();
    Text = Text.drop_front();
    bool AtStart = Result.empty() || Result.back() == '\n';
    if (AtStart && (C == '.' || C == '\''))
      Result += "\\&";
    if (C == '-')
      Result += "\\-";
    else if (C == '\\')
      Result += "\\e";
    else
      Result += C;
  }
  return Result;
}

void printManual(raw_ostream &OS) {
  OS << ".TH CORO\\-TIDY 1 \"\" \"coro\\-tidy " << roff(CORO_VERSION)
     << "\" \"User Commands\"\n"
        ".SH NAME\n"
        "coro\\-tidy \\- find bugs in C++20 coroutines\n"
        ".SH SYNOPSIS\n"
        ".B coro\\-tidy\n"
        ".I COMMAND\n"
        ".RI [ OPTION ...]\n"
        ".PP\n"
        ".B coro\\-tidy\n"
        ".IR CLANG\\-TIDY\\-ARGUMENT ...\n"
        ".SH DESCRIPTION\n"
        "It tells what a suspension does to iterators, locks, lambdas and "
        "threads,\n"
        "at which suspension it happens, and what to write instead.\n"
        "A first argument that is no command makes it a\n"
        ".BR clang\\-tidy (1)\n"
        "with the same checks.\n"
        ".SH COMMANDS\n";
  for (const Command &C : allCommands()) {
    OS << ".SS \"coro\\-tidy " << roff(C.Name)
       << (C.Operands.empty() ? "" : " ") << roff(C.Operands) << "\"\n"
       << roff(C.Details) << '\n';
    for (const Option *O : optionsOf(C)) {
      // Every command has it.
      if (O->Name == "help")
        continue;
      OS << ".TP\n.B ";
      if (O->Short)
        OS << "\\-" << O->Short << ", ";
      OS << roff(longSpelling(*O)) << '\n' << roff(O->Help) << '\n';
    }
  }
  OS << ".SH FORMATS\n";
  for (const Format &F : allFormats())
    OS << ".TP\n.B " << roff(F.Name) << '\n' << roff(F.Summary) << '\n';
  OS << ".SH \"EXIT STATUS\"\n"
        ".TP\n.B 0\nnothing was found, or only suggestions\n"
        ".TP\n.B 1\nfindings, of the level of \\-\\-fail\\-on or above\n"
        ".TP\n.B 2\nsomething could not be analysed, or the command line is "
        "wrong\n"
        ".SH ENVIRONMENT\n"
        ".TP\n.B CORO_TIDY_CACHE_DIR\nwhere results are kept; empty: nowhere\n"
        ".TP\n.B CORO_TIDY_CACHE_MIB\nhow large that may become (1024)\n"
        ".TP\n.B NO_COLOR\nif it is not empty: neither colours nor links\n"
        ".SH FILES\n"
        ".TP\n.I .clang\\-tidy\nchecks and their options, for the files below "
        "its folder\n"
        ".TP\n.I .coro\\-models.yaml\nwhat is known about libraries, likewise\n"
        ".TP\n.I compile_commands.json\nhow each file is compiled\n"
        ".SH \"SEE ALSO\"\n"
        ".BR clang\\-tidy (1)\n"
        ".PP\n"
     << roff(CORO_HOMEPAGE) << '\n';
}

} // namespace coro
