//===- CoroCheck.cpp - What all checks have in common ---------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/CoroCheck.h"
#include "checks/Session.h"
#include "clang/ASTMatchers/ASTMatchFinder.h"
#include "clang/ASTMatchers/ASTMatchers.h"
#include "llvm/ADT/MapVector.h"

using namespace clang;
using namespace clang::ast_matchers;
using namespace coro;

// The options that every check has.
static constexpr llvm::StringLiteral MinConfidenceOption = "MinConfidence";
static constexpr llvm::StringLiteral EnableOption = "Enable";
static constexpr llvm::StringLiteral AllowedOption = "Allowed";

llvm::ArrayRef<std::pair<Confidence, llvm::StringRef>>
tidy::OptionEnumMapping<Confidence>::getEnumMapping() {
  static constexpr std::pair<Confidence, StringRef> Mapping[] = {
      {Confidence::Low, "low"},
      {Confidence::Medium, "medium"},
      {Confidence::High, "high"},
  };
  return Mapping;
}

static CheckLevel levelOf(llvm::StringRef Name) {
  const CheckInfo *Info = findCheck(Name);
  return Info ? Info->Level : CheckLevel::Warning;
}

CoroCheck::CoroCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : ClangTidyCheck(Name, Context), Context(Context),
      // Advice is weighed by its reader: medium is enough.
      MinConfidence(Options.getLocalOrGlobal(
          MinConfidenceOption, levelOf(Name) == CheckLevel::Warning
                                   ? Confidence::High
                                   : Confidence::Medium)),
      Enable(Options.get(EnableOption, levelOf(Name) != CheckLevel::OptIn)),
      ModelFiles(Options.getLocalOrGlobal(ModelsOption, "").str()),
      IndexFile(Options.getLocalOrGlobal(IndexOption, "").str()),
      AllowedText(Options.get(AllowedOption, "").str()),
      Shared(Session::of(Context)) {
  llvm::SmallVector<llvm::StringRef, 8> Names;
  llvm::StringRef(AllowedText).split(Names, ';', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef One : Names)
    Allowed.insert(One.trim());
}

CoroCheck::~CoroCheck() = default;

void CoroCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, MinConfidenceOption, MinConfidence);
  Options.store(Opts, EnableOption, Enable);
  Options.store(Opts, ModelsOption, ModelFiles);
  Options.store(Opts, IndexOption, IndexFile);
  Options.store(Opts, AllowedOption, AllowedText);
}

void CoroCheck::registerMatchers(MatchFinder *Finder) {
  // Only to learn the ASTContext: the analysis makes one traversal for all
  // checks, and clangd does not visit the translation unit itself.
  if (Enable)
    Finder->addMatcher(functionDecl(isDefinition()).bind("any"), this);
}

void CoroCheck::check(const MatchFinder::MatchResult &Result) {
  AST = Result.Context;
}

void CoroCheck::onEndOfTranslationUnit() {
  if (!AST && Enable)
    AST = Shared->spared();
  if (!AST)
    return;
  // As configurationDiag() does, and with a place: editors show nothing without
  // one.
  const SourceManager &SM = AST->getSourceManager();
  auto OnError = [&](llvm::StringRef Error) {
    Context->diag("clang-tidy-config",
                  SM.getLocForStartOfFile(SM.getMainFileID()), "%0")
        << Error;
  };
  analyze(Shared->unit(*AST, ModelFiles, IndexFile, OnError));
  Shared->finished(OnError);
  llvm::sort(Reports, [&](const Report &A, const Report &B) {
    if (A.Where != B.Where)
      return SM.isBeforeInTranslationUnit(A.Where, B.Where);
    if (A.Sure != B.Sure)
      return A.Sure > B.Sure;
    return A.Message < B.Message;
  });
  // Of each line the surest, and the leftmost of those.
  llvm::MapVector<std::pair<FileID, unsigned>, const Report *> Best;
  for (const Report &R : Reports) {
    if (R.Sure < MinConfidence || R.Where.isInvalid())
      continue;
    auto [File, Offset] = SM.getDecomposedExpansionLoc(R.Where);
    const Report *&OfLine = Best[{File, SM.getLineNumber(File, Offset)}];
    if (!OfLine || OfLine->Sure < R.Sure)
      OfLine = &R;
  }
  for (const auto &[Line, R] : Best)
    show(*R, *AST);
  Reports.clear();
  AST = nullptr;
}

/// A fix inside a macro would change every use of it.
static bool isSafe(llvm::ArrayRef<FixItHint> Fixes) {
  return llvm::none_of(Fixes, [](const FixItHint &Fix) {
    return Fix.RemoveRange.getBegin().isMacroID() ||
           Fix.RemoveRange.getEnd().isMacroID();
  });
}

void CoroCheck::show(const Report &R, const ASTContext &AST) {
  {
    auto Builder = diag(R.Where, "%0") << R.Message;
    for (SourceRange Range : R.Highlights)
      Builder << Range;
    if (isSafe(R.Fixes))
      for (const FixItHint &Fix : R.Fixes)
        Builder << Fix;
  }
  for (const ReportNote &Note : R.Notes) {
    auto Builder = diag(Note.Where.getBegin(), "%0", DiagnosticIDs::Note)
                   << Note.Message << Note.Where;
    if (isSafe(Note.Fixes))
      for (const FixItHint &Fix : Note.Fixes)
        Builder << Fix;
  }
}

bool CoroCheck::isAllowed(const NamedDecl *Declaration) const {
  return Declaration && !Allowed.empty() &&
         (Allowed.contains(modelName(Declaration)) ||
          (Declaration->getIdentifier() &&
           Allowed.contains(Declaration->getName())));
}

bool CoroCheck::isAllowed(llvm::StringRef QualifiedName) const {
  return !Allowed.empty() &&
         (Allowed.contains(QualifiedName) ||
          Allowed.contains(QualifiedName.rsplit("::").second));
}
