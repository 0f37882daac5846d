//===- ResumeUnderLockCheck.h - coro-resume-under-lock --------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_BLOCKING_RESUMEUNDERLOCKCHECK_H
#define CORO_CHECKS_BLOCKING_RESUMEUNDERLOCKCHECK_H

#include "checks/CoroCheck.h"

namespace coro {

/// Finds coroutines that are resumed, and callbacks that are called, under a
/// lock that they may take.
/// User page: docs/checks/coro-resume-under-lock.md
class ResumeUnderLockCheck : public CoroCheck {
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
};

} // namespace coro

#endif // CORO_CHECKS_BLOCKING_RESUMEUNDERLOCKCHECK_H
