//===- StaleStateAcrossSuspendCheck.h - coro-stale-state-across-suspend ---===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_STATE_STALESTATEACROSSSUSPENDCHECK_H
#define CORO_CHECKS_STATE_STALESTATEACROSSSUSPENDCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds decisions about shared state that a suspension has overtaken.
/// User page: docs/checks/coro-stale-state-across-suspend.md
class StaleStateAcrossSuspendCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_STATE_STALESTATEACROSSSUSPENDCHECK_H
