//===- Flow.cpp - The control flow of one function ------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/ast/Flow.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/BitVector.h"

using namespace clang;

namespace coro {

/// In code with errors a class may have members and bases of classes without a
/// definition. clang's CFG asks those for their destructors.
static bool hasIncompleteParts(const CXXRecordDecl *Class) {
  auto IsIncomplete = [](QualType Type) {
    const CXXRecordDecl *Part =
        Type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
    return Part && !Part->hasDefinition();
  };
  return llvm::any_of(Class->bases(),
                      [&](const CXXBaseSpecifier &Base) {
                        return IsIncomplete(Base.getType());
                      }) ||
         llvm::any_of(Class->fields(), [&](const FieldDecl *Field) {
           return IsIncomplete(Field->getType());
         });
}

/// What ParentMap(\p Body) makes. That walks the operand of an await once for
/// each of its parts, and so takes time exponential in how deep awaits nest;
/// this descends into each statement once.
static std::unique_ptr<ParentMap> parentsIn(Stmt *Body) {
  // Of no statement at all it would make no map.
  NullStmt Empty{SourceLocation()};
  auto Parents = std::make_unique<ParentMap>(&Empty);
  llvm::DenseSet<const Stmt *> Seen;
  // A statement, and whether an opaque value in it leaves its source to whom
  // it belongs already.
  struct Visit {
    Stmt *S, *Parent;
    bool Opaque;
  };
  llvm::SmallVector<Visit, 64> Work{{Body, nullptr, false}};
  llvm::SmallVector<Visit, 8> Next;
  while (!Work.empty()) {
    const Visit V = Work.pop_back_val();
    Stmt *S = V.S;
    if (V.Parent)
      Parents->setParent(S, V.Parent);
    if (!Seen.insert(S).second)
      continue;
    auto Add = [&](Stmt *Child, bool Opaque) {
      if (Child)
        Next.push_back({Child, S, Opaque});
    };
    if (auto *Value = dyn_cast<OpaqueValueExpr>(S)) {
      if (!V.Opaque || !Parents->getParent(Value->getSourceExpr()))
        Add(Value->getSourceExpr(), false);
    } else if (auto *Choice = dyn_cast<BinaryConditionalOperator>(S)) {
      Add(Choice->getCommon(), false);
      Add(Choice->getCond(), true);
      Add(Choice->getTrueExpr(), true);
      Add(Choice->getFalseExpr(), true);
    } else if (auto *Pseudo = dyn_cast<PseudoObjectExpr>(S)) {
      Add(Pseudo->getSyntacticForm(), false);
      for (Expr *Part : Pseudo->semantics())
        Add(Part, true);
    } else {
      for (Stmt *Child : S->children())
        Add(Child, V.Opaque);
    }
    Work.append(Next.rbegin(), Next.rend());
    Next.clear();
  }
  return Parents;
}

std::unique_ptr<Flow> Flow::build(const FunctionDecl *Function) {
  Stmt *Body = Function->getBody();
  if (!Body || Function->isDependentContext())
    return nullptr;
  if (const auto *Destructor = dyn_cast<CXXDestructorDecl>(Function);
      Destructor && hasIncompleteParts(Destructor->getParent()))
    return nullptr;
  std::unique_ptr<Flow> Result(new Flow);
  Result->Function = Function;
  if (auto *Coroutine = dyn_cast<CoroutineBodyStmt>(Body))
    Body = Coroutine->getBody();
  Result->Body = Body;

  CFG::BuildOptions Options;
  Options.setAllAlwaysAdd();
  Options.AddInitializers = true;
  Options.AddImplicitDtors = true;
  Options.AddTemporaryDtors = true;
  Options.AddCXXDefaultInitExprInCtors = true;
  Options.PruneTriviallyFalseEdges = true;
  Result->Graph =
      CFG::buildCFG(Function, Body, &Function->getASTContext(), Options);
  if (!Result->Graph || Result->Graph->size() > MaxBlocks)
    return nullptr;
  Result->Parents = parentsIn(Body);

  for (const CFGBlock *Block : *Result->Graph) {
    if (!Block)
      continue;
    unsigned Index = 0;
    for (const CFGElement &Element : *Block) {
      if (auto Statement = Element.getAs<CFGStmt>()) {
        const Stmt *S = Statement->getStmt();
        Result->Points.try_emplace(S, FlowPoint{Block, Index});
        if (const auto *Suspend = dyn_cast<CoroutineSuspendExpr>(S))
          Result->Suspensions.push_back(Suspend);
        // CFG splits `int a, b;` into statements of its own; people and the
        // parent map know the original.
        if (const auto *Declaration = dyn_cast<DeclStmt>(S))
          for (const auto &[Synthetic, Original] :
               Result->Graph->synthetic_stmts())
            if (Synthetic == Declaration)
              Result->Points.try_emplace(Original, FlowPoint{Block, Index});
      }
      ++Index;
    }
    if (const Stmt *Terminator = Block->getTerminatorStmt())
      Result->Points.try_emplace(Terminator, FlowPoint{Block, Index});
  }
  // An operand that is an opaque value may be listed twice.
  auto &Awaits = Result->Suspensions;
  const SourceManager &SM = Function->getASTContext().getSourceManager();
  llvm::sort(Awaits, [&](const auto *A, const auto *B) {
    if (A->getKeywordLoc() != B->getKeywordLoc())
      return SM.isBeforeInTranslationUnit(A->getKeywordLoc(),
                                          B->getKeywordLoc());
    return A < B;
  });
  Awaits.erase(std::unique(Awaits.begin(), Awaits.end()), Awaits.end());
  return Result;
}

const Stmt *Flow::semanticParent(const Stmt *S) const {
  const Stmt *Parent = parent(S);
  while (Parent && (isa<ParenExpr, ImplicitCastExpr, ExprWithCleanups,
                        MaterializeTemporaryExpr, CXXBindTemporaryExpr,
                        ConstantExpr, FullExpr>(Parent)))
    Parent = parent(Parent);
  return Parent;
}

const Stmt *Flow::enclosingStatement(const Stmt *S) const {
  const Stmt *Last = S;
  for (const Stmt *At = S; At; At = parent(At)) {
    if (!isa<Expr>(At))
      return isa<CompoundStmt>(At) ||
                     (isa<IfStmt, ForStmt, WhileStmt, DoStmt, SwitchStmt,
                          CXXForRangeStmt, CXXTryStmt, CaseStmt>(At) &&
                      At != S)
                 ? Last
                 : At;
    Last = At;
  }
  return Last;
}

bool Flow::reaches(FlowPoint From, FlowPoint To) const {
  if (!From || !To)
    return false;
  if (From.Block == To.Block && From.Index < To.Index)
    return true;
  auto [It, New] = Reachable.try_emplace(From.Block);
  if (New) {
    llvm::BitVector Seen(Graph->getNumBlockIDs());
    llvm::SmallVector<const CFGBlock *, 32> Work;
    auto Push = [&](const CFGBlock *Block) {
      for (const CFGBlock::AdjacentBlock &Next : Block->succs())
        if (const CFGBlock *Successor = Next.getReachableBlock())
          if (!Seen.test(Successor->getBlockID())) {
            Seen.set(Successor->getBlockID());
            Work.push_back(Successor);
          }
    };
    Push(From.Block);
    while (!Work.empty())
      Push(Work.pop_back_val());
    It->second = std::move(Seen);
  }
  return It->second.test(To.Block->getBlockID());
}

bool Flow::anyStatement(llvm::function_ref<bool(const Stmt *)> Test) const {
  for (const CFGBlock *Block : *Graph)
    if (Block)
      for (const CFGElement &Element : *Block)
        if (auto Statement = Element.getAs<CFGStmt>();
            Statement && Test(Statement->getStmt()))
          return true;
  return false;
}

bool Flow::isInLoop(const Stmt *S) const {
  FlowPoint At = point(S);
  return At && reaches(FlowPoint{At.Block, ~0u}, FlowPoint{At.Block, 0});
}

} // namespace coro
