//===- MissingAwaitCheck.h - coro-missing-await
//-----------------------------===//
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
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_AWAIT_MISSINGAWAITCHECK_H
