//===- UnitSummariser.cpp - The summary that a parse leaves behind --------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/UnitSummariser.h"
#include "analysis/index/Summary.h"
#include "analysis/unit/Unit.h"
#include "checks/Session.h"
#include "clang/AST/ASTContext.h"

using namespace clang;

namespace coro {

UnitSummariser::UnitSummariser(tidy::ClangTidyContext &Context,
                               const AnalysisOptions &Options,
                               UnitResult &Result)
    : Context(Context), Shared(Session::of(&Context)), Options(Options),
      Result(Result) {}

void UnitSummariser::HandleTranslationUnit(ASTContext &AST) {
  if (Options.IndexFile.empty() || !AST.getLangOpts().CPlusPlus)
    return;
  const auto &Configured = Context.getOptions().CheckOptions;
  auto Models = Configured.find(ModelsOption);
  // What is wrong with models is for the checks to say.
  Unit &U = Shared->unit(AST,
                         Models == Configured.end()
                             ? llvm::StringRef()
                             : llvm::StringRef(Models->second.Value),
                         Options.IndexFile, [](llvm::StringRef) {});
  // A summary holds what the unit itself contains, whatever the index says.
  Result.Asked = U.index().asked();
  if (!Options.SummaryRoot.empty())
    Result.Summary = write(
        summarise(U, DeclKeys(Options.SummaryRoot, AST.getSourceManager())));
}

} // namespace coro
