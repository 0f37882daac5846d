//===- Calls.cpp - What a body runs ---------------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/ast/Calls.h"
#include "analysis/ast/Wording.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/Builtins.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseSet.h"

using namespace clang;

namespace coro {

llvm::ArrayRef<const Expr *> argumentsOf(const Expr *Call) {
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Call))
    return {Construct->getArgs(), Construct->getNumArgs()};
  const auto *Plain = dyn_cast<CallExpr>(Call);
  if (!Plain)
    return {};
  llvm::ArrayRef<const Expr *> All(Plain->getArgs(), Plain->getNumArgs());
  if (isa<CXXOperatorCallExpr>(Plain) && !All.empty() &&
      isa_and_nonnull<CXXMethodDecl>(Plain->getCalleeDecl()))
    return All.drop_front();
  return All;
}

const Expr *objectOf(const Expr *Call) {
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    return Member->getImplicitObjectArgument();
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call))
    if (Operator->getNumArgs() > 0 &&
        isa_and_nonnull<CXXMethodDecl>(Operator->getCalleeDecl()))
      return Operator->getArg(0);
  return nullptr;
}

/// The argument of std::move, std::forward and their like, or null.
static const Expr *movedFrom(const Expr *E) {
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call || Call->getNumArgs() != 1)
    return nullptr;
  switch (Call->getBuiltinCallee()) {
  case Builtin::BImove:
  case Builtin::BIforward:
  case Builtin::BIforward_like:
  case Builtin::BImove_if_noexcept:
  case Builtin::BIas_const:
    return Call->getArg(0);
  default:
    return nullptr;
  }
}

const Expr *origin(const Expr *E) {
  while (E) {
    const Expr *Inner = E->IgnoreImplicit()->IgnoreParenCasts();
    if (const auto *Bound = dyn_cast<CXXBindTemporaryExpr>(Inner))
      Inner = Bound->getSubExpr();
    else if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(Inner))
      Inner = Temporary->getSubExpr();
    else if (const Expr *Moved = movedFrom(Inner))
      Inner = Moved;
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(Inner);
             Construct && Construct->getNumArgs() >= 1 &&
             Construct->getConstructor()->isCopyOrMoveConstructor())
      Inner = Construct->getArg(0);
    if (Inner == E)
      return E;
    E = Inner;
  }
  return E;
}

const ValueDecl *baseOf(const Expr *E) {
  for (unsigned Depth = 0; E && Depth < 64; ++Depth) {
    E = origin(E);
    if (const auto *Reference = dyn_cast<DeclRefExpr>(E)) {
      const ValueDecl *Named = Reference->getDecl();
      if (const auto *Binding = dyn_cast<BindingDecl>(Named))
        Named = Binding->getDecomposedDecl();
      const auto *Variable = dyn_cast_or_null<VarDecl>(Named);
      // `for (auto &f : futures)`: f is initialised from the implicit __begin,
      // which is initialised from the implicit __range.
      if (Variable &&
          (Variable->isCXXForRangeDecl() || Variable->isImplicit()) &&
          Variable->getInit()) {
        E = Variable->getInit();
        continue;
      }
      return Named;
    }
    if (const auto *Member = dyn_cast<MemberExpr>(E))
      return Member->getMemberDecl();
    if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
      E = Subscript->getBase();
    else if (const auto *Unary = dyn_cast<UnaryOperator>(E))
      E = Unary->getSubExpr();
    else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
             Operator && Operator->getNumArgs() > 0)
      E = Operator->getArg(0);
    else if (const auto *Member = dyn_cast<CXXMemberCallExpr>(E))
      E = Member->getImplicitObjectArgument();
    else
      return nullptr;
  }
  return nullptr;
}

/// The body that calling an object of the class runs.
static const FunctionDecl *callOperator(const CXXRecordDecl *Record) {
  if (!Record || !Record->hasDefinition())
    return nullptr;
  const FunctionDecl *Found = nullptr;
  DeclarationName Name =
      Record->getASTContext().DeclarationNames.getCXXOperatorName(OO_Call);
  for (const NamedDecl *Member : Record->lookup(Name)) {
    const FunctionDecl *Candidate = dyn_cast<FunctionDecl>(Member);
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(Member)) {
      // Which instantiation an algorithm calls shows only in its own body; all
      // come from the same text.
      for (const FunctionDecl *Instance : Template->specializations())
        if (Instance->hasBody()) {
          Candidate = Instance;
          break;
        }
    }
    if (!Candidate || Found)
      return nullptr;
    Found = Candidate;
  }
  return Found;
}

const FunctionDecl *callableOf(const Expr *E) {
  E = origin(E);
  if (const auto *Unary = dyn_cast<UnaryOperator>(E);
      Unary && Unary->getOpcode() == UO_AddrOf)
    E = Unary->getSubExpr()->IgnoreParenImpCasts();
  if (const auto *Lambda = dyn_cast<LambdaExpr>(E))
    return callOperator(Lambda->getLambdaClass());
  if (const auto *Reference = dyn_cast<DeclRefExpr>(E))
    if (const auto *Function = dyn_cast<FunctionDecl>(Reference->getDecl()))
      return Function;
  // A wrapper (std::function, a function_ref) around a lambda or function.
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E);
      Construct && Construct->getNumArgs() >= 1) {
    const Expr *Wrapped = origin(Construct->getArg(0));
    const CXXRecordDecl *Record = Wrapped->getType()->getAsCXXRecordDecl();
    if ((Record && Record->isLambda()) || isa<DeclRefExpr>(Wrapped))
      if (const FunctionDecl *Function = callableOf(Wrapped))
        return Function;
  }
  return callOperator(E->getType().getNonReferenceType()->getAsCXXRecordDecl());
}

bool containsAwait(const Stmt *S) {
  if (!S)
    return false;
  if (isa<CoroutineSuspendExpr>(S))
    return true;
  if (isa<LambdaExpr>(S))
    return false;
  return llvm::any_of(S->children(), containsAwait);
}

namespace {

class Finder {
public:
  explicit Finder(const Flow &F) : F(F), Graph(F.cfg()) {}

  std::vector<Invocation> run() {
    findReachable();
    findDying();
    findOnce();
    for (const CFGBlock *Block : Graph) {
      if (!Block || !Reachable.test(Block->getBlockID()) ||
          Dying.test(Block->getBlockID()))
        continue;
      unsigned Index = 0;
      for (const CFGElement &Element : *Block)
        visit(Element, FlowPoint{Block, Index++});
    }
    return std::move(Found);
  }

private:
  void findReachable() {
    Reachable.resize(Graph.getNumBlockIDs());
    llvm::SmallVector<const CFGBlock *, 32> Work{&Graph.getEntry()};
    Reachable.set(Graph.getEntry().getBlockID());
    while (!Work.empty())
      for (const CFGBlock::AdjacentBlock &Next : Work.pop_back_val()->succs())
        if (const CFGBlock *Successor = Next.getReachableBlock())
          if (!Reachable.test(Successor->getBlockID())) {
            Reachable.set(Successor->getBlockID());
            Work.push_back(Successor);
          }
  }

  /// A block is dying when it calls a noreturn function or all its successors
  /// are dying: a backward must-analysis, as a worklist.
  void findDying() {
    Dying.resize(Graph.getNumBlockIDs());
    llvm::SmallVector<const CFGBlock *, 8> Work;
    for (const CFGBlock *Block : Graph)
      if (Block && Block->hasNoReturnElement()) {
        Dying.set(Block->getBlockID());
        Work.push_back(Block);
      }
    while (!Work.empty())
      for (const CFGBlock::AdjacentBlock &Previous :
           Work.pop_back_val()->preds()) {
        const CFGBlock *Block = Previous.getReachableBlock();
        if (!Block || Dying.test(Block->getBlockID()))
          continue;
        bool All = llvm::all_of(
            Block->succs(), [&](const CFGBlock::AdjacentBlock &Next) {
              const CFGBlock *Successor = Next.getReachableBlock();
              return !Successor || Dying.test(Successor->getBlockID());
            });
        if (All) {
          Dying.set(Block->getBlockID());
          Work.push_back(Block);
        }
      }
  }

  void addOnce(const Stmt *S) {
    if (!S || !Once.insert(S).second)
      return;
    for (const Stmt *Child : S->children())
      addOnce(Child);
  }
  void findOnce() {
    for (const CFGBlock *Block : Graph)
      if (Block)
        for (const CFGElement &Element : *Block)
          if (auto S = Element.getAs<CFGStmt>())
            if (const auto *Declaration = dyn_cast<DeclStmt>(S->getStmt()))
              for (const Decl *D : Declaration->decls())
                if (const auto *Variable = dyn_cast<VarDecl>(D);
                    Variable && Variable->isStaticLocal())
                  addOnce(Variable->getInit());
  }

  void add(Invocation One) {
    if (!One.Callee || !One.Callee->isTrivial())
      Found.push_back(One);
  }

  void visitExpression(const Expr *E, FlowPoint Point) {
    if (const auto *Call = dyn_cast<CallExpr>(E)) {
      if (isa<CXXPseudoDestructorExpr>(Call->getCallee()->IgnoreParens()))
        return;
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee);
          Method && Method->getIdentifier() &&
          Method->getName() == "await_resume")
        return;
      add({isa_and_nonnull<CXXDestructorDecl>(Callee) ? Invocation::Destroy
                                                      : Invocation::Call,
           Callee, Call, nullptr, Call->getSourceRange(), Point});
    } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
      add({Invocation::Construct, Construct->getConstructor(), Construct,
           nullptr, Construct->getSourceRange(), Point});
    } else if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(E)) {
      visitBelow(Default->getExpr(), Point, Default->getUsedLocation());
    } else if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(E)) {
      visitBelow(Default->getExpr(), Point, Default->getUsedLocation());
    }
  }

  /// Default arguments and initialisers are written elsewhere and are not part
  /// of the CFG: all calls in them count as made at \p Used.
  void visitBelow(const Expr *E, FlowPoint Point, SourceLocation Used) {
    if (!E || isa<LambdaExpr>(E))
      return;
    size_t Before = Found.size();
    visitExpression(E, Point);
    for (size_t I = Before; I < Found.size(); ++I)
      Found[I].Where = Used;
    for (const Stmt *Child : E->children())
      if (const auto *Inner = dyn_cast_or_null<Expr>(Child))
        visitBelow(Inner, Point, Used);
  }

  void visit(const CFGElement &Element, FlowPoint Point) {
    if (auto S = Element.getAs<CFGStmt>()) {
      if (const auto *E = dyn_cast<Expr>(S->getStmt());
          E && !Once.count(E) && !isUnevaluated(E))
        visitExpression(E, Point);
      return;
    }
    auto Dtor = Element.getAs<CFGImplicitDtor>();
    if (!Dtor)
      return;
    ASTContext &AST = F.function()->getASTContext();
    const CXXDestructorDecl *Destructor = destructor(*Dtor, AST);
    if (!Destructor)
      return;
    Invocation One{Invocation::Destroy,         Destructor, nullptr, nullptr,
                   F.function()->getLocation(), Point};
    if (auto Auto = Element.getAs<CFGAutomaticObjDtor>()) {
      One.Variable = Auto->getVarDecl();
      One.Where = One.Variable->getLocation();
    } else if (auto Temporary = Element.getAs<CFGTemporaryDtor>()) {
      One.Expression = Temporary->getBindTemporaryExpr()->getSubExpr();
      if (Once.count(One.Expression))
        return;
      One.Where = One.Expression->getSourceRange();
    } else if (auto Member = Element.getAs<CFGMemberDtor>()) {
      One.Where = Member->getFieldDecl()->getLocation();
    } else if (auto Delete = Element.getAs<CFGDeleteDtor>()) {
      One.Where = Delete->getDeleteExpr()->getSourceRange();
    }
    add(One);
  }

  /// The CFG lists the operand of `noexcept(…)`, too.
  bool isUnevaluated(const Expr *E) const {
    for (const Stmt *Up = F.parent(E); Up && isa<Expr>(Up); Up = F.parent(Up))
      if (isa<CXXNoexceptExpr>(Up))
        return true;
    return false;
  }

  static const CXXDestructorDecl *destructor(const CFGImplicitDtor &Dtor,
                                             ASTContext &AST) {
    QualType Type;
    if (auto Auto = Dtor.getAs<CFGAutomaticObjDtor>()) {
      Type = Auto->getVarDecl()->getType();
      if (Type->isReferenceType()) {
        // The temporary whose life the reference extends.
        const Expr *Init = Auto->getVarDecl()->getInit();
        if (!Init)
          return nullptr;
        Type = Init->IgnoreImplicit()->getType();
      }
    } else if (auto Temporary = Dtor.getAs<CFGTemporaryDtor>()) {
      Type = Temporary->getBindTemporaryExpr()->getType();
    } else if (auto Member = Dtor.getAs<CFGMemberDtor>()) {
      Type = Member->getFieldDecl()->getType();
    } else if (auto Base = Dtor.getAs<CFGBaseDtor>()) {
      Type = Base->getBaseSpecifier()->getType();
    } else if (auto Delete = Dtor.getAs<CFGDeleteDtor>()) {
      Type = Delete->getDeleteExpr()->getDestroyedType();
    }
    if (Type.isNull())
      return nullptr;
    Type = AST.getBaseElementType(Type.getNonReferenceType());
    const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
    return Record && Record->hasDefinition() ? Record->getDestructor()
                                             : nullptr;
  }

  const Flow &F;
  const CFG &Graph;
  llvm::BitVector Reachable, Dying;
  llvm::DenseSet<const Stmt *> Once;
  std::vector<Invocation> Found;
};

} // namespace

std::vector<Invocation> invocations(const Flow &F) { return Finder(F).run(); }

const ValueDecl *namedBy(const Stmt *S) {
  if (const auto *Reference = dyn_cast<DeclRefExpr>(S))
    return Reference->getDecl();
  const auto *Member = dyn_cast<MemberExpr>(S);
  return Member ? Member->getMemberDecl() : nullptr;
}

const FieldDecl *fieldOfThis(const Expr *E) {
  const auto *Member = dyn_cast<MemberExpr>(E->IgnoreParenImpCasts());
  return Member && isa<CXXThisExpr>(Member->getBase()->IgnoreParenImpCasts())
             ? dyn_cast<FieldDecl>(Member->getMemberDecl())
             : nullptr;
}

const VarDecl *functionObjectOf(const Expr *Call) {
  const auto *Operator = dyn_cast_or_null<CXXOperatorCallExpr>(Call);
  if (!Operator || Operator->getOperator() != OO_Call)
    return nullptr;
  const auto *Object =
      dyn_cast<DeclRefExpr>(Operator->getArg(0)->IgnoreParenImpCasts());
  const auto *Variable =
      Object ? dyn_cast<VarDecl>(Object->getDecl()) : nullptr;
  return Variable && Variable->hasGlobalStorage() ? Variable : nullptr;
}

std::string describe(const Invocation &I, const ASTContext &AST) {
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
  // What a library derives its classes from is not what anybody wrote.
  if (const auto *Method = dyn_cast<CXXMethodDecl>(I.Callee);
      Method && isReservedInAllContexts(
                    Method->getParent()->isReserved(AST.getLangOpts())))
    if (const Expr *Object = I.Expression ? objectOf(I.Expression) : nullptr) {
      QualType Type = Object->IgnoreImpCasts()->getType();
      if (Type->isPointerType())
        Type = Type->getPointeeType();
      if (const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
          Record && Record->getIdentifier())
        return "'" + Record->getName().str() +
               "::" + Method->getNameAsString() + "'";
    }
  if (const VarDecl *Object = functionObjectOf(I.Expression))
    return quoted(Object);
  return quoted(I.Callee);
}

} // namespace coro
