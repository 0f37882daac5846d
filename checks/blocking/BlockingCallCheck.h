//===- BlockingCallCheck.h - coro-blocking-call ---------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_BLOCKING_BLOCKINGCALLCHECK_H
#define CORO_CHECKS_BLOCKING_BLOCKINGCALLCHECK_H

#include "analysis/blocking/Effects.h"
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
  struct Found {
    Report What;
    /// Where its chain ends, if that is in another function.
    std::string Leaf;
    bool Shown = true;
  };
  /// Up to so many calls that lead to one place have a report each.
  static constexpr size_t MaxCallsOfLeaf = 3;

  std::optional<Found> report(Unit &U, const Coroutine &C, const Witness &W);
  void emitGrouped(Unit &U, std::vector<Found> &All);

  std::string KindsText;
  std::array<bool, BlockingKindCount> Kinds{};
};

} // namespace coro

#endif // CORO_CHECKS_BLOCKING_BLOCKINGCALLCHECK_H
