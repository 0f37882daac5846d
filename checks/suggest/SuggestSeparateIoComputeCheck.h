//===- SuggestSeparateIoComputeCheck.h - coro-suggest-separate-io-compute -===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_SUGGEST_SUGGESTSEPARATEIOCOMPUTECHECK_H
#define CORO_CHECKS_SUGGEST_SUGGESTSEPARATEIOCOMPUTECHECK_H

#include "checks/CoroCheck.h"

namespace coro {

struct ComputeRegion;
struct ProposedFunction;

/// Shows which stretch of a coroutine only computes, and the plain function
/// that it could be.
/// User page: docs/checks/coro-suggest-separate-io-compute.md
class SuggestSeparateIoComputeCheck : public CoroCheck {
public:
  SuggestSeparateIoComputeCheck(llvm::StringRef Name,
                                clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override;

protected:
  void analyze(Unit &U) override;

private:
  static Report report(const ComputeRegion &Region,
                       const ProposedFunction &Function,
                       const clang::SourceManager &SM);

  unsigned MinStatements, MaxInputs, MaxOutputs, MaxPerFile;
};

} // namespace coro

#endif // CORO_CHECKS_SUGGEST_SUGGESTSEPARATEIOCOMPUTECHECK_H
