//===- FastChecks.cpp - Lets clangd run our checks ------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// With its default `FastCheckFilter: Strict`, clangd drops without a word every
// check that is not in its table of measured ones. Ours say themselves what
// they cost, so the question is answered here: the linker's --wrap sends
// clangd's calls to the second function, and the first is clangd's own.
//
//===----------------------------------------------------------------------===//
#include "checks/CheckList.h"
#include <optional>

std::optional<bool> isFastForClangd(llvm::StringRef Check) __asm__(
    "__real__ZN5clang6clangd15isFastTidyCheckEN4llvm9StringRefE");
std::optional<bool> isFast(llvm::StringRef Check) __asm__(
    "__wrap__ZN5clang6clangd15isFastTidyCheckEN4llvm9StringRefE");

std::optional<bool> isFast(llvm::StringRef Check) {
  if (const coro::CheckInfo *Info = coro::findCheck(Check))
    return Info->Cost != coro::CheckCost::High;
  return isFastForClangd(Check);
}
