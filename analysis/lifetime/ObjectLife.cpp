//===- ObjectLife.cpp - Member coroutines and their objects ---------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/ObjectLife.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Flow.h"
#include "analysis/ast/Walk.h"
#include "analysis/index/Index.h"
#include "analysis/lifetime/DyingArgument.h"
#include "analysis/unit/BorrowTypes.h"
#include "analysis/unit/Destruction.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace coro {

std::string selfOwnerOf(const CXXRecordDecl *Class, const Models &Known) {
  std::string Found;
  auto Look = [&](const CXXRecordDecl *Record) {
    if (const TypeModel *Model = Known.type(modelName(Record));
        Model && !Model->SelfOwner.empty())
      Found = Model->SelfOwner;
    return Found.empty();
  };
  if (!Class || !Class->hasDefinition())
    return Found;
  if (Look(Class))
    Class->forallBases([&](const CXXRecordDecl *Base) { return Look(Base); });
  return Found;
}

bool ObjectLives::isOwner(QualType Type) const {
  const TypeModel *Model = U.models().type(Type);
  return Model && Model->Pointer == "owner";
}

/// The class that the owning pointer \p Owner points to, or null.
static const CXXRecordDecl *pointee(QualType Owner) {
  const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Owner->getAsCXXRecordDecl());
  if (!Special || Special->getTemplateArgs().size() == 0 ||
      Special->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
    return nullptr;
  return Special->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
}

/// Can the owning pointer \p Owner point to an object of \p Class? The pointee
/// of a type-erased one (void, an unrelated interface) is not known.
static bool mayHold(QualType Owner, const CXXRecordDecl *Class) {
  const CXXRecordDecl *Held = pointee(Owner);
  if (!Held || !Held->hasDefinition() || !Class->hasDefinition())
    return true;
  return Held->getCanonicalDecl() == Class->getCanonicalDecl() ||
         Held->isDerivedFrom(Class) || Class->isDerivedFrom(Held);
}

/// Is \p Type an owner of an object of \p Class, a class with one as a member,
/// or an owner of such a thing: of a request that has its session?
bool ObjectLives::carriesOwner(QualType Type,
                               const CXXRecordDecl *Class) const {
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (isOwner(Type)) {
    if (mayHold(Type, Class))
      return true;
    Record = pointee(Type);
  }
  return Record && Record->hasDefinition() &&
         U.isUserCode(Record->getLocation()) &&
         llvm::any_of(Record->getDefinition()->fields(),
                      [&](const FieldDecl *Field) {
                        return isOwner(Field->getType()) &&
                               mayHold(Field->getType(), Class);
                      });
}

/// Does the body itself get hold of an owner: a local, a by-value parameter, or
/// a call that gives one?
bool ObjectLives::keepsItself(const Coroutine &C, const CXXRecordDecl *Class) {
  for (const ParmVarDecl *Parameter : C.Function->parameters())
    if (!Parameter->getType()->isReferenceType() &&
        carriesOwner(Parameter->getType(), Class))
      return true;
  const Flow *F = U.flow(C.Function);
  if (!F)
    return true;
  std::string SelfOwner = selfOwnerOf(Class, U.models());
  return F->anyStatement([&](const Stmt *S) {
    // A call of shared_from_this() on this very object.
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S))
      if (!SelfOwner.empty() && isOwner(Call->getType()) &&
          isa<CXXThisExpr>(
              Call->getImplicitObjectArgument()->IgnoreParenImpCasts()))
        return true;
    if (const auto *Declared = dyn_cast<DeclStmt>(S))
      for (const Decl *D : Declared->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D);
            Variable && isOwner(Variable->getType()) &&
            mayHold(Variable->getType(), Class))
          return true;
    return false;
  });
}

/// Does the body ask, before \p Use, whether something that it holds a weak
/// pointer to is still there? The owner of such a token is mostly the object.
bool ObjectLives::asksForLife(const Coroutine &C, const Expr *Use) {
  const Flow *F = U.flow(C.Function);
  const SourceManager &SM = U.ast().getSourceManager();
  return F && contains(F->body(), [&](const Stmt *S) {
           const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
           if (!Call || !isOwner(Call->getType()) ||
               !SM.isBeforeInTranslationUnit(Call->getBeginLoc(),
                                             Use->getBeginLoc()))
             return false;
           // An owner from what is none itself, and lives in the frame.
           const auto *Object = dyn_cast<DeclRefExpr>(
               Call->getImplicitObjectArgument()->IgnoreParenImpCasts());
           const auto *Token =
               Object ? dyn_cast<VarDecl>(Object->getDecl()) : nullptr;
           return Token && Token->hasLocalStorage() &&
                  !Token->getType()->isReferenceType() &&
                  !isOwner(Token->getType()) &&
                  Call->getMethodDecl()->getNumParams() == 0 &&
                  Call->getMethodDecl()->isConst();
         });
}

const llvm::DenseSet<const CXXRecordDecl *> &ObjectLives::made() {
  if (Scanned)
    return MadeHere;
  Scanned = true;
  auto OnObject = [&](QualType Type, bool Long) {
    if (const CXXRecordDecl *Class = Type->getAsCXXRecordDecl()) {
      MadeHere.insert(Class->getCanonicalDecl());
      auto [It, New] = Objects.try_emplace(Class->getCanonicalDecl(),
                                           std::make_pair(true, Long));
      if (!New)
        It->second.second &= Long;
    }
  };
  for (const Decl *D : U.ast().getTranslationUnitDecl()->decls())
    if (const auto *Variable = dyn_cast<VarDecl>(D))
      OnObject(Variable->getType(), true);
  for (const FunctionDecl *Function : U.functions())
    walk(Function->getBody(), [&](const Stmt *S) {
      if (const auto *Statement = dyn_cast<DeclStmt>(S)) {
        for (const Decl *D : Statement->decls())
          if (const auto *Variable = dyn_cast<VarDecl>(D))
            OnObject(Variable->getType(),
                     Variable->hasGlobalStorage() || Function->isMain());
      } else if (const auto *New = dyn_cast<CXXNewExpr>(S)) {
        OnObject(New->getAllocatedType(), false);
      } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
        // std::make_unique
        if (U.shared<BorrowTypes>().ownership(Call->getType()) !=
            Ownership::None)
          if (const CXXRecordDecl *Class = pointee(Call->getType()))
            MadeHere.insert(Class->getCanonicalDecl());
      }
      return WalkInto::Children;
    });
  return MadeHere;
}

/// Is an object of \p Class, or of one derived from it, made here or, by the
/// index, in another unit?
bool ObjectLives::isMade(const CXXRecordDecl *Class) {
  return llvm::any_of(made(),
                      [&](const CXXRecordDecl *One) {
                        return One == Class->getCanonicalDecl() ||
                               (One->hasDefinition() &&
                                Class->hasDefinition() &&
                                One->isDerivedFrom(Class));
                      }) ||
         U.index().isMade(Class);
}

bool ObjectLives::livesAsLongAsMain(const CXXRecordDecl *Class) {
  made();
  auto It = Objects.find(Class->getCanonicalDecl());
  return It != Objects.end() && It->second.second;
}

/// Does the spawning call hold an owner beside the task: in the completion
/// handler, in the token? Or is the spawner a part of the object, which
/// then may join what it started?
bool ObjectLives::isKeptBySpawner(const TaskLives::Made &Made) {
  if (!Made.Life.Taker)
    return false;
  bool Owner = false;
  for (const Expr *Argument : Made.Life.Taker->arguments())
    walk(Argument, [&](const Stmt *S) {
      if (S == Made.Call)
        return WalkInto::Skip;
      if (const auto *E = dyn_cast<Expr>(S))
        Owner |= isOwner(E->getType());
      if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
        for (const LambdaCapture &Capture : Lambda->captures())
          Owner |= Capture.capturesVariable() &&
                   isOwner(Capture.getCapturedVar()->getType());
      return Owner ? WalkInto::Stop : WalkInto::Children;
    });
  if (Owner)
    return true;
  const Expr *Spawner = argumentOf(Made.Life.Taker, ObjectSlot);
  if (!Spawner)
    return false;
  ArgumentLife Life =
      Spawner->getType()->isPointerType()
          ? lifeOfArgument(Spawner, RefersBy::Pointer, U.models())
          : storageOf(Spawner, U.models());
  return Life.Where == ArgumentStorage::Object;
}

/// Does the destructor of \p Class, or what that calls on its object, do
/// something with its member \p Source? Asking it something does not count. A
/// destructor in another unit may.
bool ObjectLives::stopsWhenDestroyed(const FieldDecl *Source,
                                     const CXXRecordDecl *Class) {
  llvm::SmallPtrSet<const FunctionDecl *, 8> Seen;
  llvm::SmallVector<const FunctionDecl *, 8> Work;
  for (const CXXRecordDecl *Record :
       {Class, cast<CXXRecordDecl>(Source->getParent())})
    if (const CXXDestructorDecl *Destructor = Record->getDestructor();
        Destructor && Destructor->isUserProvided())
      Work.push_back(Destructor);
  constexpr unsigned MaxFunctions = 32;
  while (!Work.empty() && Seen.size() < MaxFunctions) {
    const FunctionDecl *At = Work.pop_back_val();
    if (!Seen.insert(At->getCanonicalDecl()).second)
      continue;
    const FunctionDecl *Definition = nullptr;
    if (!At->hasBody(Definition)) {
      if (isa<CXXDestructorDecl>(At))
        return true;
      continue;
    }
    const bool Stops = contains(Definition->getBody(), [&](const Stmt *S) {
      if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
          Call && Call->getMethodDecl() &&
          isa<CXXThisExpr>(
              Call->getImplicitObjectArgument()->IgnoreParenImpCasts()))
        Work.push_back(Call->getMethodDecl());
      if (!isa<CompoundStmt>(S))
        return false;
      return llvm::any_of(S->children(), [&](const Stmt *Child) {
        const auto *Whole = dyn_cast<Expr>(Child);
        const auto *Call =
            Whole ? dyn_cast<CXXMemberCallExpr>(Whole->IgnoreImplicit())
                  : nullptr;
        const FieldDecl *Member =
            Call ? fieldOfThis(Call->getImplicitObjectArgument()) : nullptr;
        return Member &&
               Member->getCanonicalDecl() == Source->getCanonicalDecl();
      });
    });
    if (Stops)
      return true;
  }
  return false;
}

/// Is there, beside the task, a token of a source that is a member of the
/// object and that its destructor asks to stop? Then the task learns of its
/// end, before it goes on.
bool ObjectLives::isStoppedWithObject(const TaskLives::Made &Made,
                                      const CXXRecordDecl *Class) {
  const Flow *F = U.flow(Made.Caller);
  if (!F)
    return false;
  bool Stopped = false;
  auto Look = [&](const Stmt *S) {
    if (S == Made.Call)
      return WalkInto::Skip;
    const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
    const TypeModel *Model = Call ? U.models().type(Call->getType()) : nullptr;
    const FieldDecl *Source =
        Model && Model->StopToken
            ? fieldOfThis(Call->getImplicitObjectArgument())
            : nullptr;
    Stopped |= Source && stopsWhenDestroyed(Source, Class);
    return Stopped ? WalkInto::Stop : WalkInto::Children;
  };
  for (const Stmt *Up = F->semanticParent(Made.Call); Up && isa<Expr>(Up);
       Up = F->semanticParent(Up)) {
    const auto *Call = dyn_cast<CallExpr>(Up);
    if (!Call)
      continue;
    for (const Expr *Argument : Call->arguments())
      walk(Argument, [&](const Stmt *S) {
        // A token that was kept in a variable, or merged into one.
        const auto *Mention = dyn_cast<DeclRefExpr>(S);
        const auto *Variable =
            Mention ? dyn_cast<VarDecl>(Mention->getDecl()) : nullptr;
        const TypeModel *Model =
            Variable ? U.models().type(Variable->getType()) : nullptr;
        if (Model && Model->StopToken && Variable->isLocalVarDecl() &&
            Variable->getInit())
          walk(Variable->getInit(), Look);
        return Look(S);
      });
  }
  return Stopped;
}

/// Does the plain function that spawns own the object by a local, and come to
/// something that may wait for the task before that goes: to the event loop?
bool ObjectLives::ownsWhileItRuns(const TaskLives::Made &Made) {
  const Expr *Object = argumentOf(Made.Call, ObjectSlot);
  const VarDecl *Owner = nullptr;
  if (Object && !U.coroutine(Made.Caller))
    walk(Object, [&](const Stmt *S) {
      const auto *Mention = dyn_cast<DeclRefExpr>(S);
      const auto *Variable =
          Mention ? dyn_cast<VarDecl>(Mention->getDecl()) : nullptr;
      if (Variable && Variable->isLocalVarDecl() &&
          Variable->hasLocalStorage() && isOwner(Variable->getType()))
        Owner = Variable;
      return Owner ? WalkInto::Stop : WalkInto::Children;
    });
  return Owner &&
         !U.shared<TaskLives>().diesUnawaited(Owner, Made.Call, Made.Caller);
}

bool ObjectLives::leavesObject(const TaskLives::Made &Made) {
  // What is spawned on a local or temporary object is a dying argument.
  ArgumentLife Life = lifeOfSlot(Made.Call, ObjectSlot, U.models());
  return Made.Life.What == Fate::Spawned && !isKeptBySpawner(Made) &&
         !Life.diesWithFunction() && Life.Where != ArgumentStorage::Global &&
         !ownsWhileItRuns(Made);
}

bool ObjectLives::refersToSpawningFrame(const TaskLives::Made &Made, Unit &U) {
  if (!Made.Life.Taker || !U.coroutine(Made.Caller))
    return false;
  return llvm::any_of(Made.Life.Taker->arguments(), [&](const Expr *Argument) {
    return contains(Argument, [&](const Stmt *S) {
      const auto *Lambda = dyn_cast<LambdaExpr>(S);
      return Lambda && llvm::any_of(Lambda->captures(), [](const auto &One) {
               return One.capturesVariable() &&
                      One.getCaptureKind() == LCK_ByRef;
             });
    });
  });
}

ObjectLives::ObjectLives(Unit &U) : U(U) {
  LateUses &Late = U.shared<LateUses>();
  TaskLives &Lives = U.shared<TaskLives>();

  llvm::DenseMap<const FunctionDecl *, std::vector<const TaskLives::Made *>>
      SpawnsOf;
  for (const TaskLives::Made &Made : Lives.all())
    if (Made.Life.What == Fate::Spawned)
      SpawnsOf[Made.Callee->getCanonicalDecl()].push_back(&Made);

  for (const Coroutine *C : U.coroutines()) {
    const auto *Method = dyn_cast<CXXMethodDecl>(C->Function);
    if (!Method || Method->isStatic() || C->Lambda ||
        Method->getParent()->isLambda())
      continue;
    const CXXRecordDecl *Class = Method->getParent();
    std::optional<LateUse> Use = Late.find(Method, ObjectSlot);
    if (!Use || !Use->Suspended || Use->In != Method || keepsItself(*C, Class))
      continue;
    if (livesAsLongAsMain(Class))
      continue;
    bool Asks = asksForLife(*C, Use->Use);
    UnkeptObject Found;
    Found.Body = C;
    Found.Use = *Use;
    Found.SelfOwner = selfOwnerOf(Class, U.models());
    Found.Ender = U.shared<Invalidation>().enderOf(Class, Method);
    if (C->isDetached()) {
      // Where objects are seen to be made, and the whole project is in view,
      // somebody should be seen to end them, or to own them with others.
      const bool MayEnd = !U.index() || Found.Ender ||
                          !Found.SelfOwner.empty() || !isMade(Class);
      Found.Sure = !MayEnd || Asks || mayWaitWhenDestroyed(Class, U)
                       ? Confidence::Medium
                       : Confidence::High;
      All.push_back(Found);
      continue;
    }
    // Where objects are owned by reference counts, the last owner may leave at
    // any time; elsewhere the owner may outlive everything.
    auto SureOf = [&](bool Guarded) {
      return Guarded || Asks || Found.SelfOwner.empty() ? Confidence::Medium
                                                        : Confidence::High;
    };
    bool Spawned = false;
    for (const TaskLives::Made *Made :
         SpawnsOf.lookup(Method->getCanonicalDecl())) {
      if (isKeptBySpawner(*Made)) {
        Spawned = true;
        continue;
      }
      if (!leavesObject(*Made))
        continue;
      Spawned = true;
      Found.Call = Made->Call;
      Found.Task = Made->Life;
      Found.Sure = SureOf(refersToSpawningFrame(*Made, U) ||
                          isStoppedWithObject(*Made, Class));
      All.push_back(Found);
    }
    const IndexedCallers *Others = U.index().callers(Method);
    for (const CallerSummary &One : Others ? llvm::ArrayRef(Others->Some)
                                           : llvm::ArrayRef<CallerSummary>()) {
      if (Spawned || !(One.Facts & CallerSummary::LeavesObject))
        continue;
      Spawned = true;
      Found.CallBeyond = &One;
      Found.Sure = SureOf(One.Facts & CallerSummary::FrameReferred);
      All.push_back(Found);
    }
    if (!Spawned &&
        !U.shared<DyingArguments>().allCallsAreSafe(Method, ObjectSlot)) {
      Found.Sure = Confidence::Low;
      All.push_back(Found);
    }
  }
}

} // namespace coro
