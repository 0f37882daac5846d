//===- SwallowedCancellationCheck.h - coro-swallowed-cancellation ---------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_CANCEL_SWALLOWEDCANCELLATIONCHECK_H
#define CORO_CHECKS_CANCEL_SWALLOWEDCANCELLATIONCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds handlers that catch the cancellation of their coroutine and go on.
/// User page: docs/checks/coro-swallowed-cancellation.md
class SwallowedCancellationCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_CANCEL_SWALLOWEDCANCELLATIONCHECK_H
