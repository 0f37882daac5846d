//===- Summarise.cpp - The summary of one unit ----------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/blocking/Effects.h"
#include "analysis/index/DeclKeys.h"
#include "analysis/index/Summary.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace coro {

namespace {

class Summariser {
public:
  Summariser(Unit &U, const DeclKeys &Keys)
      : U(U), Keys(Keys), Does(U.shared<Effects>()) {}

  UnitSummary run() {
    Result.Unit = Keys.unit();
    collectOverrides();
    collectFunctions();
    pruneAndWrite();
    for (const auto &Entry : Ambiguous)
      Result.Ambiguous.push_back(Entry.first().str());
    llvm::sort(Result.Ambiguous);
    return std::move(Result);
  }

private:
  /// The key of \p Function; what two functions share is noted.
  std::string key(const FunctionDecl *Function) {
    Function = Function->getCanonicalDecl();
    auto [It, New] = Known.try_emplace(Function);
    if (New) {
      It->second = Keys.key(Function);
      auto [Owner, First] = Owners.try_emplace(It->second, Function);
      if (!First)
        Ambiguous.insert(Owner->getKey());
    }
    return It->second;
  }

  void collectFunctions();
  void collectOverrides();
  void pruneAndWrite();
  CallSummary call(const EffectCall &Call);

  Unit &U;
  const DeclKeys &Keys;
  Effects &Does;
  UnitSummary Result;
  llvm::DenseMap<const FunctionDecl *, std::string> Known;
  llvm::StringMap<const FunctionDecl *> Owners;
  llvm::StringSet<> Ambiguous;
  std::vector<std::pair<const FunctionDecl *, FunctionSummary>> Functions;
  llvm::DenseSet<const FunctionDecl *> Overriders;
};

} // namespace

CallSummary Summariser::call(const EffectCall &Call) {
  CallSummary C;
  C.At.How = Call.At.How;
  C.At.Where = Keys.place(Call.At.Where.getBegin());
  C.At.Shown = describe(Call.At, U.ast());
  if (Call.At.Callee)
    C.At.Name = modelName(Call.At.Callee);
  if (Call.Leaf) {
    C.End.emplace();
    C.End->Kind = Call.Leaf->Kind;
    C.End->Sure = Call.Leaf->Sure;
    if (const BlockingModel *Model = Call.Leaf->Model) {
      C.End->Reason = Model->Reason;
      C.End->Replacement.assign(Model->Replacement.begin(),
                                Model->Replacement.end());
    } else {
      C.End->Reason = AnnotatedReason.str();
    }
    return C;
  }
  for (const FunctionDecl *Target : Call.Targets)
    C.Targets.push_back(key(Target));
  if (Call.Virtual) {
    C.Virtual = key(Call.Virtual);
    C.Leads = CallRelation::Overrider;
  } else if (Call.Targets.size() == 1 && Call.At.Callee &&
             Call.Targets[0]->getCanonicalDecl() !=
                 Call.At.Callee->getCanonicalDecl()) {
    C.Leads = isa<CXXMethodDecl>(Call.At.Callee) &&
                      cast<CXXMethodDecl>(Call.At.Callee)->isVirtual()
                  ? CallRelation::Overrider
                  : CallRelation::Callable;
  }
  if (Call.Through) {
    C.Through = key(Call.Through);
    C.Parameter = Call.Parameter;
    C.Leads = CallRelation::Callable;
  }
  return C;
}

bool isEntry(const FunctionDecl *Function) {
  if (!Function->isExternallyVisible())
    return false;
  switch (Function->getTemplateSpecializationKind()) {
  case TSK_ImplicitInstantiation:
    return false;
  case TSK_ExplicitInstantiationDefinition:
    return true;
  default:
    return !Function->isInlined();
  }
}

/// Summarises what other units can come to, and what that calls.
void Summariser::collectFunctions() {
  llvm::DenseMap<const FunctionDecl *, const FunctionDecl *> Bodies;
  llvm::DenseSet<const FunctionDecl *> Seen;
  std::vector<const FunctionDecl *> Work;
  auto Reach = [&](const FunctionDecl *Function) {
    const FunctionDecl *Body = Bodies.lookup(Function->getCanonicalDecl());
    if (Body && Seen.insert(Body).second)
      Work.push_back(Body);
  };
  for (const FunctionDecl *Function : U.functions()) {
    Bodies[Function->getCanonicalDecl()] = Function;
    // Sets apart what has the same key.
    key(Function);
  }
  for (const FunctionDecl *Function : U.functions())
    if (isEntry(Function) || Overriders.contains(Function))
      Reach(Function);
  while (!Work.empty()) {
    const FunctionDecl *Function = Work.back();
    Work.pop_back();
    FunctionSummary F;
    F.Key = key(Function);
    F.Shown = quoted(Function);
    F.Name = modelName(Function);
    F.Where = Keys.place(Function->getLocation());
    // A coroutine that blocks is reported by itself; an annotation is an
    // answer.
    F.Coroutine = U.coroutine(Function);
    if (!F.Coroutine && !U.isAnnotated(Function, "nonblocking")) {
      F.CallsParameter = Does.callsItself(Function);
      for (const EffectPass &Pass : Does.passes(Function)) {
        F.Passes.push_back({Pass.Mine, key(Pass.To), Pass.Theirs});
        Reach(Pass.To);
      }
      for (const EffectCall &Call : Does.calls(Function)) {
        F.Calls.push_back(call(Call));
        for (const FunctionDecl *Target : Call.Targets)
          Reach(Target);
        if (Call.Through)
          Reach(Call.Through);
      }
    }
    Functions.emplace_back(Function, std::move(F));
  }
  // In the order of the source, whichever way they were reached.
  llvm::DenseMap<const FunctionDecl *, unsigned> Order;
  for (const FunctionDecl *Function : U.functions())
    Order.try_emplace(Function, Order.size());
  llvm::sort(Functions, [&](const auto &A, const auto &B) {
    return Order.lookup(A.first) < Order.lookup(B.first);
  });
}

void Summariser::collectOverrides() {
  for (const FunctionDecl *Function : U.functions()) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Function);
    if (!Method || !Method->isVirtual())
      continue;
    llvm::SmallVector<const CXXMethodDecl *, 4> Work(
        Method->begin_overridden_methods(), Method->end_overridden_methods());
    llvm::SmallPtrSet<const CXXMethodDecl *, 4> Seen;
    while (!Work.empty()) {
      const CXXMethodDecl *Base = Work.pop_back_val()->getCanonicalDecl();
      if (!Seen.insert(Base).second)
        continue;
      Work.append(Base->begin_overridden_methods(),
                  Base->end_overridden_methods());
      if (U.isUserCode(Base->getLocation())) {
        Overriders.insert(Function);
        Result.Overrides.push_back({key(Base), key(Function)});
      }
    }
  }
}

/// Keeps what leads somewhere.
void Summariser::pruneAndWrite() {
  llvm::StringMap<unsigned> Index;
  for (unsigned I = 0; I < Functions.size(); ++I)
    Index[Functions[I].second.Key] = I;
  std::vector<llvm::SmallVector<unsigned, 4>> Callers(Functions.size());
  std::vector<bool> Leads(Functions.size());
  std::vector<unsigned> Work;
  auto Mark = [&](unsigned I) {
    if (Leads[I])
      return;
    Leads[I] = true;
    Work.push_back(I);
  };
  for (unsigned I = 0; I < Functions.size(); ++I) {
    const FunctionSummary &F = Functions[I].second;
    bool Somewhere = F.CallsParameter || !F.Passes.empty();
    auto Follow = [&](const std::string &Key) {
      auto It = Index.find(Key);
      if (It == Index.end()) {
        Somewhere = true;
        return;
      }
      Callers[It->second].push_back(I);
    };
    for (const CallSummary &C : F.Calls) {
      Somewhere |= C.End || !C.Virtual.empty();
      for (const std::string &Target : C.Targets)
        Follow(Target);
      if (!C.Through.empty())
        Follow(C.Through);
    }
    for (const ParameterPass &Pass : F.Passes)
      Follow(Pass.To);
    if (Somewhere)
      Mark(I);
  }
  while (!Work.empty()) {
    unsigned I = Work.back();
    Work.pop_back();
    for (unsigned Caller : Callers[I])
      Mark(Caller);
  }
  for (unsigned I = 0; I < Functions.size(); ++I) {
    FunctionSummary &F = Functions[I].second;
    if (!Leads[I] && !F.Coroutine && isEntry(Functions[I].first))
      Result.Harmless.push_back(HarmlessFunction::of(F.Key, F.Where));
    if (!Leads[I] && !F.Coroutine)
      continue;
    // A call that leads nowhere is not worth its bytes.
    llvm::erase_if(F.Calls, [&](const CallSummary &C) {
      return !C.End && C.Virtual.empty() &&
             llvm::any_of(C.Targets, [&](const std::string &Target) {
               auto It = Index.find(Target);
               return It != Index.end() && !Leads[It->second];
             });
    });
    Result.Functions.push_back(std::move(F));
  }
}

UnitSummary summarise(Unit &U, const DeclKeys &Keys) {
  UnitSummary Result = Summariser(U, Keys).run();
  summariseFacts(U, Keys, Result);
  return Result;
}

} // namespace coro
