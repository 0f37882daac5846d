//===- DetachedTaskCheck.h - coro-detached-task ---------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_CANCEL_DETACHEDTASKCHECK_H
#define CORO_CHECKS_CANCEL_DETACHEDTASKCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds started tasks whose exceptions are dropped.
/// User page: docs/checks/coro-detached-task.md
class DetachedTaskCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_CANCEL_DETACHEDTASKCHECK_H
