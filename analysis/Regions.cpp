//===- Regions.cpp - Stretches of a coroutine that only compute -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/Regions.h"
#include "analysis/Walk.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Analysis/Analyses/ExprMutationAnalyzer.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/SetVector.h"

using namespace clang;

namespace coro {

namespace {

/// Looks through one statement for what keeps it out of a plain function, and
/// weighs what it computes.
class StatementScan {
public:
  explicit StatementScan(Unit &U) : U(U) {}

  bool Computes = true; ///< nothing but computing was found
  unsigned Weight = 0;
  unsigned LoopDepth = 0;
  llvm::SetVector<const ValueDecl *> Uses;
  llvm::DenseSet<const ValueDecl *> Made;

  void scan(const Stmt *S) {
    if (!Computes || leaves(S)) {
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

    bool Loop = isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(S);
    bool Switch = isa<SwitchStmt>(S);
    const auto *Binary = dyn_cast<BinaryOperator>(S);
    const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S);
    if (Loop || Switch || isa<IfStmt>(S) ||
        (Binary && Binary->isAssignmentOp()) ||
        (Operator && Operator->isAssignmentOp()))
      ++Weight;
    Loops += Loop;
    Breakable += Loop || Switch;
    LoopDepth = std::max(LoopDepth, Loops);
    forEachChild(S, [&](const Stmt *Child) { scan(Child); });
    Loops -= Loop;
    Breakable -= Loop || Switch;
  }

private:
  /// Does \p S end the stretch: a suspension, a jump out, a use of the object?
  bool leaves(const Stmt *S) const {
    if (isa<ReturnStmt>(S))
      return !Lambdas;
    if (isa<BreakStmt>(S))
      return !Breakable;
    if (isa<ContinueStmt>(S))
      return !Loops;
    return isa<CoroutineSuspendExpr, CoreturnStmt, GotoStmt, LabelStmt,
               CXXTryStmt, AsmStmt, CXXThisExpr>(S);
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
    ++Lambdas;
    if (Lambda->getBody())
      scan(Lambda->getBody());
    --Lambdas;
  }

  void scanDeclaration(const Decl *D) {
    const auto *Variable = dyn_cast<VarDecl>(D);
    if (!Variable) {
      // A local type cannot be named by the signature of a function above.
      Computes &= !isa<TypeDecl>(D);
      return;
    }
    if (Variable->isStaticLocal() || isIo(Variable->getType()))
      Computes = false;
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
      if (Variable->isLocalVarDeclOrParm())
        Uses.insert(Variable);
      else if (!Variable->getType().isConstQualified())
        Computes = false; // state that others share
    } else if (isa<BindingDecl>(Named)) {
      Uses.insert(Named);
    }
  }

  /// Sockets, timers, executors, tokens, awaitables, streams on files, locks.
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

/// Is \p E a mention of \p Declaration: the variable, or the member of *this?
bool mentions(const Stmt *S, const ValueDecl *Declaration) {
  if (const auto *Reference = dyn_cast<DeclRefExpr>(S))
    return Reference->getDecl() == Declaration;
  if (const auto *Member = dyn_cast<MemberExpr>(S))
    return Member->getMemberDecl() == Declaration;
  return false;
}

/// Does any of \p Statements change \p Declaration?
bool isMutated(const ValueDecl *Declaration,
               llvm::ArrayRef<const Stmt *> Statements, ASTContext &AST) {
  return llvm::any_of(Statements, [&](const Stmt *S) {
    if (const auto *Variable = dyn_cast<VarDecl>(Declaration))
      return ExprMutationAnalyzer(*S, AST).isMutated(Variable);
    // A data member: every way to reach it is an expression of its own.
    return contains(S, [&](const Stmt *At) {
      return mentions(At, Declaration) &&
             ExprMutationAnalyzer(*S, AST).isMutated(cast<Expr>(At));
    });
  });
}

/// Everything that is mentioned on a path after \p Region.
llvm::DenseSet<const ValueDecl *> usedAfter(const ComputeRegion &Region,
                                            const Flow &F) {
  FlowPoint End;
  for (const Stmt *S : llvm::reverse(Region.Statements)) {
    walk(S, [&](const Stmt *At) {
      End = F.point(At);
      return End ? WalkInto::Stop : WalkInto::Children;
    });
    if (End)
      break;
  }
  llvm::DenseSet<const Stmt *> Inside(Region.Statements.begin(),
                                      Region.Statements.end());
  llvm::DenseSet<const ValueDecl *> Used;
  walk(F.body(), [&](const Stmt *S) {
    if (Inside.contains(S))
      return WalkInto::Skip;
    if (const auto *Reference = dyn_cast<DeclRefExpr>(S)) {
      // Not a point of its own: assume the worst.
      FlowPoint At = F.point(S);
      if (!At || !End || F.reaches(End, At))
        Used.insert(Reference->getDecl());
    } else if (const auto *Member = dyn_cast<MemberExpr>(S)) {
      // Others can look at a member as soon as the coroutine suspends.
      if (isa<CXXThisExpr>(Member->getBase()->IgnoreParenImpCasts()))
        Used.insert(Member->getMemberDecl());
    } else if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
      for (const LambdaCapture &Capture : Lambda->captures())
        if (Capture.capturesVariable())
          Used.insert(Capture.getCapturedVar());
    }
    return WalkInto::Children;
  });
  return Used;
}

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
    return mentions(At, Declaration) && !Fine.contains(At) ? WalkInto::Stop
                                                           : WalkInto::Children;
  });
}

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
                (Region.LoopDepth > 1 && Region.Weight * 2 >= MinWeight);
  const Flow *F = U.flow(Region.In->Function);
  if (!Enough || !F)
    return;
  llvm::DenseSet<const ValueDecl *> UsedAfter = usedAfter(Region, *F);
  for (const ValueDecl *Used : All.Uses) {
    RegionValue Value;
    Value.Declaration = Used;
    Value.DeclaredInside = All.Made.contains(Used);
    if (!Value.DeclaredInside) {
      Value.Mutated = isMutated(Used, Region.Statements, U.ast());
      Value.ElementsOnly =
          !Value.Mutated && llvm::all_of(Region.Statements, [&](const Stmt *S) {
            return usesElementsOnly(S, Used);
          });
      Region.LiveIns.push_back(Value);
    }
    if ((Value.DeclaredInside || Value.Mutated) && UsedAfter.contains(Used))
      Region.LiveOuts.push_back(Value);
  }
  // Made inside and only used afterwards.
  for (const ValueDecl *Made : All.Made)
    if (!All.Uses.contains(Made) && UsedAfter.contains(Made))
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
    ComputeRegion Region;
    Region.In = &C;
    auto Total = std::make_unique<StatementScan>(U);
    auto Flush = [&] {
      close(std::move(Region), *Total, U, MinWeight, MaxIns, MaxOuts, Found);
      Region = ComputeRegion();
      Region.In = &C;
      Total = std::make_unique<StatementScan>(U);
    };
    for (const Stmt *S : Block->body()) {
      StatementScan Scan(U);
      Scan.scan(S);
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
      walk(S, [&](const Stmt *At) {
        if (isa<CompoundStmt>(At))
          Covered.insert(At);
        return WalkInto::Children;
      });
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
