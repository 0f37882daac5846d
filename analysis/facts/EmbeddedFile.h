//===- EmbeddedFile.h - Files that are part of the products ---------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_FACTS_EMBEDDEDFILE_H
#define CORO_ANALYSIS_FACTS_EMBEDDEDFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace coro {

/// The text of a file of this repository, compiled in.
struct EmbeddedFile {
  llvm::StringRef Name; ///< The file's name without its folder.
  llvm::StringRef Text;
};

/// The library models in models/.
llvm::ArrayRef<EmbeddedFile> embeddedModels();

/// The pages in docs/checks/.
llvm::ArrayRef<EmbeddedFile> embeddedPages();

/// The parts of the page that `coro-tidy map` writes, in driver/map/.
llvm::ArrayRef<EmbeddedFile> embeddedMapPage();

} // namespace coro

#endif // CORO_ANALYSIS_FACTS_EMBEDDEDFILE_H
