//===- Unit.cpp - What is found once in a translation unit
//------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/Unit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace coro {

/// Finds the functions of a unit. Template instantiations are looked at, not
/// templates: only they have types.
class Unit::Collector : public RecursiveASTVisitor<Unit::Collector> {
public:
  explicit Collector(Unit &U) : U(U) {}

  bool shouldVisitTemplateInstantiations() const { return true; }

  bool TraverseDecl(Decl *D) {
    // Instantiations of system templates with user types stay out, too.
    if (D && !isa<TranslationUnitDecl>(D) && D->getLocation().isValid() &&
        isa<FunctionDecl, CXXRecordDecl, FunctionTemplateDecl,
            ClassTemplateDecl, NamespaceDecl, LinkageSpecDecl, VarDecl>(D) &&
        !U.isUserCode(D->getLocation()))
      return true;
    return RecursiveASTVisitor::TraverseDecl(D);
  }

  bool VisitFunctionDecl(FunctionDecl *Function) {
    add(Function, nullptr);
    return true;
  }

  bool TraverseLambdaExpr(LambdaExpr *Lambda) {
    CXXMethodDecl *Operator = Lambda->getCallOperator();
    if (const FunctionDecl *In = Stack.empty() ? nullptr : Stack.back())
      U.LambdaIn[Lambda] = In;
    // Captures belong to the enclosing body.
    for (unsigned I = 0; I < Lambda->capture_size(); ++I)
      if (!TraverseLambdaCapture(Lambda, Lambda->capture_begin() + I,
                                 Lambda->capture_init_begin()[I]))
        return false;
    auto Enter = [&](FunctionDecl *Function) {
      add(Function, Lambda);
      Stack.push_back(Function);
      bool Continue = TraverseStmt(Function->getBody());
      Stack.pop_back();
      return Continue;
    };
    if (FunctionTemplateDecl *Template =
            Operator->getDescribedFunctionTemplate()) {
      for (FunctionDecl *Instance : Template->specializations())
        if (Instance->doesThisDeclarationHaveABody() && !Enter(Instance))
          return false;
      return true;
    }
    return Enter(Operator);
  }

#define CORO_TRAVERSE_FUNCTION(KIND)                                           \
  bool Traverse##KIND##Decl(KIND##Decl *D) {                                   \
    Stack.push_back(D);                                                        \
    bool Continue = RecursiveASTVisitor::Traverse##KIND##Decl(D);              \
    Stack.pop_back();                                                          \
    return Continue;                                                           \
  }
  CORO_TRAVERSE_FUNCTION(Function)
  CORO_TRAVERSE_FUNCTION(CXXMethod)
  CORO_TRAVERSE_FUNCTION(CXXConstructor)
  CORO_TRAVERSE_FUNCTION(CXXDestructor)
  CORO_TRAVERSE_FUNCTION(CXXConversion)
#undef CORO_TRAVERSE_FUNCTION

private:
  void add(FunctionDecl *Function, const LambdaExpr *Lambda) {
    if (!Function->doesThisDeclarationHaveABody() ||
        Function->isDependentContext() || Function->isInvalidDecl() ||
        !Function->getBody() || !Seen.insert(Function).second)
      return;
    U.Functions.push_back(Function);
    if (Lambda)
      U.LambdaOf[Function] = Lambda;
    if (const auto *Body = dyn_cast<CoroutineBodyStmt>(Function->getBody())) {
      auto Made = std::make_unique<Coroutine>();
      Made->Function = Function;
      Made->Body = Body;
      Made->Lambda = Lambda;
      U.Types.learn(Body, Function->getReturnType());
      U.CoroutineOf[Function->getCanonicalDecl()] = Made.get();
      U.Coroutines.push_back(Made.get());
      U.OwnedCoroutines.push_back(std::move(Made));
    }
  }

  Unit &U;
  llvm::DenseSet<const FunctionDecl *> Seen;
  llvm::SmallVector<const FunctionDecl *, 8> Stack;
};

Unit::Unit(ASTContext &AST, std::shared_ptr<const Models> Models)
    : AST(AST), Known(std::move(Models)), Types(AST, *Known) {
  Collector Visitor(*this);
  Visitor.TraverseAST(AST);
  for (std::unique_ptr<Coroutine> &C : OwnedCoroutines)
    C->Task = Types.classify(C->Function->getReturnType());
}

Unit::~Unit() = default;

const Coroutine *Unit::coroutine(const FunctionDecl *Function) const {
  return Function ? CoroutineOf.lookup(Function->getCanonicalDecl()) : nullptr;
}

const LambdaExpr *Unit::lambda(const FunctionDecl *Function) const {
  return LambdaOf.lookup(Function);
}

const FunctionDecl *Unit::enclosingFunction(const LambdaExpr *Lambda) const {
  return LambdaIn.lookup(Lambda);
}

const Flow *Unit::flow(const FunctionDecl *Function) {
  const FunctionDecl *Definition = nullptr;
  if (!Function || !Function->hasBody(Definition))
    return nullptr;
  auto [It, New] = Flows.try_emplace(Definition);
  if (New)
    It->second = Flow::build(Definition);
  return It->second.get();
}

bool Unit::maySuspend(const CoroutineSuspendExpr *Await) {
  if (Types.suspends(Await) == Suspends::Never)
    return false;
  // What is awaited may be known when its awaiter is not.
  if (const auto *Plain = dyn_cast<CoawaitExpr>(Await))
    if (const TypeModel *Model = Known->type(Plain->getOperand()->getType()))
      return !Model->NeverSuspends;
  return true;
}

namespace {
/// Finds the calls in one body, without those in its lambdas.
class CallFinder : public RecursiveASTVisitor<CallFinder> {
public:
  explicit CallFinder(
      llvm::function_ref<void(const Expr *, const FunctionDecl *)> Found)
      : Found(Found) {}
  bool shouldVisitImplicitCode() const { return true; }
  bool TraverseLambdaExpr(LambdaExpr *Lambda) {
    for (unsigned I = 0; I < Lambda->capture_size(); ++I)
      TraverseStmt(Lambda->capture_init_begin()[I]);
    return true;
  }
  bool VisitCallExpr(CallExpr *Call) {
    if (const FunctionDecl *Callee = Call->getDirectCallee())
      Found(Call, Callee);
    return true;
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *Construct) {
    Found(Construct, Construct->getConstructor());
    return true;
  }

private:
  llvm::function_ref<void(const Expr *, const FunctionDecl *)> Found;
};
} // namespace

llvm::ArrayRef<CallSite> Unit::callers(const FunctionDecl *Function) {
  if (!CallersKnown) {
    CallersKnown = true;
    for (const FunctionDecl *Caller : Functions) {
      Stmt *Body = Caller->getBody();
      // The implicit parts of a coroutine call its promise, not users' code.
      if (auto *Coroutine = dyn_cast<CoroutineBodyStmt>(Body))
        Body = Coroutine->getBody();
      llvm::DenseSet<const Expr *> Seen;
      CallFinder([&](const Expr *Call, const FunctionDecl *Callee) {
        if (Seen.insert(Call).second)
          Callers[Callee->getCanonicalDecl()].push_back({Call, Caller});
      }).TraverseStmt(Body);
    }
  }
  auto It = Callers.find(Function->getCanonicalDecl());
  if (It == Callers.end())
    return {};
  return It->second;
}

bool Unit::isAnnotated(const Decl *Declaration, llvm::StringRef Name) {
  if (!Declaration)
    return false;
  for (const Decl *Redeclaration : Declaration->redecls())
    for (const auto *Annotation :
         Redeclaration->specific_attrs<AnnotateAttr>()) {
      llvm::StringRef Text = Annotation->getAnnotation();
      if (Text.consume_front("coro::") && Text == Name)
        return true;
    }
  return false;
}

bool Unit::isUserCode(SourceLocation Location) const {
  const SourceManager &SM = AST.getSourceManager();
  return Location.isValid() &&
         !SM.isInSystemHeader(SM.getExpansionLoc(Location));
}

std::string Unit::mainFile() const {
  const SourceManager &SM = AST.getSourceManager();
  if (auto Entry = SM.getFileEntryRefForID(SM.getMainFileID()))
    return Entry->getName().str();
  return {};
}

std::string quoted(const NamedDecl *Declaration) {
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Declaration)) {
    if (Method->getParent()->isLambda())
      return "this lambda";
    std::string Name;
    llvm::raw_string_ostream OS(Name);
    OS << '\'' << Method->getParent()->getName()
       << "::" << Method->getDeclName() << '\'';
    return Name;
  }
  return "'" + Declaration->getNameAsString() + "'";
}

std::string sourceText(SourceRange Range, const ASTContext &AST,
                       unsigned Limit) {
  llvm::StringRef Text =
      Lexer::getSourceText(AST.getSourceManager().getExpansionRange(Range),
                           AST.getSourceManager(), AST.getLangOpts());
  std::string Line;
  for (char C : Text) {
    bool Space = C == ' ' || C == '\n' || C == '\t' || C == '\r';
    if (Space && (Line.empty() || Line.back() == ' '))
      continue;
    Line += Space ? ' ' : C;
    if (Line.size() > Limit)
      return Line.substr(0, Limit - 1) + "…";
  }
  return Line;
}

} // namespace coro
