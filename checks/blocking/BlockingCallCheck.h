//===- BlockingCallCheck.h - coro-blocking-call ---------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_BLOCKING_BLOCKINGCALLCHECK_H
#define CORO_CHECKS_BLOCKING_BLOCKINGCALLCHECK_H

#include "analysis/Effects.h"
#include "checks/CoroCheck.h"

namespace coro {

/// Finds calls in coroutines that block the executor's thread, directly or
/// through the functions that they call.
/// User page: docs/checks/coro-blocking-call.md
class BlockingCallCheck : public CoroCheck {
public:
  BlockingCallCheck(llvm::StringRef Name,
                    clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override;

protected:
  void analyze(Unit &U) override;

private:
  std::optional<Report> report(Unit &U, const Coroutine &C, const Witness &W);

  std::string KindsText;
  std::array<bool, BlockingKindCount> Kinds{};
};

} // namespace coro

#endif // CORO_CHECKS_BLOCKING_BLOCKINGCALLCHECK_H
