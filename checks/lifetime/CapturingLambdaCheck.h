//===- CapturingLambdaCheck.h - coro-capturing-lambda ---------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_LIFETIME_CAPTURINGLAMBDACHECK_H
#define CORO_CHECKS_LIFETIME_CAPTURINGLAMBDACHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds coroutine lambdas that use their captures after the closure is gone.
/// User page: docs/checks/coro-capturing-lambda.md
class CapturingLambdaCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_LIFETIME_CAPTURINGLAMBDACHECK_H
