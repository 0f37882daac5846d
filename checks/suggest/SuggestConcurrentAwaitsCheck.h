//===- SuggestConcurrentAwaitsCheck.h - coro-suggest-concurrent-awaits ----===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_SUGGEST_SUGGESTCONCURRENTAWAITSCHECK_H
#define CORO_CHECKS_SUGGEST_SUGGESTCONCURRENTAWAITSCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Shows awaits that could run together.
/// User page: docs/checks/coro-suggest-concurrent-awaits.md
class SuggestConcurrentAwaitsCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_SUGGEST_SUGGESTCONCURRENTAWAITSCHECK_H
