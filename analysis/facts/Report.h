//===- Report.h - What an analysis has to say to a person -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_FACTS_REPORT_H
#define CORO_ANALYSIS_FACTS_REPORT_H

#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/SourceLocation.h"
#include <string>
#include <vector>

namespace coro {

/// How sure an analysis is that a report is right on code it has never seen.
enum class Confidence { Low, Medium, High };

/// A step of the path that leads to a report.
struct ReportNote {
  clang::SourceRange Where;
  std::string Message;
  std::vector<clang::FixItHint> Fixes = {}; ///< one of several sensible answers
};

/// One report. Messages are in lower case with no full stop; names are quoted
/// with '…'. It stands where a person would change the code (HAZARD pages say
/// where for each check); everything else is a note, in the order of the path.
struct Report {
  clang::SourceLocation Where;
  std::string Message;
  Confidence Sure = Confidence::High;
  std::vector<clang::SourceRange> Highlights = {};
  std::vector<ReportNote> Notes = {};
  /// Only where right without further thought: after it the code compiles and
  /// the report is gone. Dropped when any part is in a macro.
  std::vector<clang::FixItHint> Fixes = {};
};

} // namespace coro

#endif // CORO_ANALYSIS_FACTS_REPORT_H
