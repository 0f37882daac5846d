//===- RegionNames.h - What the text of a region means elsewhere ----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_COMPUTE_REGIONNAMES_H
#define CORO_ANALYSIS_COMPUTE_REGIONNAMES_H

#include "analysis/compute/Regions.h"

namespace coro {

/// A place for the text of a region, as the body of another function.
struct RegionPlace {
  clang::SourceLocation Above; ///< what is declared before is known there
  /// The class of which that function is a member: it may name what is private.
  const clang::CXXRecordDecl *Member = nullptr;
  /// What stands for itself there: parameters.
  llvm::DenseSet<const clang::Decl *> Known = {};
};

/// Would \p Statements, the text of \p Region, mean the same at \p Place?
/// \p Statements are those of the region, or of the template that it is
/// instantiated from. Also false where the text cannot be indented anew: with
/// literals of several lines.
bool meansTheSame(const ComputeRegion &Region,
                  llvm::ArrayRef<const clang::Stmt *> Statements,
                  const RegionPlace &Place, Unit &U);

} // namespace coro

#endif // CORO_ANALYSIS_COMPUTE_REGIONNAMES_H
