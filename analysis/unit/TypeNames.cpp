//===- TypeNames.cpp - Types as a reviewer would write them ---------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/unit/TypeNames.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/QualTypeNames.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace coro {

TypeNames::TypeNames(Unit &U, const DeclContext *Scope) : U(U), Scope(Scope) {}

/// Without sugar that has no name at namespace scope: `auto`, decltype, the
/// member typedefs of other classes.
static QualType plain(QualType Type, const ASTContext &AST) {
  for (unsigned Steps = 0; Steps < 32; ++Steps) {
    Qualifiers Local = Type.getLocalQualifiers();
    if (const auto *Auto = dyn_cast<AutoType>(Type.getTypePtr())) {
      if (Auto->getDeducedType().isNull())
        return Type;
      Type = AST.getQualifiedType(Auto->getDeducedType(), Local);
      continue;
    }
    bool Member = false;
    if (const auto *Typedef = Type->getAs<TypedefType>())
      Member = Typedef->getDecl()->getDeclContext()->isRecord() ||
               Typedef->getDecl()->getDeclContext()->isFunctionOrMethod();
    bool Hidden = isa<DecltypeType, SubstTemplateTypeParmType,
                      DeducedTemplateSpecializationType, UnaryTransformType,
                      TypeOfType, TypeOfExprType>(Type.getTypePtr());
    if (!Member && !Hidden)
      return Type;
    QualType Next = Type.getSingleStepDesugaredType(AST);
    if (Next == Type)
      return Type;
    Type = Next;
  }
  return Type;
}

/// A name in the same namespace for a specialisation: std::string.
std::string
TypeNames::alias(const ClassTemplateSpecializationDecl *Record) const {
  const DeclContext *Space = Record->getDeclContext()->getRedeclContext();
  // A namespace of the library's insides, inline or not, is looked through.
  while (Space->isInlineNamespace())
    Space = Space->getParent();
  if (!Space->isNamespace())
    return {};
  for (const DeclContext *Part :
       {Space, Record->getDeclContext()->getRedeclContext()})
    for (const Decl *D : Part->decls())
      if (const auto *Typedef = dyn_cast<TypedefNameDecl>(D))
        if (const auto *Other =
                Typedef->getUnderlyingType()->getAsCXXRecordDecl();
            Other && Other->getCanonicalDecl() == Record->getCanonicalDecl() &&
            !Typedef->getName().starts_with("_"))
          return Typedef->getQualifiedNameAsString();
  return {};
}

std::string TypeNames::relative(std::string Text) const {
  for (const DeclContext *At = Scope; At; At = At->getParent()) {
    const auto *Space = dyn_cast<NamespaceDecl>(At);
    if (!Space || Space->isAnonymousNamespace())
      continue;
    std::string Prefix = Space->getQualifiedNameAsString() + "::";
    for (size_t Found = Text.find(Prefix); Found != std::string::npos;
         Found = Text.find(Prefix, Found)) {
      bool Begins =
          Found == 0 || (!llvm::isAlnum(Text[Found - 1]) &&
                         Text[Found - 1] != '_' && Text[Found - 1] != ':');
      if (Begins)
        Text.erase(Found, Prefix.size());
      else
        Found += Prefix.size();
    }
  }
  // What an unnamed namespace holds is found without it.
  for (llvm::StringRef Unnamed : {"(anonymous namespace)::", "{anonymous}::"})
    for (size_t Found = Text.find(Unnamed.str()); Found != std::string::npos;
         Found = Text.find(Unnamed.str()))
      Text.erase(Found, Unnamed.size());
  return Text;
}

std::string TypeNames::name(QualType Type) const {
  ASTContext &AST = U.ast();
  Type = plain(Type.getNonReferenceType().getUnqualifiedType(), AST)
             .getNonReferenceType()
             .getUnqualifiedType();
  QualType Inner = Type;
  while (Inner->isPointerType())
    Inner = Inner->getPointeeType();
  if (Inner->isArrayType() || Inner->isFunctionType() ||
      Inner->isUndeducedType())
    return {};
  if (const auto *Tag = Inner->getAsTagDecl()) {
    if (!Tag->getIdentifier() && !Tag->getTypedefNameForAnonDecl())
      return {};
    if (Tag->getParentFunctionOrMethod())
      return {};
  }
  PrintingPolicy Policy(AST.getLangOpts());
  Policy.adjustForCPlusPlus();
  // The size of things is written as that.
  if (Type->isIntegerType() && !isa<TypedefType>(Type.getTypePtr()) &&
      !Type->isEnumeralType() && AST.hasSameType(Type, AST.getSizeType()))
    for (const NamedDecl *D :
         AST.getTranslationUnitDecl()->lookup(&AST.Idents.get("size_t")))
      if (isa<TypedefNameDecl>(D))
        return "size_t";
  if (const auto *Record = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
          Type->getAsCXXRecordDecl()))
    if (!Type->getAs<TypedefType>())
      if (std::string Short = alias(Record); !Short.empty())
        return relative(std::move(Short));
  return relative(TypeName::getFullyQualifiedName(Type, AST, Policy));
}

std::string TypeNames::view(QualType Type, SourceLocation Above) const {
  Type = Type.getNonReferenceType();
  const TypeModel *Model = U.models().type(Type);
  if (!Model || Model->ReadAs.empty())
    return {};
  std::string View = Model->ReadAs;
  // It must be there to be used.
  llvm::StringRef Path =
      llvm::StringRef(View).take_until([](char C) { return C == '<'; });
  llvm::SmallVector<llvm::StringRef, 4> Parts;
  Path.split(Parts, "::");
  ASTContext &AST = U.ast();
  const DeclContext *At = AST.getTranslationUnitDecl();
  const NamedDecl *Found = nullptr;
  for (llvm::StringRef Part : Parts) {
    Found = nullptr;
    if (!At)
      return {};
    for (const NamedDecl *D : At->lookup(&AST.Idents.get(Part)))
      Found = D;
    At = dyn_cast_or_null<NamespaceDecl>(Found);
  }
  const auto *Template = dyn_cast_or_null<ClassTemplateDecl>(Found);
  if (!Template || !Template->getTemplatedDecl()->hasDefinition() ||
      (Above.isValid() &&
       !AST.getSourceManager().isBeforeInTranslationUnit(
           Template->getTemplatedDecl()->getDefinition()->getLocation(),
           Above)))
    return {};
  size_t Hole = View.find("{0}");
  if (Hole == std::string::npos)
    return View;
  const auto *Record = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Type->getAsCXXRecordDecl());
  if (!Record || Record->getTemplateArgs().size() == 0 ||
      Record->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
    return {};
  QualType Element = Record->getTemplateArgs()[0].getAsType();
  // As it was written, where it was: std::uint8_t.
  if (const auto *Written = Type->getAs<TemplateSpecializationType>();
      Written && !Written->template_arguments().empty() &&
      Written->template_arguments()[0].getKind() == TemplateArgument::Type &&
      U.ast().hasSameType(Written->template_arguments()[0].getAsType(),
                          Element))
    Element = Written->template_arguments()[0].getAsType();
  // `const T *` would be another type, and bits have no address.
  if (Element->isPointerType() || Element->isBooleanType())
    return {};
  std::string Text = name(Element);
  if (Text.empty())
    return {};
  View.replace(Hole, 3, Text);
  // The short name of the view, where it is known.
  for (const ClassTemplateSpecializationDecl *Special :
       const_cast<ClassTemplateDecl *>(Template)->specializations())
    if (Special->getTemplateArgs().size() > 0 &&
        Special->getTemplateArgs()[0].getKind() == TemplateArgument::Type &&
        AST.hasSameType(Special->getTemplateArgs()[0].getAsType(), Element))
      if (std::string Short = alias(Special); !Short.empty())
        return relative(std::move(Short));
  return relative(std::move(View));
}

bool TypeNames::isVisible(QualType Type, SourceLocation Above,
                          bool Member) const {
  const SourceManager &SM = U.ast().getSourceManager();
  Type = Type.getNonReferenceType();
  while (Type->isPointerType())
    Type = Type->getPointeeType();
  const auto *Tag = Type->getAsTagDecl();
  if (!Tag)
    return true;
  if (!Member &&
      (Tag->getAccess() == AS_private || Tag->getAccess() == AS_protected))
    return false;
  if (const auto *Special = dyn_cast<ClassTemplateSpecializationDecl>(Tag))
    for (const TemplateArgument &Argument :
         Special->getTemplateArgs().asArray())
      if (Argument.getKind() == TemplateArgument::Type &&
          !isVisible(Argument.getAsType(), Above, Member))
        return false;
  SourceLocation Where = SM.getExpansionLoc(Tag->getLocation());
  return Where.isInvalid() || SM.isBeforeInTranslationUnit(Where, Above);
}

} // namespace coro
