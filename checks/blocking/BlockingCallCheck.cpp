//===- BlockingCallCheck.cpp - coro-blocking-call -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/blocking/BlockingCallCheck.h"
#include "analysis/ast/Walk.h"
#include "analysis/blocking/AsyncTwin.h"
#include "analysis/index/Index.h"
#include "analysis/unit/Executor.h"
#include "analysis/unit/TestMacros.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

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

/// Does a model say that \p Function is a library's own way to pause? How it
/// does that where there is no executor is not for its users to mend.
static bool isPause(const FunctionDecl *Function, const Models &Known) {
  const FunctionModel *Row = Known.function(Function);
  return Row && Row->Pause != PauseKind::None;
}

/// Does \p W, a call in a coroutine of a library that models describe, lead to
/// a function that is not the library's? It was handed in, as the handler of a
/// completion is, and cannot be mended where the library calls it.
static bool leavesLibrary(const Coroutine &C, const Witness &W, Unit &U) {
  const LibraryModel *Library = U.models().libraryOf(C.Function);
  return Library &&
         llvm::any_of(U.shared<Effects>().chain(W), [&](const Witness &Step) {
           return Step.Beyond ||
                  (Step.Next && U.models().libraryOf(Step.Next) != Library);
         });
}

void BlockingCallCheck::analyze(Unit &U) {
  Effects &E = U.shared<Effects>();
  ExecutorRoles &Roles = U.shared<ExecutorRoles>();
  std::vector<Found> All;
  for (const Coroutine *C : U.coroutines()) {
    if (U.isAnnotated(C->Function, "blocking") ||
        isInTest(C->Function, U.ast()) || isPause(C->Function, U.models()))
      continue;
    for (const Witness &W : E.blockingCalls(C->Function)) {
      if (!Kinds[static_cast<unsigned>(W.Kind)] || leavesLibrary(*C, W, U))
        continue;
      ThreadRole Role = Roles.at(*C, W.At.Point);
      if (Role == ThreadRole::MayBlock)
        continue;
      if (std::optional<Found> One = report(U, *C, W)) {
        if (Role == ThreadRole::Unknown)
          One->What.Sure = std::min(One->What.Sure, Confidence::Medium);
        All.push_back(std::move(*One));
      }
    }
  }
  emitGrouped(U, All);
}

/// One report where many calls lead to one and the same call that may block, as
/// those of a logger do: it is mended there, or not at all.
void BlockingCallCheck::emitGrouped(Unit &U, std::vector<Found> &All) {
  const SourceManager &SM = U.ast().getSourceManager();
  std::map<std::string, std::vector<Found *>> Groups;
  for (Found &One : All)
    if (!One.Leaf.empty() && One.What.Sure != Confidence::High)
      Groups[One.Leaf].push_back(&One);
  for (auto &[Leaf, Calls] : Groups) {
    if (Calls.size() <= MaxCallsOfLeaf)
      continue;
    Found *First = *llvm::min_element(Calls, [&](Found *A, Found *B) {
      if (A->What.Sure != B->What.Sure)
        return A->What.Sure > B->What.Sure;
      return SM.isBeforeInTranslationUnit(A->What.Where, B->What.Where);
    });
    for (Found *One : Calls)
      One->Shown = One == First;
    First->What.Notes.push_back({First->What.Notes.back().Where,
                                 std::to_string(Calls.size() - 1) +
                                     " more calls of coroutines in this unit "
                                     "lead here"});
  }
  for (Found &One : All)
    if (One.Shown)
      emit(std::move(One.What));
}

/// What to write instead, as the end of a sentence.
static std::string advice(Unit &U, const Coroutine &C, const Witness &W,
                          const BlockingChain &Chain) {
  if (const FunctionDecl *Twin = asyncTwin(W.At.Expression, C, U))
    return "use 'co_await' with " + quoted(Twin) +
           ", which takes the same arguments";
  const LibraryModel *Library = C.Task ? C.Task->Library : nullptr;
  std::string Kind = toString(W.Kind).str();
  if (!Chain.Annotated) {
    const auto &Replacement = Chain.Replacement;
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

static ReportNote note(Unit &U, const ChainStep &Step, std::string Message,
                       SourceRange First) {
  return Step.Elsewhere
             ? elsewhere(U, Step.Elsewhere, std::move(Message), First)
             : ReportNote{Step.Where, std::move(Message)};
}

/// The place of the last step of \p Chain, for comparison: the same whether
/// this unit or the index leads there.
static std::string leafOf(Unit &U, const BlockingChain &Chain) {
  const ChainStep &Last = Chain.Steps.back();
  SourceLocation Here = Last.Where.getBegin();
  if (!Last.Elsewhere && !U.index())
    return std::to_string(Here.getRawEncoding());
  SourcePlace At = Last.Elsewhere ? Last.Elsewhere : U.index().place(Here);
  return At.File + ":" + std::to_string(At.Line) + ":" +
         std::to_string(At.Column);
}

/// Is an argument of \p Call the text of a numeric address? No name server is
/// asked about that.
static bool namesAddress(const Expr *Call) {
  return Call && llvm::any_of(argumentsOf(Call), [](const Expr *Argument) {
           return contains(Argument, [](const Stmt *S) {
             const auto *Literal = dyn_cast<StringLiteral>(S);
             if (!Literal || Literal->getCharByteWidth() != 1)
               return false;
             llvm::StringRef Text = Literal->getString();
             return (Text.count('.') == 3 &&
                     Text.find_first_not_of("0123456789.") ==
                         llvm::StringRef::npos) ||
                    (Text.count(':') > 1 &&
                     Text.find_first_not_of("0123456789abcdefABCDEF:.") ==
                         llvm::StringRef::npos);
           });
         });
}

std::optional<BlockingCallCheck::Found>
BlockingCallCheck::report(Unit &U, const Coroutine &C, const Witness &W) {
  BlockingChain Chain = U.shared<Effects>().explain(W);
  if (!Chain.Whole)
    return std::nullopt;
  for (const ChainStep &Step : Chain.Steps)
    for (const std::string &Name : Step.Names)
      if (isAllowed(Name))
        return std::nullopt;
  std::string What = Chain.Steps.front().Callee;
  Report R;
  R.Where = W.At.Where.getBegin();
  R.Highlights = {W.At.Where};
  R.Sure = Chain.Conditional ? std::min(W.Sure, Confidence::Medium) : W.Sure;
  if (W.Kind == BlockingKind::DNS && namesAddress(W.At.Expression))
    R.Sure = Confidence::Low;
  if (Chain.Steps.size() > 1)
    What += " leads to " + Chain.Steps.back().Callee + ", which";
  R.Message = What + " " + Chain.Reason +
              ", and no other coroutine of this thread runs meanwhile; " +
              advice(U, C, W, Chain);
  for (const ChainStep &Step : Chain.Steps) {
    // The call leads to another function than the one it names.
    if (Step.Leads != CallRelation::Direct)
      R.Notes.push_back(
          note(U, Step,
               Step.Callee +
                   (Step.Leads == CallRelation::Overrider ? " is overridden by "
                                                          : " runs ") +
                   Step.Next,
               W.At.Where));
    if (Step.Caller.empty())
      continue;
    std::string Message =
        Step.Caller + (Step.How == Invocation::Destroy ? " runs " : " calls ") +
        Step.Callee;
    if (&Step == &Chain.Steps.back())
      Message += ", which " + Chain.Reason;
    R.Notes.push_back(note(U, Step, std::move(Message), W.At.Where));
  }
  Found Result;
  if (Chain.Steps.size() > 1)
    Result.Leaf = leafOf(U, Chain);
  Result.What = std::move(R);
  return Result;
}
