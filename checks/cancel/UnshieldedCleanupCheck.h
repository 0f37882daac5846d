//===- UnshieldedCleanupCheck.h - coro-unshielded-cleanup -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_CANCEL_UNSHIELDEDCLEANUPCHECK_H
#define CORO_CHECKS_CANCEL_UNSHIELDEDCLEANUPCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds cleanup that a cancelled coroutine does not reach.
/// User page: docs/checks/coro-unshielded-cleanup.md
class UnshieldedCleanupCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_CANCEL_UNSHIELDEDCLEANUPCHECK_H
