//===- BusyWaitCheck.h - coro-busy-wait -----------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_BLOCKING_BUSYWAITCHECK_H
#define CORO_CHECKS_BLOCKING_BUSYWAITCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds loops that poll where they could wait for an event.
/// User page: docs/checks/coro-busy-wait.md
class BusyWaitCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_BLOCKING_BUSYWAITCHECK_H
