//===- OwnershipFix.cpp - How a frame comes to own what it uses -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/OwnershipFix.h"
#include "analysis/ast/Flow.h"
#include "analysis/ast/Walk.h"
#include "analysis/unit/TypeNames.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/AST/TypeLoc.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace coro {

/// Can a parameter of this class be a copy of its argument (or take it over, if
/// \p Moved)? A polymorphic object would be sliced.
static bool canBeOwned(QualType Type, bool Moved) {
  if (Type->isScalarType())
    return true;
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition() || Record->isPolymorphic() ||
      Record->isLambda())
    return false;
  if (Record->hasSimpleCopyConstructor() ||
      (Moved && Record->hasSimpleMoveConstructor()))
    return true;
  return llvm::any_of(Record->ctors(), [&](const CXXConstructorDecl *One) {
    return !One->isDeleted() && One->getAccess() == AS_public &&
           (One->isCopyConstructor() || (Moved && One->isMoveConstructor()));
  });
}

/// Takes the reference, and the `const` before it, off the parameter.
static std::optional<FixItHint> ownParameter(const ParmVarDecl *Parameter,
                                             const ASTContext &AST) {
  if (!Parameter->getTypeSourceInfo() || !Parameter->getIdentifier() ||
      Parameter->getBeginLoc().isMacroID() ||
      Parameter->getLocation().isMacroID())
    return std::nullopt;
  auto Reference =
      Parameter->getTypeSourceInfo()->getTypeLoc().getAs<ReferenceTypeLoc>();
  if (!Reference || Reference.getSigilLoc().isMacroID())
    return std::nullopt;
  const SourceManager &SM = AST.getSourceManager();
  CharSourceRange Written = CharSourceRange::getCharRange(
      Parameter->getBeginLoc(), Reference.getSigilLoc());
  llvm::StringRef Type =
      Lexer::getSourceText(Written, SM, AST.getLangOpts()).trim();
  if (!Type.consume_front("const "))
    Type.consume_back(" const");
  if (Type.trim().empty())
    return std::nullopt;
  return FixItHint::CreateReplacement(
      CharSourceRange::getCharRange(Parameter->getBeginLoc(),
                                    Parameter->getLocation()),
      (Type.trim() + " ").str());
}

/// The class of the object that \p Argument turns into a view.
static QualType ownerBehind(const Expr *Argument) {
  QualType Found;
  for (const Expr *At = Argument; At;) {
    At = At->IgnoreImplicit()->IgnoreParenImpCasts()->IgnoreImplicit();
    const Expr *Next = nullptr;
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(At))
      Next = Construct->getNumArgs() ? Construct->getArg(0) : nullptr;
    else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(At);
             Call && isa_and_nonnull<CXXConversionDecl>(Call->getMethodDecl()))
      Next = Call->getImplicitObjectArgument();
    if (!Next)
      return At->getType().getNonReferenceType().getUnqualifiedType();
    At = Next;
  }
  return Found;
}

std::optional<ReportNote> takeByValue(const DyingArgument &D, Unit &U) {
  const FunctionDecl *Callee = D.Callee->getDefinition();
  if (!Callee || D.What < 0 || D.Closure || !D.Use.In ||
      D.Use.In->getCanonicalDecl() != Callee->getCanonicalDecl() ||
      !U.isUserCode(Callee->getLocation()) || Callee->isTemplateInstantiation())
    return std::nullopt;
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
      Method && (Method->isVirtual() || Method->getParent()->isLambda()))
    return std::nullopt;
  const ParmVarDecl *Parameter = Callee->getParamDecl(D.What);
  QualType Type = Parameter->getType();
  std::string Begin =
      "let " + quoted(Callee) + " own it: take " + slotName(Callee, D.What);
  if (refersBy(Type, U.models()) == RefersBy::View) {
    const Expr *Argument = argumentOf(D.Call, D.What);
    QualType Owner = Argument ? ownerBehind(Argument) : QualType();
    if (Owner.isNull() ||
        !ownsElements(Owner->getAsCXXRecordDecl(), U.models()))
      return std::nullopt;
    std::string Name =
        TypeNames(U, Callee->getDeclContext()->getEnclosingNamespaceContext())
            .name(Owner);
    if (Name.empty())
      return std::nullopt;
    return ReportNote{Parameter->getSourceRange(),
                      Begin + " as '" + Name + "'"};
  }
  bool Moved = Type->isRValueReferenceType();
  if (!Type->isReferenceType() ||
      (!Moved && !Type->getPointeeType().isConstQualified()) ||
      !canBeOwned(Type->getPointeeType(), Moved))
    return std::nullopt;
  ReportNote Note{Parameter->getSourceRange(), Begin + " by value"};
  for (const FunctionDecl *One : Callee->redecls()) {
    std::optional<FixItHint> Fix =
        ownParameter(One->getParamDecl(D.What), U.ast());
    if (!Fix || !U.isUserCode(One->getLocation()))
      return std::nullopt;
    Note.Fixes.push_back(*Fix);
  }
  return Note;
}

/// The smart pointer that \p Where goes through.
static const Expr *ownerIn(const Expr *Where, const BorrowTypes &Types) {
  for (const Expr *At = Where; At;) {
    At = At->IgnoreImplicit()->IgnoreParenImpCasts()->IgnoreImplicit();
    if (Types.ownership(At->getType()) != Ownership::None)
      return At;
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(At))
      At = Operator->getNumArgs() ? Operator->getArg(0) : nullptr;
    else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(At))
      At = Call->getImplicitObjectArgument();
    else if (const auto *Member = dyn_cast<MemberExpr>(At))
      At = Member->getBase();
    else
      return nullptr;
  }
  return nullptr;
}

/// A name for a copy of \p Owner that nothing in the function has.
static std::string nameFor(const Expr *Owner, const Flow &F) {
  std::string Base = "kept";
  if (const auto *Member = dyn_cast<MemberExpr>(Owner)) {
    llvm::StringRef Name = Member->getMemberDecl()->getIdentifier()
                               ? Member->getMemberDecl()->getName()
                               : "";
    Name.consume_front("m_");
    Name = Name.trim('_');
    if (!Name.empty() && Name != Member->getMemberDecl()->getName())
      Base = Name.str();
  }
  llvm::StringSet<> Taken;
  auto Note = [&](const NamedDecl *One) {
    if (One->getIdentifier())
      Taken.insert(One->getName());
  };
  for (const ParmVarDecl *One : F.function()->parameters())
    Note(One);
  walk(F.body(), [&](const Stmt *S) {
    if (const auto *Mention = dyn_cast<DeclRefExpr>(S))
      Note(Mention->getDecl());
    else if (const auto *Member = dyn_cast<MemberExpr>(S))
      Note(Member->getMemberDecl());
    else if (const auto *Statement = dyn_cast<DeclStmt>(S))
      for (const Decl *One : Statement->decls())
        if (const auto *Named = dyn_cast<NamedDecl>(One))
          Note(Named);
    return WalkInto::Children;
  });
  std::string Name = Base;
  for (unsigned I = 2; Taken.contains(Name); ++I)
    Name = Base + std::to_string(I);
  return Name;
}

std::optional<ReportNote> keepOwner(const StaleUse &S, Unit &U) {
  if (S.Taken.What != Loan::Pointee && S.Taken.What != Loan::TemporaryOwner)
    return std::nullopt;
  const Flow *F = U.flow(S.In->Function);
  const BorrowTypes &Types = U.shared<Origins>().types();
  const Expr *Owner = F ? ownerIn(S.Taken.Where, Types) : nullptr;
  if (!Owner || Owner->getBeginLoc().isMacroID() ||
      Owner->getEndLoc().isMacroID())
    return std::nullopt;
  // A pointer that cannot be copied can only be taken over from a temporary.
  if (Owner->isGLValue()
          ? Types.ownership(Owner->getType()) != Ownership::Shared
          : !isa<CallExpr>(Owner))
    return std::nullopt;
  const Stmt *Statement = nullptr;
  if (S.Loop)
    Statement = S.Loop;
  else
    for (const Stmt *Up = Owner; Up && !isa<LambdaExpr>(Up); Up = F->parent(Up))
      if (isa<DeclStmt>(Up)) {
        Statement = Up;
        break;
      }
  if (!Statement || !isa_and_nonnull<CompoundStmt>(F->parent(Statement)) ||
      Statement->getBeginLoc().isMacroID())
    return std::nullopt;
  const ASTContext &AST = U.ast();
  std::string Text = sourceText(Owner->getSourceRange(), AST);
  std::string Name = nameFor(Owner, *F);
  if (Text.empty())
    return std::nullopt;
  llvm::StringRef Indent = Lexer::getIndentationForLine(
      Statement->getBeginLoc(), AST.getSourceManager());
  std::string Line = "auto " + Name + " = " + Text + ";";
  return ReportNote{
      Owner->getSourceRange(),
      "keep the object in the frame: '" + Line + "' before this statement",
      {FixItHint::CreateInsertion(Statement->getBeginLoc(),
                                  Line + "\n" + Indent.str()),
       FixItHint::CreateReplacement(Owner->getSourceRange(), Name)}};
}

} // namespace coro
