//===- SuggestPlainFunctionCheck.h - coro-suggest-plain-function ----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_SUGGEST_SUGGESTPLAINFUNCTIONCHECK_H
#define CORO_CHECKS_SUGGEST_SUGGESTPLAINFUNCTIONCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Suggests to make plain functions of coroutines that never suspend.
/// User page: docs/checks/coro-suggest-plain-function.md
class SuggestPlainFunctionCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_SUGGEST_SUGGESTPLAINFUNCTIONCHECK_H
