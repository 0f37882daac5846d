//===- CancellationNotForwardedCheck.h - coro-cancellation-not-forwarded --===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_CANCEL_CANCELLATIONNOTFORWARDEDCHECK_H
#define CORO_CHECKS_CANCEL_CANCELLATIONNOTFORWARDEDCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds awaited operations that are not given the token at hand.
/// User page: docs/checks/coro-cancellation-not-forwarded.md
class CancellationNotForwardedCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_CANCEL_CANCELLATIONNOTFORWARDEDCHECK_H
