//===- BorrowTypes.h - Which types refer, own and contain -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// What a type has to do with the life of other objects: does a value of it
// refer to something that it does not own (pointer, iterator, view, an
// aggregate that holds one), does it own what it points to, does it contain
// elements? Decided from declarations and attributes; the models say what
// operations do to the elements of a container.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_UNIT_BORROWTYPES_H
#define CORO_ANALYSIS_UNIT_BORROWTYPES_H

#include "analysis/facts/Vocabulary.h"
#include "clang/AST/Type.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include <memory>

namespace clang {
class CXXRecordDecl;
}

namespace coro {

class Unit;
class Models;

/// How a value refers to what it does not own.
enum class Shape {
  Value,     ///< not at all
  Reference, ///< T&, T&&
  Pointer,   ///< T* to an object
  Iterator,
  View,      ///< string_view, span, reference_wrapper, range adaptors
  Aggregate, ///< a class with a part that refers: pair<iterator, bool>, closure
};

/// A container with the fate of its elements.
class ContainerFacts {
public:
  /// What ends at the latest when \p Member is called; none if it leaves
  /// everything valid or is not known.
  /// A borrow with tie T is ended by members with effect <= T.
  std::optional<Tie> effect(llvm::StringRef Member) const {
    auto It = Effects.find(Member);
    if (It == Effects.end())
      return std::nullopt;
    return It->second;
  }

  /// Does \p Member, called without arguments, end every element?
  bool endsAll(llvm::StringRef Member) const {
    return effect(Member) == Tie::Removal && !Ends.contains(Member);
  }

  /// Does \p Member end the very element that \p Lookup gives?
  bool endsWhatGave(llvm::StringRef Member, llvm::StringRef Lookup) const {
    auto It = Ends.find(Member);
    return It != Ends.end() && llvm::is_contained(It->second, Lookup);
  }

private:
  friend class BorrowTypes;
  void add(llvm::StringRef Row, Tie Effect);
  llvm::StringMap<Tie> Effects;
  /// Of members that end some elements: the look-ups which give those.
  llvm::StringMap<llvm::SmallVector<std::string, 2>> Ends;
};

enum class Ownership { None, Unique, Shared };

/// Classifies types, each once. Shared by the checks of a unit. Amortised
/// constant time; a class is looked into at most three levels deep.
class BorrowTypes {
public:
  explicit BorrowTypes(Unit &U);

  Shape shape(clang::QualType Type) const;

  /// Does a value of \p Type refer to something?
  bool isBorrow(clang::QualType Type) const {
    return shape(Type) != Shape::Value;
  }

  /// The container that \p Type (looking through references) is, or null.
  const ContainerFacts *container(clang::QualType Type) const;

  /// Does \p Type own what it points to?
  Ownership ownership(clang::QualType Type) const;

  /// The types of the values that an object of \p Type holds one by one, by its
  /// template arguments: of a tuple, pair. Empty for others.
  llvm::SmallVector<clang::QualType, 4> held(clang::QualType Type) const;

  /// Is it an iterator: does it have operator* and operator++?
  bool isIterator(clang::QualType Type) const {
    return shape(Type) == Shape::Iterator;
  }

private:
  Shape recordShape(const clang::CXXRecordDecl *Record, unsigned Depth) const;

  const Models &Known;
  mutable llvm::DenseMap<const clang::CXXRecordDecl *, Shape> Shapes;
  mutable llvm::DenseMap<const clang::CXXRecordDecl *,
                         std::unique_ptr<ContainerFacts>>
      Containers;
};

} // namespace coro

#endif // CORO_ANALYSIS_UNIT_BORROWTYPES_H
