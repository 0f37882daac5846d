//===- MissingAwaitCheck.h - coro-missing-await ---------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_AWAIT_MISSINGAWAITCHECK_H
#define CORO_CHECKS_AWAIT_MISSINGAWAITCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds awaitables that were made and that nothing awaits.
/// User page: docs/checks/coro-missing-await.md
class MissingAwaitCheck : public CoroCheck {
public:
  MissingAwaitCheck(llvm::StringRef Name,
                    clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override;

protected:
  void analyze(Unit &U) override;

private:
  /// Whether a task that runs by itself but is not awaited is reported.
  bool ReportEager;
};

} // namespace coro

#endif // CORO_CHECKS_AWAIT_MISSINGAWAITCHECK_H
