//===- CheckList.cpp - The table of checks --------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/CheckList.h"
#include "analysis/facts/EmbeddedFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"

using namespace coro;

static constexpr CheckInfo Checks[] = {
#define CORO_CHECK(Class, Id, Family, Level, Cost, Summary)                    \
  {Id, #Family, CheckLevel::Level, CheckCost::Cost, Summary},
#include "checks/CheckList.def"
#undef CORO_CHECK
};

llvm::ArrayRef<CheckInfo> coro::allChecks() { return Checks; }

const CheckInfo *coro::findCheck(llvm::StringRef Id) {
  const auto *It =
      llvm::find_if(Checks, [&](const CheckInfo &C) { return C.Id == Id; });
  return It == std::end(Checks) ? nullptr : It;
}

llvm::StringRef coro::checkPage(llvm::StringRef Id) {
  for (const EmbeddedFile &Page : embeddedPages())
    if (Page.Name == (Id + ".md").str())
      return Page.Text;
  return {};
}

llvm::StringRef coro::toString(CheckLevel Level) {
  switch (Level) {
  case CheckLevel::Warning:
    return "warning";
  case CheckLevel::Suggestion:
    return "suggestion";
  case CheckLevel::OptIn:
    return "opt-in";
  }
  llvm_unreachable("all levels are listed");
}
