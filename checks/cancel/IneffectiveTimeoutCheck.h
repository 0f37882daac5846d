//===- IneffectiveTimeoutCheck.h - coro-ineffective-timeout ---------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_CANCEL_INEFFECTIVETIMEOUTCHECK_H
#define CORO_CHECKS_CANCEL_INEFFECTIVETIMEOUTCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds time limits that do not stop what they limit.
/// User page: docs/checks/coro-ineffective-timeout.md
class IneffectiveTimeoutCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_CANCEL_INEFFECTIVETIMEOUTCHECK_H
