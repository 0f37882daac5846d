//===- CommandTable.h - The one declaration of the command line -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Parsing, help, spelling suggestions (CommandLine.cpp), completions for shells
// and the manual page (CommandManual.cpp) are made from these two tables.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_COMMANDTABLE_H
#define CORO_DRIVER_COMMANDTABLE_H

#include "driver/CommandLine.h"

namespace coro {

/// How an option takes its value.
enum class Takes { Nothing, Value, OptionalValue };

struct Option {
  const char *Commands; ///< a word list: the commands that have it
  llvm::StringLiteral Name;
  char Short; ///< or 0
  Takes How;
  /// DIR, FILE, CHECKS and FORMAT say what can be completed.
  llvm::StringLiteral ValueName;
  llvm::StringLiteral Help; ///< empty: not shown
  llvm::Error (*Set)(Arguments &, llvm::StringRef);
  /// A word list: its only values, if it is not empty.
  llvm::StringLiteral Values = "";
};

struct Command {
  llvm::StringLiteral Name;
  /// As in a usage line; words with `|` between them are the only ones.
  llvm::StringLiteral Operands;
  llvm::StringLiteral Help;
  llvm::StringLiteral Details;
};

llvm::ArrayRef<Option> allOptions();
llvm::ArrayRef<Command> allCommands();

bool belongsTo(const Option &O, llvm::StringRef Command);

/// What \p O takes, if that can be listed: values, formats, checks.
std::vector<llvm::StringRef> valuesOf(const Option &O);

/// "--output [FORMAT:]FILE".
std::string longSpelling(const Option &O);

} // namespace coro

#endif // CORO_DRIVER_COMMANDTABLE_H
