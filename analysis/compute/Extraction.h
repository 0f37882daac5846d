//===- Extraction.h - A plain function made of a region -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Proposes the function that a region could be, with the signature that a
// reviewer would write: what is only read comes in by value when it is small,
// as a view when only its elements matter, and by reference to const otherwise;
// what is made goes out by value, in a struct when there are two.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_COMPUTE_EXTRACTION_H
#define CORO_ANALYSIS_COMPUTE_EXTRACTION_H

#include "analysis/compute/Regions.h"
#include "llvm/ADT/StringSet.h"

namespace coro {

struct ProposedFunction {
  /// "Frame make_frame(const Limits &limits)"; one line. With `static` where
  /// only a member can name what it needs.
  std::string Signature;
  /// Everything that has to be written above, and where; empty when it cannot
  /// be told to compile there and to behave the same.
  std::string Definition;
  clang::SourceLocation Above;
  /// For a member: its declaration, at the end of the class.
  std::string Declaration;
  clang::SourceLocation InClass;
  std::string Call; ///< what stands in place of the region
  clang::CharSourceRange Replaced;
};

/// Writes the function for \p Region. \p Taken are the names that were proposed
/// before; the new one is added. The signature is empty when a type has no name
/// that could be written. In a function template it is a template with the same
/// parameters, where anything depends on them. What needs the names of a class
/// becomes a private static member. The definition follows the .clang-format
/// file beside the source, if there is one, and else the indentation of the
/// region.
ProposedFunction proposeFunction(const ComputeRegion &Region, Unit &U,
                                 llvm::StringSet<> &Taken);

} // namespace coro

#endif // CORO_ANALYSIS_COMPUTE_EXTRACTION_H
