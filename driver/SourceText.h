//===- SourceText.h - Source files by line --------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_SOURCETEXT_H
#define CORO_DRIVER_SOURCETEXT_H

#include "driver/Finding.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>

namespace coro {

/// The text of one file. A file that cannot be read is an empty one: what is
/// shown of it is then only its name.
class SourceText {
public:
  explicit SourceText(std::unique_ptr<llvm::MemoryBuffer> Text);

  bool isReadable() const { return Text != nullptr; }
  /// A zero follows it, as lexers want.
  llvm::StringRef all() const { return Text ? Text->getBuffer() : ""; }
  /// The line of that number (from 1), without its end; empty if there is none.
  llvm::StringRef line(unsigned Number) const;
  unsigned lineCount() const { return Starts.size(); }
  /// Line and column of an offset; an offset behind the end is the end.
  std::pair<unsigned, unsigned> position(unsigned Offset) const;
  /// The offset at which a line begins.
  unsigned offset(unsigned Line) const { return Starts[Line - 1]; }

private:
  std::unique_ptr<llvm::MemoryBuffer> Text;
  std::vector<unsigned> Starts;
};

/// Reads each file once.
class SourceTexts {
public:
  const SourceText &get(llvm::StringRef File);

  /// The place of \p Length bytes at \p Offset of \p File. With a length of 0
  /// the place covers the identifier that begins there, or one character.
  Place place(llvm::StringRef File, unsigned Offset, unsigned Length = 0);

private:
  llvm::StringMap<std::unique_ptr<SourceText>> Files;
};

/// \p Column, a byte column of \p Line, counted in UTF-16 code units as many
/// formats want it.
unsigned utf16Column(llvm::StringRef Line, unsigned Column);

/// The byte column that utf16Column() makes \p Column of.
unsigned byteColumn(llvm::StringRef Line, unsigned Column);

/// \p Text with control characters made visible, so that no name or message
/// can drive a terminal. Tabs become a space, invalid UTF-8 becomes U+FFFD.
std::string printable(llvm::StringRef Text);

/// \p Text as printable() makes it, line by line; no line is a command to a CI
/// server.
std::string printableLines(llvm::StringRef Text);

/// \p Path for the start of a line, printable().
std::string shownPath(llvm::StringRef Path);

} // namespace coro

#endif // CORO_DRIVER_SOURCETEXT_H
