//===- BlockingCallCheck.cpp - coro-blocking-call -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/blocking/BlockingCallCheck.h"
#include "analysis/Executor.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace coro;

static constexpr llvm::StringLiteral KindsOption = "Kinds";
// Everything but locks: critical sections are short, and a lock that is held
// over an await has a check of its own.
static constexpr llvm::StringLiteral DefaultKinds =
    "sleep;wait;sync-wait;network;dns;process;database;console;file";

BlockingCallCheck::BlockingCallCheck(llvm::StringRef Name,
                                     tidy::ClangTidyContext *Context)
    : CoroCheck(Name, Context),
      KindsText(Options.get(KindsOption, DefaultKinds).str()) {
  llvm::SmallVector<llvm::StringRef, 10> Names;
  llvm::StringRef(KindsText).split(Names, ';', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef One : Names) {
    bool Known = false;
    for (unsigned Kind = 0; Kind < BlockingKindCount; ++Kind)
      if (toString(static_cast<BlockingKind>(Kind)) == One.trim())
        Kinds[Kind] = Known = true;
    if (!Known)
      configurationDiag("unknown kind of blocking '%0' in the option Kinds")
          << One.trim();
  }
}

void BlockingCallCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  CoroCheck::storeOptions(Opts);
  Options.store(Opts, KindsOption, KindsText);
}

/// Is the function written inside a macro that makes a test case?
static bool isInTest(const FunctionDecl *Function, const ASTContext &AST) {
  const SourceManager &SM = AST.getSourceManager();
  for (const DeclContext *Context = Function; Context;
       Context = Context->getParent())
    if (const auto *D = dyn_cast<Decl>(Context))
      for (SourceLocation At = D->getLocation(); At.isMacroID();
           At = SM.getImmediateMacroCallerLoc(At)) {
        llvm::StringRef Macro =
            Lexer::getImmediateMacroName(At, SM, AST.getLangOpts());
        if (Macro.contains("TEST"))
          return true;
      }
  return false;
}

void BlockingCallCheck::analyze(Unit &U) {
  Effects &E = U.shared<Effects>();
  ExecutorRoles &Roles = U.shared<ExecutorRoles>();
  for (const Coroutine *C : U.coroutines()) {
    if (U.isAnnotated(C->Function, "blocking") ||
        isInTest(C->Function, U.ast()))
      continue;
    for (const Witness &W : E.blockingCalls(C->Function)) {
      if (!Kinds[static_cast<unsigned>(W.Kind)])
        continue;
      ThreadRole Role = Roles.at(*C, W.At.Point);
      if (Role == ThreadRole::MayBlock)
        continue;
      if (std::optional<Report> R = report(U, *C, W)) {
        if (Role == ThreadRole::Unknown)
          R->Sure = std::min(R->Sure, Confidence::Medium);
        emit(std::move(*R));
      }
    }
  }
}

/// What is called, for a sentence: 'helper', the constructor of 'ifstream'.
static std::string describe(const Invocation &I, const ASTContext &AST) {
  PrintingPolicy Policy = AST.getPrintingPolicy();
  Policy.SuppressTagKeyword = true;
  if (I.How == Invocation::Construct)
    return "the constructor of '" +
           I.Expression->getType().getAsString(Policy) + "'";
  if (I.How == Invocation::Destroy) {
    if (I.Variable)
      return "the destructor of '" + I.Variable->getNameAsString() + "'";
    return "the destructor of '" +
           cast<CXXMethodDecl>(I.Callee)->getParent()->getNameAsString() + "'";
  }
  return quoted(I.Callee);
}

/// What to write instead, as the end of a sentence.
static std::string advice(const Unit &U, const Coroutine &C, const Witness &W) {
  const LibraryModel *Library = C.Task ? C.Task->Library : nullptr;
  std::string Kind = toString(W.Kind).str();
  if (W.Model) {
    const auto &Replacement = W.Model->Replacement;
    if (Library)
      if (auto It = Replacement.find(Library->Name); It != Replacement.end())
        return "use " + It->second;
    if (Library)
      if (auto It = Library->Instead.find(Kind); It != Library->Instead.end())
        return "use " + It->second;
    if (auto It = Replacement.find("any"); It != Replacement.end())
      return "use " + It->second;
  }
  if (Library && !Library->Offload.empty())
    return "move it to a thread pool with '" + Library->Offload + "'";
  switch (W.Kind) {
  case BlockingKind::Sleep:
    return "await a timer instead";
  case BlockingKind::Wait:
  case BlockingKind::SyncWait:
    return "await it instead";
  default:
    return "await an asynchronous operation, or move it to a thread pool";
  }
}

std::optional<Report> BlockingCallCheck::report(Unit &U, const Coroutine &C,
                                                const Witness &W) {
  std::vector<Witness> Chain = U.shared<Effects>().chain(W);
  for (const Witness &Step : Chain)
    if (isAllowed(Step.At.Callee) || isAllowed(Step.Next))
      return std::nullopt;
  const Witness &Last = Chain.back();
  std::string Reason =
      Last.Model ? Last.Model->Reason : "is annotated as blocking";
  std::string What = describe(W.At, U.ast());
  Report R;
  R.Where = W.At.Where.getBegin();
  R.Highlights = {W.At.Where};
  R.Sure = W.Sure;
  if (Chain.size() == 1)
    R.Message = What + " " + Reason +
                ", and no other coroutine of this thread runs meanwhile; ";
  else
    R.Message = What + " leads to " + describe(Last.At, U.ast()) + ", which " +
                Reason +
                ", and no other coroutine of this thread runs meanwhile; ";
  R.Message += advice(U, C, Last);
  for (size_t I = 0; I < Chain.size(); ++I) {
    const Witness &Step = Chain[I];
    if (Step.Next &&
        Step.Next->getCanonicalDecl() != Step.At.Callee->getCanonicalDecl()) {
      // The call leads to another function than the one it names.
      const auto *Method = dyn_cast<CXXMethodDecl>(Step.Next);
      bool Overrides = Method && isa<CXXMethodDecl>(Step.At.Callee) &&
                       cast<CXXMethodDecl>(Step.At.Callee)->isVirtual() &&
                       !Method->getParent()->isLambda();
      R.Notes.push_back(
          {Step.At.Where, describe(Step.At, U.ast()) +
                              (Overrides ? " is overridden by " : " runs ") +
                              quoted(Step.Next)});
    }
    if (I == 0)
      continue;
    const FunctionDecl *Caller = Chain[I - 1].Next;
    std::string Message =
        quoted(Caller) + " calls " + describe(Step.At, U.ast());
    if (Step.At.How == Invocation::Destroy)
      Message = quoted(Caller) + " runs " + describe(Step.At, U.ast());
    if (I + 1 == Chain.size())
      Message += ", which " + Reason;
    R.Notes.push_back({Step.At.Where, std::move(Message)});
  }
  return R;
}
