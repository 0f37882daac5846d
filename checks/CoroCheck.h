//===- CoroCheck.h - What all checks have in common -----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A check is a shell over an analysis: it overrides analyze(), asks the
// analysis, and hands reports to emit(). This base gives it the unit, the
// options that every check has, one report a line, and safe fix-its.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_COROCHECK_H
#define CORO_CHECKS_COROCHECK_H

#include "analysis/facts/Report.h"
#include "analysis/unit/Unit.h"
#include "checks/CheckList.h"
#include "clang-tidy/ClangTidyCheck.h"
#include "llvm/ADT/StringSet.h"

namespace coro {

class Session;

class CoroCheck : public clang::tidy::ClangTidyCheck {
public:
  CoroCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  ~CoroCheck() override;

  bool
  isLanguageVersionSupported(const clang::LangOptions &Options) const override {
    return Options.CPlusPlus20;
  }

  // The hooks of clang-tidy. Checks override analyze() and, for options of
  // their own, storeOptions() (calling this one first).
  void registerMatchers(clang::ast_matchers::MatchFinder *Finder) final;
  void check(const clang::ast_matchers::MatchFinder::MatchResult &Result) final;
  void onEndOfTranslationUnit() final;
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override;

protected:
  /// Looks at the whole unit, once.
  virtual void analyze(Unit &U) = 0;

  /// Shows \p R if it is sure enough and the surest report of this check on
  /// its line, or the leftmost of those. Reports are shown in source order,
  /// after analyze().
  void emit(Report R) { Reports.push_back(std::move(R)); }

  /// Is \p Declaration, or its type, on this check's allow list, or annotated
  /// as meant? Annotations that silence a check are named after the fact, as
  /// in [[clang::annotate("coro::nonblocking")]].
  bool isAllowed(const clang::NamedDecl *Declaration) const;
  bool isAllowed(llvm::StringRef QualifiedName) const;

private:
  void show(const Report &R, const clang::ASTContext &AST);

  clang::tidy::ClangTidyContext *Context;
  Confidence MinConfidence;
  bool Enable;
  std::string ModelFiles;
  std::string IndexFile;
  std::string AllowedText;
  llvm::StringSet<> Allowed;
  std::shared_ptr<Session> Shared;
  clang::ASTContext *AST = nullptr;
  std::vector<Report> Reports;
};

} // namespace coro

namespace clang::tidy {
template <> struct OptionEnumMapping<coro::Confidence> {
  static llvm::ArrayRef<std::pair<coro::Confidence, StringRef>>
  getEnumMapping();
};
} // namespace clang::tidy

#endif // CORO_CHECKS_COROCHECK_H
