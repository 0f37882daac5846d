//===- Models.cpp - Look-ups in the library models ------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/facts/Models.h"
#include "analysis/ast/Calls.h"
#include "analysis/facts/EmbeddedFile.h"
#include "analysis/facts/YamlLimits.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace coro {

llvm::StringRef toString(BlockingKind Kind) {
  switch (Kind) {
  case BlockingKind::Sleep:
    return "sleep";
  case BlockingKind::Wait:
    return "wait";
  case BlockingKind::SyncWait:
    return "sync-wait";
  case BlockingKind::Network:
    return "network";
  case BlockingKind::DNS:
    return "dns";
  case BlockingKind::Process:
    return "process";
  case BlockingKind::Database:
    return "database";
  case BlockingKind::Console:
    return "console";
  case BlockingKind::File:
    return "file";
  case BlockingKind::Lock:
    return "lock";
  }
  llvm_unreachable("all kinds are listed");
}

std::string modelName(const NamedDecl *Declaration) {
  llvm::SmallVector<llvm::StringRef, 6> Parts;
  std::string Own = Declaration->getDeclName().getAsString();
  for (const DeclContext *Context = Declaration->getDeclContext(); Context;
       Context = Context->getParent()) {
    if (const auto *Space = dyn_cast<NamespaceDecl>(Context)) {
      if (!Space->isInline() && !Space->isAnonymousNamespace())
        Parts.push_back(Space->getName());
    } else if (const auto *Record = dyn_cast<RecordDecl>(Context)) {
      if (Record->getIdentifier())
        Parts.push_back(Record->getName());
    }
  }
  std::string Name;
  for (llvm::StringRef Part : llvm::reverse(Parts)) {
    Name += Part;
    Name += "::";
  }
  return Name + Own;
}

std::shared_ptr<const Models> Models::builtin() {
  static const std::shared_ptr<const Models> Builtin = [] {
    auto All = std::make_shared<Models>();
    for (const EmbeddedFile &File : embeddedModels())
      All->add(File.Name, File.Text, [](llvm::StringRef Error) {
        // A test loads every built-in model: this cannot be reached by a user.
        llvm::report_fatal_error(llvm::Twine("built-in model: ") + Error);
      });
    return All;
  }();
  return Builtin;
}

std::shared_ptr<const Models>
Models::withFiles(llvm::ArrayRef<std::string> Files, ErrorHandler OnError) {
  if (Files.empty())
    return builtin();
  auto All = std::make_shared<Models>(*builtin());
  for (const std::string &File : Files) {
    // Reading a device or a pipe might never end.
    if (llvm::sys::fs::exists(File) && !llvm::sys::fs::is_regular_file(File)) {
      OnError(File + ": cannot read this model file: not a regular file");
      continue;
    }
    uint64_t Size = 0;
    if (!llvm::sys::fs::file_size(File, Size) && Size > YamlSizeLimit) {
      OnError(File + ": cannot read this model file: it is larger than 4 MiB");
      continue;
    }
    auto Buffer = llvm::MemoryBuffer::getFile(File, /*IsText=*/true);
    if (!Buffer) {
      OnError(File +
              ": cannot read this model file: " + Buffer.getError().message());
      continue;
    }
    All->add(File, (*Buffer)->getBuffer(), OnError, /*Replaces=*/true);
  }
  return All;
}

/// Does the unit declare something of this qualified name?
static bool declares(const ASTContext &AST, llvm::StringRef QualifiedName) {
  const DeclContext *Where = AST.getTranslationUnitDecl();
  while (true) {
    auto [First, Rest] = QualifiedName.split("::");
    auto Found = Where->lookup(DeclarationName(&AST.Idents.get(First)));
    if (Rest.empty() || Found.empty())
      return !Found.empty();
    const auto *Inner = dyn_cast<DeclContext>(Found.front());
    if (!Inner)
      return false;
    Where = Inner;
    QualifiedName = Rest;
  }
}

std::shared_ptr<const Models> Models::inUnit(std::shared_ptr<const Models> All,
                                             const ASTContext &AST) {
  std::shared_ptr<Models> Left;
  for (unsigned I = 0; I < All->Libraries.size(); ++I) {
    const LibraryModel &Library = All->Libraries[I];
    auto Declared = [&](llvm::StringRef Name) { return declares(AST, Name); };
    if (Library.OnlyWith.empty() || llvm::any_of(Library.OnlyWith, Declared) ||
        llvm::none_of(All->Namespaces, [&](const auto &Space) {
          return Space.second == I && Declared(Space.first());
        }))
      continue;
    if (!Left)
      Left = std::make_shared<Models>(*All);
    auto Remove = [&](auto &Map, auto IsOf) {
      for (auto It = Map.begin(), End = Map.end(); It != End;) {
        auto Here = It++;
        if (IsOf(Here->second))
          Map.erase(Here);
      }
    };
    auto IsRow = [&](const auto &Row) { return Row.Library == Library.Name; };
    Remove(Left->Functions, IsRow);
    Remove(Left->Types, IsRow);
    Remove(Left->Namespaces, [&](unsigned Of) { return Of == I; });
  }
  if (Left)
    return Left;
  return All;
}

const FunctionModel *Models::function(llvm::StringRef QualifiedName) const {
  auto It = Functions.find(QualifiedName);
  return It == Functions.end() ? nullptr : &It->second;
}

const FunctionModel *Models::function(const FunctionDecl *Function) const {
  if (!Function)
    return nullptr;
  // Constructors and destructors are named after their class; operators and
  // conversions have no identifier.
  if (const IdentifierInfo *Id = Function->getIdentifier())
    if (!FunctionIds.contains(Id->getName()))
      return nullptr;
  std::string Name;
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function))
    Name = modelName(Constructor->getParent()) +
           "::" + Constructor->getParent()->getNameAsString();
  else if (const auto *Destructor = dyn_cast<CXXDestructorDecl>(Function))
    Name = modelName(Destructor->getParent()) + "::~" +
           Destructor->getParent()->getNameAsString();
  else
    Name = modelName(Function);
  // A name without a namespace stands for a C function: `connect` is no model
  // for whatever a program calls so.
  if (const FunctionModel *Found = function(Name))
    if (llvm::StringRef(Name).contains("::") || Function->isExternC())
      return Found;
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Function))
    for (const CXXMethodDecl *Overridden : Method->overridden_methods())
      if (const FunctionModel *Found = function(Overridden))
        return Found;
  return nullptr;
}

/// The name by which a program names the function object \p Variable. Libraries
/// put theirs into a namespace of its own that the one around it uses, so that
/// argument-dependent look-up does not find them.
static std::string objectName(const VarDecl *Variable) {
  const auto *Space = dyn_cast<NamespaceDecl>(Variable->getDeclContext());
  const auto *Around =
      Space ? dyn_cast<NamespaceDecl>(Space->getParent()) : nullptr;
  if (Around)
    for (const UsingDirectiveDecl *Uses : Around->using_directives())
      if (Uses->getNominatedNamespace()->getCanonicalDecl() ==
          Space->getCanonicalDecl())
        return modelName(Around) + "::" + Variable->getNameAsString();
  return modelName(Variable);
}

const FunctionModel *Models::callee(const Expr *Call) const {
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Call))
    return function(Construct->getConstructor());
  const auto *Plain = dyn_cast<CallExpr>(Call);
  if (!Plain)
    return nullptr;
  if (const VarDecl *Object = functionObjectOf(Call);
      Object && Object->getIdentifier() &&
      FunctionIds.contains(Object->getName()))
    if (const FunctionModel *Found = function(objectName(Object)))
      return Found;
  return function(Plain->getDirectCallee());
}

const TypeModel *Models::type(llvm::StringRef QualifiedName) const {
  auto It = Types.find(QualifiedName);
  return It == Types.end() ? nullptr : &It->second;
}

const TypeModel *Models::type(const CXXRecordDecl *Record) const {
  if (!Record)
    return nullptr;
  if (Record->getIdentifier() && TypeIds.contains(Record->getName()))
    if (const TypeModel *Found = type(modelName(Record)))
      return Found;
  if (!Record->hasDefinition())
    return nullptr;
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (const TypeModel *Found = type(Base.getType()->getAsCXXRecordDecl()))
      return Found;
  return nullptr;
}

const TypeModel *Models::type(QualType Type) const {
  if (Type.isNull())
    return nullptr;
  return type(Type.getNonReferenceType()->getAsCXXRecordDecl());
}

const LibraryModel *Models::library(llvm::StringRef Name) const {
  for (const LibraryModel &Library : Libraries)
    if (Library.Name == Name)
      return &Library;
  return nullptr;
}

const LibraryModel *Models::libraryOf(const NamedDecl *Declaration) const {
  if (!Declaration)
    return nullptr;
  std::string Name = modelName(Declaration);
  llvm::StringRef Space = Name;
  while (true) {
    size_t At = Space.rfind("::");
    if (At == llvm::StringRef::npos)
      return nullptr;
    Space = Space.substr(0, At);
    if (auto It = Namespaces.find(Space); It != Namespaces.end())
      return &Libraries[It->second];
  }
}

std::vector<std::string> Models::spellings(const LibraryModel &Library,
                                           llvm::StringRef Name) const {
  std::vector<std::string> All{Name.str()};
  for (const auto &[Space, Others] : Library.Aliases)
    if (Name.starts_with(Space) && Name.substr(Space.size()).starts_with("::"))
      for (const std::string &Other : Others)
        All.push_back(Other + Name.substr(Space.size()).str());
  return All;
}

std::vector<std::string> findUserModels(llvm::StringRef SourceFile) {
  std::vector<std::string> Found;
  llvm::SmallString<256> Folder(SourceFile);
  if (llvm::sys::fs::make_absolute(Folder))
    return Found;
  llvm::sys::path::remove_dots(Folder, /*remove_dot_dot=*/true);
  for (llvm::StringRef At = llvm::sys::path::parent_path(Folder); !At.empty();
       At = llvm::sys::path::parent_path(At)) {
    llvm::SmallString<256> File(At);
    llvm::sys::path::append(File, UserModelsName);
    if (llvm::sys::fs::exists(File))
      Found.push_back(std::string(File));
  }
  std::reverse(Found.begin(), Found.end());
  return Found;
}

//===----------------------------------------------------------------------===//
// Conditions on arguments
//===----------------------------------------------------------------------===//

/// Is every number in \p Value zero? Covers a literal, an enumerator and a
/// duration, which is a class around a count.
static bool isZero(const APValue &Value) {
  switch (Value.getKind()) {
  case APValue::Int:
    return Value.getInt() == 0;
  case APValue::Float:
    return Value.getFloat().isZero();
  case APValue::Struct:
    for (unsigned I = 0; I < Value.getStructNumBases(); ++I)
      if (!isZero(Value.getStructBase(I)))
        return false;
    for (unsigned I = 0; I < Value.getStructNumFields(); ++I)
      if (!isZero(Value.getStructField(I)))
        return false;
    return Value.getStructNumFields() + Value.getStructNumBases() > 0;
  case APValue::LValue:
    return Value.isNullPointer();
  default:
    return false;
  }
}

/// A call as its arguments and the object it is made on.
struct CallParts {
  const Expr *Object = nullptr;
  llvm::ArrayRef<const Expr *> Arguments;
};

static CallParts partsOf(const Expr *Call) {
  CallParts Parts;
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Call)) {
    Parts.Arguments = {Construct->getArgs(), Construct->getNumArgs()};
  } else if (const auto *Plain = dyn_cast<CallExpr>(Call)) {
    Parts.Arguments = {Plain->getArgs(), Plain->getNumArgs()};
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
      Parts.Object = Member->getImplicitObjectArgument();
    } else if (isa<CXXOperatorCallExpr>(Call) && !Parts.Arguments.empty() &&
               isa_and_nonnull<CXXMethodDecl>(Plain->getCalleeDecl())) {
      Parts.Object = Parts.Arguments.front();
      Parts.Arguments = Parts.Arguments.drop_front();
    }
  }
  return Parts;
}

static bool isVariable(const Expr *E, llvm::StringRef Name) {
  const auto *Reference = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
  return Reference && isa<VarDecl>(Reference->getDecl()) &&
         modelName(Reference->getDecl()) == Name;
}

/// Is \p Record the class of that name, or derived from it?
static bool isOrDerivesFrom(const CXXRecordDecl *Record, llvm::StringRef Name,
                            unsigned Depth = 0) {
  if (!Record || Depth > 16)
    return false;
  if (modelName(Record) == Name)
    return true;
  if (!Record->hasDefinition())
    return false;
  return llvm::any_of(Record->bases(), [&](const CXXBaseSpecifier &Base) {
    return isOrDerivesFrom(Base.getType()->getAsCXXRecordDecl(), Name,
                           Depth + 1);
  });
}

bool holds(const ArgumentCondition &Condition, const Expr *Call,
           const Decl *Context) {
  CallParts Parts = partsOf(Call);
  int Written = llvm::count_if(Parts.Arguments, [](const Expr *Argument) {
    return !isa<CXXDefaultArgExpr>(Argument);
  });
  if (Condition.Count && Written != *Condition.Count)
    return false;
  if (Condition.AtLeast && Written < *Condition.AtLeast)
    return false;
  if (Condition.Object) {
    if (!Parts.Object)
      return false;
    QualType Type = Parts.Object->IgnoreImpCasts()->getType();
    if (Type->isPointerType())
      Type = Type->getPointeeType();
    if (!isOrDerivesFrom(Type.getNonReferenceType()->getAsCXXRecordDecl(),
                         *Condition.Object))
      return false;
  }
  if (Condition.Variable &&
      !(Parts.Object && isVariable(Parts.Object, *Condition.Variable)) &&
      llvm::none_of(Parts.Arguments, [&](const Expr *Argument) {
        return isVariable(Argument, *Condition.Variable);
      }))
    return false;
  if (!Condition.Argument)
    return true;
  int Count = static_cast<int>(Parts.Arguments.size());
  int Index = *Condition.Argument < 0 ? Count + *Condition.Argument
                                      : *Condition.Argument;
  if (Index < 0 || Index >= Count)
    return false;
  const Expr *Argument = Parts.Arguments[Index];
  if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(Argument))
    Argument = Default->getExpr();
  if (Condition.Type) {
    QualType Type = Argument->IgnoreImplicit()->getType().getNonReferenceType();
    if (Type->isPointerType())
      Type = Type->getPointeeType();
    const auto *Tag = Type->getAsTagDecl();
    if (!Tag || (modelName(Tag) != *Condition.Type &&
                 !isOrDerivesFrom(Type->getAsCXXRecordDecl(), *Condition.Type)))
      return false;
  }
  if (!Condition.Bits && !Condition.Equals && !Condition.Is)
    return true;
  if (Argument->isValueDependent() || Argument->isTypeDependent())
    return false;
  const ASTContext &AST = Context->getASTContext();
  if (Condition.Is && *Condition.Is == "null")
    return Argument->isNullPointerConstant(const_cast<ASTContext &>(AST),
                                           Expr::NPC_ValueDependentIsNotNull);
  // The value that a temporary is made of can be computed, the temporary is an
  // object like any other.
  if (const auto *Temporary =
          dyn_cast<MaterializeTemporaryExpr>(Argument->IgnoreParens()))
    Argument = Temporary->getSubExpr();
  Expr::EvalResult Result;
  if (!Argument->EvaluateAsRValue(Result, AST) || Result.HasSideEffects)
    return false;
  if (Condition.Is) {
    bool Zero = isZero(Result.Val);
    if (*Condition.Is == "zero" ? !Zero : Zero)
      return false;
  }
  if (!Condition.Bits && !Condition.Equals)
    return true;
  if (!Result.Val.isInt())
    return false;
  int64_t Value = Result.Val.getInt().getExtValue();
  if (Condition.Bits && (Value & *Condition.Bits) != *Condition.Bits)
    return false;
  return !Condition.Equals || Value == *Condition.Equals;
}

bool mayBlock(const BlockingModel &Model, const Expr *Call,
              const Decl *Context) {
  auto Holds = [&](const ArgumentCondition &C) {
    return holds(C, Call, Context);
  };
  if (!Model.When.empty() && llvm::none_of(Model.When, Holds))
    return false;
  return llvm::none_of(Model.Unless, Holds);
}

Confidence confidence(const BlockingModel &Model) {
  if (Model.Sure)
    return *Model.Sure;
  return Model.Kind == BlockingKind::File ? Confidence::Medium
                                          : Confidence::High;
}

} // namespace coro
