//===- PlainCoroutines.cpp - Coroutines that could be plain functions -----===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/compute/PlainCoroutines.h"
#include "analysis/ast/Compat.h"
#include "analysis/ast/EvaluatedTree.h"
#include "analysis/blocking/Effects.h"
#include "analysis/compute/Regions.h"
#include "analysis/index/Index.h"
#include "analysis/unit/LockTypes.h"
#include "analysis/unit/Suspensions.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/AST/TypeLoc.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/MapVector.h"

using namespace clang;

namespace coro {

/// How the user's code mentions functions other than by calling them, and what
/// templates call that nobody has resolved.
class PlainCoroutines::Uses : public RecursiveASTVisitor<Uses> {
public:
  explicit Uses(const Unit &U) : U(U) {}
  bool shouldVisitTemplateInstantiations() const { return true; }

  bool TraverseDecl(Decl *D) {
    if (D && !isa<TranslationUnitDecl>(D) && D->getLocation().isValid() &&
        isa<FunctionDecl, CXXRecordDecl, FunctionTemplateDecl,
            ClassTemplateDecl, NamespaceDecl, LinkageSpecDecl, VarDecl>(D) &&
        !U.isUserCode(D->getLocation()))
      return true;
    return RecursiveASTVisitor::TraverseDecl(D);
  }
  bool VisitCallExpr(CallExpr *Call) {
    Callees.insert(Call->getCallee()->IgnoreParenImpCasts());
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *Reference) {
    if (const auto *Function = dyn_cast<FunctionDecl>(Reference->getDecl()))
      if (!Callees.contains(Reference))
        Values.insert(Function->getCanonicalDecl());
    return true;
  }
  bool VisitOverloadExpr(OverloadExpr *Overloads) {
    for (const NamedDecl *D : Overloads->decls()) {
      D = D->getUnderlyingDecl();
      if (const auto *Template = dyn_cast<FunctionTemplateDecl>(D))
        D = Template->getTemplatedDecl();
      if (const auto *Function = dyn_cast<FunctionDecl>(D))
        Values.insert(Function->getCanonicalDecl());
    }
    return true;
  }
  bool VisitCXXDependentScopeMemberExpr(CXXDependentScopeMemberExpr *Member) {
    Names.insert(Member->getMember());
    return true;
  }
  bool VisitDependentScopeDeclRefExpr(DependentScopeDeclRefExpr *Reference) {
    Names.insert(Reference->getDeclName());
    return true;
  }

  /// Is \p Function a value, or may a template call it?
  bool asksForItsShape(const FunctionDecl *Function) const {
    const FunctionDecl *Pattern = Function->getTemplateInstantiationPattern();
    return Values.contains(Function->getCanonicalDecl()) ||
           (Pattern && Values.contains(Pattern->getCanonicalDecl())) ||
           (isa<CXXMethodDecl>(Function) &&
            Names.contains(Function->getDeclName()));
  }

private:
  const Unit &U;
  llvm::DenseSet<const Expr *> Callees;
  llvm::DenseSet<const FunctionDecl *> Values;
  llvm::DenseSet<DeclarationName> Names;
};

/// Does the text of \p Body have more awaits than the tree? Some are in code
/// that the preprocessor left out.
static bool hasHiddenAwaits(const Stmt *Body, unsigned Known,
                            const ASTContext &AST) {
  const SourceManager &SM = AST.getSourceManager();
  SourceRange Range = Body->getSourceRange();
  if (Range.isInvalid() || Range.getBegin().isMacroID() ||
      Range.getEnd().isMacroID())
    return true;
  auto [File, Begin] = SM.getDecomposedLoc(Range.getBegin());
  auto [EndFile, End] = SM.getDecomposedLoc(Range.getEnd());
  bool Invalid = false;
  llvm::StringRef Text = SM.getBufferData(File, &Invalid);
  if (Invalid || File != EndFile || End > Text.size())
    return true;
  Lexer Raw(SM.getLocForStartOfFile(File), AST.getLangOpts(), Text.begin(),
            Text.begin() + Begin, Text.end());
  Token T;
  unsigned Written = 0;
  do {
    Raw.LexFromRawLexer(T);
    if (T.is(tok::raw_identifier))
      Written += T.getRawIdentifier() == "co_await" ||
                 T.getRawIdentifier() == "co_yield";
  } while (T.isNot(tok::eof) && SM.getFileOffset(T.getLocation()) < End);
  return Written > Known;
}

bool PlainCoroutines::isCandidate(const Coroutine &C, const Uses &Used) {
  const FunctionDecl *Function = C.Function;
  // What asks for a coroutine: lambdas are written for an API, overrides and
  // operators for an interface, detached tasks for a caller who must not wait.
  if (C.Lambda || !C.Task || !C.Task->IsAwaitable || C.isDetached() ||
      Function->isOverloadedOperator() || Function->isMain() ||
      Function->getLocation().isMacroID() || Function->isVariadic())
    return false;
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  if (Method && (Method->isVirtual() || isa<CXXConversionDecl>(Method)))
    return false;
  if (C.Task->Promise && findMethod(C.Task->Promise, "yield_value"))
    return false;
  // What the body does not look at is for the promise: an executor to run on.
  llvm::DenseSet<const Decl *> Mentioned;
  forEachStatement(C.Body->getBody(), [&](const Stmt *S) {
    if (const auto *Reference = dyn_cast<DeclRefExpr>(S))
      Mentioned.insert(Reference->getDecl());
  });
  if (llvm::any_of(Function->parameters(), [&](const ParmVarDecl *P) {
        return !Mentioned.contains(P) &&
               U.shared<ComputeTypes>().isIo(P->getType());
      }))
    return false;
  if (!U.shared<Suspensions>().startsInPlace(C) ||
      Used.asksForItsShape(Function))
    return false;
  // Overloads are called alike, whichever of them suspends.
  for (const NamedDecl *Other :
       Function->getDeclContext()->lookup(Function->getDeclName())) {
    Other = Other->getUnderlyingDecl();
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(Other))
      Other = Template->getTemplatedDecl();
    const FunctionDecl *Pattern = Function->getTemplateInstantiationPattern();
    if (isa<FunctionDecl>(Other) &&
        Other->getCanonicalDecl() != Function->getCanonicalDecl() &&
        (!Pattern || Other->getCanonicalDecl() != Pattern->getCanonicalDecl()))
      return false;
  }
  return true;
}

/// Collects the awaits of a candidate; false when it needs to be a coroutine.
bool PlainCoroutines::usesNothing(const Coroutine &C,
                                  PlainCoroutine &Result) const {
  bool Others = false;
  EvaluatedTree Tree(C.Body->getBody());
  // What is dropped here is more likely an await that was forgotten.
  auto IsForgotten = [&](const Stmt *S) {
    const auto *Call = dyn_cast<CallExpr>(S);
    const TaskType *Made = Call ? U.taskType(Call->getType()) : nullptr;
    return Made && Made->IsAwaitable && !Made->Detached && !Made->MayDiscard &&
           Tree.isDiscarded(Call);
  };
  auto Collect = [&](const Stmt *S) {
    Others |= IsForgotten(S);
    if (const auto *Await = dyn_cast<CoawaitExpr>(S))
      Result.Awaits.push_back(Await);
    else if (isa<CoroutineSuspendExpr, DependentCoawaitExpr>(S))
      Others = true;
  };
  forEachStatement(C.Body->getBody(), Collect);
  if (Others)
    return false;
  // In another instantiation an await may remain.
  if (const FunctionDecl *Pattern =
          C.Function->getTemplateInstantiationPattern()) {
    unsigned InPattern = 0;
    const FunctionDecl *Definition = nullptr;
    if (!Pattern->hasBody(Definition))
      return false;
    forEachStatement(Definition->getBody(), [&](const Stmt *S) {
      InPattern += isa<CoawaitExpr, DependentCoawaitExpr, CoyieldExpr>(S);
    });
    if (InPattern > 0)
      return false;
  }
  return !hasHiddenAwaits(C.Body->getBody(), Result.Awaits.size(), U.ast());
}

/// Is the body of \p Function, or of one around it, made by a macro, as that of
/// a test is?
static bool isInMacro(const FunctionDecl *Function, const Unit &U) {
  for (unsigned Depth = 0; Function && Depth < 8; ++Depth) {
    if (Function->getLocation().isMacroID())
      return true;
    const LambdaExpr *Lambda = U.lambda(Function);
    if (Lambda && Lambda->getBeginLoc().isMacroID())
      return true;
    Function = Lambda ? U.enclosingFunction(Lambda) : nullptr;
  }
  return false;
}

/// Does every call in sight await it at once?
bool PlainCoroutines::isCalledPlainly(PlainCoroutine &Result) const {
  const FunctionDecl *Function = Result.What->Function;
  llvm::ArrayRef<CallSite> Callers = U.callers(Function);
  Result.Elsewhere = Alone ? nullptr : U.index().callers(Function);
  if (Result.Elsewhere &&
      !(Result.Elsewhere->Facts & CallerSummary::AwaitedDirectly))
    return false;
  // Somebody mentions it, and not in the user's own functions.
  if (Callers.empty() && !Result.Elsewhere && Function->isReferenced())
    return false;
  bool OnlyTests = !Callers.empty() || Result.Elsewhere;
  if (Result.Elsewhere)
    OnlyTests = Result.Elsewhere->Facts & CallerSummary::InMacro;
  for (const CallSite &Site : Callers) {
    const Flow *F = U.flow(Site.Caller);
    const CoawaitExpr *Found = nullptr;
    if (F)
      for (const CoroutineSuspendExpr *Await : F->suspensions())
        if (const auto *Plain = dyn_cast<CoawaitExpr>(Await);
            Plain &&
            Plain->getOperand()->IgnoreUnlessSpelledInSource() == Site.Call)
          Found = Plain;
    if (!Found)
      return false;
    OnlyTests &= isInMacro(Site.Caller, U);
    Result.AwaitedAt.push_back(Found);
  }
  return !OnlyTests;
}

/// A body that computes nothing from anything stands for something else: a
/// stub, a default, an example.
static bool isTrivial(const Coroutine &C) {
  bool Works = false;
  forEachStatement(C.Body->getBody(), [&](const Stmt *S) {
    if (const auto *Throw = dyn_cast<CXXThrowExpr>(S); Throw)
      return;
    Works |= isa<CXXThisExpr, IfStmt, WhileStmt, ForStmt, SwitchStmt,
                 CXXForRangeStmt>(S);
    if (const auto *Reference = dyn_cast<DeclRefExpr>(S))
      Works |= isa<VarDecl>(Reference->getDecl());
  });
  return !Works;
}

static QualType resultType(const FunctionDecl *Function) {
  if (const auto *Task = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
          Function->getReturnType()->getAsCXXRecordDecl()))
    if (Task->getTemplateArgs().size() > 0 &&
        Task->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
      return Task->getTemplateArgs()[0].getAsType();
  return {};
}

void PlainCoroutines::judge(PlainCoroutine &Result) const {
  const FunctionDecl *Function = Result.What->Function;
  QualType Type = resultType(Function);
  if (!Type.isNull()) {
    PrintingPolicy Policy(U.ast().getLangOpts());
    Policy.SuppressScope = false;
    Result.Result = Type.getAsString(Policy);
  }
  bool Private =
      Function->getAccess() == AS_private || !Function->isExternallyVisible();
  // Blocking in a plain function is no better: there it should suspend.
  bool Blocks = llvm::any_of(
      U.shared<Effects>().blockingCalls(Function),
      [](const Witness &Call) { return Call.Kind != BlockingKind::Lock; });
  if (isTrivial(*Result.What) || Blocks)
    Result.Sure = Confidence::Low;
  else if (Result.Elsewhere)
    // Every caller can be seen.
    Result.Sure = Confidence::High;
  else if (Result.AwaitedAt.empty())
    // What nobody here calls may be called for its shape; a value is at least
    // something that it computes.
    Result.Sure = Private || Type.isNull() || Type->isVoidType()
                      ? Confidence::Low
                      : Confidence::Medium;
  else
    Result.Sure = Private ? Confidence::High : Confidence::Medium;
}

bool PlainCoroutines::couldBePlain(const CoawaitExpr *Await,
                                   const Suspensions &Facts) const {
  const FunctionDecl *Other = Facts.awaitedElsewhere(Await);
  if (!Other || Alone)
    return Other;
  const TaskSummary *Known = U.index().task(Other);
  return Known && (Known->Facts & TaskSummary::Plain);
}

PlainCoroutines::PlainCoroutines(Unit &U, bool Alone) : U(U), Alone(Alone) {
  std::optional<Suspensions> Own;
  if (Alone)
    Own.emplace(U, Alone);
  const Suspensions &Facts = Own ? *Own : U.shared<Suspensions>();
  if (llvm::none_of(U.coroutines(), [&](const Coroutine *C) {
        return Facts.neverSuspends(C->Function);
      }))
    return;
  Uses Used(U);
  Used.TraverseAST(U.ast());

  llvm::MapVector<const FunctionDecl *, PlainCoroutine> Open;
  for (const Coroutine *C : U.coroutines()) {
    PlainCoroutine Result;
    Result.What = C;
    if (Facts.neverSuspends(C->Function) && isCandidate(*C, Used) &&
        usesNothing(*C, Result) && isCalledPlainly(Result))
      Open[C->Function->getCanonicalDecl()] = std::move(Result);
  }
  for (bool Changed = true; Changed;) {
    Changed = false;
    Open.remove_if([&](const auto &Entry) {
      bool Needs = llvm::any_of(Entry.second.Awaits, [&](const auto *Await) {
        const Coroutine *Other = Facts.awaited(Await);
        if (!Other)
          return !couldBePlain(Await, Facts);
        return !Open.count(Other->Function->getCanonicalDecl());
      });
      Changed |= Needs;
      return Needs;
    });
  }
  for (auto &[Function, Result] : Open) {
    judge(Result);
    Index[Function] = Found.size();
    Found.push_back(std::move(Result));
  }
  // Advice on one is no better than that on those it rests on.
  for (unsigned Round = 0; Round < Found.size(); ++Round) {
    bool Changed = false;
    for (PlainCoroutine &One : Found)
      for (const CoawaitExpr *Await : One.Awaits) {
        if (!Facts.awaited(Await))
          continue;
        Confidence Other =
            Found[Index[Facts.awaited(Await)->Function->getCanonicalDecl()]]
                .Sure;
        Changed |= Other < One.Sure;
        One.Sure = std::min(One.Sure, Other);
      }
    if (!Changed)
      break;
  }
  if (!Alone)
    for (PlainCoroutine &One : Found)
      fix(One);
}

/// The written template argument list of a return type: `task<int>`.
static TemplateSpecializationTypeLoc writtenTask(const FunctionDecl *Function) {
  TypeSourceInfo *Info = Function->getTypeSourceInfo();
  FunctionTypeLoc Type =
      Info ? Info->getTypeLoc().IgnoreParens().getAs<FunctionTypeLoc>()
           : FunctionTypeLoc();
  if (!Type)
    return {};
  if (const auto *Proto = Type.getTypePtr()->getAs<FunctionProtoType>();
      Proto && Proto->hasTrailingReturn())
    return {};
  return withoutElaboration(Type.getReturnLoc())
      .getAs<TemplateSpecializationTypeLoc>();
}

void PlainCoroutines::fix(PlainCoroutine &Result) const {
  const FunctionDecl *Function = Result.What->Function;
  // Everybody who calls it must be at hand, and it must be the end of its
  // chain: the next one is found when this one is done.
  if (Function->isExternallyVisible() || Result.AwaitedAt.empty() ||
      !Result.Awaits.empty() || Result.Sure != Confidence::High ||
      Function->isTemplateInstantiation() || isa<CXXMethodDecl>(Function))
    return;
  const SourceManager &SM = U.ast().getSourceManager();
  const LangOptions &Language = U.ast().getLangOpts();
  std::vector<FixItHint> Fixes;
  for (const FunctionDecl *Declaration : Function->redecls()) {
    TemplateSpecializationTypeLoc Task = writtenTask(Declaration);
    if (!Task || Task.getNumArgs() > 1)
      return;
    std::string Type = "void";
    if (Task.getNumArgs() == 1)
      Type = Lexer::getSourceText(CharSourceRange::getTokenRange(
                                      Task.getArgLoc(0).getSourceRange()),
                                  SM, Language)
                 .str();
    if (Type.empty())
      return;
    SourceRange Written(Declaration->getReturnTypeSourceRange().getBegin(),
                        Task.getRAngleLoc());
    if (Written.getBegin().isInvalid())
      return;
    Fixes.push_back(FixItHint::CreateReplacement(
        CharSourceRange::getTokenRange(Written), Type));
  }
  forEachStatement(Result.What->Body->getBody(), [&](const Stmt *S) {
    if (const auto *Return = dyn_cast<CoreturnStmt>(S))
      if (Return->getKeywordLoc().isValid())
        Fixes.push_back(
            FixItHint::CreateReplacement(Return->getKeywordLoc(), "return"));
  });
  for (const CallSite &Site : U.callers(Function)) {
    // What is left of the caller must be a coroutine still.
    bool Stays = false;
    const auto *Body = dyn_cast<CoroutineBodyStmt>(Site.Caller->getBody());
    if (!Body)
      return;
    forEachStatement(Body->getBody(), [&](const Stmt *S) {
      if (const auto *Return = dyn_cast<CoreturnStmt>(S))
        Stays |= !Return->isImplicit() && Return->getKeywordLoc().isValid();
      else if (const auto *Await = dyn_cast<CoroutineSuspendExpr>(S))
        Stays |= U.shared<Suspensions>().maySuspend(Await);
    });
    if (!Stays)
      return;
  }
  for (const CoawaitExpr *Await : Result.AwaitedAt)
    Fixes.push_back(FixItHint::CreateRemoval(CharSourceRange::getCharRange(
        Await->getKeywordLoc(), Await->getOperand()->getBeginLoc())));
  Result.Fixes = std::move(Fixes);
}

} // namespace coro
