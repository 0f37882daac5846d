//===- AwaitTwiceCheck.h - coro-await-twice -------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_AWAIT_AWAITTWICECHECK_H
#define CORO_CHECKS_AWAIT_AWAITTWICECHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds single-shot tasks that are awaited, moved or started again.
/// User page: docs/checks/coro-await-twice.md
class AwaitTwiceCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_AWAIT_AWAITTWICECHECK_H
