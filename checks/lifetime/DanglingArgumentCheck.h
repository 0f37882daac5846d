//===- DanglingArgumentCheck.h - coro-dangling-argument -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_LIFETIME_DANGLINGARGUMENTCHECK_H
#define CORO_CHECKS_LIFETIME_DANGLINGARGUMENTCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds calls that let an argument die which the task still refers to.
/// User page: docs/checks/coro-dangling-argument.md
class DanglingArgumentCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_LIFETIME_DANGLINGARGUMENTCHECK_H
