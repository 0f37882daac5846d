//===- ThreadStateAcrossSuspendCheck.h ------------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_LIFETIME_THREADSTATEACROSSSUSPENDCHECK_H
#define CORO_CHECKS_LIFETIME_THREADSTATEACROSSSUSPENDCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds state of a thread that is trusted after a suspension.
/// User page: docs/checks/coro-thread-state-across-suspend.md
class ThreadStateAcrossSuspendCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_LIFETIME_THREADSTATEACROSSSUSPENDCHECK_H
