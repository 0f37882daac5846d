//===- BorrowTypes.cpp - Which types refer, own and contain ---------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/unit/BorrowTypes.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace coro {

BorrowTypes::BorrowTypes(Unit &U) : Known(U.models()) {}

static bool hasOperator(const CXXRecordDecl *Record,
                        OverloadedOperatorKind Kind, unsigned Depth = 0) {
  if (!Record || !Record->hasDefinition() || Depth > 4)
    return false;
  for (const Decl *Member : Record->decls()) {
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(Member))
      Member = Template->getTemplatedDecl();
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Member))
      if (Method->getOverloadedOperator() == Kind &&
          (Kind != OO_Star || Method->getNumParams() == 0))
        return true;
  }
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (hasOperator(Base.getType()->getAsCXXRecordDecl(), Kind, Depth + 1))
      return true;
  return false;
}

/// The template arguments of \p Record that are types, packs among them.
static llvm::SmallVector<QualType, 4> heldBy(const CXXRecordDecl *Record) {
  llvm::SmallVector<QualType, 4> Found;
  const auto *Special = dyn_cast<ClassTemplateSpecializationDecl>(Record);
  if (!Special)
    return Found;
  for (const TemplateArgument &Argument : Special->getTemplateArgs().asArray())
    if (Argument.getKind() == TemplateArgument::Type)
      Found.push_back(Argument.getAsType());
    else if (Argument.getKind() == TemplateArgument::Pack)
      for (const TemplateArgument &Part : Argument.pack_elements())
        if (Part.getKind() == TemplateArgument::Type)
          Found.push_back(Part.getAsType());
  return Found;
}

llvm::SmallVector<QualType, 4> BorrowTypes::held(QualType Type) const {
  const CXXRecordDecl *Record =
      Type.isNull() ? nullptr : Type->getAsCXXRecordDecl();
  const TypeModel *Model = Record ? Known.type(Record) : nullptr;
  if (!Model || Model->Pointer != "holds")
    return {};
  return heldBy(Record);
}

Shape BorrowTypes::shape(QualType Type) const {
  if (Type.isNull() || Type->isDependentType())
    return Shape::Value;
  if (Type->isReferenceType())
    return Type->getPointeeType()->isFunctionType() ? Shape::Value
                                                    : Shape::Reference;
  if (Type->isPointerType())
    return Type->getPointeeType()->isFunctionType() ? Shape::Value
                                                    : Shape::Pointer;
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  return Record ? recordShape(Record, 0) : Shape::Value;
}

Shape BorrowTypes::recordShape(const CXXRecordDecl *Record,
                               unsigned Depth) const {
  Record = Record->getDefinition();
  if (!Record || Record->isInvalidDecl() || Record->isDependentType())
    return Shape::Value;
  if (Depth == 0) {
    auto [It, New] = Shapes.try_emplace(Record, Shape::Value);
    if (!New)
      return It->second;
    Shape Found = recordShape(Record, 1);
    return Shapes[Record] = Found;
  }
  if (const TypeModel *Model = Known.type(Record)) {
    if (Model->Pointer == "view")
      return Shape::View;
    if (Model->Pointer == "holds")
      return llvm::any_of(heldBy(Record),
                          [&](QualType Type) { return isBorrow(Type); })
                 ? Shape::Aggregate
                 : Shape::Value;
    if (!Model->Pointer.empty() || Model->Container)
      return Shape::Value;
  }
  if (Record->hasAttr<OwnerAttr>())
    return Shape::Value;
  if (hasOperator(Record, OO_Star) && hasOperator(Record, OO_PlusPlus))
    return Shape::Iterator;
  if (Record->hasAttr<PointerAttr>())
    return Shape::View;
  // A class with a destructor of its own, or with hidden parts, may own what
  // its pointers point to: only open data is looked into.
  if (Depth > 3 || (!Record->isLambda() && !Record->hasTrivialDestructor()))
    return Shape::Value;
  auto Refers = [&](QualType Type) {
    while (const auto *Array = Type->getAsArrayTypeUnsafe())
      Type = Array->getElementType();
    if (Type->isReferenceType() || Type->isPointerType())
      return shape(Type) != Shape::Value;
    const CXXRecordDecl *Part = Type->getAsCXXRecordDecl();
    return Part && Part != Record &&
           recordShape(Part, Depth + 1) != Shape::Value;
  };
  for (const FieldDecl *Field : Record->fields())
    if ((Record->isLambda() || Field->getAccess() != AS_private) &&
        Field->getAccess() != AS_protected && Refers(Field->getType()))
      return Shape::Aggregate;
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (Base.getAccessSpecifier() == AS_public && Refers(Base.getType()))
      return Shape::Aggregate;
  return Shape::Value;
}

/// Takes over the row of a member: its name, and in parentheses the look-ups
/// that give what it ends.
void ContainerFacts::add(llvm::StringRef Row, Tie Effect) {
  auto [Name, Rest] = Row.split('(');
  if (!Effects.try_emplace(Name, Effect).second || !Rest.consume_back(")"))
    return;
  llvm::SmallVector<llvm::StringRef, 2> Lookups;
  Rest.split(Lookups, ' ', -1, /*KeepEmpty=*/false);
  llvm::SmallVector<std::string, 2> &Of = Ends[Name];
  for (llvm::StringRef One : Lookups)
    Of.push_back(One.str());
}

const ContainerFacts *BorrowTypes::container(QualType Type) const {
  if (Type.isNull())
    return nullptr;
  const CXXRecordDecl *Record =
      Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record)
    return nullptr;
  auto [It, New] = Containers.try_emplace(Record);
  if (!New)
    return It->second.get();
  const TypeModel *Model = Known.type(Record);
  if (!Model || !Model->Container)
    return nullptr;
  auto Facts = std::make_unique<ContainerFacts>();
  // The nearest row wins: it is entered first.
  for (unsigned Depth = 0; Model && Model->Container && Depth < 4; ++Depth) {
    const ContainerModel &Row = *Model->Container;
    for (const std::string &Name : Row.Removes)
      Facts->add(Name, Tie::Removal);
    for (const std::string &Name : Row.InvalidatesReferences)
      Facts->add(Name, Tie::Reference);
    for (const std::string &Name : Row.InvalidatesIterators)
      Facts->add(Name, Tie::Iterator);
    Model = Row.Like.empty() ? nullptr : Known.type(llvm::StringRef(Row.Like));
  }
  return (Containers[Record] = std::move(Facts)).get();
}

Ownership BorrowTypes::ownership(QualType Type) const {
  if (const TypeModel *Model = Known.type(Type)) {
    if (Model->Pointer == "owner")
      return Ownership::Shared;
    if (Model->Pointer == "unique")
      return Ownership::Unique;
    return Ownership::None;
  }
  // Classes that say so themselves.
  const CXXRecordDecl *Record =
      Type.isNull() ? nullptr : Type->getAsCXXRecordDecl();
  return Record && Record->hasAttr<OwnerAttr>() ? Ownership::Unique
                                                : Ownership::None;
}

} // namespace coro
