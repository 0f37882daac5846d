//===- UnjoinedScopeCheck.h - coro-unjoined-scope -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_CANCEL_UNJOINEDSCOPECHECK_H
#define CORO_CHECKS_CANCEL_UNJOINEDSCOPECHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds scopes of started tasks that are not joined on some way out.
/// User page: docs/checks/coro-unjoined-scope.md
class UnjoinedScopeCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_CANCEL_UNJOINEDSCOPECHECK_H
