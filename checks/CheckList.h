//===- CheckList.h - The one declaration of every check -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// CheckList.def declares every check once; registration, `coro-tidy list`,
// `coro-tidy explain`, the docs index and the rules of SARIF are made from it.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_CHECKLIST_H
#define CORO_CHECKS_CHECKLIST_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace coro {

/// When a check speaks.
enum class CheckLevel {
  Warning,    ///< by default
  Suggestion, ///< by default, as advice
  OptIn,      ///< when its option Enable is set
};

/// What a check costs beside the parse.
enum class CheckCost { Low, Medium, High };

struct CheckInfo {
  llvm::StringLiteral Id;     ///< "coro-missing-await"
  llvm::StringLiteral Family; ///< the folder under checks/: "await"
  CheckLevel Level;
  CheckCost Cost;
  llvm::StringLiteral Summary; ///< one line, lower case, no full stop
};

/// Is what \p Check says advice, whether it is on by default or not?
inline bool isAdvice(const CheckInfo &Check) {
  return Check.Level == CheckLevel::Suggestion ||
         (Check.Level == CheckLevel::OptIn && Check.Family == "suggest");
}

/// All checks, in the order of CheckList.def.
llvm::ArrayRef<CheckInfo> allChecks();

/// The check of that name, or null.
const CheckInfo *findCheck(llvm::StringRef Id);

/// The page of a check (Markdown); empty if it has none.
llvm::StringRef checkPage(llvm::StringRef Id);

llvm::StringRef toString(CheckLevel Level);

} // namespace coro

#endif // CORO_CHECKS_CHECKLIST_H
