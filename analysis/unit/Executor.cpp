//===- Executor.cpp - Which thread a coroutine runs on --------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/unit/Executor.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Dataflow.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

const Expr *awaitedCall(const CoroutineSuspendExpr *Await) {
  const auto *Plain = dyn_cast<CoawaitExpr>(Await);
  if (!Plain)
    return nullptr;
  const Expr *Operand = origin(Plain->getOperand());
  return isa<CallExpr, CXXConstructExpr>(Operand) ? Operand : nullptr;
}

/// Does an identifier say that its owner has threads to spare?
static bool hintsAtPool(const NamedDecl *Named) {
  if (!Named || !Named->getIdentifier())
    return false;
  std::string Name = Named->getName().lower();
  for (llvm::StringRef Word :
       {"pool", "worker", "blocking", "background", "cpu", "thread"})
    if (llvm::StringRef(Name).contains(Word))
      return true;
  return false;
}

static bool isPoolType(QualType Type, const Models &Known, unsigned Depth = 0) {
  if (Type.isNull() || Depth > 3)
    return false;
  Type = Type.getNonReferenceType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record)
    return false;
  // A pool, or the executor type that is declared in it.
  for (const DeclContext *At = Record; At && At->isRecord();
       At = At->getParent())
    if (const TypeModel *Model = Known.type(cast<CXXRecordDecl>(At));
        Model && Model->Pool)
      return true;
  // A handle, strand or binder around one.
  if (const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(Record))
    for (const TemplateArgument &Argument : Spec->getTemplateArgs().asArray())
      if (Argument.getKind() == TemplateArgument::Type &&
          isPoolType(Argument.getAsType(), Known, Depth + 1))
        return true;
  return false;
}

ThreadRole ExecutorRoles::roleOf(const Expr *Executor, unsigned Depth) const {
  if (!Executor || Depth > 8)
    return ThreadRole::Loop;
  const Expr *E = origin(Executor);
  // A coroutine's own type may well be made with a pool's type; the question is
  // what the value is.
  if (isa<LambdaExpr>(E))
    return ThreadRole::Loop;
  if (isPoolType(E->getType(), U.models()))
    return ThreadRole::MayBlock;
  ThreadRole Hint = ThreadRole::Loop;
  auto Look = [&](const Expr *Inner) {
    ThreadRole Role = roleOf(Inner, Depth + 1);
    if (Role != ThreadRole::Loop && Hint != ThreadRole::MayBlock)
      Hint = Role;
  };
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (const FunctionModel *Row = U.models().callee(Call); Row && Row->Pool)
      return ThreadRole::MayBlock;
    if (hintsAtPool(Call->getDirectCallee()))
      Hint = ThreadRole::Unknown;
    if (const Expr *Object = objectOf(Call))
      Look(Object);
    for (const Expr *Argument : argumentsOf(Call))
      Look(Argument);
    return Hint;
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    for (const Expr *Argument : argumentsOf(Construct))
      Look(Argument);
    return Hint;
  }
  const ValueDecl *Named = nullptr;
  if (const auto *Reference = dyn_cast<DeclRefExpr>(E)) {
    Named = Reference->getDecl();
    if (const auto *Variable = dyn_cast<VarDecl>(Named);
        Variable && Variable->isLocalVarDecl())
      Look(Variable->getInit());
  } else if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    Named = Member->getMemberDecl();
  } else if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    Look(Unary->getSubExpr());
  }
  if (Hint == ThreadRole::Loop && hintsAtPool(Named))
    return ThreadRole::Unknown;
  return Hint;
}

std::optional<ThreadRole>
ExecutorRoles::moves(const CoroutineSuspendExpr *Await) const {
  const Expr *Call = awaitedCall(Await);
  if (!Call)
    return std::nullopt;
  const FunctionModel *Row = U.models().callee(Call);
  if (!Row || !Row->Transfer || !Row->Transfer->Moves)
    return std::nullopt;
  const TransferModel &Transfer = *Row->Transfer;
  const Decl *Context = cast<CallExpr>(Call)->getCalleeDecl();
  if (!Transfer.When.empty() &&
      llvm::none_of(Transfer.When, [&](const ArgumentCondition &Condition) {
        return holds(Condition, Call, Context);
      }))
    return std::nullopt;
  if (Transfer.ToPool)
    return ThreadRole::MayBlock;
  ThreadRole Role = roleOf(Call);
  return Role == ThreadRole::MayBlock ? Role : ThreadRole::Unknown;
}

//===----------------------------------------------------------------------===//
// How coroutines are started
//===----------------------------------------------------------------------===//

static ThreadRole join(ThreadRole A, ThreadRole B) {
  return A == B ? A : ThreadRole::Unknown;
}

/// The role of the thread on which \p Used, a task or (IsCallable) the closure
/// that makes it, comes to run, by what is done with it in the body of \p In.
ThreadRole ExecutorRoles::roleOfUse(const Expr *Used, const FunctionDecl *In,
                                    bool IsCallable, unsigned Depth) {
  const Flow *F = In ? U.flow(In) : nullptr;
  if (!F || Depth > 16)
    return ThreadRole::Loop;
  // What is awaited may first pass through the promise's await_transform.
  for (const CoroutineSuspendExpr *Await : F->suspensions())
    if (const Expr *Operand = Await->getOperand();
        Operand && origin(Operand) == origin(Used)) {
      const Coroutine *Outer = U.coroutine(In);
      return Outer ? at(*Outer, F->point(Await)) : ThreadRole::Loop;
    }
  const Stmt *Child = Used;
  for (const Stmt *At = F->parent(Used); At; Child = At, At = F->parent(At)) {
    if (const auto *Await = dyn_cast<CoawaitExpr>(At)) {
      const Coroutine *Outer = U.coroutine(In);
      return Outer ? at(*Outer, F->point(Await)) : ThreadRole::Loop;
    }
    if (const auto *Declaration = dyn_cast<DeclStmt>(At)) {
      // A named closure: look at what becomes of the name.
      if (!Declaration->isSingleDecl() || !IsCallable)
        return ThreadRole::Loop;
      const auto *Variable = dyn_cast<VarDecl>(Declaration->getSingleDecl());
      std::optional<ThreadRole> Role;
      llvm::SmallVector<const Stmt *, 32> Work{F->body()};
      while (!Work.empty()) {
        const Stmt *S = Work.pop_back_val();
        if (!S)
          continue;
        if (const auto *Reference = dyn_cast<DeclRefExpr>(S);
            Reference && Reference->getDecl() == Variable) {
          ThreadRole One = roleOfUse(Reference, In, true, Depth + 1);
          Role = Role ? join(*Role, One) : One;
        }
        Work.append(S->child_begin(), S->child_end());
      }
      return Role.value_or(ThreadRole::Loop);
    }
    if (!isa<Expr>(At))
      return ThreadRole::Loop;
    const auto *Call = dyn_cast<CallExpr>(At);
    if (!Call || origin(Call) == origin(Used))
      continue;
    const Expr *Object = objectOf(Call);
    if (IsCallable && Object && origin(Object) == origin(Used)) {
      // The closure is called here: now it is about the task.
      IsCallable = false;
      Used = Call;
      continue;
    }
    ThreadRole Role = ThreadRole::Loop;
    auto Look = [&](const Expr *E) {
      if (E == Child || origin(E) == origin(Used))
        return;
      ThreadRole One = roleOf(E);
      if (One != ThreadRole::Loop && Role != ThreadRole::MayBlock)
        Role = One;
    };
    if (Object)
      Look(Object);
    for (const Expr *Argument : argumentsOf(Call))
      Look(Argument);
    if (Role != ThreadRole::Loop)
      return Role;
    const FunctionModel *Row = U.models().callee(Call);
    if (Row && Row->Task == TaskUse::Runs)
      return ThreadRole::Unknown;
    // A combinator makes another awaitable of it: go on with that.
    if (!U.taskType(Call->getType()))
      return ThreadRole::Loop;
    Used = Call;
    IsCallable = false;
  }
  return ThreadRole::Loop;
}

/// Is the promise of \p C made with a thread pool, for which its constructor
/// has a parameter? That is where it starts, as with an executor tag.
static bool isMadeForPool(const Coroutine &C, const Models &Known) {
  const VarDecl *Promise = C.Body->getPromiseDecl();
  const auto *Made =
      Promise && Promise->getInit()
          ? dyn_cast<CXXConstructExpr>(Promise->getInit()->IgnoreImplicit())
          : nullptr;
  if (!Made)
    return false;
  const CXXConstructorDecl *Constructor = Made->getConstructor();
  if (InheritedConstructor Inherited = Constructor->getInheritedConstructor())
    Constructor = Inherited.getConstructor();
  const FunctionDecl *Written = Constructor->getTemplateInstantiationPattern();
  if (!Written)
    Written = Constructor;
  for (unsigned I = 0;
       I < Written->getNumParams() && I < Constructor->getNumParams() &&
       !Written->getParamDecl(I)->isParameterPack();
       ++I)
    if (isPoolType(Constructor->getParamDecl(I)->getType(), Known))
      return true;
  return false;
}

ThreadRole ExecutorRoles::entry(const Coroutine &C) {
  auto [It, New] = Entries.try_emplace(&C);
  if (!New)
    return It->second.value_or(ThreadRole::Loop);
  if (isMadeForPool(C, U.models())) {
    It->second = ThreadRole::MayBlock;
    return ThreadRole::MayBlock;
  }
  std::optional<ThreadRole> Role;
  auto Add = [&](ThreadRole One) { Role = Role ? join(*Role, One) : One; };
  if (C.Lambda)
    if (const FunctionDecl *In = U.enclosingFunction(C.Lambda))
      Add(roleOfUse(C.Lambda, In, /*IsCallable=*/true, 0));
  if (!C.Lambda)
    for (const CallSite &Site : U.callers(C.Function)) {
      // A coroutine that awaits itself says nothing new.
      if (Site.Caller->getCanonicalDecl() == C.Function->getCanonicalDecl())
        continue;
      ThreadRole One = roleOfUse(Site.Call, Site.Caller, false, 0);
      Add(One);
      if (One == ThreadRole::Loop) {
        // One start on the loop is enough.
        Role = One;
        break;
      }
    }
  ThreadRole Result = Role.value_or(ThreadRole::Loop);
  Entries[&C] = Result;
  return Result;
}

//===----------------------------------------------------------------------===//
// Transfers
//===----------------------------------------------------------------------===//

struct ExecutorRoles::State {
  ThreadRole Role = ThreadRole::Loop;
  bool join(const State &Other) {
    ThreadRole Joined = coro::join(Role, Other.Role);
    bool Changed = Joined != Role;
    Role = Joined;
    return Changed;
  }
};

struct ExecutorRoles::Analysis {
  const ExecutorRoles &Roles;
  Unit &U;
  ThreadRole Entry;
  const LibraryModel *Library; ///< of the task type, or null

  State entry() const { return {Entry}; }
  void transfer(State &S, const CFGElement &Element, const CFGBlock &) {
    auto Statement = Element.getAs<CFGStmt>();
    if (!Statement)
      return;
    const auto *Await = dyn_cast<CoroutineSuspendExpr>(Statement->getStmt());
    if (!Await || !U.maySuspend(Await))
      return;
    if (auto Moved = Roles.moves(Await)) {
      S.Role = *Moved;
      return;
    }
    if (S.Role == Entry)
      return;
    // The library's own operations bring it back; another coroutine may come
    // back from wherever it ended.
    const auto *Call = dyn_cast_or_null<CallExpr>(awaitedCall(Await));
    S.Role = Library && Library->ReturnsToExecutor && Call &&
                     U.models().libraryOf(Call->getDirectCallee()) == Library
                 ? Entry
                 : ThreadRole::Unknown;
  }
};

ThreadRole ExecutorRoles::at(const Coroutine &C, FlowPoint Point) {
  const Flow *F = U.flow(C.Function);
  if (!F || !Point)
    return ThreadRole::Unknown;
  Analysis A{*this, U, entry(C), C.Task ? C.Task->Library : nullptr};
  auto It = Blocks.find(&C);
  if (It == Blocks.end()) {
    FlowStates<State> States = runForward<State>(F->cfg(), A);
    std::vector<std::optional<ThreadRole>> Roles(States.Blocks.size());
    if (States.Complete)
      for (size_t I = 0; I < Roles.size(); ++I)
        if (States.Blocks[I])
          Roles[I] = States.Blocks[I]->Role;
    It = Blocks.try_emplace(&C, std::move(Roles)).first;
  }
  const std::optional<ThreadRole> &Before =
      It->second[Point.Block->getBlockID()];
  if (!Before)
    return ThreadRole::Unknown;
  State S{*Before};
  unsigned Index = 0;
  for (const CFGElement &Element : *Point.Block) {
    if (Index++ == Point.Index)
      break;
    A.transfer(S, Element, *Point.Block);
  }
  return S.Role;
}

} // namespace coro
