//===- TaskOutlivesScopeCheck.h - coro-task-outlives-scope ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_LIFETIME_TASKOUTLIVESSCOPECHECK_H
#define CORO_CHECKS_LIFETIME_TASKOUTLIVESSCOPECHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds plain functions that return a task which needs what dies at the
/// return. User page: docs/checks/coro-task-outlives-scope.md
class TaskOutlivesScopeCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_LIFETIME_TASKOUTLIVESSCOPECHECK_H
