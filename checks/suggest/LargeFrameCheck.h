//===- LargeFrameCheck.h - coro-large-frame -------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_SUGGEST_LARGEFRAMECHECK_H
#define CORO_CHECKS_SUGGEST_LARGEFRAMECHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds coroutines whose locals make a large frame.
/// User page: docs/checks/coro-large-frame.md
class LargeFrameCheck : public CoroCheck {
public:
  LargeFrameCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override;

protected:
  void analyze(Unit &U) override;

private:
  const unsigned Threshold;
};

} // namespace coro

#endif // CORO_CHECKS_SUGGEST_LARGEFRAMECHECK_H
