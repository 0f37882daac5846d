//===- Statement.h - The statement at a place, whatever its layout --------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// What a finding is about, in words that stay when code moves or is formatted
// anew: the tokens of the innermost statement around it. They are found with
// the lexer alone, as findings are compared long after a parse is over.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_STATEMENT_H
#define CORO_DRIVER_STATEMENT_H

#include "driver/SourceText.h"

namespace coro {

/// The tokens of the innermost statement of \p Text that \p Offset lies in,
/// with a space between each two. Comments do not count; a block that belongs
/// to the statement is not part of it, and one inside of an expression is
/// `{ }`. In a preprocessor directive it is the line.
std::string statementAt(const SourceText &Text, unsigned Offset);

} // namespace coro

#endif // CORO_DRIVER_STATEMENT_H
