//===- TypeNames.h - Types as a reviewer would write them -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_UNIT_TYPENAMES_H
#define CORO_ANALYSIS_UNIT_TYPENAMES_H

#include "analysis/unit/Unit.h"

namespace coro {

/// Writes types for a declaration at namespace scope.
class TypeNames {
public:
  /// \p Scope is the namespace, or the translation unit, that names are
  /// written for.
  TypeNames(Unit &U, const clang::DeclContext *Scope);

  /// \p Type without reference and top-level const, as it would be written in
  /// the scope; empty if it has no name there (a closure, a local class, a
  /// type to be deduced). In a template, with its parameters.
  std::string name(clang::QualType Type) const;

  /// The view by which a function takes the elements of \p Type: a model's
  /// `read-as`. Empty if there is none, or if the view is not declared, before
  /// \p Above where that is valid.
  std::string view(clang::QualType Type,
                   clang::SourceLocation Above = {}) const;

  /// May \p Type be named at \p Above: is it declared before, and public or
  /// named by a \p Member?
  bool isVisible(clang::QualType Type, clang::SourceLocation Above,
                 bool Member = false) const;

private:
  std::string alias(const clang::ClassTemplateSpecializationDecl *Record) const;
  std::string relative(std::string Text) const;

  Unit &U;
  const clang::DeclContext *Scope;
};

} // namespace coro

#endif // CORO_ANALYSIS_UNIT_TYPENAMES_H
