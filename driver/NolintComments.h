//===- NolintComments.h - Which NOLINT comments a unit needs --------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// clang-tidy drops what a NOLINT comment silences without a word. Here the
// comments are read with it, by its rules, and what it drops is noted. Only
// comments in code that the preprocessor kept count: behind a false `#if`,
// nobody can tell what they are good for.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_NOLINTCOMMENTS_H
#define CORO_DRIVER_NOLINTCOMMENTS_H

#include "clang-tidy/ClangTidyDiagnosticConsumer.h"
#include "driver/Nolint.h"
#include "driver/UserCode.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/ADT/DenseMap.h"

namespace coro {

/// Collects the comments of the user's files that name checks of ours.
class NolintComments : public clang::CommentHandler {
public:
  /// A comment, before it is looked at beside those of other units.
  struct Entry {
    enum Kind { Line, NextLine, Begin, End } How = Line;
    clang::FileID File;
    std::string Path;
    unsigned Offset = 0, Length = 0; ///< of the name
    unsigned OnLine = 0;
    std::string Check;
    std::string List; ///< all that stands in the parentheses
    unsigned RemovalOffset = 0, RemovalLength = 0;
    bool Used = false;
  };

  explicit NolintComments(const ExternalCode &External) : External(External) {}

  bool HandleComment(clang::Preprocessor &PP,
                     clang::SourceRange Comment) override;

  /// Something of \p Check at \p Where was silenced.
  void silenced(clang::SourceLocation Where, llvm::StringRef Check,
                const clang::SourceManager &Sources);

  std::vector<Entry> Entries;

private:
  bool isExternal(clang::SourceLocation Location,
                  const clang::SourceManager &Sources);
  void silencedAt(clang::FileID File, unsigned Offset, unsigned Line,
                  llvm::StringRef Check);

  const ExternalCode &External;
  llvm::DenseMap<clang::FileID, bool> Known;
};

/// clang-tidy's consumer, which also keeps what NOLINT comments silence.
class SuppressionConsumer : public clang::tidy::ClangTidyDiagnosticConsumer {
public:
  SuppressionConsumer(clang::tidy::ClangTidyContext &Context,
                      NolintComments &Comments)
      : ClangTidyDiagnosticConsumer(Context), Context(Context),
        Comments(Comments) {}

  void HandleDiagnostic(clang::DiagnosticsEngine::Level Level,
                        const clang::Diagnostic &Info) override;

  std::vector<clang::tidy::ClangTidyError> Suppressed;

private:
  clang::tidy::ClangTidyContext &Context;
  NolintComments &Comments;
  bool LastWasSuppressed = false;
};

} // namespace coro

#endif // CORO_DRIVER_NOLINTCOMMENTS_H
