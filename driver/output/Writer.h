//===- Writer.h - One writer a format -------------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A writer knows findings only; where they came from is not its business.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_OUTPUT_WRITER_H
#define CORO_DRIVER_OUTPUT_WRITER_H

#include "driver/Finding.h"
#include "driver/SourceText.h"
#include "llvm/Support/raw_ostream.h"

namespace coro {

struct WriterOptions {
  bool Colors = false;
  /// Make the name of a check a link to its page, by OSC 8: terminals follow
  /// it, or do not show it.
  bool Links = false;
  /// Say nothing but the findings: no hint, no summary.
  bool Quiet = false;
};

struct Format {
  llvm::StringLiteral Name;
  llvm::StringLiteral Summary;
  void (*Write)(const RunResult &Result, SourceTexts &Sources,
                const WriterOptions &Options, llvm::raw_ostream &OS);
};

/// All formats, in the order of their help.
llvm::ArrayRef<Format> allFormats();
const Format *findFormat(llvm::StringRef Name);

// The writers, each in the file of its name.
#define CORO_WRITER(Name)                                                      \
  void write##Name(const RunResult &Result, SourceTexts &Sources,              \
                   const WriterOptions &Options, llvm::raw_ostream &OS)
CORO_WRITER(Text);
CORO_WRITER(Concise);
CORO_WRITER(Json);
CORO_WRITER(JsonLines);
CORO_WRITER(Sarif);
CORO_WRITER(GitHub);
CORO_WRITER(GitLab);
CORO_WRITER(JUnit);
CORO_WRITER(Rdjson);
CORO_WRITER(Checkstyle);
CORO_WRITER(SonarQube);
CORO_WRITER(Markdown);

/// "Found 7 problems (2 fixable with --fix) in 3 of 120 files, 4.1 s".
std::string summaryLine(const RunResult &Result);

/// \p Value as JSON that a terminal can show: characters that control one, or
/// reorder text, are escaped.
std::string jsonText(const llvm::json::Value &Value, unsigned Indent = 0);

/// \p Text for an XML attribute or element.
std::string xmlEscaped(llvm::StringRef Text);

/// Where the page of a check can be read; that of the version at hand.
std::string pageAddress(llvm::StringRef Check);

/// \p Path as part of a URI.
std::string uriEscaped(llvm::StringRef Path);

/// A name for \p F that stays when code moves or is formatted anew: of its
/// check, file, function and statement, with a number for repetitions. One is
/// made per finding, in order.
class Fingerprints {
public:
  explicit Fingerprints(SourceTexts &Sources) : Sources(Sources) {}
  std::string next(const Finding &F);

private:
  SourceTexts &Sources;
  llvm::StringMap<unsigned> Seen;
};

} // namespace coro

#endif // CORO_DRIVER_OUTPUT_WRITER_H
