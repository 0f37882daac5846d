//===- Regions.cpp - Stretches of a coroutine that only compute -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/compute/Regions.h"
#include "analysis/ast/Mutation.h"
#include "analysis/ast/Walk.h"
#include "analysis/blocking/Effects.h"
#include "analysis/unit/BorrowTypes.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

using namespace clang;

namespace coro {

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

bool ComputeTypes::isIo(QualType Type) {
  if (Type.isNull())
    return false;
  Type = Type.getNonReferenceType();
  while (Type->isPointerType())
    Type = Type->getPointeeType();
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  return Record && isIoClass(Record->getCanonicalDecl(), 0);
}

bool ComputeTypes::isIoClass(const CXXRecordDecl *Record, unsigned Depth) {
  auto [It, New] = Known.try_emplace(Record, false);
  if (!New)
    return It->second;
  if (const TypeModel *Model = U.models().type(Record))
    if (Model->IoObject || Model->Mutex || Model->LockGuard || Model->Pool ||
        Model->Strand || Model->StopToken)
      return Known[Record] = true;
  if (U.taskType(
          U.ast().getTypeDeclType(static_cast<const TypeDecl *>(Record))))
    return Known[Record] = true;
  // A pointer to one, a list of them.
  if (const auto *Special = dyn_cast<ClassTemplateSpecializationDecl>(Record))
    for (const TemplateArgument &Argument :
         Special->getTemplateArgs().asArray())
      if (Argument.getKind() == TemplateArgument::Type)
        if (const CXXRecordDecl *Inner =
                Argument.getAsType()->getAsCXXRecordDecl();
            Inner && Depth < 3 &&
            isIoClass(Inner->getCanonicalDecl(), Depth + 1))
          return Known[Record] = true;
  const CXXRecordDecl *Definition = Record->getDefinition();
  if (!Definition || Definition->isLambda())
    return false;
  // Who makes awaitables has something to wait for.
  for (const CXXMethodDecl *Method : Definition->methods())
    if (!Method->getReturnType()->isDependentType() &&
        !Method->getReturnType()->isUndeducedType() &&
        Method->getReturnType()->isRecordType() &&
        U.taskType(Method->getReturnType()))
      return Known[Record] = true;
  for (const CXXBaseSpecifier &Base : Definition->bases())
    if (const CXXRecordDecl *Inner = Base.getType()->getAsCXXRecordDecl();
        Inner && Depth < 3 && isIoClass(Inner->getCanonicalDecl(), Depth + 1))
      return Known[Record] = true;
  return false;
}

//===----------------------------------------------------------------------===//
// One statement
//===----------------------------------------------------------------------===//

namespace {

/// What is asked of the whole coroutine.
struct Surroundings {
  Unit &U;
  const Coroutine &C;
  const Flow &F;
  ComputeTypes &Types;
  BorrowTypes &Borrows;
  llvm::DenseSet<const Stmt *> Blocking = {};
  /// Classes with members that this coroutine awaits: where a completion token
  /// decides what is returned, their declarations do not tell.
  llvm::DenseSet<const CXXRecordDecl *> Awaited = {};
  llvm::DenseSet<const ValueDecl *> Mentioned = {};

  Surroundings(Unit &U, const Coroutine &C, const Flow &F)
      : U(U), C(C), F(F), Types(U.shared<ComputeTypes>()),
        Borrows(U.shared<BorrowTypes>()) {
    // Blocking IO is not computing.
    for (const Witness &Call : U.shared<Effects>().blockingCalls(C.Function))
      if (Call.At.Expression)
        Blocking.insert(Call.At.Expression);
    walk(F.body(), [&](const Stmt *S) {
      if (const auto *Reference = dyn_cast<DeclRefExpr>(S))
        Mentioned.insert(Reference->getDecl());
      return WalkInto::Children;
    });
    for (const CoroutineSuspendExpr *Await : F.suspensions())
      if (const auto *Call = dyn_cast<CXXMemberCallExpr>(
              Await->getOperand()->IgnoreUnlessSpelledInSource()))
        if (const CXXRecordDecl *Record = Call->getRecordDecl())
          Awaited.insert(Record->getCanonicalDecl());
  }

  bool isIo(QualType Type) const {
    // A list of initialisers that does not compile has no type.
    if (Type.isNull())
      return false;
    if (Types.isIo(Type))
      return true;
    Type = Type.getNonReferenceType();
    while (Type->isPointerType())
      Type = Type->getPointeeType();
    const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
    return Record && Awaited.contains(Record->getCanonicalDecl());
  }
};

/// Looks through one statement for what keeps it out of a plain function, and
/// weighs what it computes.
class StatementScan {
public:
  StatementScan(const Stmt *S, const Surroundings &Around)
      : Around(Around), U(Around.U), Statement(S) {
    scan(S);
    Computes = Computes && !actsElsewhere(S) && !anyActsElsewhere(S) &&
               !changesForeignObject();
    // A call that changes a local counts as much as an assignment.
    if (Computes && Weight == 0 && isa<Expr>(S) && changesAny(S))
      Weight = 1;
  }

  bool Computes = true; ///< nothing but computing was found
  unsigned Weight = 0;
  unsigned LoopDepth = 0;
  unsigned Decisions = 0;
  unsigned Opaque = 0;
  llvm::SetVector<const ValueDecl *> Uses;
  llvm::SetVector<const ValueDecl *> Made;

  const Stmt *statement() const { return Statement; }
  bool inMacro() const {
    return Statement->getBeginLoc().isMacroID() ||
           Statement->getEndLoc().isMacroID();
  }
  bool changes(const ValueDecl *Declaration) const {
    return Uses.contains(Declaration) &&
           coro::changes(Statement, Declaration, Around.F, U.ast());
  }

private:
  void scan(const Stmt *S) {
    if (!Computes || leaves(S) || Around.Blocking.contains(S)) {
      Computes = false;
      return;
    }
    if (const auto *E = dyn_cast<Expr>(S); E && isIo(E->getType())) {
      Computes = false;
      return;
    }
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
      return scanLambda(Lambda);
    if (const auto *Declaration = dyn_cast<DeclStmt>(S))
      for (const Decl *D : Declaration->decls())
        scanDeclaration(D);
    if (const auto *Reference = dyn_cast<DeclRefExpr>(S))
      scanReference(Reference);
    if (const auto *Member = dyn_cast<MemberExpr>(S))
      if (isa<CXXThisExpr>(Member->getBase()->IgnoreParenImpCasts())) {
        const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
        Computes &= Field && !isIo(Field->getType());
        if (Field)
          Uses.insert(Field);
        return;
      }
    if (const auto *Call = dyn_cast<CallExpr>(S))
      scanCall(Call);
    if (!Computes)
      return;

    bool Loop = isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(S);
    bool Switch = isa<SwitchStmt>(S);
    const auto *Binary = dyn_cast<BinaryOperator>(S);
    const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S);
    if (Loop || Switch || isa<IfStmt>(S) ||
        (Binary && Binary->isAssignmentOp()) ||
        (Operator && Operator->isAssignmentOp()))
      ++Weight;
    Decisions += Loop ? 2 : Switch || isa<IfStmt, ConditionalOperator>(S);
    Loops += Loop;
    Breakable += Loop || Switch;
    LoopDepth = std::max(LoopDepth, Loops);
    forEachChild(S, [&](const Stmt *Child) { scan(Child); });
    Loops -= Loop;
    Breakable -= Loop || Switch;
  }

  /// Does \p S end the stretch: a suspension, a jump out, a use of the object?
  bool leaves(const Stmt *S) const {
    if (isa<ReturnStmt>(S))
      return !Lambdas;
    if (isa<BreakStmt>(S))
      return !Breakable;
    if (isa<ContinueStmt>(S))
      return !Loops;
    return isa<CoroutineSuspendExpr, CoreturnStmt, GotoStmt, LabelStmt,
               CXXTryStmt, AsmStmt, CXXThisExpr, CXXNewExpr, CXXDeleteExpr>(S);
  }

  void scanLambda(const LambdaExpr *Lambda) {
    // What a closure that is called here does belongs to the region; one that
    // is a coroutine, or takes `this` along, does not.
    if (isa_and_nonnull<CoroutineBodyStmt>(Lambda->getBody()) ||
        llvm::any_of(Lambda->captures(), [](const LambdaCapture &Capture) {
          return Capture.capturesThis();
        })) {
      Computes = false;
      return;
    }
    for (const LambdaCapture &Capture : Lambda->captures())
      if (Lambda->isInitCapture(&Capture))
        Made.insert(cast<ValueDecl>(Capture.getCapturedVar()));
    for (const ParmVarDecl *Parameter : Lambda->getCallOperator()->parameters())
      Made.insert(Parameter);
    for (const Expr *Init : Lambda->capture_inits())
      if (Init)
        scan(Init);
    ++Lambdas;
    unsigned OuterLoops = std::exchange(Loops, 0u);
    unsigned OuterBreakable = std::exchange(Breakable, 0u);
    auto Outside = std::make_tuple(Weight, Decisions, LoopDepth);
    if (Lambda->getBody())
      scan(Lambda->getBody());
    // One that captures nothing is a function of its own already, and what
    // becomes a std::function is kept for later.
    if (Lambda->captures().empty() || Lambda == Kept)
      std::tie(Weight, Decisions, LoopDepth) = Outside;
    Loops = OuterLoops;
    Breakable = OuterBreakable;
    --Lambdas;
  }

  void scanDeclaration(const Decl *D) {
    const auto *Variable = dyn_cast<VarDecl>(D);
    if (!Variable) {
      // A local type cannot be named by the signature of a function above.
      Computes &= !isa<TypeDecl, UsingDecl, UsingDirectiveDecl>(D);
      return;
    }
    // A guard that nobody mentions again acts when its scope ends.
    const CXXRecordDecl *Class = Variable->getType()->getAsCXXRecordDecl();
    if (Class && Class->hasDefinition() && !Class->hasTrivialDestructor() &&
        !Lambdas && !isa<DecompositionDecl>(Variable) &&
        !Around.Mentioned.contains(Variable))
      Computes = false;
    if (Variable->isStaticLocal() || isIo(Variable->getType()))
      Computes = false;
    if (const Expr *Init = Variable->getInit())
      if (const auto *Lambda =
              dyn_cast<LambdaExpr>(Init->IgnoreUnlessSpelledInSource());
          Lambda && Class != Lambda->getLambdaClass())
        Kept = Lambda;
    Made.insert(Variable);
    if (const auto *Decomposition = dyn_cast<DecompositionDecl>(Variable))
      Made.insert(Decomposition->bindings().begin(),
                  Decomposition->bindings().end());
    if (Variable->hasInit() && !Variable->isImplicit())
      ++Weight;
  }

  void scanReference(const DeclRefExpr *Reference) {
    const ValueDecl *Named = Reference->getDecl();
    if (const auto *Variable = dyn_cast<VarDecl>(Named)) {
      if (Variable->isLocalVarDeclOrParm() && !Variable->isStaticLocal())
        Uses.insert(Variable);
      else if (!Variable->getType().isConstQualified() &&
               !Variable->isConstexpr())
        Computes = false; // state that others share
    } else if (isa<BindingDecl>(Named)) {
      Uses.insert(Named);
    }
  }

  /// Calls that leave the stretch for something else: what a virtual function
  /// does is not known here, and an object behind a pointer belongs to others.
  void scanCall(const CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee) {
      // Through a pointer or an std::function: a callback.
      if (!isa<CXXPseudoDestructorExpr>(Call->getCallee()))
        ++Opaque;
      return;
    }
    const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
    if (!Callee->hasBody() && U.isUserCode(Callee->getLocation()) &&
        !(Method && (Method->isConst() || Method->isOverloadedOperator())))
      ++Opaque;
    const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
    if (!Member || !Method)
      return;
    if (Method->isVirtual() && !Method->hasAttr<FinalAttr>() &&
        U.isUserCode(Method->getLocation())) {
      Computes = false;
      return;
    }
    const Expr *Object = Member->getImplicitObjectArgument();
    if (Object && !Method->isConst() && isBehindPointer(Object))
      Computes = false;
  }

  bool isBehindPointer(const Expr *Object) const {
    Object = Object->IgnoreParenImpCasts();
    if (isa<CXXThisExpr>(Object))
      return true;
    const Expr *Pointer = nullptr;
    if (Object->getType()->isPointerType())
      Pointer = Object;
    else if (const auto *Unary = dyn_cast<UnaryOperator>(Object);
             Unary && Unary->getOpcode() == UO_Deref)
      Pointer = Unary->getSubExpr();
    else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Object);
             Operator && (Operator->getOperator() == OO_Arrow ||
                          Operator->getOperator() == OO_Star))
      Pointer = Operator->getArg(0);
    if (!Pointer)
      return false;
    QualType Type = Pointer->IgnoreParenImpCasts()->getType();
    QualType Pointee = Type->isPointerType() ? Type->getPointeeType() : Type;
    if (Type->isPointerType()) {
      const TypeModel *Model = U.models().type(Pointee);
      return !Model || !Model->Container;
    }
    return Around.Borrows.ownership(Type) != Ownership::None;
  }

  bool isIo(QualType Type) const { return Around.isIo(Type); }

  bool changesAny(const Stmt *S) const {
    return llvm::any_of(Uses, [&](const ValueDecl *Used) {
      return coro::changes(S, Used, Around.F, U.ast());
    });
  }

  /// An expression statement whose result nobody takes and that changes no
  /// variable of the function acts on something else: a log, a device.
  bool actsElsewhere(const Stmt *S) const {
    if (!Computes)
      return false;
    const auto *E = dyn_cast<Expr>(S);
    if (!E)
      return false;
    const auto *Call = dyn_cast<CallExpr>(E->IgnoreUnlessSpelledInSource());
    if (!Call)
      return false;
    if (const FunctionDecl *Callee = Call->getDirectCallee();
        Callee && Callee->isNoReturn())
      return false;
    return !changesAny(S);
  }

  /// Does any statement nested in \p S act elsewhere?
  bool anyActsElsewhere(const Stmt *S) const {
    if (isa<Expr>(S) || !Computes)
      return false;
    for (const Stmt *Child : S->children())
      if (Child &&
          (isa<Expr>(Child) ? !isCondition(Child, S) && actsElsewhere(Child)
                            : anyActsElsewhere(Child)))
        return true;
    return false;
  }

  /// Is the value of \p E what \p Parent decides by, or a part of its head?
  static bool isCondition(const Stmt *E, const Stmt *Parent) {
    if (const auto *If = dyn_cast<IfStmt>(Parent))
      return E == If->getCond();
    if (const auto *While = dyn_cast<WhileStmt>(Parent))
      return E == While->getCond();
    if (const auto *Do = dyn_cast<DoStmt>(Parent))
      return E == Do->getCond();
    if (const auto *For = dyn_cast<ForStmt>(Parent))
      return E != For->getBody();
    if (const auto *Range = dyn_cast<CXXForRangeStmt>(Parent))
      return E != Range->getBody();
    return isa<SwitchStmt, CaseStmt, DeclStmt, ReturnStmt>(Parent);
  }

  /// Does it change an object that others own and that is more than a value or
  /// a container: a server, a session?
  bool changesForeignObject() const {
    if (!Computes)
      return false;
    return llvm::any_of(Uses, [&](const ValueDecl *Used) {
      bool Foreign = isa<FieldDecl>(Used) || Used->getType()->isReferenceType();
      QualType Type = Used->getType().getNonReferenceType();
      if (!Foreign || Type->isScalarType() || Made.contains(Used))
        return false;
      const TypeModel *Model = U.models().type(Type);
      if (Model && Model->Container)
        return false;
      return changes(Used);
    });
  }

  const Surroundings &Around;
  Unit &U;
  const Stmt *Statement;
  unsigned Loops = 0;
  unsigned Breakable = 0;
  unsigned Lambdas = 0;
  const LambdaExpr *Kept = nullptr; ///< the closure that a variable will hold
};

/// Is \p Declaration only read through its elements and its size in \p S?
bool usesElementsOnly(const Stmt *S, const ValueDecl *Declaration) {
  auto IsIt = [&](const Expr *E) {
    return E && mentions(E->IgnoreParenImpCasts(), Declaration);
  };
  llvm::DenseSet<const Stmt *> Fine;
  return walk(S, [&](const Stmt *At) {
    const Expr *Object = nullptr;
    if (const auto *Subscript = dyn_cast<CXXOperatorCallExpr>(At);
        Subscript && Subscript->getOperator() == OO_Subscript) {
      Object = Subscript->getArg(0);
    } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(At)) {
      const CXXMethodDecl *Method = Call->getMethodDecl();
      // What std::span and std::string_view have, too.
      if (Method && Method->getIdentifier() &&
          llvm::is_contained(
              {"size", "empty", "begin", "end", "data", "front", "back"},
              Method->getName()))
        Object = Call->getImplicitObjectArgument();
    } else if (const auto *Loop = dyn_cast<CXXForRangeStmt>(At)) {
      Object = Loop->getRangeInit();
    }
    if (IsIt(Object))
      Fine.insert(Object->IgnoreParenImpCasts());
    if (isa<LambdaExpr>(At))
      return contains(At,
                      [&](const Stmt *In) { return mentions(In, Declaration); })
                 ? WalkInto::Stop
                 : WalkInto::Skip;
    return mentions(At, Declaration) && !Fine.contains(At) ? WalkInto::Stop
                                                           : WalkInto::Children;
  });
}

//===----------------------------------------------------------------------===//
// A run of statements
//===----------------------------------------------------------------------===//

/// A maximal run of computing statements, and the best part of it.
class Run {
public:
  Run(const Surroundings &Around, const RegionLimits &Limits)
      : Around(Around), Limits(Limits) {}

  bool empty() const { return Scans.empty(); }
  void add(std::unique_ptr<StatementScan> Scan) {
    Scans.push_back(std::move(Scan));
  }

  void close(std::vector<ComputeRegion> &Found) {
    unsigned Total = 0;
    for (const auto &Scan : Scans)
      Total += Scan->Weight;
    if (Total * 2 < Limits.MinWeight)
      return;
    collect();
    split(0, Scans.size(), Found);
  }

private:
  static constexpr unsigned MaxLength = 64;

  struct Variable {
    int MadeAt = -1;      ///< the statement that makes it, or -1
    unsigned First = ~0u; ///< the first statement that uses it
    unsigned Last = 0;    ///< the last one
    llvm::BitVector UsedIn, ChangedIn;
    bool Later = false;    ///< used behind the run
    bool Repeated = false; ///< the run is executed again with its old value
    bool CanPass = true;   ///< may go in
    bool CanReturn = true; ///< may come out
    bool Refers = false;   ///< is a pointer, iterator or view
    bool Owns = false;     ///< something may refer into it
  };

  void collect();
  void split(unsigned Begin, unsigned End, std::vector<ComputeRegion> &Found);
  std::optional<ComputeRegion> region(unsigned Begin, unsigned End) const;
  bool hasDirectives(SourceLocation Begin, SourceLocation End) const;
  bool isTwoThings(const ComputeRegion &Region, unsigned Begin,
                   unsigned End) const;

  const Surroundings &Around;
  const RegionLimits &Limits;
  std::vector<std::unique_ptr<StatementScan>> Scans;
  llvm::MapVector<const ValueDecl *, Variable> Variables;
};

/// Can a type be written at namespace scope?
bool hasName(QualType Type) {
  // In code with errors a structured binding may have no type.
  if (Type.isNull())
    return false;
  Type = Type.getNonReferenceType();
  while (Type->isPointerType())
    Type = Type->getPointeeType();
  if (Type->isArrayType() || Type->isFunctionType() || Type->isDependentType())
    return false;
  const auto *Tag = Type->getAsTagDecl();
  if (!Tag)
    return true;
  if (!Tag->getIdentifier() && !Tag->getTypedefNameForAnonDecl())
    return false;
  if (Tag->getParentFunctionOrMethod())
    return false;
  if (const auto *Special = dyn_cast<ClassTemplateSpecializationDecl>(Tag))
    for (const TemplateArgument &Argument :
         Special->getTemplateArgs().asArray())
      if (Argument.getKind() == TemplateArgument::Type &&
          !Argument.getAsType()->isArrayType() &&
          !Argument.getAsType()->isFunctionType() &&
          !hasName(Argument.getAsType()))
        return false;
  return true;
}

bool canBeReturned(QualType Type, BorrowTypes &Borrows) {
  // It may refer to what the function made.
  if (Borrows.isBorrow(Type))
    return false;
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return true;
  Record = Record->getDefinition();
  return Record->hasSimpleMoveConstructor() ||
         Record->hasSimpleCopyConstructor() ||
         llvm::any_of(Record->ctors(), [](const CXXConstructorDecl *C) {
           return C->isCopyOrMoveConstructor() && !C->isDeleted() &&
                  C->getAccess() == AS_public;
         });
}

void Run::collect() {
  const Flow &F = Around.F;
  auto At = [&](const ValueDecl *D) -> Variable & {
    Variable &V = Variables[D];
    if (V.UsedIn.empty()) {
      V.UsedIn.resize(Scans.size());
      V.ChangedIn.resize(Scans.size());
      V.CanPass = hasName(D->getType());
      V.CanReturn = V.CanPass && isa<VarDecl>(D) &&
                    canBeReturned(D->getType(), Around.Borrows);
      QualType Type = D->getType();
      if (Type.isNull())
        return V;
      V.Refers = Around.Borrows.isBorrow(Type.getNonReferenceType());
      const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
      V.Owns = Type->isArrayType() || (Class && Class->hasDefinition() &&
                                       !Class->hasTrivialDestructor());
    }
    return V;
  };
  for (unsigned I = 0; I < Scans.size(); ++I) {
    for (const ValueDecl *Used : Scans[I]->Uses) {
      Variable &V = At(Used);
      V.First = std::min(V.First, I);
      V.Last = std::max(V.Last, I);
      V.UsedIn.set(I);
      if (Scans[I]->changes(Used))
        V.ChangedIn.set(I);
    }
    for (const ValueDecl *Made : Scans[I]->Made) {
      Variable &V = At(Made);
      V.MadeAt = I;
      V.First = std::min(V.First, I);
      V.Last = std::max(V.Last, I);
    }
  }
  // What is mentioned on a path behind the run.
  FlowPoint Begin, End;
  llvm::DenseSet<const Stmt *> Inside;
  for (const auto &Scan : Scans) {
    Inside.insert(Scan->statement());
    walk(Scan->statement(), [&](const Stmt *S) {
      FlowPoint Point = F.point(S);
      if (!Point)
        return WalkInto::Children;
      if (!Begin)
        Begin = Point;
      End = Point;
      return WalkInto::Stop;
    });
  }
  bool Again = !Begin || !End || F.reaches(End, Begin);
  for (auto &[D, V] : Variables)
    V.Repeated = Again && V.MadeAt < 0;
  auto Later = [&](const ValueDecl *D) {
    if (auto It = Variables.find(D); It != Variables.end())
      It->second.Later = true;
  };
  walk(F.body(), [&](const Stmt *S) {
    if (Inside.contains(S))
      return WalkInto::Skip;
    if (const auto *Reference = dyn_cast<DeclRefExpr>(S)) {
      // Not a point of its own: assume the worst.
      FlowPoint Point = F.point(S);
      if (!Point || !End || F.reaches(End, Point))
        Later(Reference->getDecl());
    } else if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
      for (const LambdaCapture &Capture : Lambda->captures())
        if (Capture.capturesVariable())
          Later(Capture.getCapturedVar());
    }
    return WalkInto::Children;
  });
  // Others can look at a member, and the caller at what a reference names.
  for (auto &[D, V] : Variables)
    if (isa<FieldDecl>(D) || (V.MadeAt < 0 && D->getType()->isReferenceType()))
      V.Later = true;
}

bool Run::hasDirectives(SourceLocation Begin, SourceLocation End) const {
  const SourceManager &SM = Around.U.ast().getSourceManager();
  Begin = SM.getExpansionLoc(Begin);
  End = SM.getExpansionLoc(End);
  auto [File, From] = SM.getDecomposedLoc(Begin);
  auto [EndFile, To] = SM.getDecomposedLoc(End);
  bool Invalid = false;
  llvm::StringRef Text = SM.getBufferData(File, &Invalid);
  if (Invalid || File != EndFile || From > To || To > Text.size())
    return true;
  Text = Text.slice(From, To);
  for (size_t At = Text.find('\n'); At != llvm::StringRef::npos;
       At = Text.find('\n', At + 1))
    if (Text.substr(At + 1).ltrim(" \t").starts_with("#"))
      return true;
  return false;
}

/// The statements Begin to End - 1 as a region, if a function can hold them.
std::optional<ComputeRegion> Run::region(unsigned Begin, unsigned End) const {
  ComputeRegion Region;
  Region.In = &Around.C;
  for (unsigned I = Begin; I < End; ++I) {
    Region.Weight += Scans[I]->Weight;
    Region.Decisions += Scans[I]->Decisions;
    Region.Opaque += Scans[I]->Opaque;
    Region.LoopDepth = std::max(Region.LoopDepth, Scans[I]->LoopDepth);
  }
  bool Enough = Region.Weight >= Limits.MinWeight ||
                (Region.LoopDepth > 1 && Region.Weight * 2 >= Limits.MinWeight);
  if (!Enough)
    return std::nullopt;
  bool RefersOut = false, EndsOwner = false;
  for (const auto &[D, V] : Variables) {
    if (V.First >= End || V.Last < Begin)
      continue;
    bool MadeHere =
        V.MadeAt >= static_cast<int>(Begin) && V.MadeAt < static_cast<int>(End);
    int Used = V.UsedIn.find_first_in(Begin, End);
    if (!MadeHere && Used < 0)
      continue;
    RegionValue Value;
    Value.Declaration = D;
    Value.DeclaredInside = MadeHere;
    Value.Mutated = V.ChangedIn.find_first_in(Begin, End) >= 0;
    Value.UsedAfter = V.Later || V.Last >= End || V.Repeated;
    // A cursor that comes out must not stand in what ends with the function.
    RefersOut |= V.Refers && Value.Mutated && Value.UsedAfter;
    EndsOwner |= V.Owns && (MadeHere || Value.Mutated) && !Value.UsedAfter;
    if (!MadeHere) {
      if (!V.CanPass || Region.LiveIns.size() == Limits.MaxIns)
        return std::nullopt;
      Region.LiveIns.push_back(Value);
    }
    if ((MadeHere || Value.Mutated) && Value.UsedAfter) {
      if ((MadeHere && !V.CanReturn) ||
          Region.LiveOuts.size() == Limits.MaxOuts)
        return std::nullopt;
      Region.LiveOuts.push_back(Value);
    }
  }
  // A computation that nobody looks at is for its effects.
  if (Region.LiveOuts.empty() || (RefersOut && EndsOwner))
    return std::nullopt;
  for (unsigned I = Begin; I < End; ++I)
    Region.Statements.push_back(Scans[I]->statement());
  Region.TwoThings = isTwoThings(Region, Begin, End);
  return Region;
}

/// Does no statement between \p Begin and \p End have to do with both of the
/// values that come out, directly or through what else is made there?
bool Run::isTwoThings(const ComputeRegion &Region, unsigned Begin,
                      unsigned End) const {
  if (Region.LiveOuts.size() != 2)
    return false;
  const auto &First = Variables.find(Region.LiveOuts[0].Declaration)->second;
  const auto &Second = Variables.find(Region.LiveOuts[1].Declaration)->second;
  // The statements of a variable that is made or changed here; those which
  // only read what came in connect nothing.
  auto Statements = [&](const Variable &V) {
    llvm::BitVector Bits(Scans.size());
    bool MadeHere =
        V.MadeAt >= static_cast<int>(Begin) && V.MadeAt < static_cast<int>(End);
    if (!MadeHere && V.ChangedIn.find_first_in(Begin, End) < 0)
      return Bits;
    Bits.set(Begin, End);
    Bits &= V.UsedIn;
    if (MadeHere)
      Bits.set(V.MadeAt);
    return Bits;
  };
  llvm::BitVector Reached = Statements(First);
  for (unsigned Before = 0; Before != Reached.count();) {
    Before = Reached.count();
    for (const auto &[D, V] : Variables)
      if (llvm::BitVector Bits = Statements(V); Bits.anyCommon(Reached))
        Reached |= Bits;
  }
  return !Statements(Second).anyCommon(Reached);
}

/// Finds the best region in a part of the run, and goes on beside it.
void Run::split(unsigned Begin, unsigned End,
                std::vector<ComputeRegion> &Found) {
  if (Begin >= End)
    return;
  std::optional<ComputeRegion> Best;
  unsigned From = 0, To = 0;
  auto Try = [&](unsigned I, unsigned J) {
    std::optional<ComputeRegion> One = region(I, J);
    // Of equal ones the longer is kept: lines that are left behind are in the
    // way of a reader.
    if (One && (!Best || One->score() > Best->score() ||
                (One->score() == Best->score() && J - I > To - From))) {
      Best = std::move(One);
      From = I;
      To = J;
    }
  };
  if (End - Begin > MaxLength)
    Try(Begin, End);
  else
    for (unsigned I = Begin; I < End; ++I)
      for (unsigned J = End; J > I; --J)
        Try(I, J);
  if (!Best)
    return;
  for (unsigned I = From; I < To; ++I)
    Best->InMacro |= Scans[I]->inMacro();
  Best->HasDirectives = hasDirectives(Best->begin(), Best->end());
  for (RegionValue &Value : Best->LiveIns)
    Value.ElementsOnly =
        !Value.Mutated && llvm::all_of(Best->Statements, [&](const Stmt *S) {
          return usesElementsOnly(S, Value.Declaration);
        });
  Costs &All = Around.U.shared<Costs>();
  for (const Stmt *S : Best->Statements)
    if (Cost Taken = All.of(S); Taken > Best->Taken)
      Best->Taken = std::move(Taken);
  Found.push_back(std::move(*Best));
  split(Begin, From, Found);
  split(To, End, Found);
}

} // namespace

//===----------------------------------------------------------------------===//
// All regions of a coroutine
//===----------------------------------------------------------------------===//

SourceLocation ComputeRegion::begin() const {
  return Statements.front()->getBeginLoc();
}
SourceLocation ComputeRegion::end() const {
  return Statements.back()->getEndLoc();
}

int ComputeRegion::score() const {
  return static_cast<int>(2 * Weight + 3 * LoopDepth + Decisions) +
         static_cast<int>(4 * std::min(Taken.degree(), 3u)) -
         3 * static_cast<int>(LiveIns.size()) -
         4 * static_cast<int>(LiveOuts.size()) - (TwoThings ? 6 : 0) -
         2 * static_cast<int>(Opaque);
}

Confidence ComputeRegion::sure() const {
  // From nothing and with constant bounds: a constant, as in a test.
  bool Constant = LiveIns.empty() && Taken.degree() == 0;
  if (HasDirectives || Decisions < 2 || Opaque * 3 > Weight || Constant)
    return Confidence::Low;
  return Confidence::Medium;
}

std::vector<ComputeRegion> findComputeRegions(const Coroutine &C, Unit &U,
                                              const RegionLimits &Limits) {
  std::vector<ComputeRegion> Found;
  const Flow *F = U.flow(C.Function);
  // A coroutine without a suspension has another problem, and a check for it.
  if (!F || F->suspensions().empty())
    return Found;
  Surroundings Around(U, C, *F);

  std::vector<const CompoundStmt *> Blocks;
  walk(F->body(), [&](const Stmt *S) {
    if (const auto *Block = dyn_cast<CompoundStmt>(S))
      Blocks.push_back(Block);
    return WalkInto::Children;
  });
  llvm::DenseSet<const Stmt *> Covered;
  for (const CompoundStmt *Block : Blocks) {
    if (Covered.contains(Block))
      continue;
    auto Current = std::make_unique<Run>(Around, Limits);
    auto Flush = [&] {
      Current->close(Found);
      Current = std::make_unique<Run>(Around, Limits);
    };
    for (const Stmt *S : Block->body()) {
      auto Scan = std::make_unique<StatementScan>(S, Around);
      if (!Scan->Computes) {
        if (!Current->empty())
          Flush();
        continue;
      }
      Current->add(std::move(Scan));
      // What is nested in a run is part of it.
      walk(S, [&](const Stmt *At) {
        if (isa<CompoundStmt>(At))
          Covered.insert(At);
        return WalkInto::Children;
      });
    }
    Flush();
  }
  llvm::sort(Found, [&](const ComputeRegion &A, const ComputeRegion &B) {
    if (A.score() != B.score())
      return A.score() > B.score();
    return A.begin().getRawEncoding() < B.begin().getRawEncoding();
  });
  return Found;
}

} // namespace coro
