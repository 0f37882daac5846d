//===- LockAcrossSuspendCheck.h - coro-lock-across-suspend ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_BLOCKING_LOCKACROSSSUSPENDCHECK_H
#define CORO_CHECKS_BLOCKING_LOCKACROSSSUSPENDCHECK_H

#include "analysis/blocking/LockState.h"
#include "checks/CoroCheck.h"

namespace coro {

/// Finds suspensions at which a thread's lock is held.
/// User page: docs/checks/coro-lock-across-suspend.md
class LockAcrossSuspendCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;

private:
  void report(Unit &U, const Coroutine &C, const LockState &Locks,
              const clang::CoroutineSuspendExpr *Await, const HeldLock &Held);
};

} // namespace coro

#endif // CORO_CHECKS_BLOCKING_LOCKACROSSSUSPENDCHECK_H
