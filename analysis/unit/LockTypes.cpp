//===- LockTypes.cpp - Which types are locks and guards -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/unit/LockTypes.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;

namespace coro {

void forEachStatement(const Stmt *Root,
                      llvm::function_ref<void(const Stmt *)> Visit) {
  llvm::SmallVector<const Stmt *, 32> Work;
  if (Root)
    Work.push_back(Root);
  while (!Work.empty()) {
    const Stmt *At = Work.pop_back_val();
    Visit(At);
    if (const auto *Lambda = dyn_cast<LambdaExpr>(At)) {
      for (const Expr *Init : Lambda->capture_inits())
        if (Init)
          Work.push_back(Init);
      continue;
    }
    // What the compiler adds to an await or co_return repeats its operand.
    if (const auto *Await = dyn_cast<CoroutineSuspendExpr>(At)) {
      Work.push_back(Await->getCommonExpr() ? Await->getCommonExpr()
                                            : Await->getOperand());
      continue;
    }
    if (const auto *Return = dyn_cast<CoreturnStmt>(At);
        Return && Return->getOperand()) {
      Work.push_back(Return->getOperand());
      continue;
    }
    llvm::SmallVector<const Stmt *, 8> Children(At->children());
    for (const Stmt *Child : llvm::reverse(Children))
      if (Child)
        Work.push_back(Child);
  }
}

//===----------------------------------------------------------------------===//
// Paths
//===----------------------------------------------------------------------===//

static const Expr *stripped(const Expr *E) {
  while (E) {
    const Expr *Inner = E->IgnoreParenImpCasts();
    if (const auto *Cleanups = dyn_cast<FullExpr>(Inner))
      Inner = Cleanups->getSubExpr();
    else if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(Inner))
      Inner = Temporary->getSubExpr();
    else if (const auto *Unary = dyn_cast<UnaryOperator>(Inner);
             Unary && (Unary->getOpcode() == UO_Deref ||
                       Unary->getOpcode() == UO_AddrOf))
      Inner = Unary->getSubExpr();
    else if (const auto *Cast = dyn_cast<ExplicitCastExpr>(Inner);
             Cast && !isa<CXXFunctionalCastExpr>(Cast))
      Inner = Cast->getSubExpr();
    else if (const auto *Call = dyn_cast<CallExpr>(Inner);
             Call && Call->getNumArgs() == 1 &&
             (Call->isCallToStdMove() ||
              Call->getBuiltinCallee() == Builtin::BIforward ||
              Call->getBuiltinCallee() == Builtin::BIaddressof))
      Inner = Call->getArg(0);
    else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Inner);
             Operator && Operator->getNumArgs() == 1 &&
             (Operator->getOperator() == OO_Arrow ||
              Operator->getOperator() == OO_Star))
      Inner = Operator->getArg(0);
    if (Inner == E)
      return E;
    E = Inner;
  }
  return E;
}

static bool appendPath(const Expr *Object, LockPath &Path, unsigned Depth) {
  Object = stripped(Object);
  if (!Object || Depth > 12)
    return false;
  if (isa<CXXThisExpr>(Object)) {
    Path.push_back(nullptr);
    return true;
  }
  if (const auto *Reference = dyn_cast<DeclRefExpr>(Object)) {
    const auto *Variable = dyn_cast<VarDecl>(Reference->getDecl());
    if (!Variable)
      return false;
    // A reference names what it was bound to. (A static local is bound once.)
    if (Variable->getType()->isReferenceType() && Variable->isLocalVarDecl() &&
        Variable->getInit() && !Variable->getInit()->isTypeDependent()) {
      LockPath Bound;
      if (appendPath(Variable->getInit(), Bound, Depth + 1)) {
        Path.append(Bound);
        return true;
      }
    }
    Path.push_back(Variable->getCanonicalDecl());
    return true;
  }
  if (const auto *Member = dyn_cast<MemberExpr>(Object)) {
    if (const auto *Variable = dyn_cast<VarDecl>(Member->getMemberDecl())) {
      Path.push_back(Variable->getCanonicalDecl());
      return true;
    }
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (!Field || !appendPath(Member->getBase(), Path, Depth + 1))
      return false;
    Path.push_back(Field->getCanonicalDecl());
    return true;
  }
  return false;
}

LockPath lockPath(const Expr *Object) {
  LockPath Path;
  if (!Object || !appendPath(Object, Path, 0))
    return {};
  return Path;
}

const VarDecl *plainVariable(const Expr *Object) {
  LockPath Path = lockPath(Object);
  return Path.size() == 1 ? dyn_cast_or_null<VarDecl>(Path[0]) : nullptr;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

static const CXXRecordDecl *recordOf(QualType Type) {
  if (Type.isNull())
    return nullptr;
  Type = Type.getNonReferenceType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  return Type->getAsCXXRecordDecl();
}

/// The body of \p Function, or the one of the template that it comes from:
/// members of class templates are instantiated only when they are called.
static const Stmt *bodyOf(const FunctionDecl *Function) {
  const FunctionDecl *Definition = nullptr;
  if (Function && Function->hasBody(Definition))
    return Definition->getBody();
  if (Function)
    if (const FunctionDecl *Pattern =
            Function->getTemplateInstantiationPattern())
      if (Pattern->hasBody(Definition))
        return Definition->getBody();
  return nullptr;
}

LockTypes::LockTypes(Unit &U) : U(U) {
  for (const LibraryModel &Library : U.models().libraries())
    llvm::copy_if(Library.Markers, std::back_inserter(Markers),
                  [](const MarkerModel &Marker) { return !Marker.Sender; });
}

/// Is the member type or constant \p Marker anything but a false constant?
static bool isTrue(const NamedDecl *Marker) {
  const ASTContext &AST = Marker->getASTContext();
  auto Constant = [&](const VarDecl *Variable) {
    const VarDecl *Definition = nullptr;
    const Expr *Init = Variable->getAnyInitializer(Definition);
    bool Value = true;
    return !Init || Init->isValueDependent() ||
           !Init->EvaluateAsBooleanCondition(Value, AST) || Value;
  };
  if (const auto *Variable = dyn_cast<VarDecl>(Marker))
    return Constant(Variable);
  if (const auto *Type = dyn_cast<TypedefNameDecl>(Marker))
    if (const CXXRecordDecl *Record =
            Type->getUnderlyingType()->getAsCXXRecordDecl();
        Record && Record->hasDefinition())
      for (const NamedDecl *Value : Record->lookup(
               DeclarationName(&Record->getASTContext().Idents.get("value"))))
        if (const auto *Variable = dyn_cast<VarDecl>(Value))
          return Constant(Variable);
  return true;
}

const MarkerModel *LockTypes::marker(const CXXRecordDecl *Record) const {
  if (!Record || !Record->hasDefinition())
    return nullptr;
  Record = Record->getDefinition();
  for (const MarkerModel &Marker : Markers)
    for (const NamedDecl *Member :
         Record->lookup(DeclarationName(&U.ast().Idents.get(Marker.Member))))
      if (isTrue(Member->getUnderlyingDecl()))
        return &Marker;
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (const MarkerModel *Found = marker(recordOf(Base.getType())))
      return Found;
  return nullptr;
}

/// The named requirements of [thread.req.lockable]: what every lock and every
/// guard with the interface of one means by these names.
static LockEffect lockableMember(llvm::StringRef Name) {
  return llvm::StringSwitch<LockEffect>(Name)
      .Case("lock", LockEffect::Acquire)
      .Case("lock_shared", LockEffect::Acquire)
      .Case("try_lock", LockEffect::TryAcquire)
      .Case("try_lock_for", LockEffect::TryAcquire)
      .Case("try_lock_until", LockEffect::TryAcquire)
      .Case("try_lock_shared", LockEffect::TryAcquire)
      .Case("try_lock_shared_for", LockEffect::TryAcquire)
      .Case("try_lock_shared_until", LockEffect::TryAcquire)
      .Case("unlock", LockEffect::Release)
      .Case("unlock_shared", LockEffect::Release)
      .Default(LockEffect::None);
}

static const CXXMethodDecl *plainMethod(const CXXRecordDecl *Record,
                                        llvm::StringRef Name) {
  const CXXMethodDecl *Method = findMethod(Record, Name);
  return Method && Method->getMinRequiredArguments() == 0 ? Method : nullptr;
}

MutexKind LockTypes::mutex(QualType Type) {
  const CXXRecordDecl *Record = recordOf(Type);
  if (!Record || !Record->hasDefinition() || Record->isInvalidDecl())
    return MutexKind::None;
  Record = Record->getDefinition();
  // A lock that is made of itself through a pointer is none yet.
  auto [It, New] = Mutexes.try_emplace(Record, MutexKind::None);
  if (!New)
    return It->second;
  MutexKind Kind = computeMutex(Record);
  return Mutexes[Record] = Kind;
}

bool LockTypes::isRecursive(QualType Type) const {
  const TypeModel *Model = U.models().type(recordOf(Type));
  return Model && Model->Recursive;
}

MutexKind LockTypes::computeMutex(const CXXRecordDecl *Record) {
  const TypeModel *Model = U.models().type(Record);
  if (const MarkerModel *Marker = marker(Record);
      Marker && Marker->CoroutineAware)
    return MutexKind::Coroutine;
  if (Model && Model->CoroutineAware)
    return MutexKind::Coroutine;
  if (Model && Model->Mutex)
    return MutexKind::Thread;
  if (Model && Model->LockGuard)
    return MutexKind::None;
  if (const auto *Capability = Record->getAttr<CapabilityAttr>())
    if (llvm::StringRef Name = Capability->getName();
        Name == "mutex" || Name == "shared_mutex" || Name == "spinlock")
      return MutexKind::Thread;
  // What only an await locks may have no lock() at all.
  if (!plainMethod(Record, "unlock"))
    return MutexKind::None;
  for (const CXXMethodDecl *Method : Record->methods()) {
    QualType Result = Method->getReturnType();
    // A task that nobody has made in this unit is known by its template.
    if (const auto *Spec =
            dyn_cast_or_null<ClassTemplateSpecializationDecl>(recordOf(Result));
        Spec && !Spec->hasDefinition())
      Result = U.ast().getTypeDeclType(static_cast<const TypeDecl *>(
          Spec->getSpecializedTemplate()->getTemplatedDecl()));
    if (const TaskType *Task = U.taskType(Result); Task && Task->IsAwaitable)
      return MutexKind::Coroutine;
  }
  const CXXMethodDecl *Lock = plainMethod(Record, "lock");
  if (!Lock)
    return MutexKind::None;
  const Stmt *Body = bodyOf(Lock);
  if (!Body)
    return MutexKind::Unknown;
  if (const auto *Compound = dyn_cast<CompoundStmt>(Body);
      Compound && Compound->body_empty())
    return MutexKind::None;
  MutexKind Kind = MutexKind::Unknown;
  forEachStatement(Body, [&](const Stmt *S) {
    if (isa<WhileStmt, DoStmt, ForStmt>(S))
      Kind = MutexKind::Thread;
    else if (const auto *Call = dyn_cast<CallExpr>(S))
      for (const LockOperation &Operation : operations(Call))
        if (Operation.Effect == LockEffect::Acquire &&
            Operation.Kind == MutexKind::Thread)
          Kind = MutexKind::Thread;
  });
  return Kind;
}

LockTag LockTypes::tag(QualType Type) const {
  if (Type.isNull())
    return LockTag::None;
  const TypeModel *Model = U.models().type(Type);
  return Model ? Model->Tag : LockTag::None;
}

const GuardType *LockTypes::guard(QualType Type) {
  if (Type.isNull() || Type->isReferenceType())
    return nullptr;
  const CXXRecordDecl *Record =
      U.ast().getBaseElementType(Type)->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition() || Record->isInvalidDecl() ||
      Record->isDependentType())
    return nullptr;
  Record = Record->getDefinition();
  auto [It, New] = Guards.try_emplace(Record);
  if (!New)
    return It->second.get();
  GuardType Found = computeGuard(Record);
  if (Found.Mutex == MutexKind::None && Found.MustNotSuspend.empty())
    return nullptr;
  return (Guards[Record] = std::make_unique<GuardType>(std::move(Found))).get();
}

/// Adds the kind of another lock that an object holds.
static void add(GuardType &Guard, MutexKind Kind) {
  Guard.Mutex = std::max(Guard.Mutex, Kind, [](MutexKind A, MutexKind B) {
    auto Rank = [](MutexKind K) {
      return K == MutexKind::Thread      ? 3
             : K == MutexKind::Unknown   ? 2
             : K == MutexKind::Coroutine ? 1
                                         : 0;
    };
    return Rank(A) < Rank(B);
  });
}

GuardType LockTypes::computeGuard(const CXXRecordDecl *Record) {
  GuardType Found;
  Found.Record = Record;
  const TypeModel *Model = U.models().type(Record);
  if (Model && !Model->MustNotSuspend.empty())
    Found.MustNotSuspend = Model->MustNotSuspend;
  else if (const MarkerModel *Marker = marker(Record))
    Found.MustNotSuspend = Marker->MustNotSuspend;
  else if (Unit::isAnnotated(Record, "must_not_suspend"))
    Found.MustNotSuspend = "its declaration says so";
  if (!Found.MustNotSuspend.empty())
    return Found;
  // A guard is something to destroy.
  if (Record->hasTrivialDestructor())
    return Found;
  // An awaiter that gives its lock back when its coroutine suspends.
  bool GivesBack = false;
  if (const CXXMethodDecl *Suspend = findMethod(Record, "await_suspend"))
    forEachStatement(bodyOf(Suspend), [&](const Stmt *S) {
      if (const auto *Call = dyn_cast<CallExpr>(S))
        GivesBack |=
            llvm::any_of(operations(Call), [](const LockOperation &One) {
              return One.Effect == LockEffect::Release;
            });
    });
  if (GivesBack)
    return Found;

  const CXXMethodDecl *Release = plainMethod(Record, "unlock");
  if (Model && Model->LockGuard) {
    Found.CanBeEmpty = Release || Record->hasDefaultConstructor();
    const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(Record);
    bool Tells = false;
    // The lock is a template argument, or a policy of one.
    std::function<void(const TemplateArgument &, unsigned)> Look =
        [&](const TemplateArgument &Argument, unsigned Depth) {
          if (Argument.getKind() == TemplateArgument::Pack) {
            // A guard of no lock at all is one kind of nothing.
            Tells |= Argument.pack_size() == 0;
            for (const TemplateArgument &One : Argument.pack_elements())
              Look(One, Depth);
            return;
          }
          if (Argument.getKind() != TemplateArgument::Type)
            return;
          if (LockTag Says = tag(Argument.getAsType()); Says != LockTag::None) {
            Found.Policy = Says;
            Found.CanBeEmpty = true;
          }
          const CXXRecordDecl *Class = recordOf(Argument.getAsType());
          if (!Class)
            return;
          MutexKind Kind = mutex(Argument.getAsType());
          if (Kind != MutexKind::None || Depth == 0)
            Tells |= Kind != MutexKind::None || plainMethod(Class, "lock");
          add(Found, Kind);
          Found.Recursive |= isRecursive(Argument.getAsType());
          if (const auto *Inner =
                  dyn_cast<ClassTemplateSpecializationDecl>(Class);
              Inner && Kind == MutexKind::None && Depth < 2)
            for (const TemplateArgument &One :
                 Inner->getTemplateArgs().asArray())
              Look(One, Depth + 1);
        };
    if (Spec)
      for (const TemplateArgument &Argument : Spec->getTemplateArgs().asArray())
        Look(Argument, 0);
    // Without one the model's word is enough.
    if (!Tells)
      add(Found, MutexKind::Thread);
    return Found;
  }
  if (Record->hasAttr<ScopedLockableAttr>()) {
    Found.CanBeEmpty = true;
    for (const CXXConstructorDecl *Constructor : Record->ctors())
      for (const ParmVarDecl *Parameter : Constructor->parameters())
        if (!Constructor->isCopyOrMoveConstructor())
          add(Found, mutex(Parameter->getType()));
    if (Found.Mutex == MutexKind::None)
      add(Found, MutexKind::Thread);
    return Found;
  }
  if (releasesInDestructor(Record, Found))
    return Found;
  Found.Mutex = MutexKind::None;

  // What contains a guard holds its lock as well.
  auto Contained = [&](QualType Type) {
    if (const GuardType *Inner = guard(Type)) {
      Found.Contains = true;
      add(Found, Inner->Mutex);
      Found.Recursive |= Inner->Recursive;
      Found.CanBeEmpty |= Inner->CanBeEmpty;
      if (!Inner->MustNotSuspend.empty())
        Found.MustNotSuspend = Inner->MustNotSuspend;
    }
  };
  if (Record->isUnion())
    return Found;
  for (const CXXBaseSpecifier &Base : Record->bases())
    Contained(Base.getType());
  for (const FieldDecl *Field : Record->fields())
    Contained(Field->getType());
  return Found;
}

bool LockTypes::releasesInDestructor(const CXXRecordDecl *Record,
                                     GuardType &Found) {
  const Stmt *Body = bodyOf(Record->getDestructor());
  if (!Body)
    return false;
  bool Releases = false, Takes = false, Conditional = false;
  forEachStatement(Body, [&](const Stmt *S) {
    Conditional |= isa<IfStmt>(S);
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(S))
      Takes |= guard(Construct->getType()) != nullptr;
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call)
      return;
    for (const LockOperation &Operation : operations(Call)) {
      Takes |= Operation.Effect == LockEffect::Acquire ||
               Operation.Effect == LockEffect::TryAcquire;
      if (Operation.Effect != LockEffect::Release)
        continue;
      // What it refers to, not what it has: an object that unlocks its own
      // mutex in the end guards nothing.
      LockPath Path = lockPath(Operation.Object);
      if (Path.empty())
        continue;
      const ValueDecl *Last = Path.back();
      if (!Last ||
          (Path.size() == 2 && !Path[0] &&
           !Last->getType()->isReferenceType() &&
           !Last->getType()->isPointerType() &&
           recordOf(Last->getType()) == recordOf(Operation.Object->getType())))
        continue;
      Releases = true;
      add(Found, Operation.Kind);
      Found.Recursive |= isRecursive(Operation.Object->getType());
    }
  });
  Found.CanBeEmpty = Conditional;
  return Releases && !Takes && Found.Mutex != MutexKind::None;
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

/// The expression that stands for \p Parameter or `this` of \p Callee in
/// \p Call, where \p InAttribute (an argument of an attribute) names it.
static const Expr *actual(const Expr *InAttribute, const FunctionDecl *Callee,
                          llvm::ArrayRef<const Expr *> Arguments,
                          const Expr *This) {
  InAttribute = InAttribute->IgnoreParenImpCasts();
  if (isa<CXXThisExpr>(InAttribute))
    return This;
  if (const auto *Reference = dyn_cast<DeclRefExpr>(InAttribute))
    if (const auto *Parameter = dyn_cast<ParmVarDecl>(Reference->getDecl())) {
      unsigned Index = Parameter->getFunctionScopeIndex();
      return Index < Arguments.size() ? Arguments[Index] : nullptr;
    }
  return InAttribute;
}

llvm::SmallVector<LockOperation, 2>
LockTypes::ofOwnMember(const CXXMethodDecl *Method, const Expr *This) {
  if (Method->isConst() || Method->isStatic())
    return {};
  const GuardType *Guard = guard(This->getType()->isPointerType()
                                     ? This->getType()->getPointeeType()
                                     : This->getType().getNonReferenceType());
  if (!Guard || U.models().type(Guard->Record))
    return {};
  // A member that calls itself does nothing more by that.
  auto [It, New] = OwnMembers.try_emplace(Method, LockEffect::None);
  LockEffect Effect = It->second;
  if (New)
    forEachStatement(bodyOf(Method), [&](const Stmt *S) {
      if (const auto *Call = dyn_cast<CallExpr>(S))
        for (const LockOperation &Operation : operations(Call))
          if (LockPath Path = lockPath(Operation.Object);
              !Path.empty() && !Path[0])
            // The last thing that it does is what remains.
            Effect = Operation.Effect;
    });
  if (New)
    OwnMembers[Method] = Effect;
  if (Effect == LockEffect::None)
    return {};
  return {{Effect, This, Guard->Mutex}};
}

llvm::SmallVector<LockOperation, 2> LockTypes::operations(const Expr *E) {
  llvm::SmallVector<LockOperation, 2> Found;
  const auto *Call = dyn_cast<CallExpr>(E);
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  // What returns a guard makes one, and the guard is what is followed.
  if (!Callee || guard(Call->getType()))
    return Found;
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  const Expr *This = nullptr;
  llvm::SmallVector<const Expr *, 4> Arguments(Call->arguments());
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
    This = Member->getImplicitObjectArgument();
  } else if (isa<CXXOperatorCallExpr>(Call) && Method && !Arguments.empty()) {
    This = Arguments.front();
    Arguments.erase(Arguments.begin());
  }

  const FunctionModel *Model = U.models().function(Callee);
  if (Model && Model->Lock) {
    auto Add = [&](const Expr *Object) {
      if (!Object)
        return;
      MutexKind Kind = mutex(Object->getType());
      // A lock that is no class (of the C libraries) has nothing but its row.
      if (Kind == MutexKind::None)
        Kind = MutexKind::Thread;
      Found.push_back({Model->Lock->Effect, Object, Kind});
    };
    unsigned Index;
    if (Model->Lock->Object == "this")
      Add(This);
    else if (Model->Lock->Object == "all")
      llvm::for_each(Arguments, Add);
    else if (!llvm::StringRef(Model->Lock->Object).getAsInteger(10, Index) &&
             Index < Arguments.size())
      Add(Arguments[Index]);
    return Found;
  }

  auto FromAttribute = [&](LockEffect Effect, auto Objects) {
    if (Objects.begin() == Objects.end()) {
      if (This)
        Found.push_back({Effect, This, MutexKind::Thread});
      return;
    }
    for (const Expr *Object : Objects)
      if (const Expr *Actual = actual(Object, Callee, Arguments, This))
        Found.push_back({Effect, Actual, MutexKind::Thread});
  };
  if (Callee->hasAttrs()) {
    for (const auto *A : Callee->specific_attrs<AcquireCapabilityAttr>())
      FromAttribute(LockEffect::Acquire, A->args());
    for (const auto *A : Callee->specific_attrs<TryAcquireCapabilityAttr>())
      FromAttribute(LockEffect::TryAcquire, A->args());
    for (const auto *A : Callee->specific_attrs<ReleaseCapabilityAttr>())
      FromAttribute(LockEffect::Release, A->args());
    if (!Found.empty()) {
      for (LockOperation &Operation : Found)
        if (MutexKind Kind = mutex(Operation.Object->getType());
            Kind != MutexKind::None)
          Operation.Kind = Kind;
      return Found;
    }
  }

  if (!This || !Method->getIdentifier())
    return Found;
  LockEffect Effect = lockableMember(Method->getName());
  if (Effect == LockEffect::None)
    return ofOwnMember(Method, This);
  QualType Type = This->getType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  if (MutexKind Kind = mutex(Type); Kind != MutexKind::None)
    Found.push_back({Effect, This, Kind});
  else if (const GuardType *Guard = guard(Type.getNonReferenceType());
           Guard && !Guard->Contains && Guard->MustNotSuspend.empty())
    Found.push_back({Effect, This, Guard->Mutex});
  return Found;
}

} // namespace coro
