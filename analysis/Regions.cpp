//===- Regions.cpp - Stretches of a coroutine that only compute
//-------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/Regions.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Analysis/Analyses/ExprMutationAnalyzer.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/SetVector.h"

using namespace clang;

namespace coro {

namespace {

/// Looks through one statement for what keeps it out of a plain function, and
/// weighs what it computes.
class StatementScan : public RecursiveASTVisitor<StatementScan> {
public:
  StatementScan(Unit &U) : U(U) {}

  bool Computes = true; ///< nothing but computing was found
  unsigned Weight = 0;
  unsigned LoopDepth = 0;
  llvm::SetVector<const ValueDecl *> Uses;
  llvm::DenseSet<const ValueDecl *> Made;

  bool no() {
    Computes = false;
    return false;
  }

  bool TraverseLambdaExpr(LambdaExpr *Lambda) {
    // What a closure that is called here does belongs to the region; one that
    // is a coroutine, or takes `this` along, does not.
    if (isa<CoroutineBodyStmt>(Lambda->getBody()))
      return no();
    for (const LambdaCapture &Capture : Lambda->captures())
      if (Capture.capturesThis())
        return no();
    ++Lambdas;
    bool Continue = TraverseStmt(Lambda->getBody());
    --Lambdas;
    return Continue;
  }

  bool VisitCoroutineSuspendExpr(CoroutineSuspendExpr *) { return no(); }
  bool VisitCoreturnStmt(CoreturnStmt *) { return no(); }
  bool VisitGotoStmt(GotoStmt *) { return no(); }
  bool VisitLabelStmt(LabelStmt *) { return no(); }
  bool VisitCXXTryStmt(CXXTryStmt *) { return no(); }
  bool VisitAsmStmt(AsmStmt *) { return no(); }
  bool VisitReturnStmt(ReturnStmt *) { return Lambdas || no(); }
  bool VisitBreakStmt(BreakStmt *) { return Breakable || no(); }
  bool VisitContinueStmt(ContinueStmt *) { return Loops || no(); }

  bool TraverseStmt(Stmt *S) {
    bool Loop = isa_and_nonnull<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(S);
    bool Switch = isa_and_nonnull<SwitchStmt>(S);
    Loops += Loop;
    Breakable += Loop || Switch;
    LoopDepth = std::max(LoopDepth, Loops);
    bool Continue = RecursiveASTVisitor::TraverseStmt(S);
    Loops -= Loop;
    Breakable -= Loop || Switch;
    return Continue && Computes;
  }

  bool VisitStmt(Stmt *S) {
    if (isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt, IfStmt, SwitchStmt>(S))
      ++Weight;
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *Operator) {
    if (Operator->isAssignmentOp())
      ++Weight;
    return true;
  }
  bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr *Call) {
    if (Call->isAssignmentOp())
      ++Weight;
    return true;
  }

  bool VisitVarDecl(VarDecl *Variable) {
    if (Variable->isStaticLocal() || isIo(Variable->getType()))
      return no();
    Made.insert(Variable);
    if (Variable->hasInit() && !Variable->isImplicit())
      ++Weight;
    return true;
  }
  bool VisitTypeDecl(TypeDecl *) { return no(); }

  bool VisitExpr(Expr *E) {
    if (isIo(E->getType()))
      return no();
    return true;
  }

  bool VisitDeclRefExpr(DeclRefExpr *Reference) {
    const ValueDecl *Named = Reference->getDecl();
    if (const auto *Variable = dyn_cast<VarDecl>(Named)) {
      if (Variable->isLocalVarDeclOrParm())
        Uses.insert(Variable);
      else if (!Variable->getType().isConstQualified())
        return no(); // state that others share
    } else if (const auto *Binding = dyn_cast<BindingDecl>(Named)) {
      Uses.insert(Binding);
    }
    return true;
  }

  bool TraverseMemberExpr(MemberExpr *Member) {
    if (isa<CXXThisExpr>(Member->getBase()->IgnoreParenImpCasts())) {
      const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
      if (!Field || isIo(Field->getType()))
        return no();
      Uses.insert(Field);
      return true;
    }
    return RecursiveASTVisitor::TraverseMemberExpr(Member);
  }
  bool VisitCXXThisExpr(CXXThisExpr *) { return no(); }

private:
  /// Sockets, timers, executors, tokens, awaitables, streams on files.
  bool isIo(QualType Type) {
    if (Type.isNull())
      return false;
    Type = Type.getNonReferenceType();
    if (Type->isPointerType())
      Type = Type->getPointeeType();
    const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
    if (!Record)
      return false;
    if (const TypeModel *Model = U.models().type(Record))
      if (Model->IoObject || Model->Mutex || Model->LockGuard)
        return true;
    return U.taskType(Type) != nullptr;
  }

  Unit &U;
  unsigned Loops = 0;
  unsigned Breakable = 0;
  unsigned Lambdas = 0;
};

/// The variables that \p S changes, of those in \p Of.
bool isMutated(const ValueDecl *Declaration,
               llvm::ArrayRef<const Stmt *> Statements, ASTContext &AST) {
  for (const Stmt *S : Statements) {
    if (const auto *Variable = dyn_cast<VarDecl>(Declaration)) {
      if (ExprMutationAnalyzer(*S, AST).isMutated(Variable))
        return true;
      continue;
    }
    // A data member: every way to reach it is an expression of its own.
    struct Finder : RecursiveASTVisitor<Finder> {
      const ValueDecl *Wanted;
      const Stmt &In;
      ASTContext &AST;
      bool Found = false;
      Finder(const ValueDecl *Wanted, const Stmt &In, ASTContext &AST)
          : Wanted(Wanted), In(In), AST(AST) {}
      bool VisitMemberExpr(MemberExpr *Member) {
        if (Member->getMemberDecl() == Wanted)
          Found |= ExprMutationAnalyzer(In, AST).isMutated(Member);
        return !Found;
      }
      bool VisitDeclRefExpr(DeclRefExpr *Reference) {
        if (Reference->getDecl() == Wanted)
          Found |= ExprMutationAnalyzer(In, AST).isMutated(Reference);
        return !Found;
      }
    } F(Declaration, *S, AST);
    F.TraverseStmt(const_cast<Stmt *>(S));
    if (F.Found)
      return true;
  }
  return false;
}

/// All references to variables and own members in a body, outside a region.
class UseFinder : public RecursiveASTVisitor<UseFinder> {
public:
  UseFinder(const ComputeRegion &Region, const Flow &F)
      : Inside(Region.Statements.begin(), Region.Statements.end()), F(F),
        End(lastPoint(Region)) {}

  llvm::DenseSet<const ValueDecl *> UsedAfter;

  bool TraverseStmt(Stmt *S) {
    return Inside.contains(S) || RecursiveASTVisitor::TraverseStmt(S);
  }
  bool VisitDeclRefExpr(DeclRefExpr *Reference) {
    note(Reference, Reference->getDecl());
    return true;
  }
  bool VisitMemberExpr(MemberExpr *Member) {
    // Others can look at a member as soon as the coroutine suspends.
    if (isa<CXXThisExpr>(Member->getBase()->IgnoreParenImpCasts()))
      UsedAfter.insert(Member->getMemberDecl());
    return true;
  }

private:
  FlowPoint lastPoint(const ComputeRegion &Region) const {
    for (const Stmt *S : llvm::reverse(Region.Statements))
      if (FlowPoint P = anyPoint(S))
        return P;
    return {};
  }
  FlowPoint anyPoint(const Stmt *S) const {
    if (FlowPoint P = F.point(S))
      return P;
    for (const Stmt *Child : S->children())
      if (Child)
        if (FlowPoint P = anyPoint(Child))
          return P;
    return {};
  }
  void note(const Expr *Reference, const ValueDecl *Declaration) {
    FlowPoint At = F.point(Reference);
    // In a lambda's body, or otherwise not a point of its own: assume the
    // worst.
    if (!At || !End || F.reaches(End, At))
      UsedAfter.insert(Declaration);
  }

  llvm::DenseSet<const Stmt *> Inside;
  const Flow &F;
  FlowPoint End;
};

/// Is \p Declaration, a contiguous container or a string, only read through
/// its elements and its size?
class ElementUse : public RecursiveASTVisitor<ElementUse> {
public:
  explicit ElementUse(const ValueDecl *Wanted) : Wanted(Wanted) {}
  bool Only = true;

  bool TraverseCXXOperatorCallExpr(CXXOperatorCallExpr *Call) {
    if (Call->getOperator() == OO_Subscript && isWanted(Call->getArg(0)))
      return TraverseStmt(Call->getArg(1));
    return RecursiveASTVisitor::TraverseCXXOperatorCallExpr(Call);
  }
  bool TraverseCXXMemberCallExpr(CXXMemberCallExpr *Call) {
    if (isWanted(Call->getImplicitObjectArgument()))
      if (const CXXMethodDecl *Method = Call->getMethodDecl();
          Method && Method->getIdentifier() &&
          llvm::is_contained(
              {"size", "empty", "begin", "end", "data", "front", "back"},
              Method->getName()))
        return true;
    return RecursiveASTVisitor::TraverseCXXMemberCallExpr(Call);
  }
  bool TraverseCXXForRangeStmt(CXXForRangeStmt *Loop) {
    if (!isWanted(Loop->getRangeInit()) && !TraverseStmt(Loop->getRangeInit()))
      return false;
    return TraverseStmt(Loop->getBody());
  }
  bool VisitDeclRefExpr(DeclRefExpr *Reference) {
    return Only = Reference->getDecl() != Wanted;
  }
  bool VisitMemberExpr(MemberExpr *Member) {
    return Only = Member->getMemberDecl() != Wanted;
  }

private:
  bool isWanted(const Expr *E) const {
    E = E->IgnoreParenImpCasts();
    if (const auto *Reference = dyn_cast<DeclRefExpr>(E))
      return Reference->getDecl() == Wanted;
    if (const auto *Member = dyn_cast<MemberExpr>(E))
      return Member->getMemberDecl() == Wanted;
    return false;
  }
  const ValueDecl *Wanted;
};

} // namespace

/// An expression statement whose result nobody takes and that changes no
/// variable of the function acts on something else: a log, a device.
static bool actsElsewhere(const Stmt *S, const StatementScan &Scan,
                          ASTContext &AST) {
  const auto *E = dyn_cast<Expr>(S);
  if (!E)
    return false;
  const auto *Call = dyn_cast<CallExpr>(E->IgnoreUnlessSpelledInSource());
  if (!Call)
    return false;
  if (const FunctionDecl *Callee = Call->getDirectCallee();
      Callee && Callee->isNoReturn())
    return false;
  return llvm::none_of(Scan.Uses, [&](const ValueDecl *Used) {
    return isMutated(Used, S, AST);
  });
}

/// Does \p S change an object that others own and that is more than a value or
/// a container: a server, a session?
static bool changesForeignObject(const Stmt *S, const StatementScan &Scan,
                                 Unit &U) {
  return llvm::any_of(Scan.Uses, [&](const ValueDecl *Used) {
    bool Foreign = isa<FieldDecl>(Used) || Used->getType()->isReferenceType();
    QualType Type = Used->getType().getNonReferenceType();
    if (!Foreign || Type->isScalarType())
      return false;
    const TypeModel *Model = U.models().type(Type);
    if (Model && Model->Container)
      return false;
    return isMutated(Used, S, U.ast());
  });
}

/// Does any statement nested in \p S act elsewhere?
static bool anyActsElsewhere(const Stmt *S, const StatementScan &Scan,
                             ASTContext &AST) {
  if (isa<Expr>(S))
    return actsElsewhere(S, Scan, AST);
  for (const Stmt *Child : S->children())
    if (Child && !isa<Expr>(Child)
            ? anyActsElsewhere(Child, Scan, AST)
            : Child && isa<CompoundStmt>(S) && actsElsewhere(Child, Scan, AST))
      return true;
  return false;
}

static void close(ComputeRegion Region, const StatementScan &All, Unit &U,
                  unsigned MinWeight, unsigned MaxIns, unsigned MaxOuts,
                  std::vector<ComputeRegion> &Found) {
  if (Region.Statements.empty())
    return;
  bool Enough = Region.Weight >= MinWeight ||
                (Region.LoopDepth > 0 && Region.Weight * 2 >= MinWeight);
  const Flow *F = U.flow(Region.In->Function);
  if (!Enough || !F)
    return;
  UseFinder Uses(Region, *F);
  Uses.TraverseStmt(const_cast<Stmt *>(F->body()));
  for (const ValueDecl *Used : All.Uses) {
    RegionValue Value;
    Value.Declaration = Used;
    Value.DeclaredInside = All.Made.contains(Used);
    if (!Value.DeclaredInside) {
      Value.Mutated = isMutated(Used, Region.Statements, U.ast());
      if (!Value.Mutated) {
        ElementUse Elements(Used);
        for (const Stmt *S : Region.Statements)
          if (Elements.Only)
            Elements.TraverseStmt(const_cast<Stmt *>(S));
        Value.ElementsOnly = Elements.Only;
      }
      Region.LiveIns.push_back(Value);
    }
    if ((Value.DeclaredInside || Value.Mutated) &&
        Uses.UsedAfter.contains(Used))
      Region.LiveOuts.push_back(Value);
  }
  // Made inside and only used afterwards.
  for (const ValueDecl *Made : All.Made)
    if (!All.Uses.contains(Made) && Uses.UsedAfter.contains(Made))
      Region.LiveOuts.push_back({Made, false, true, false});
  // A computation that nobody looks at is for its effects.
  if (Region.LiveOuts.empty() || Region.LiveIns.size() > MaxIns ||
      Region.LiveOuts.size() > MaxOuts)
    return;
  Found.push_back(std::move(Region));
}

std::vector<ComputeRegion> findComputeRegions(const Coroutine &C, Unit &U,
                                              unsigned MinWeight,
                                              unsigned MaxIns,
                                              unsigned MaxOuts) {
  std::vector<ComputeRegion> Found;
  const Flow *F = U.flow(C.Function);
  // A coroutine without a suspension has another problem, and a check for it.
  if (!F || F->suspensions().empty())
    return Found;

  struct Blocks : RecursiveASTVisitor<Blocks> {
    std::vector<CompoundStmt *> All;
    bool TraverseLambdaExpr(LambdaExpr *) { return true; }
    bool VisitCompoundStmt(CompoundStmt *Block) {
      All.push_back(Block);
      return true;
    }
  } Visitor;
  Visitor.TraverseStmt(const_cast<Stmt *>(F->body()));

  llvm::DenseSet<const Stmt *> Covered;
  for (CompoundStmt *Block : Visitor.All) {
    if (Covered.contains(Block))
      continue;
    ComputeRegion Region;
    Region.In = &C;
    auto Total = std::make_unique<StatementScan>(U);
    auto Flush = [&] {
      close(std::move(Region), *Total, U, MinWeight, MaxIns, MaxOuts, Found);
      Region = ComputeRegion();
      Region.In = &C;
      Total = std::make_unique<StatementScan>(U);
    };
    for (Stmt *S : Block->body()) {
      StatementScan Scan(U);
      Scan.TraverseStmt(S);
      if (!Scan.Computes || anyActsElsewhere(S, Scan, U.ast()) ||
          changesForeignObject(S, Scan, U)) {
        Flush();
        continue;
      }
      Region.Statements.push_back(S);
      Region.Weight += Scan.Weight;
      // A call that changes a local counts as much as an assignment.
      if (isa<Expr>(S) && Scan.Weight == 0)
        ++Region.Weight;
      Region.LoopDepth = std::max(Region.LoopDepth, Scan.LoopDepth);
      Region.InMacro |=
          S->getBeginLoc().isMacroID() || S->getEndLoc().isMacroID();
      for (const ValueDecl *Used : Scan.Uses)
        Total->Uses.insert(Used);
      Total->Made.insert(Scan.Made.begin(), Scan.Made.end());
      // What is nested in a region is part of it.
      struct Nested : RecursiveASTVisitor<Nested> {
        llvm::DenseSet<const Stmt *> &Covered;
        explicit Nested(llvm::DenseSet<const Stmt *> &Covered)
            : Covered(Covered) {}
        bool VisitCompoundStmt(CompoundStmt *Inner) {
          Covered.insert(Inner);
          return true;
        }
      } Mark(Covered);
      Mark.TraverseStmt(S);
    }
    Flush();
  }
  auto Score = [](const ComputeRegion &R) {
    return static_cast<int>(R.Weight + 6 * R.LoopDepth) -
           2 * static_cast<int>(R.LiveIns.size() + R.LiveOuts.size());
  };
  llvm::sort(Found, [&](const ComputeRegion &A, const ComputeRegion &B) {
    if (Score(A) != Score(B))
      return Score(A) > Score(B);
    return A.Statements.front()->getBeginLoc().getRawEncoding() <
           B.Statements.front()->getBeginLoc().getRawEncoding();
  });
  return Found;
}

//===----------------------------------------------------------------------===//
// The proposed function
//===----------------------------------------------------------------------===//

/// \p Type as it would be written at namespace scope; empty if it has no name
/// there (a closure, a local class).
static std::string spelled(QualType Type, const ASTContext &AST) {
  Type = Type.getNonReferenceType().getUnqualifiedType();
  QualType Inner = Type;
  while (Inner->isPointerType())
    Inner = Inner->getPointeeType();
  if (const auto *Tag = Inner->getAsTagDecl()) {
    if (!Tag->getIdentifier() && !Tag->getTypedefNameForAnonDecl())
      return {};
    if (Tag->getParentFunctionOrMethod())
      return {};
  }
  if (Inner->isArrayType() || Inner->isDependentType())
    return {};
  PrintingPolicy Policy(AST.getLangOpts());
  Policy.SuppressTagKeyword = true;
  Policy.PrintAsCanonical = false;
  if (const auto *Auto = Type->getContainedDeducedType())
    if (!Auto->getDeducedType().isNull())
      Type = Type.getDesugaredType(AST);
  return Type.getAsString(Policy);
}

static std::string elementView(const RegionValue &Value, Unit &U) {
  if (!Value.ElementsOnly)
    return {};
  const TypeModel *Model = U.models().type(Value.Declaration->getType());
  if (!Model || Model->ReadAs.empty())
    return {};
  std::string View = Model->ReadAs;
  if (size_t At = View.find("{0}"); At != std::string::npos) {
    const auto *Record = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
        Value.Declaration->getType()
            .getNonReferenceType()
            ->getAsCXXRecordDecl());
    if (!Record || Record->getTemplateArgs().size() == 0 ||
        Record->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
      return {};
    std::string Element =
        spelled(Record->getTemplateArgs()[0].getAsType(), U.ast());
    if (Element.empty())
      return {};
    View.replace(At, 3, Element);
  }
  return View;
}

ProposedFunction proposeFunction(const ComputeRegion &Region, Unit &U) {
  ProposedFunction Result;
  const ASTContext &AST = U.ast();
  std::string Parameters, Arguments;
  std::vector<const RegionValue *> Returned;
  for (const RegionValue &In : Region.LiveIns) {
    std::string Name = In.Declaration->getNameAsString();
    QualType Type = In.Declaration->getType().getNonReferenceType();
    std::string Text = spelled(Type, AST);
    if (Text.empty() || Name.empty())
      return {};
    bool Pointer = Text.back() == '*';
    std::string Parameter;
    if (In.Mutated)
      Parameter = Text + (Pointer ? "&" : " &") + Name;
    else if (std::string View = elementView(In, U); !View.empty())
      Parameter = View + " " + Name;
    else if (Type->isScalarType())
      Parameter = Text + (Pointer ? "" : " ") + Name;
    else
      Parameter = "const " + Text + " &" + Name;
    if (!Parameters.empty()) {
      Parameters += ", ";
      Arguments += ", ";
    }
    Parameters += Parameter;
    Arguments += Name;
  }
  for (const RegionValue &Out : Region.LiveOuts)
    if (Out.DeclaredInside)
      Returned.push_back(&Out);

  std::string Name;
  for (const RegionValue &Out : Region.LiveOuts) {
    std::string One = Out.Declaration->getNameAsString();
    while (!One.empty() && One.back() == '_')
      One.pop_back();
    Name +=
        (Name.empty() ? (Returned.empty() ? "update_" : "compute_") : "_and_") +
        One;
  }
  std::string ReturnType = "void", Structure, ReturnStatement, Bind;
  if (Returned.size() == 1) {
    ReturnType = spelled(Returned[0]->Declaration->getType(), AST);
    std::string Out = Returned[0]->Declaration->getNameAsString();
    ReturnStatement = "  return " + Out + ";\n";
    Bind = "auto " + Out + " = ";
  } else if (Returned.size() > 1) {
    ReturnType = Name + "_result";
    Structure = "struct " + ReturnType + " {\n";
    std::string Values, Names;
    for (const RegionValue *Out : Returned) {
      std::string Text = spelled(Out->Declaration->getType(), AST);
      if (Text.empty())
        return {};
      std::string OutName = Out->Declaration->getNameAsString();
      Structure += "  " + Text + " " + OutName + ";\n";
      Values += (Values.empty() ? "" : ", ") + OutName;
      Names += (Names.empty() ? "" : ", ") + OutName;
    }
    Structure += "};\n\n";
    ReturnStatement = "  return {" + Values + "};\n";
    Bind = "auto [" + Names + "] = ";
  }
  if (ReturnType.empty())
    return {};
  // Something that cannot be copied or moved out cannot be returned by value.
  for (const RegionValue *Out : Returned)
    if (Out->Declaration->getType()->isReferenceType())
      return {};
  Result.Signature = ReturnType + " " + Name + "(" + Parameters + ")";
  Result.Call = Bind + Name + "(" + Arguments + ");";

  const SourceManager &SM = AST.getSourceManager();
  SourceRange Range(Region.Statements.front()->getBeginLoc(),
                    Region.Statements.back()->getEndLoc());
  if (Region.InMacro || Region.In->Lambda ||
      isa<CXXMethodDecl>(Region.In->Function) ||
      Region.In->Function->isTemplateInstantiation() ||
      SM.getFileID(Range.getBegin()) != SM.getFileID(Range.getEnd()))
    return Result;
  SourceLocation End =
      Lexer::getLocForEndOfToken(Range.getEnd(), 0, SM, AST.getLangOpts());
  // The semicolon of a last expression statement belongs to the region.
  if (std::optional<Token> Next =
          Lexer::findNextToken(Range.getEnd(), SM, AST.getLangOpts());
      Next && Next->is(tok::semi) &&
      !isa<CompoundStmt>(Region.Statements.back()))
    End = Next->getEndLoc();
  llvm::StringRef Body =
      Lexer::getSourceText(CharSourceRange::getCharRange(Range.getBegin(), End),
                           SM, AST.getLangOpts());
  Result.Definition = "namespace {\n\n" + Structure + Result.Signature +
                      " {\n  " + Body.str() + "\n" + ReturnStatement +
                      "}\n\n} // namespace\n\n";
  return Result;
}

} // namespace coro
