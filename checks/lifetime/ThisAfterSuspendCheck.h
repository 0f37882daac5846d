//===- ThisAfterSuspendCheck.h - coro-this-after-suspend ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_LIFETIME_THISAFTERSUSPENDCHECK_H
#define CORO_CHECKS_LIFETIME_THISAFTERSUSPENDCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds member coroutines that go on by themselves with nothing to keep *this.
/// User page: docs/checks/coro-this-after-suspend.md
class ThisAfterSuspendCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_LIFETIME_THISAFTERSUSPENDCHECK_H
