//===- TaskLife.cpp - What becomes of a task after it was made ------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/TaskLife.h"
#include "analysis/ast/Walk.h"
#include "analysis/unit/Destruction.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/Builtins.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace coro {

/// What is looked up again and again in one body.
struct TaskLives::Body {
  const Flow *F = nullptr;
  llvm::DenseMap<const Stmt *, const CoroutineSuspendExpr *> Awaited;
  llvm::DenseMap<const VarDecl *, std::vector<const DeclRefExpr *>> Mentions;
  llvm::DenseMap<const VarDecl *, const Stmt *> Declared;
};

const TaskLives::Body *TaskLives::body(const FunctionDecl *In) {
  auto [It, New] = Bodies.try_emplace(In);
  if (!New)
    return It->second.get();
  const Flow *F = U.flow(In);
  if (!F)
    return nullptr;
  auto Made = std::make_shared<Body>();
  Made->F = F;
  for (const CoroutineSuspendExpr *Await : F->suspensions())
    if (const Expr *Operand = Await->getOperand()) {
      Made->Awaited[Operand] = Await;
      Made->Awaited[Operand->IgnoreParens()] = Await;
      Made->Awaited[Operand->IgnoreImplicit()] = Await;
    }
  walk(F->body(), [&](const Stmt *S) {
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
      if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()))
        Made->Mentions[Variable].push_back(Ref);
    } else if (const auto *Statement = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Statement->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D))
          Made->Declared[Variable] = Statement;
    } else if (const auto *Catch = dyn_cast<CXXCatchStmt>(S)) {
      if (const VarDecl *Variable = Catch->getExceptionDecl())
        Made->Declared[Variable] = Catch;
    }
    return WalkInto::Children;
  });
  Bodies[In] = Made;
  return Made.get();
}

/// Looks like a container, channel or box of such tasks: an instance of a class
/// template with the task's class among its arguments.
static bool holdsValuesOf(const CXXRecordDecl *Record, QualType Task) {
  const auto *Special =
      dyn_cast_or_null<ClassTemplateSpecializationDecl>(Record);
  const CXXRecordDecl *Wanted =
      Task.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Special || !Wanted)
    return false;
  for (const TemplateArgument &Argument : Special->getTemplateArgs().asArray())
    if (Argument.getKind() == TemplateArgument::Type)
      if (const CXXRecordDecl *Held =
              Argument.getAsType().getNonReferenceType()->getAsCXXRecordDecl();
          Held && Held->getCanonicalDecl() == Wanted->getCanonicalDecl())
        return true;
  return false;
}

static bool isCastCall(const CallExpr *Call) {
  switch (Call->getBuiltinCallee()) {
  case Builtin::BImove:
  case Builtin::BImove_if_noexcept:
  case Builtin::BIforward:
  case Builtin::BIforward_like:
    return true;
  default:
    return false;
  }
}

/// The local variable that a glvalue names, and what else it may be.
static TaskLife intoTarget(const Expr *Target, const Stmt *Where,
                           const CallExpr *Taker, const Models &Known) {
  ArgumentLife Life = Target->getType()->isPointerType()
                          ? lifeOfArgument(Target, RefersBy::Pointer, Known)
                          : storageOf(Target, Known);
  if ((Life.Where == ArgumentStorage::Local ||
       Life.Where == ArgumentStorage::Parameter) &&
      Life.Variable)
    return {Fate::Kept, Where, Life.Variable, Taker};
  if (Life.Where == ArgumentStorage::Temporary)
    return {};
  return {Fate::Stored, Where, nullptr, Taker};
}

TaskLife TaskLives::ofParameter(const FunctionDecl *Function, unsigned Index) {
  const FunctionDecl *Definition = nullptr;
  if (!Function->hasBody(Definition) || Index >= Definition->getNumParams() ||
      !U.isUserCode(Definition->getLocation()) || Depth > 6)
    return {};
  std::vector<KeptUse> Uses =
      usesOf(Definition->getParamDecl(Index), Definition);
  // More than one use (a test, then a move) is not worth a guess.
  return Uses.size() == 1 ? Uses.front().Then : TaskLife();
}

/// spawn(…).wait(), block_on(spawn(…)): what \p Spawn starts has ended when the
/// full-expression does. The call that waits, or null.
const CallExpr *TaskLives::waitInPlace(const CallExpr *Spawn,
                                       const FunctionDecl *In) {
  const Body *B = body(In);
  if (!B)
    return nullptr;
  const Stmt *Parent = B->F->semanticParent(Spawn);
  if (const auto *Member = dyn_cast_or_null<MemberExpr>(Parent))
    Parent = B->F->semanticParent(Member);
  const auto *Wait = dyn_cast_or_null<CallExpr>(Parent);
  const FunctionModel *Ends = Wait ? U.models().callee(Wait) : nullptr;
  return Ends && (Ends->Blocks || Ends->Task == TaskUse::Runs) ? Wait : nullptr;
}

TaskLife TaskLives::ofArgument(const CallExpr *Call, const Stmt *Value,
                               const FunctionDecl *In) {
  if (isCastCall(Call))
    return of(Call, In);
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee)
    return {};
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  Slot What = ObjectSlot - 1;
  for (Slot I = ObjectSlot; I < int(Call->getNumArgs()); ++I)
    if (argumentOf(Call, I) == Value)
      What = I;
  bool Awaitable = U.taskType(Call->getType()) != nullptr;

  if (const FunctionModel *Model = U.models().callee(Call);
      Model && Model->Task != TaskUse::None) {
    switch (Model->Task) {
    case TaskUse::Awaits:
      return of(Call, In);
    case TaskUse::Runs:
      return {Fate::RunHere, Call, nullptr, Call};
    case TaskUse::Stores:
      return {Fate::Stored, Call, nullptr, Call};
    case TaskUse::Spawns: {
      if (const CallExpr *Wait = waitInPlace(Call, In))
        return {Fate::RunHere, Wait, nullptr, Call};
      // With a token like use_awaitable the result stands for the work.
      if (!Awaitable)
        return {Fate::Spawned, Call, nullptr, Call};
      TaskLife Result = of(Call, In);
      if (Result.What == Fate::Dropped || Result.What == Fate::Unknown)
        return {Fate::Spawned, Call, nullptr, Call};
      return Result;
    }
    case TaskUse::None:
      break;
    }
  }

  QualType Type = cast<Expr>(Value)->getType();
  if (const auto *Assign = dyn_cast<CXXOperatorCallExpr>(Call);
      Assign && Assign->getOperator() == OO_Equal && Call->getNumArgs() == 2)
    return Call->getArg(1) == Value
               ? intoTarget(Call->getArg(0), Call, nullptr, U.models())
               : TaskLife();
  if (Method && What != ObjectSlot && !Method->isStatic() && !Awaitable &&
      holdsValuesOf(Method->getParent(), Type))
    if (const Expr *Object = argumentOf(Call, ObjectSlot))
      return intoTarget(Object, Call, Call, U.models());
  if (Awaitable) {
    const TaskType *Result = U.taskType(Call->getType());
    // A fire-and-forget coroutine that takes a task runs it by itself.
    if (Result->Detached && What >= 0 && U.coroutine(Callee))
      return {Fate::Spawned, Call, nullptr, Call};
    // A combinator or wrapper: what is made of it has to be awaited instead.
    return of(Call, In);
  }
  if (What >= 0) {
    ++Depth;
    TaskLife Inside = ofParameter(Callee, What);
    --Depth;
    switch (Inside.What) {
    case Fate::Spawned:
      // It starts the task, and waits until that has told it something.
      if (const FunctionDecl *Definition = Callee->getDefinition())
        if (const Body *B = body(Definition))
          if (FlowPoint At = B->F->point(Inside.Where);
              At && waitsAfter({At.Block, At.Index + 1}, Definition))
            return {};
      return {Inside.What, Call, nullptr, Call};
    case Fate::Stored:
      return {Inside.What, Call, nullptr, Call};
    case Fate::RunHere:
      return {Fate::RunHere, Call, nullptr, Call};
    default:
      break;
    }
  }
  return {};
}

TaskLife TaskLives::of(const Expr *Task, const FunctionDecl *In) {
  const Body *B = body(In);
  if (!B)
    return {};
  struct Deeper {
    unsigned &Depth;
    explicit Deeper(unsigned &Depth) : Depth(Depth) { ++Depth; }
    ~Deeper() { --Depth; }
  } Deeper(Depth);
  if (Depth > 64)
    return {};
  const Stmt *S = Task;
  while (true) {
    if (auto It = B->Awaited.find(S); It != B->Awaited.end())
      return {Fate::Awaited, It->second};
    const Stmt *Parent = B->F->parent(S);
    if (!Parent)
      return S == B->F->body() ? TaskLife{Fate::Dropped, S} : TaskLife();
    if (isa<ParenExpr, ExprWithCleanups, MaterializeTemporaryExpr,
            CXXBindTemporaryExpr, ConstantExpr>(Parent)) {
      S = Parent;
      continue;
    }
    if (const auto *Cast = dyn_cast<CastExpr>(Parent)) {
      if (Cast->getCastKind() == CK_ToVoid)
        return {Fate::Dropped, Cast};
      // A conversion to another kind of task or awaitable goes on below.
      S = Parent;
      continue;
    }
    if (isa<CoroutineSuspendExpr>(Parent))
      return {isa<CoawaitExpr>(Parent) ? Fate::Awaited : Fate::Unknown, Parent};
    if (isa<ReturnStmt, CoreturnStmt>(Parent))
      return {Fate::Returned, Parent};
    if (const auto *Either = dyn_cast<ConditionalOperator>(Parent)) {
      if (S == Either->getCond())
        return {};
      S = Parent;
      continue;
    }
    if (const auto *Binary = dyn_cast<BinaryOperator>(Parent)) {
      if (Binary->getOpcode() == BO_Comma) {
        if (S == Binary->getLHS())
          return {Fate::Dropped, S};
        S = Parent;
        continue;
      }
      return {};
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Parent)) {
      QualType Made = Construct->getType();
      // A copy or move of the same; or an awaitable made of it; or a box.
      if (Construct->getConstructor()->isCopyOrMoveConstructor() ||
          U.taskType(Made) ||
          holdsValuesOf(Made->getAsCXXRecordDecl(), cast<Expr>(S)->getType())) {
        S = Parent;
        continue;
      }
      return {};
    }
    if (isa<InitListExpr, CXXStdInitializerListExpr>(Parent)) {
      S = Parent;
      continue;
    }
    if (const auto *Declaration = dyn_cast<DeclStmt>(Parent)) {
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D);
            Variable && Variable->getInit() == S)
          return Variable->hasGlobalStorage()
                     ? TaskLife{Fate::Stored, Declaration}
                     : TaskLife{Fate::Kept, Declaration, Variable};
      return {};
    }
    if (const auto *Member = dyn_cast<MemberExpr>(Parent)) {
      // Only as the object of a call.
      const auto *Call =
          dyn_cast_or_null<CXXMemberCallExpr>(B->F->parent(Member));
      if (!Call || Call->getCallee()->IgnoreParens() != Member)
        return {};
      const FunctionModel *Model = U.models().callee(Call);
      if (Model && Model->Task == TaskUse::Spawns) {
        if (const CallExpr *Wait = waitInPlace(Call, In))
          return {Fate::RunHere, Wait, nullptr, Call};
        return {Fate::Spawned, Call, nullptr, Call};
      }
      if (Model && Model->Task == TaskUse::Runs)
        return {Fate::RunHere, Call, nullptr, Call};
      // start(), via(ex), … that give an awaitable back; but get() may give
      // back the awaitable that was the task's result.
      if (!U.taskType(Call->getType()) ||
          holdsValuesOf(cast<Expr>(S)->getType()->getAsCXXRecordDecl(),
                        Call->getType()))
        return {};
      S = Call;
      continue;
    }
    if (const auto *Call = dyn_cast<CallExpr>(Parent))
      return ofArgument(Call, S, In);
    if (isa<LambdaExpr>(Parent))
      return {};
    if (!isa<Expr>(Parent)) {
      // A statement of its own, unless it is a condition or a loop's range.
      if (isa<CompoundStmt, CaseStmt, DefaultStmt, LabelStmt>(Parent))
        return {Fate::Dropped, S};
      if (const auto *If = dyn_cast<IfStmt>(Parent))
        return S == If->getThen() || S == If->getElse()
                   ? TaskLife{Fate::Dropped, S}
                   : TaskLife();
      if (const auto *For = dyn_cast<ForStmt>(Parent))
        return S == For->getBody() || S == For->getInc()
                   ? TaskLife{Fate::Dropped, S}
                   : TaskLife();
      if (const auto *While = dyn_cast<WhileStmt>(Parent))
        return S == While->getBody() ? TaskLife{Fate::Dropped, S} : TaskLife();
      if (const auto *Range = dyn_cast<CXXForRangeStmt>(Parent))
        return S == Range->getBody() ? TaskLife{Fate::Dropped, S} : TaskLife();
    }
    return {};
  }
}

TaskLife TaskLives::ofClosure(const CallExpr *Call, const Expr *Closure,
                              const FunctionDecl *In) {
  const FunctionModel *Model = U.models().callee(Call);
  if (Model && Model->Task == TaskUse::Spawns)
    return ofArgument(Call, Closure, In);
  if (!Model || Model->Callable != CallableUse::Keeps)
    return {};
  // What it gives back may be a closure in its turn, which is called here.
  const Body *B = U.taskType(Call->getType()) ? nullptr : body(In);
  const auto *Called =
      B ? dyn_cast_or_null<CXXOperatorCallExpr>(B->F->semanticParent(Call))
        : nullptr;
  bool OnTheSpot = Called && Called->getOperator() == OO_Call &&
                   Called->getArg(0)->IgnoreUnlessSpelledInSource() == Call;
  return of(OnTheSpot ? Called : Call, In);
}

std::vector<KeptUse> TaskLives::usesOf(const VarDecl *Variable,
                                       const FunctionDecl *In) {
  std::vector<KeptUse> Uses;
  const Body *B = body(In);
  if (!B)
    return Uses;
  auto It = B->Mentions.find(Variable);
  if (It == B->Mentions.end())
    return Uses;
  // A copy: of() may add bodies.
  std::vector<const DeclRefExpr *> Mentions = It->second;
  for (const DeclRefExpr *Mention : Mentions)
    Uses.push_back({Mention, of(Mention, In)});
  return Uses;
}

llvm::ArrayRef<TaskLives::Made> TaskLives::all() {
  if (AllMade)
    return *AllMade;
  AllMade.emplace();
  for (const FunctionDecl *Caller : U.functions()) {
    const Body *B = body(Caller);
    if (!B)
      continue;
    for (const CFGBlock *Block : B->F->cfg()) {
      if (!Block)
        continue;
      for (const CFGElement &Element : *Block) {
        auto Statement = Element.getAs<CFGStmt>();
        const auto *Call =
            Statement ? dyn_cast<CallExpr>(Statement->getStmt()) : nullptr;
        const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
        if (!Callee)
          continue;
        const TaskType *Type = U.taskType(Call->getType());
        if (!Type || !Type->IsTask)
          continue;
        Made One{Call, Caller, Callee, of(Call, Caller)};
        // Nobody can wait for it, whatever is done with the object.
        if (Type->Detached)
          One.Life = {Fate::Spawned, Call};
        AllMade->push_back(One);
      }
    }
  }
  return *AllMade;
}

const Stmt *TaskLives::scopeOf(const VarDecl *Variable,
                               const FunctionDecl *In) {
  const Body *B = body(In);
  if (!B)
    return nullptr;
  auto It = B->Declared.find(Variable);
  if (It == B->Declared.end())
    return nullptr;
  const Stmt *Scope = B->F->parent(It->second);
  if (isa<CXXCatchStmt>(It->second))
    return It->second;
  // The variable of a range-for is made anew in each round.
  if (const auto *Range = dyn_cast_or_null<CXXForRangeStmt>(Scope);
      Range && Range->getLoopVariable() == Variable)
    return Range->getBody();
  return Scope;
}

bool TaskLives::contains(const Stmt *Outer, const Stmt *Inner,
                         const FunctionDecl *In) {
  const Body *B = body(In);
  if (!B)
    return false;
  for (const Stmt *At = Inner; At; At = B->F->parent(At))
    if (At == Outer)
      return true;
  return false;
}

/// Could this element let a task that was started come to its end?
bool TaskLives::mayWait(const CFGElement &Element) {
  if (auto Destructor = Element.getAs<CFGImplicitDtor>()) {
    const CXXDestructorDecl *Callee = Destructor->getDestructorDecl(U.ast());
    if (!Callee)
      return false;
    // A scope or pool may join in its destructor, also that of a member.
    if (auto Variable = Element.getAs<CFGAutomaticObjDtor>();
        Variable && U.taskType(Variable->getVarDecl()->getType()))
      return false;
    // Temporaries of libraries are handles, guards and arguments.
    if (Element.getAs<CFGTemporaryDtor>() &&
        !U.isUserCode(Callee->getLocation())) {
      const FunctionModel *Model = U.models().function(Callee);
      return Model && Model->Blocks;
    }
    if (auto Temporary = Element.getAs<CFGTemporaryDtor>();
        Temporary && U.taskType(Temporary->getBindTemporaryExpr()->getType()))
      return false;
    return mayWaitWhenDestroyed(Callee->getParent(), U);
  }
  auto Statement = Element.getAs<CFGStmt>();
  if (!Statement)
    return false;
  if (const auto *Await = dyn_cast<CoroutineSuspendExpr>(Statement->getStmt()))
    return U.maySuspend(Await);
  const auto *Call = dyn_cast<CallExpr>(Statement->getStmt());
  if (!Call)
    return false;
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee)
    return true;
  if (const FunctionModel *Model = U.models().callee(Call)) {
    if (Model->Blocks || Model->Task == TaskUse::Runs)
      return true;
    if (Model->Nonblocking || Model->Task != TaskUse::None ||
        Model->Callable == CallableUse::Keeps ||
        Model->Callable == CallableUse::RunsElsewhere)
      return false;
  }
  if (Callee->getBuiltinID() || Callee->isInStdNamespace() ||
      U.taskType(Call->getType()))
    return false;
  // A member of the standard library may call what it is, or destroy what it
  // owns.
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
      Method && Method->getParent()->isInStdNamespace())
    return Method->getOverloadedOperator() == OO_Call ||
           (!Method->isConst() && mayWaitWhenDestroyed(Method->getParent(), U));
  // Getters and the like.
  const FunctionDecl *Definition = nullptr;
  if (Callee->hasBody(Definition))
    if (const auto *Body =
            dyn_cast_or_null<CompoundStmt>(Definition->getBody()))
      return Body->size() > 1;
  return true;
}

/// Is there a call that waits, by its model, behind \p From, the point before
/// which everything has happened?
bool TaskLives::waitsAfter(FlowPoint From, const FunctionDecl *In) {
  const Body *B = body(In);
  llvm::DenseSet<const CFGBlock *> Seen;
  llvm::SmallVector<FlowPoint, 16> Work{From};
  while (B && !Work.empty()) {
    FlowPoint At = Work.pop_back_val();
    for (unsigned I = At.Index; I < At.Block->size(); ++I)
      if (auto Statement = (*At.Block)[I].getAs<CFGStmt>())
        if (const auto *Call = dyn_cast<CallExpr>(Statement->getStmt()))
          if (const FunctionModel *Model = U.models().callee(Call);
              Model && (Model->Blocks || Model->Task == TaskUse::Runs))
            return true;
    for (const CFGBlock::AdjacentBlock &Next : At.Block->succs())
      if (const CFGBlock *Successor = Next.getReachableBlock())
        if (Seen.insert(Successor).second)
          Work.push_back({Successor, 0});
  }
  return false;
}

/// Does \p Loop go round until somebody else changes what its condition reads?
static bool waitsForOthers(const Stmt *Loop) {
  const Expr *Condition = nullptr;
  llvm::SmallVector<const Stmt *, 2> Own;
  if (const auto *While = dyn_cast_or_null<WhileStmt>(Loop)) {
    Condition = While->getCond();
    Own = {While->getBody()};
  } else if (const auto *Do = dyn_cast_or_null<DoStmt>(Loop)) {
    Condition = Do->getCond();
    Own = {Do->getBody()};
  } else if (const auto *For = dyn_cast_or_null<ForStmt>(Loop)) {
    Condition = For->getCond();
    Own = {For->getBody(), For->getInc()};
  }
  llvm::SmallPtrSet<const Decl *, 4> Read;
  walk(Condition, [&](const Stmt *S) {
    if (const auto *Mention = dyn_cast<DeclRefExpr>(S);
        Mention && isa<VarDecl>(Mention->getDecl()))
      Read.insert(Mention->getDecl());
    return WalkInto::Children;
  });
  return !Read.empty() && llvm::none_of(Own, [&](const Stmt *Part) {
    return Part && contains(Part, [&](const Stmt *S) {
             const auto *Mention = dyn_cast<DeclRefExpr>(S);
             return Mention && Read.contains(Mention->getDecl());
           });
  });
}

bool TaskLives::diesUnawaited(const VarDecl *Variable, const Stmt *From,
                              const FunctionDecl *In) {
  const Body *B = body(In);
  FlowPoint Start = B ? B->F->point(From) : FlowPoint();
  if (!Start)
    return false;
  // When main ends, nothing runs any more that could use what dies with it.
  auto Matters = [&](FlowPoint Death) {
    return !In->isMain() || waitsAfter(Death, In);
  };
  const Stmt *Scope = scopeOf(Variable, In);
  llvm::DenseSet<const CFGBlock *> Seen;
  llvm::SmallVector<FlowPoint, 16> Work{{Start.Block, Start.Index + 1}};
  while (!Work.empty()) {
    FlowPoint At = Work.pop_back_val();
    if (At.Block == &B->F->cfg().getExit() && Matters(At))
      return true;
    bool Stopped = false;
    for (unsigned I = At.Index; I < At.Block->size() && !Stopped; ++I) {
      const CFGElement &Element = (*At.Block)[I];
      if (auto End = Element.getAs<CFGAutomaticObjDtor>();
          End && End->getVarDecl() == Variable)
        return Matters({At.Block, I});
      // Variables without a destructor end where their scope is left.
      if (auto Statement = Element.getAs<CFGStmt>();
          Statement && Scope && !contains(Scope, Statement->getStmt(), In))
        return Matters({At.Block, I});
      Stopped = mayWait(Element);
    }
    if (Stopped || waitsForOthers(At.Block->getTerminatorStmt()))
      continue;
    for (const CFGBlock::AdjacentBlock &Next : At.Block->succs())
      if (const CFGBlock *Successor = Next.getReachableBlock())
        if (Seen.insert(Successor).second)
          Work.push_back({Successor, 0});
  }
  return false;
}

} // namespace coro
