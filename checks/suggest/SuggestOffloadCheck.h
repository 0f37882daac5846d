//===- SuggestOffloadCheck.h - coro-suggest-offload -----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_SUGGEST_SUGGESTOFFLOADCHECK_H
#define CORO_CHECKS_SUGGEST_SUGGESTOFFLOADCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds long computations between two suspensions, and names the library's
/// own way to move them to another thread.
/// User page: docs/checks/coro-suggest-offload.md
class SuggestOffloadCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_SUGGEST_SUGGESTOFFLOADCHECK_H
