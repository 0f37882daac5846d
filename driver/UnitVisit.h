//===- UnitVisit.h - A parse of one translation unit, without checks ------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_UNITVISIT_H
#define CORO_DRIVER_UNITVISIT_H

#include "driver/UnitAnalysis.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace clang {
class ASTContext;
} // namespace clang

namespace coro {

/// Parses one unit as analyzeUnit() does, and calls \p Visit with it. Returns
/// the compiler's first error, or an empty string.
std::string visitUnit(const clang::tooling::CompileCommand &Command,
                      const AnalysisOptions &Options,
                      llvm::function_ref<void(clang::ASTContext &)> Visit);

} // namespace coro

#endif // CORO_DRIVER_UNITVISIT_H
