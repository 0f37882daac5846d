//===- Formats.cpp - The table of formats ---------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/output/Writer.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace coro;

static const Format Formats[] = {
    {"text", "for people", writeText},
    {"concise", "one line a finding", writeConcise},
    {"json", "one JSON object", writeJson},
    {"jsonl", "one JSON object a line", writeJsonLines},
    {"sarif", "SARIF 2.1.0", writeSarif},
    {"github", "workflow commands of GitHub", writeGitHub},
    {"gitlab", "GitLab's code quality report", writeGitLab},
    {"junit", "JUnit XML", writeJUnit},
    {"rdjson", "for reviewdog", writeRdjson},
    {"checkstyle", "Checkstyle XML", writeCheckstyle},
    {"sonarqube", "SonarQube's generic issues", writeSonarQube},
    {"markdown", "for the summary of a CI job", writeMarkdown},
};

ArrayRef<Format> coro::allFormats() { return Formats; }

const Format *coro::findFormat(StringRef Name) {
  const Format *Found =
      find_if(Formats, [&](const Format &F) { return F.Name == Name; });
  return Found == std::end(Formats) ? nullptr : Found;
}
