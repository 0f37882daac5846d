//===- AwaiterUseAfterPublishCheck.h - coro-awaiter-use-after-publish -----===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_AWAIT_AWAITERUSEAFTERPUBLISHCHECK_H
#define CORO_CHECKS_AWAIT_AWAITERUSEAFTERPUBLISHCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds awaiters that touch themselves after they gave their coroutine away.
/// User page: docs/checks/coro-awaiter-use-after-publish.md
class AwaiterUseAfterPublishCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_AWAIT_AWAITERUSEAFTERPUBLISHCHECK_H
