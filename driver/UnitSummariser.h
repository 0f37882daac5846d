//===- UnitSummariser.h - The summary that a parse leaves behind ----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_UNITSUMMARISER_H
#define CORO_DRIVER_UNITSUMMARISER_H

#include "driver/UnitAnalysis.h"
#include "clang/AST/ASTConsumer.h"

namespace clang::tidy {
class ClangTidyContext;
} // namespace clang::tidy

namespace coro {

class Session;

/// Summarises the unit once the checks have looked at it, with what they found
/// out, and notes what all of them asked of the index. It must come after the
/// checks of \p Context were made, and after them in the order of consumers.
class UnitSummariser : public clang::ASTConsumer {
public:
  UnitSummariser(clang::tidy::ClangTidyContext &Context,
                 const AnalysisOptions &Options, UnitResult &Result);

  void HandleTranslationUnit(clang::ASTContext &AST) override;

private:
  clang::tidy::ClangTidyContext &Context;
  std::shared_ptr<Session> Shared;
  const AnalysisOptions &Options;
  UnitResult &Result;
};

} // namespace coro

#endif // CORO_DRIVER_UNITSUMMARISER_H
