//===- CancelUnsafeSelectCheck.h - coro-cancel-unsafe-select --------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_CANCEL_CANCELUNSAFESELECTCHECK_H
#define CORO_CHECKS_CANCEL_CANCELUNSAFESELECTCHECK_H

#include "analysis/cancel/Select.h"
#include "checks/CoroCheck.h"

namespace coro {

/// Finds selects whose losing branch loses data that is missed afterwards.
/// User page: docs/checks/coro-cancel-unsafe-select.md
class CancelUnsafeSelectCheck : public CoroCheck {
public:
  CancelUnsafeSelectCheck(llvm::StringRef Name,
                          clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override;

protected:
  void analyze(Unit &U) override;

private:
  void report(const SelectFinding &Finding, const Flow *F);

  llvm::SmallVector<bool, 8> IsOn; ///< by SelectReason
};

} // namespace coro

#endif // CORO_CHECKS_CANCEL_CANCELUNSAFESELECTCHECK_H
