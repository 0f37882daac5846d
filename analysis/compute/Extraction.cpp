//===- Extraction.cpp - A plain function made of a region -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/compute/Extraction.h"
#include "analysis/ast/Walk.h"
#include "analysis/compute/RegionNames.h"
#include "analysis/unit/BorrowTypes.h"
#include "analysis/unit/FrameLayout.h"
#include "analysis/unit/TypeNames.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
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
  /// \p InTemplate: write for all instantiations of the coroutine, not only
  /// for the one that is looked at.
  Writer(const ComputeRegion &Region, Unit &U, bool InTemplate)
      : Region(Region), U(U), AST(U.ast()), SM(AST.getSourceManager()),
        Statements(Region.Statements.begin(), Region.Statements.end()) {
    const DeclContext *Outer = Region.In->Function;
    while (Outer->getLexicalParent() &&
           !Outer->getLexicalParent()->isFileContext())
      Outer = Outer->getLexicalParent();
    Outermost = Outer;
    Spelling = std::make_unique<TypeNames>(U, Outer->getLexicalParent());
    if (InTemplate)
      Usable = enterTemplate();
  }

  ProposedFunction write(llvm::StringSet<> &Taken) {
    if (!Usable || !chooseValues())
      return {};
    chooseName(Taken);
    ProposedFunction Result;
    std::string Signature = ReturnType + " " + Name + "(" + Parameters + ")";
    Result.Signature = Signature;
    Result.Call = Bind + Name + HeadArguments + "(" + Arguments + ");";
    Result.Above = insertionPoint();
    SourceLocation End = regionEnd();
    Result.Replaced = CharSourceRange::getCharRange(Region.begin(), End);
    bool Portable = Result.Above.isValid() && isPortable(Result.Above);
    bool Writable = Result.Above.isValid() && End.isValid() && NameIsFree;
    if (Portable && Writable) {
      Result.Definition = definition(Signature, End);
    } else if (const CXXRecordDecl *Class = Portable ? nullptr : owner()) {
      // What only members may name has to be a member itself.
      Result.Signature = "static " + Signature;
      if (Writable)
        makeMember(Class, Signature, End, Result);
    }
    if (!Head.empty())
      Result.Signature = Head + " " + Result.Signature;
    return Result;
  }

private:
  bool chooseValues();
  bool addParameter(const RegionValue &In, bool ReturnedToo);
  void chooseName(llvm::StringSet<> &Taken);
  bool enterTemplate();
  /// The class that the coroutine is a member of, or null.
  const CXXRecordDecl *owner() const {
    const DeclContext *Around = Region.In->Function->getDeclContext();
    const auto *Class = dyn_cast<CXXRecordDecl>(Around);
    return Class && !Class->isLambda() ? Class : nullptr;
  }
  /// The declaration as it was written: that of the template.
  const ValueDecl *written(const RegionValue &Value) const {
    const ValueDecl *D = Value.Declaration;
    return Patterns.empty() ? D : Patterns.lookup(D->getLocation());
  }
  void makeMember(const CXXRecordDecl *Class, const std::string &Signature,
                  SourceLocation End, ProposedFunction &Result) const;
  SourceLocation insertionPoint() const;
  SourceLocation regionEnd() const;
  bool isPortable(SourceLocation Above) const;
  bool areTypesVisible(SourceLocation Above, bool Member) const;
  std::string definition(llvm::StringRef Signature, SourceLocation End) const;
  std::string code(const llvm::Twine &Signature, SourceLocation End) const;
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

  /// Of a template: its parameters, how they are given to a call, the variables
  /// by their places, and the statements.
  const FunctionTemplateDecl *Template = nullptr;
  std::string Head, HeadArguments;
  llvm::DenseMap<SourceLocation, const ValueDecl *> Patterns;
  std::vector<const Stmt *> Statements;
  bool Usable = true;

  std::string Parameters, Arguments, ReturnType = "void", Return, Bind;
  std::string Name, Structure;
  std::vector<std::pair<std::string, std::string>> Members; ///< type, name
  bool NameIsFree = true;
  llvm::DenseMap<const ValueDecl *, std::string> Renamed;
};

/// Goes over from the instantiation to the template. False if what the region
/// does could differ from one instantiation to the other, or cannot be written.
bool Writer::enterTemplate() {
  const FunctionDecl *Function = Region.In->Function;
  const FunctionDecl *Pattern = Function->getTemplateInstantiationPattern();
  Template = Pattern ? Pattern->getDescribedFunctionTemplate() : nullptr;
  if (!Template || Pattern->getDeclContext()->isDependentContext() ||
      Region.In->Lambda)
    return false;
  const TemplateParameterList *List = Template->getTemplateParameters();
  for (const NamedDecl *Parameter : *List) {
    if (Parameter->isImplicit() || Parameter->isTemplateParameterPack() ||
        !Parameter->getIdentifier())
      return false;
    HeadArguments +=
        (HeadArguments.empty() ? "<" : ", ") + Parameter->getNameAsString();
  }
  HeadArguments += ">";
  Head = Lexer::getSourceText(
             CharSourceRange::getTokenRange(List->getSourceRange()), SM,
             AST.getLangOpts())
             .str();
  for (const ParmVarDecl *Parameter : Pattern->parameters())
    Patterns[Parameter->getLocation()] = Parameter;
  Statements.clear();
  bool Depends = false, Same = true;
  llvm::DenseSet<SourceLocation> In;
  for (const RegionValue &Value : Region.LiveIns) {
    In.insert(Value.Declaration->getLocation());
    if (isa<FieldDecl>(Value.Declaration))
      Patterns[Value.Declaration->getLocation()] = Value.Declaration;
  }
  walk(writtenBody(Pattern), [&](const Stmt *S) {
    bool Inside =
        !SM.isBeforeInTranslationUnit(S->getBeginLoc(), Region.begin()) &&
        !SM.isBeforeInTranslationUnit(Region.end(), S->getEndLoc());
    if (const auto *Declaration = dyn_cast<DeclStmt>(S))
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D)) {
          Patterns[Variable->getLocation()] = Variable;
          Depends |=
              Inside && Variable->getType()->isInstantiationDependentType();
        }
    if (!Inside)
      return WalkInto::Children;
    if (Statements.empty() ||
        SM.isBeforeInTranslationUnit(Statements.back()->getEndLoc(),
                                     S->getBeginLoc()))
      Statements.push_back(S);
    if (const auto *If = dyn_cast<IfStmt>(S))
      Same &= !If->isConstexpr();
    if (const auto *E = dyn_cast<Expr>(S))
      Depends |= E->isInstantiationDependent();
    // Another instantiation may call what changes its argument.
    const auto *Call = dyn_cast<CallExpr>(S);
    if (Call && !isa<CXXOperatorCallExpr>(Call) && !Call->getDirectCallee())
      for (const Expr *Argument : Call->arguments())
        if (const auto *Reference =
                dyn_cast<DeclRefExpr>(Argument->IgnoreParenImpCasts()))
          Same &= !In.contains(Reference->getDecl()->getLocation());
    return WalkInto::Children;
  });
  for (const RegionValue &Value : Region.LiveIns)
    if (const ValueDecl *D = written(Value))
      Depends |= D->getType()->isInstantiationDependentType();
    else
      return false;
  for (const RegionValue &Value : Region.LiveOuts)
    if (!written(Value))
      return false;
  if (!Depends) {
    Head.clear();
    HeadArguments.clear();
  }
  return Same && !Statements.empty();
}

bool Writer::addParameter(const RegionValue &In, bool ReturnedToo) {
  QualType Type = written(In)->getType().getNonReferenceType();
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
               !written(In)->getType()->isReferenceType();
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
      isSmall(written(Region.LiveOuts[0])->getType().getNonReferenceType()))
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
    QualType Type = written(*Made[0])->getType();
    ReturnType =
        Template && Type->isUndeducedType() ? "auto" : Spelling->name(Type);
    Return = Made[0]->Declaration->getNameAsString();
    Bind = (Type.isConstQualified() ? "const auto " : "auto ") + Return + " = ";
  } else if (Made.size() > 1) {
    std::string Names;
    for (const RegionValue *Out : Made) {
      QualType Type = written(*Out)->getType();
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
    Structure =
        (Head.empty() ? "" : Head + "\n") + "struct " + ReturnType + " {\n";
    for (const auto &[Type, Member] : Members)
      Structure +=
          "  " + Type + (Type.back() == '*' ? "" : " ") + Member + ";\n";
    Structure += "};\n\n";
    Taken.insert(ReturnType);
    ReturnType += HeadArguments;
  }
  Taken.insert(Name);
}

/// The line on which the outermost declaration begins, with the comment and the
/// attributes above it.
SourceLocation Writer::insertionPoint() const {
  const auto *D = dyn_cast<Decl>(Outermost);
  if (!D || (Outermost->isDependentContext() && D != Region.In->Function) ||
      (isa<CXXRecordDecl>(D) && cast<CXXRecordDecl>(D)->isLambda()))
    return {};
  if (isa<ClassTemplateSpecializationDecl>(D) ||
      (Region.In->Function->isTemplateInstantiation() && !Template))
    return {};
  SourceLocation Begin = Template && D == Region.In->Function
                             ? Template->getBeginLoc()
                             : D->getBeginLoc();
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
  RegionPlace Place;
  Place.Above = Above;
  for (const RegionValue &In : Region.LiveIns)
    Place.Known.insert(written(In));
  if (Template)
    for (const NamedDecl *Parameter : *Template->getTemplateParameters())
      Place.Known.insert(Parameter);
  return areTypesVisible(Above, /*Member=*/false) &&
         meansTheSame(Region, Statements, Place, U);
}

bool Writer::areTypesVisible(SourceLocation Above, bool Member) const {
  auto Sees = [&](const RegionValue &Value) {
    QualType Type = written(Value)->getType();
    // What an instantiation makes of it need not be visible.
    return Type->isDependentType() || Spelling->isVisible(Type, Above, Member);
  };
  return llvm::all_of(Region.LiveIns, Sees) &&
         llvm::all_of(Region.LiveOuts, Sees);
}

/// A private static member: declared at the end of the class, and defined there
/// if the coroutine is, else above the coroutine.
void Writer::makeMember(const CXXRecordDecl *Class,
                        const std::string &Signature, SourceLocation End,
                        ProposedFunction &Result) const {
  Class = Class->getDefinition();
  if (!Class || Region.In->Function->isTemplateInstantiation() ||
      Class->isDependentContext() || Class->getParentFunctionOrMethod() ||
      isa<ClassTemplateSpecializationDecl>(Class))
    return;
  SourceLocation Brace = Class->getBraceRange().getEnd();
  if (Brace.isInvalid() || Brace.isMacroID() || !U.isUserCode(Brace))
    return;
  // A header need not include what declares the views.
  if (llvm::any_of(Region.LiveIns, [&](const RegionValue &In) {
        QualType Type = In.Declaration->getType();
        return In.ElementsOnly && !Spelling->view(Type).empty() &&
               Spelling->view(Type, Brace).empty();
      }))
    return;
  bool Inline = Region.In->Function->getLexicalDeclContext()->isRecord();
  RegionPlace Place;
  Place.Above = Inline ? Brace : Result.Above;
  Place.Member = Class;
  for (const RegionValue &In : Region.LiveIns)
    Place.Known.insert(In.Declaration);
  if (!areTypesVisible(Brace, /*Member=*/true) ||
      !meansTheSame(Region, Statements, Place, U))
    return;

  // The brace stands on a line of its own.
  unsigned Indentation = SM.getExpansionColumnNumber(Brace) - 1;
  SourceLocation Line = Brace.getLocWithOffset(-int(Indentation));
  llvm::StringRef Before(SM.getCharacterData(Line), Indentation);
  if (!Before.trim().empty())
    return;
  AccessSpecifier Last = Class->isClass() ? AS_private : AS_public;
  unsigned Inner = Indentation + 2;
  for (const Decl *D : Class->decls()) {
    if (const auto *Access = dyn_cast<AccessSpecDecl>(D))
      Last = Access->getAccess();
    else if (!D->isImplicit())
      Inner = SM.getExpansionColumnNumber(D->getBeginLoc()) - 1;
  }
  // Within the class its own names stand for themselves.
  std::string Owner = Spelling->name(AST.getTypeDeclType(
                          static_cast<const TypeDecl *>(Class))) +
                      "::";
  std::string Own = Signature;
  for (size_t At = Own.find(Owner); At != std::string::npos;
       At = Own.find(Owner, At + 1))
    if (At == 0 || !(llvm::isAlnum(Own[At - 1]) || Own[At - 1] == '_' ||
                     Own[At - 1] == ':'))
      Own.erase(At, Owner.size());
  std::string Member =
      Structure + "static " + (Inline ? code(Own, End) : Own + ";\n");
  std::string Text = "\n";
  if (Last != AS_private)
    Text += Before.str() + "private:\n";
  llvm::SmallVector<llvm::StringRef, 16> Lines;
  std::string Formatted = formatted(std::move(Member));
  llvm::StringRef(Formatted).rtrim().split(Lines, '\n');
  for (llvm::StringRef One : Lines)
    Text += (One.empty() ? "" : std::string(Inner, ' ') + One.str()) + "\n";
  if (!Inline) {
    // The structure is a member, too.
    std::string Code = code((Structure.empty() ? "" : Owner) + ReturnType +
                                " " + Owner + Name + "(" + Parameters + ")",
                            End);
    if (Code.empty())
      return;
    Result.Definition = formatted(std::move(Code)) + "\n";
  }
  Result.Declaration = std::move(Text);
  Result.InClass = Line;
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

/// The function, with what the region says as its body; empty if that cannot be
/// told.
std::string Writer::code(const llvm::Twine &Signature,
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
  std::string Code = Signature.str() + " {\n" + Indented + "\n";
  if (!Return.empty())
    Code += Unit + "return " + Return + ";\n";
  return Code + "}\n";
}

/// A free function, above the coroutine.
std::string Writer::definition(llvm::StringRef Signature,
                               SourceLocation End) const {
  bool Header = SM.getFileID(Region.begin()) != SM.getMainFileID();
  const auto *Space = dyn_cast<NamespaceDecl>(Outermost->getLexicalParent());
  bool Wrapped = !Header && !(Space && Space->isAnonymousNamespace());
  std::string Before = Head.empty() ? (Header ? "inline " : "") : Head + "\n";
  std::string Code = code(Before + Signature, End);
  if (Code.empty())
    return {};
  Code = Structure + Code;
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
  if (Region.In->Function->isTemplateInstantiation())
    if (ProposedFunction Result =
            Writer(Region, U, /*InTemplate=*/true).write(Taken);
        !Result.Signature.empty())
      return Result;
  return Writer(Region, U, /*InTemplate=*/false).write(Taken);
}

} // namespace coro
