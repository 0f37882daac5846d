//===- RegionNames.cpp - What the text of a region means elsewhere --------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/compute/RegionNames.h"
#include "analysis/ast/Walk.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

namespace {

/// Looks for names that mean something else, or nothing, at a place.
class Names : public RecursiveASTVisitor<Names> {
public:
  Names(const SourceManager &SM, const RegionPlace &Place, SourceRange Inside)
      : SM(SM), Place(Place), Inside(Inside) {}

  bool Portable = true;

  bool VisitDeclRefExpr(DeclRefExpr *E) {
    check(E->getFoundDecl(), E->hasQualifier());
    check(E->getDecl(), E->hasQualifier());
    return Portable;
  }
  // In a template: what is found now, before the arguments are known.
  bool VisitOverloadExpr(OverloadExpr *E) {
    for (const NamedDecl *D : E->decls())
      check(D, static_cast<bool>(E->getQualifierLoc()));
    return Portable;
  }
  bool VisitStringLiteral(StringLiteral *E) {
    for (unsigned I = 0; I < E->getNumConcatenated(); ++I) {
      const char *Text = SM.getCharacterData(E->getStrTokenLoc(I));
      // A raw one, with or without a prefix.
      llvm::StringRef Start(Text, strnlen(Text, 4));
      Portable &=
          !Start.take_until([](char C) { return C == '"'; }).ends_with("R");
    }
    return Portable;
  }
  bool VisitMemberExpr(MemberExpr *E) {
    // Members of the coroutine's own object are parameters by now.
    if (!isa<CXXThisExpr>(E->getBase()->IgnoreParenImpCasts()))
      checkAccess(E->getMemberDecl());
    return Portable;
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *E) {
    checkAccess(E->getConstructor());
    return Portable;
  }
  bool VisitTypedefTypeLoc(TypedefTypeLoc T) {
    check(T.getTypePtr()->getDecl(), true);
    return Portable;
  }
  bool VisitTagTypeLoc(TagTypeLoc T) {
    check(T.getDecl(), true);
    return Portable;
  }

private:
  void checkAccess(const Decl *D) {
    if (!Place.Member &&
        (D->getAccess() == AS_private || D->getAccess() == AS_protected))
      Portable = false;
  }
  void check(const NamedDecl *D, bool Qualified) {
    checkAccess(D);
    if (Place.Known.contains(D) ||
        (Place.Member && isa<CXXRecordDecl>(D->getDeclContext())))
      return;
    SourceLocation Where =
        SM.getExpansionLoc(D->getCanonicalDecl()->getLocation());
    if (Where.isInvalid() ||
        (!SM.isBeforeInTranslationUnit(Where, Inside.getBegin()) &&
         !SM.isBeforeInTranslationUnit(Inside.getEnd(), Where)))
      return;
    const auto *Method = dyn_cast<CXXMethodDecl>(D);
    bool NeedsClass =
        isa<CXXRecordDecl>(D->getDeclContext()) && !Qualified &&
        !isa<CXXRecordDecl>(D) &&
        (!Method || (Method->isStatic() && !Method->isOverloadedOperator()));
    if (D->getDeclContext()->isFunctionOrMethod() || NeedsClass ||
        !SM.isBeforeInTranslationUnit(Where, Place.Above))
      Portable = false;
  }

  const SourceManager &SM;
  const RegionPlace &Place;
  SourceRange Inside;
};

/// Do names in \p Body come from declarations in it that are no variables?
bool declaresNames(const Stmt *Body) {
  return contains(Body, [](const Stmt *S) {
    const auto *Declaration = dyn_cast<DeclStmt>(S);
    return Declaration && llvm::any_of(Declaration->decls(), [](const Decl *D) {
             return isa<UsingDecl, UsingDirectiveDecl, NamespaceAliasDecl,
                        TypeDecl, FunctionDecl>(D);
           });
  });
}

/// What the text of the region writes after the qualifiers of a class that the
/// coroutine is a member of need not stand before it there.
bool usesNestedTypes(llvm::ArrayRef<const Stmt *> Statements,
                     const CXXRecordDecl *Class) {
  class Nested : public RecursiveASTVisitor<Nested> {
  public:
    explicit Nested(const CXXRecordDecl *Class) : Class(Class) {}
    bool Found = false;
    bool VisitTypedefTypeLoc(TypedefTypeLoc T) {
      return look(T.getTypePtr()->getDecl());
    }
    bool VisitTagTypeLoc(TagTypeLoc T) { return look(T.getDecl()); }

  private:
    bool look(const Decl *D) {
      const auto *Parent = dyn_cast<CXXRecordDecl>(D->getDeclContext());
      for (const DeclContext *Around = Class; Around && Parent;
           Around = Around->getParent())
        if (const auto *Record = dyn_cast<CXXRecordDecl>(Around))
          Found |= Record->getCanonicalDecl() == Parent->getCanonicalDecl() ||
                   (Record->hasDefinition() && Record->isDerivedFrom(Parent));
      return !Found;
    }
    const CXXRecordDecl *Class;
  };
  Nested Search(Class);
  for (const Stmt *S : Statements)
    Search.TraverseStmt(const_cast<Stmt *>(S));
  return Search.Found;
}

} // namespace

bool meansTheSame(const ComputeRegion &Region,
                  llvm::ArrayRef<const Stmt *> Statements,
                  const RegionPlace &Place, Unit &U) {
  const FunctionDecl *Function = Region.In->Function;
  for (const FunctionDecl *Around = Function; Around;
       Around = U.lambda(Around) ? U.enclosingFunction(U.lambda(Around))
                                 : nullptr)
    if (declaresNames(writtenBody(Around)))
      return false;
  Names Search(U.ast().getSourceManager(), Place,
               SourceRange(Region.begin(), Region.end()));
  for (const Stmt *S : Statements)
    Search.TraverseStmt(const_cast<Stmt *>(S));
  if (!Search.Portable)
    return false;
  for (const DeclContext *Around = Function; Around && !Place.Member;
       Around = Around->getParent())
    if (const auto *Class = dyn_cast<CXXRecordDecl>(Around);
        Class && !Class->isLambda() && usesNestedTypes(Statements, Class))
      return false;
  return true;
}

} // namespace coro
