//===- Unit.cpp - What is found once in a translation unit ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/unit/Unit.h"
#include "analysis/ast/Walk.h"
#include "analysis/index/Index.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclFriend.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace coro {

/// Finds the functions of a unit. Template instantiations are looked at, not
/// templates: only they have types.
class Unit::Collector {
public:
  explicit Collector(Unit &U) : U(U) {}

  void collect(const Decl *D) {
    if (D->isInvalidDecl() ||
        (D->getLocation().isValid() && !U.isUserCode(D->getLocation())))
      return;
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(D)) {
      for (const FunctionDecl *Instance : Template->specializations())
        add(Instance, nullptr);
    } else if (const auto *Function = dyn_cast<FunctionDecl>(D)) {
      add(Function, nullptr);
    } else if (const auto *Template = dyn_cast<ClassTemplateDecl>(D)) {
      for (const ClassTemplateSpecializationDecl *Instance :
           Template->specializations())
        if (!Instance->isExplicitSpecialization())
          collectMembers(Instance);
    } else if (const auto *Record = dyn_cast<CXXRecordDecl>(D)) {
      if (Record->isThisDeclarationADefinition() && !Record->isDependentType())
        collectMembers(Record);
    } else if (const auto *Variable = dyn_cast<VarDecl>(D)) {
      if (!Variable->getDeclContext()->isDependentContext())
        if (const Expr *Init = Variable->getInit())
          collectNested(Init);
    } else if (const auto *Friend = dyn_cast<FriendDecl>(D)) {
      // A class is found where it is declared; from here, a template that
      // befriends its own specialisations would never end.
      const NamedDecl *Befriended = Friend->getFriendDecl();
      if (Befriended && isa<FunctionDecl, FunctionTemplateDecl>(Befriended))
        collect(Befriended);
    } else if (isa<NamespaceDecl, LinkageSpecDecl, ExportDecl>(D)) {
      collectMembers(cast<DeclContext>(D));
    }
  }

private:
  void collectMembers(const DeclContext *Context) {
    for (const Decl *Member : Context->decls())
      collect(Member);
  }

  void add(const FunctionDecl *Function, const LambdaExpr *Lambda) {
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
    Stack.push_back(Function);
    if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function))
      for (const CXXCtorInitializer *Init : Constructor->inits())
        if (const Expr *Value = Init->getInit())
          collectNested(Value);
    collectNested(Function->getBody());
    Stack.pop_back();
  }

  /// The lambdas and local classes in a body.
  void collectNested(const Stmt *Body) {
    walk(Body, [&](const Stmt *S) {
      if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
        if (!Stack.empty())
          U.LambdaIn[Lambda] = Stack.back();
        const CXXMethodDecl *Operator = Lambda->getCallOperator();
        if (const FunctionTemplateDecl *Template =
                Operator->getDescribedFunctionTemplate())
          for (const FunctionDecl *Instance : Template->specializations())
            add(Instance, Lambda);
        else
          add(Operator, Lambda);
      } else if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
        for (const Decl *D : Declaration->decls())
          if (isa<CXXRecordDecl>(D))
            collect(D);
      }
      return WalkInto::Children;
    });
  }

  Unit &U;
  llvm::DenseSet<const FunctionDecl *> Seen;
  llvm::SmallVector<const FunctionDecl *, 8> Stack;
};

Unit::Unit(ASTContext &AST, std::shared_ptr<const Models> Models,
           std::shared_ptr<const Index> Linked)
    : AST(AST), Known(coro::Models::inUnit(std::move(Models), AST)),
      Project(std::make_unique<IndexView>(std::move(Linked),
                                          AST.getSourceManager())),
      Types(AST, *Known) {
  Collector Found(*this);
  for (const Decl *Scope : AST.getTraversalScope()) {
    if (const auto *Whole = dyn_cast<TranslationUnitDecl>(Scope))
      for (const Decl *D : Whole->decls())
        Found.collect(D);
    else
      Found.collect(Scope);
  }
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
  Suspends Kind = Types.suspends(Await);
  if (Kind == Suspends::Never || Kind == Suspends::ToEnd)
    return false;
  // What is awaited may be known when its awaiter is not.
  if (const auto *Plain = dyn_cast<CoawaitExpr>(Await))
    if (const TypeModel *Model = Known->type(Plain->getOperand()->getType()))
      return !Model->NeverSuspends;
  return true;
}

llvm::ArrayRef<CallSite> Unit::callers(const FunctionDecl *Function) {
  if (!CallersKnown) {
    CallersKnown = true;
    for (const FunctionDecl *Caller : Functions) {
      auto Note = [&](const Stmt *S) {
        const FunctionDecl *Callee = nullptr;
        if (const auto *Call = dyn_cast<CallExpr>(S))
          Callee = Call->getDirectCallee();
        else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S))
          Callee = Construct->getConstructor();
        if (Callee)
          Callers[Callee->getCanonicalDecl()].push_back(
              {cast<Expr>(S), Caller});
        return WalkInto::Children;
      };
      if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Caller))
        for (const CXXCtorInitializer *Init : Constructor->inits())
          walk(Init->getInit(), Note);
      walk(Caller->getBody(), Note);
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

ReportNote elsewhere(Unit &U, const SourcePlace &Place, std::string Message,
                     SourceRange Otherwise) {
  SourceManager &SM = U.ast().getSourceManager();
  SourceLocation At = locate(Place, U.index().root(), SM);
  if (At.isValid())
    return {SourceRange(At), std::move(Message)};
  return {Otherwise,
          Message + " (" + Place.File + ":" + std::to_string(Place.Line) + ")"};
}

} // namespace coro
