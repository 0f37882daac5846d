//===- Extraction.cpp - A plain function made of a region -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/Extraction.h"
#include "analysis/BorrowTypes.h"
#include "analysis/FrameLayout.h"
#include "analysis/TypeNames.h"
#include "analysis/Walk.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Format/Format.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace coro {

namespace {

//===----------------------------------------------------------------------===//
// May the text of the region stand elsewhere?
//===----------------------------------------------------------------------===//

/// Looks for names that mean something else, or nothing, at \p Above.
class Names : public RecursiveASTVisitor<Names> {
public:
  Names(const SourceManager &SM, SourceLocation Above, SourceRange Inside,
        const llvm::DenseSet<const Decl *> &Known)
      : SM(SM), Above(Above), Inside(Inside), Known(Known) {}

  bool Portable = true;

  bool VisitDeclRefExpr(DeclRefExpr *E) {
    check(E->getFoundDecl(), E->hasQualifier());
    check(E->getDecl(), E->hasQualifier());
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
    if (D->getAccess() == AS_private || D->getAccess() == AS_protected)
      Portable = false;
  }
  void check(const NamedDecl *D, bool Qualified) {
    checkAccess(D);
    if (Known.contains(D))
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
        !SM.isBeforeInTranslationUnit(Where, Above))
      Portable = false;
  }

  const SourceManager &SM;
  SourceLocation Above;
  SourceRange Inside;
  const llvm::DenseSet<const Decl *> &Known;
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
bool usesNestedTypes(const ComputeRegion &Region, const CXXRecordDecl *Class) {
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
  for (const Stmt *S : Region.Statements)
    Search.TraverseStmt(const_cast<Stmt *>(S));
  return Search.Found;
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// "count" for `count_` and `m_count`.
std::string plainName(const ValueDecl *D) {
  llvm::StringRef Name = D->getName();
  if (isa<FieldDecl>(D)) {
    Name.consume_front("m_");
    Name = Name.trim('_');
  }
  return Name.empty() ? D->getNameAsString() : Name.str();
}

/// Words that say nothing about what is computed.
bool saysNothing(llvm::StringRef Name) {
  return Name.size() < 3 ||
         llvm::is_contained({"result", "res", "ret",    "rc",  "tmp",
                             "temp",   "out", "output", "val", "value",
                             "data",   "buf", "buffer", "str", "msg",
                             "num",    "cnt", "idx",    "pos", "ptr"},
                            Name.lower());
}

/// How the code around writes the names of functions.
enum class Case { Snake, Camel, Pascal };

Case caseOf(llvm::StringRef Name) {
  bool Upper = llvm::any_of(Name, [](char C) { return llvm::isUpper(C); });
  if (!Upper || Name.contains('_'))
    return Case::Snake;
  return llvm::isUpper(Name.front()) ? Case::Pascal : Case::Camel;
}

/// Splits "parseHTTPHeader" and "parse_header" into lower-case words.
void addWords(llvm::StringRef Name, std::vector<std::string> &Words) {
  std::string Word;
  auto Flush = [&] {
    if (!Word.empty())
      Words.push_back(std::move(Word));
    Word.clear();
  };
  for (size_t I = 0; I < Name.size(); ++I) {
    char C = Name[I];
    if (C == '_') {
      Flush();
      continue;
    }
    bool Begins = llvm::isUpper(C) && I > 0 &&
                  (!llvm::isUpper(Name[I - 1]) ||
                   (I + 1 < Name.size() && llvm::isLower(Name[I + 1])));
    if (Begins)
      Flush();
    Word += llvm::toLower(C);
  }
  Flush();
}

std::string joined(llvm::ArrayRef<std::string> Words, Case Style) {
  std::string Name;
  for (const std::string &Word : Words) {
    if (Style == Case::Snake) {
      Name += (Name.empty() ? "" : "_") + Word;
      continue;
    }
    std::string One = Word;
    if (!Name.empty() || Style == Case::Pascal)
      One[0] = llvm::toUpper(One[0]);
    Name += One;
  }
  return Name;
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

class Writer {
public:
  Writer(const ComputeRegion &Region, Unit &U)
      : Region(Region), U(U), AST(U.ast()), SM(AST.getSourceManager()) {
    const DeclContext *Outer = Region.In->Function;
    while (Outer->getLexicalParent() &&
           !Outer->getLexicalParent()->isFileContext())
      Outer = Outer->getLexicalParent();
    Outermost = Outer;
    Spelling = std::make_unique<TypeNames>(U, Outer->getLexicalParent());
  }

  ProposedFunction write(llvm::StringSet<> &Taken) {
    if (!chooseValues())
      return {};
    chooseName(Taken);
    ProposedFunction Result;
    Result.Signature = ReturnType + " " + Name + "(" + Parameters + ")";
    Result.Call = Bind + Name + "(" + Arguments + ");" + After;
    Result.Above = insertionPoint();
    SourceLocation End = regionEnd();
    Result.Replaced = CharSourceRange::getCharRange(Region.begin(), End);
    bool Portable = Result.Above.isValid() && isPortable(Result.Above);
    // What only members may name has to be a member itself.
    if (!Portable && isMember())
      Result.Signature = "static " + Result.Signature;
    if (!Portable || End.isInvalid() || !NameIsFree)
      return Result;
    Result.Definition = definition(Result.Signature, End);
    return Result;
  }

private:
  bool chooseValues();
  bool addParameter(const RegionValue &In, bool ReturnedToo);
  void chooseName(llvm::StringSet<> &Taken);
  bool isMember() const {
    const DeclContext *Around = Region.In->Function->getDeclContext();
    const auto *Class = dyn_cast<CXXRecordDecl>(Around);
    return Class && !Class->isLambda();
  }
  SourceLocation insertionPoint() const;
  SourceLocation regionEnd() const;
  bool isPortable(SourceLocation Above) const;
  std::string definition(llvm::StringRef Signature, SourceLocation End) const;
  std::string body(SourceLocation End) const;
  std::string formatted(std::string Code) const;

  bool isSmall(QualType Type) const {
    if (Type->isScalarType())
      return true;
    const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
    return Record && Record->hasDefinition() &&
           Type.isTriviallyCopyableType(AST) &&
           sizeInBytes(Type, AST).value_or(~0u) <= 16;
  }
  /// Numbers, and small things that refer to others: views, iterators.
  bool passesByValue(QualType Type) const {
    if (Type->isScalarType())
      return true;
    const TypeModel *Model = U.models().type(Type);
    return isSmall(Type) && ((Model && Model->Duration) ||
                             U.shared<BorrowTypes>().isBorrow(Type));
  }
  bool canMove() const {
    const NamespaceDecl *Std = findStd();
    return Std && !Std->lookup(&AST.Idents.get("move")).empty();
  }
  const NamespaceDecl *findStd() const {
    for (const NamedDecl *D :
         AST.getTranslationUnitDecl()->lookup(&AST.Idents.get("std")))
      if (const auto *Space = dyn_cast<NamespaceDecl>(D))
        return Space;
    return nullptr;
  }
  std::string moved(const std::string &What) const {
    return findStd()->getNameAsString() + "::move(" + What + ")";
  }
  llvm::StringRef styleName() const {
    const FunctionDecl *Function = Region.In->Function;
    while (Function && !Function->getIdentifier()) {
      const LambdaExpr *Lambda = U.lambda(Function);
      Function = Lambda ? U.enclosingFunction(Lambda) : nullptr;
    }
    return Function ? Function->getName() : "coroutine";
  }

  const ComputeRegion &Region;
  Unit &U;
  ASTContext &AST;
  const SourceManager &SM;
  const DeclContext *Outermost = nullptr;
  std::unique_ptr<TypeNames> Spelling;

  std::string Parameters, Arguments, ReturnType = "void", Return, Bind, After;
  std::string Name, Structure;
  std::vector<std::pair<std::string, std::string>> Members; ///< type, name
  bool NameIsFree = true;
  llvm::DenseMap<const ValueDecl *, std::string> Renamed;
};

bool Writer::addParameter(const RegionValue &In, bool ReturnedToo) {
  QualType Type = In.Declaration->getType().getNonReferenceType();
  std::string Text = Spelling->name(Type);
  std::string Name = plainName(In.Declaration);
  if (Text.empty() || Name.empty())
    return false;
  // A member gets the name of a parameter, unless that is in use.
  if (Name != In.Declaration->getName()) {
    bool InUse = false;
    for (const Stmt *S : Region.Statements)
      walk(S, [&](const Stmt *At) {
        if (const auto *Reference = dyn_cast<DeclRefExpr>(At))
          InUse |= Reference->getDecl()->getNameAsString() == Name;
        else if (const auto *Declaration = dyn_cast<DeclStmt>(At))
          for (const Decl *D : Declaration->decls())
            if (const auto *Named = dyn_cast<NamedDecl>(D))
              InUse |= Named->getNameAsString() == Name;
        return WalkInto::Children;
      });
    if (InUse)
      Name = In.Declaration->getNameAsString();
    else
      Renamed[In.Declaration] = Name;
  }
  std::string Space = Text.back() == '*' ? "" : " ";
  std::string Argument = In.Declaration->getNameAsString();
  std::string Parameter;
  bool Local = isa<VarDecl>(In.Declaration) &&
               !In.Declaration->getType()->isReferenceType();
  if (In.Mutated && (ReturnedToo || (!In.UsedAfter && isSmall(Type)))) {
    Parameter = Text + Space + Name;
  } else if (In.Mutated && !In.UsedAfter && Local && canMove()) {
    Parameter = Text + Space + Name;
    Argument = moved(Argument);
  } else if (In.Mutated) {
    Parameter = Text + Space + "&" + Name;
  } else if (std::string View = Spelling->view(Type);
             In.ElementsOnly && !View.empty()) {
    Parameter = View + " " + Name;
  } else if (passesByValue(Type)) {
    Parameter = Text + Space + Name;
  } else {
    Parameter = "const " + Text + " &" + Name;
  }
  Parameters += (Parameters.empty() ? "" : ", ") + Parameter;
  Arguments += (Arguments.empty() ? "" : ", ") + Argument;
  return true;
}

bool Writer::chooseValues() {
  std::vector<const RegionValue *> Made;
  for (const RegionValue &Out : Region.LiveOuts)
    if (Out.DeclaredInside)
      Made.push_back(&Out);
  // A number that is changed goes in and comes out.
  const ValueDecl *InAndOut = nullptr;
  if (Made.empty() && Region.LiveOuts.size() == 1 &&
      isSmall(Region.LiveOuts[0].Declaration->getType().getNonReferenceType()))
    InAndOut = Region.LiveOuts[0].Declaration;
  for (const RegionValue &In : Region.LiveIns)
    if (!addParameter(In, In.Declaration == InAndOut))
      return false;
  if (InAndOut) {
    ReturnType = Spelling->name(InAndOut->getType());
    auto It = Renamed.find(InAndOut);
    Return = It == Renamed.end() ? InAndOut->getNameAsString() : It->second;
    Bind = InAndOut->getNameAsString() + " = ";
  } else if (Made.size() == 1) {
    QualType Type = Made[0]->Declaration->getType();
    ReturnType = Spelling->name(Type);
    Return = Made[0]->Declaration->getNameAsString();
    Bind = (Type.isConstQualified() ? "const auto " : "auto ") + Return + " = ";
  } else if (Made.size() > 1) {
    std::string Names;
    for (const RegionValue *Out : Made) {
      QualType Type = Out->Declaration->getType();
      std::string One = Out->Declaration->getNameAsString();
      Members.emplace_back(Spelling->name(Type), One);
      Names += (Names.empty() ? "" : ", ") + One;
      bool Moves = !isSmall(Type) && !Type.isConstQualified() && canMove();
      Return += (Return.empty() ? "{" : ", ") + (Moves ? moved(One) : One);
      if (Members.back().first.empty())
        return false;
    }
    Return += "}";
    Bind = "auto [" + Names + "] = ";
    ReturnType.clear(); // named after the function
    return true;
  }
  return !ReturnType.empty();
}

void Writer::chooseName(llvm::StringSet<> &Taken) {
  Case Style = caseOf(styleName());
  std::vector<std::string> Words, Own;
  bool Object = false, Telling = true, Makes = false;
  for (const RegionValue &Out : Region.LiveOuts) {
    std::string One = plainName(Out.Declaration);
    Telling &= !saysNothing(One);
    Makes |= Out.DeclaredInside;
    Object |= Out.Declaration->getType().getNonReferenceType()->isRecordType();
    if (!Words.empty())
      Words.push_back("and");
    addWords(One, Words);
  }
  addWords(styleName(), Own);
  std::vector<std::string> Full;
  // A word that says nothing needs the coroutine's name beside it.
  if (!Telling) {
    Full = Own;
    llvm::append_range(Full, Words);
    Words = std::move(Full);
  }
  const char *Verb = !Makes ? "update" : Object ? "make" : "compute";
  std::vector<std::string> WithVerb{Verb};
  llvm::append_range(WithVerb, Words);
  auto IsFree = [&](llvm::StringRef One) {
    return AST.Idents.find(One) == AST.Idents.end() && !Taken.contains(One);
  };
  Name = joined(WithVerb, Style);
  if (!IsFree(Name)) {
    WithVerb.push_back("of");
    llvm::append_range(WithVerb, Own);
    std::string Longer = joined(WithVerb, Style);
    NameIsFree = IsFree(Longer);
    if (NameIsFree)
      Name = Longer;
  }
  if (ReturnType.empty()) {
    // The struct is called after what it holds.
    WithVerb = Words;
    if (Style == Case::Snake) {
      ReturnType = joined(WithVerb, Case::Snake);
    } else {
      ReturnType = joined(WithVerb, Case::Pascal);
    }
    NameIsFree &= IsFree(ReturnType);
    Structure = "struct " + ReturnType + " {\n";
    for (const auto &[Type, Member] : Members)
      Structure +=
          "  " + Type + (Type.back() == '*' ? "" : " ") + Member + ";\n";
    Structure += "};\n\n";
    Taken.insert(ReturnType);
  }
  Taken.insert(Name);
}

/// The line on which the outermost declaration begins, with the comment and the
/// attributes above it.
SourceLocation Writer::insertionPoint() const {
  const auto *D = dyn_cast<Decl>(Outermost);
  if (!D || Outermost->isDependentContext() ||
      (isa<CXXRecordDecl>(D) && cast<CXXRecordDecl>(D)->isLambda()))
    return {};
  if (const auto *Function = dyn_cast<FunctionDecl>(D);
      Function && Function->isTemplateInstantiation())
    return {};
  if (const auto *Record = dyn_cast<CXXRecordDecl>(D);
      Record && isa<ClassTemplateSpecializationDecl>(Record))
    return {};
  if (Region.In->Function->isTemplateInstantiation())
    return {};
  SourceLocation Begin = D->getBeginLoc();
  if (Begin.isInvalid() || Begin.isMacroID())
    return {};
  auto [File, Offset] = SM.getDecomposedLoc(Begin);
  bool Invalid = false;
  llvm::StringRef Text = SM.getBufferData(File, &Invalid);
  if (Invalid)
    return {};
  size_t Line = Text.rfind('\n', Offset);
  Line = Line == llvm::StringRef::npos ? 0 : Line + 1;
  while (Line > 0) {
    size_t Above = Text.rfind('\n', Line - 2);
    Above = Line < 2 || Above == llvm::StringRef::npos ? 0 : Above + 1;
    llvm::StringRef Words = Text.slice(Above, Line - 1).trim();
    bool Comment = Words.starts_with("//") || Words.ends_with("*/") ||
                   Words.starts_with("*") || Words.starts_with("/*");
    if (!Comment && !Words.starts_with("[[") && !Words.starts_with("template"))
      break;
    Line = Above;
  }
  // Something else on the same line.
  if (!Text.slice(Line, Offset).trim().empty() &&
      !Text.slice(Line, Offset).contains('\n') &&
      !Text.slice(Line, Offset).ltrim().starts_with("[["))
    return {};
  return SM.getLocForStartOfFile(File).getLocWithOffset(Line);
}

/// Behind the semicolon of the last statement, and the comment on its line.
SourceLocation Writer::regionEnd() const {
  SourceLocation Begin = Region.begin(), Last = Region.end();
  if (Region.InMacro || Region.HasDirectives ||
      SM.getFileID(Begin) != SM.getFileID(Last))
    return {};
  SourceLocation End =
      Lexer::getLocForEndOfToken(Last, 0, SM, AST.getLangOpts());
  // DeclStmts and compound statements have their own end; an expression, also
  // as the body of an if or a loop, has its semicolon behind it.
  std::optional<Token> Next = Lexer::findNextToken(Last, SM, AST.getLangOpts());
  bool HasOwn = SM.getCharacterData(Last)[0] == ';' ||
                SM.getCharacterData(Last)[0] == '}';
  if (isa<Expr>(Region.Statements.back()) ||
      isa<DoStmt>(Region.Statements.back()))
    HasOwn = false;
  if (!HasOwn) {
    if (!Next || Next->isNot(tok::semi))
      return {};
    End = Next->getEndLoc();
  }
  llvm::StringRef Rest(SM.getCharacterData(End));
  Rest = Rest.take_until([](char C) { return C == '\n'; });
  if (Rest.ltrim().starts_with("//"))
    End = End.getLocWithOffset(Rest.rtrim().size());
  return End;
}

bool Writer::isPortable(SourceLocation Above) const {
  const FunctionDecl *Function = Region.In->Function;
  if (declaresNames(writtenBody(Function)))
    return false;
  for (const FunctionDecl *Around = Function; U.lambda(Around);) {
    Around = U.enclosingFunction(U.lambda(Around));
    if (!Around || declaresNames(writtenBody(Around)))
      return false;
  }
  llvm::DenseSet<const Decl *> Known;
  for (const RegionValue &In : Region.LiveIns) {
    Known.insert(In.Declaration);
    if (!Spelling->isVisible(In.Declaration->getType(), Above))
      return false;
  }
  for (const RegionValue &Out : Region.LiveOuts)
    if (!Spelling->isVisible(Out.Declaration->getType(), Above))
      return false;
  Names Search(SM, Above, SourceRange(Region.begin(), Region.end()), Known);
  for (const Stmt *S : Region.Statements)
    Search.TraverseStmt(const_cast<Stmt *>(S));
  if (!Search.Portable)
    return false;
  for (const DeclContext *Around = Function; Around;
       Around = Around->getParent())
    if (const auto *Class = dyn_cast<CXXRecordDecl>(Around);
        Class && !Class->isLambda() && usesNestedTypes(Region, Class))
      return false;
  return true;
}

/// The text of the region, with members renamed to parameters.
std::string Writer::body(SourceLocation End) const {
  SourceLocation Begin = Region.begin();
  llvm::StringRef Text = Lexer::getSourceText(
      CharSourceRange::getCharRange(Begin, End), SM, AST.getLangOpts());
  std::map<unsigned, std::pair<unsigned, std::string>> Edits;
  unsigned Start = SM.getFileOffset(Begin);
  bool InMacro = false;
  for (const Stmt *S : Region.Statements)
    walk(S, [&](const Stmt *At) {
      const auto *Member = dyn_cast<MemberExpr>(At);
      if (!Member)
        return WalkInto::Children;
      bool OfThis = isa<CXXThisExpr>(Member->getBase()->IgnoreParenImpCasts());
      if (!OfThis)
        return WalkInto::Children;
      InMacro |= Member->getBeginLoc().isMacroID();
      auto It = Renamed.find(Member->getMemberDecl());
      std::string To = It == Renamed.end()
                           ? Member->getMemberDecl()->getNameAsString()
                           : It->second;
      SourceLocation Stop = Lexer::getLocForEndOfToken(
          Member->getMemberLoc(), 0, SM, AST.getLangOpts());
      unsigned From = SM.getFileOffset(Member->getBeginLoc());
      Edits[From - Start] = {SM.getFileOffset(Stop) - From, To};
      return WalkInto::Children;
    });
  if (InMacro)
    return {};
  std::string Result = Text.str();
  for (const auto &[At, Edit] : llvm::reverse(Edits))
    Result.replace(At, Edit.first, Edit.second);
  return Result;
}

std::string Writer::definition(llvm::StringRef Signature,
                               SourceLocation End) const {
  std::string Body = body(End);
  if (Body.empty())
    return {};
  // From the indentation of the region to that of a function.
  unsigned Column = SM.getExpansionColumnNumber(Region.begin()) - 1;
  std::string Unit(2, ' ');
  if (const auto *Block =
          dyn_cast<CompoundStmt>(writtenBody(Region.In->Function));
      Block && !Block->body_empty() && !Region.In->Lambda) {
    unsigned Inner =
        SM.getExpansionColumnNumber(Block->body_front()->getBeginLoc());
    unsigned Outer =
        SM.getExpansionColumnNumber(Region.In->Function->getBeginLoc());
    if (Inner > Outer && Inner - Outer <= 8)
      Unit.assign(Inner - Outer, ' ');
  }
  std::string Indented = Unit;
  for (size_t I = 0; I < Body.size(); ++I) {
    Indented += Body[I];
    if (Body[I] != '\n')
      continue;
    size_t Spaces = 0;
    while (Spaces < Column && I + 1 + Spaces < Body.size() &&
           (Body[I + 1 + Spaces] == ' ' || Body[I + 1 + Spaces] == '\t'))
      ++Spaces;
    I += Spaces;
    if (I + 1 < Body.size() && Body[I + 1] != '\n')
      Indented += Unit;
  }
  bool Header = SM.getFileID(Region.begin()) != SM.getMainFileID();
  const auto *Space = dyn_cast<NamespaceDecl>(Outermost->getLexicalParent());
  bool Wrapped = !Header && !(Space && Space->isAnonymousNamespace());
  std::string Code = Structure + (Header ? "inline " : "") + Signature.str() +
                     " {\n" + Indented + "\n";
  if (!Return.empty())
    Code += Unit + "return " + Return + ";\n";
  Code += "}\n";
  if (Wrapped)
    Code = "namespace {\n\n" + Code + "\n} // namespace\n";
  return formatted(std::move(Code)) + "\n";
}

std::string Writer::formatted(std::string Code) const {
  auto Entry = SM.getFileEntryRefForID(SM.getFileID(Region.begin()));
  if (!Entry)
    return Code;
  llvm::Expected<format::FormatStyle> Style =
      format::getStyle("file", Entry->getName(), "none");
  if (!Style) {
    llvm::consumeError(Style.takeError());
    return Code;
  }
  if (Style->DisableFormat)
    return Code;
  tooling::Replacements Edits = format::reformat(
      *Style, Code, {tooling::Range(0, Code.size())}, Entry->getName());
  llvm::Expected<std::string> Result =
      tooling::applyAllReplacements(Code, Edits);
  if (!Result) {
    llvm::consumeError(Result.takeError());
    return Code;
  }
  return std::move(*Result);
}

} // namespace

ProposedFunction proposeFunction(const ComputeRegion &Region, Unit &U,
                                 llvm::StringSet<> &Taken) {
  return Writer(Region, U).write(Taken);
}

} // namespace coro
