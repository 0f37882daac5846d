//===- IneffectiveTransferCheck.h - coro-ineffective-transfer -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_BLOCKING_INEFFECTIVETRANSFERCHECK_H
#define CORO_CHECKS_BLOCKING_INEFFECTIVETRANSFERCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds awaited transfers to an executor that leave the coroutine where it
/// was. User page: docs/checks/coro-ineffective-transfer.md
class IneffectiveTransferCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_BLOCKING_INEFFECTIVETRANSFERCHECK_H
