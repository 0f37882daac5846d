//===- ReferenceAcrossSuspendCheck.h - coro-reference-across-suspend ------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_LIFETIME_REFERENCEACROSSSUSPENDCHECK_H
#define CORO_CHECKS_LIFETIME_REFERENCEACROSSSUSPENDCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds references, pointers, iterators and views that are used after a
/// suspension during which somebody else may have ended what they refer to.
/// User page: docs/checks/coro-reference-across-suspend.md
class ReferenceAcrossSuspendCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_LIFETIME_REFERENCEACROSSSUSPENDCHECK_H
