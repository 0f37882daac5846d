//===- Portrait.cpp - What a program does where ---------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/compute/Portrait.h"
#include "analysis/ast/Walk.h"
#include "analysis/blocking/Effects.h"
#include "analysis/compute/Extraction.h"
#include "analysis/compute/PlainCoroutines.h"
#include "analysis/unit/Executor.h"
#include "analysis/unit/FrameLayout.h"
#include "analysis/unit/Suspensions.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Index/USRGeneration.h"
#include "llvm/ADT/SetVector.h"

using namespace clang;

namespace coro {

llvm::StringRef toString(FunctionKind Kind) {
  switch (Kind) {
  case FunctionKind::AsyncIo:
    return "io";
  case FunctionKind::Compute:
    return "compute";
  case FunctionKind::Mixed:
    return "mixed";
  case FunctionKind::Blocking:
    return "blocking";
  }
  llvm_unreachable("all kinds are named");
}

namespace {

class Painter {
public:
  explicit Painter(Unit &U)
      : U(U), SM(U.ast().getSourceManager()), Types(U.shared<ComputeTypes>()) {}

  std::vector<FunctionPortrait> run() {
    for (const PlainCoroutine &One : U.shared<PlainCoroutines>().all())
      Plain[One.What] = &One;
    std::vector<FunctionPortrait> Result;
    llvm::DenseSet<SourceLocation> Seen;
    for (const FunctionDecl *Function : U.functions()) {
      if (!Function->getBody() || Function->isImplicit() ||
          !Seen.insert(Function->getLocation()).second)
        continue;
      if (std::optional<FunctionPortrait> One = paint(Function))
        Result.push_back(std::move(*One));
    }
    return Result;
  }

private:
  // Less than what is suggested: the number should move with every step.
  static constexpr RegionLimits Separable = {4, 6, 2};
  static constexpr unsigned LargeFrame = 16384;

  std::optional<FunctionPortrait> paint(const FunctionDecl *Function);
  void paintCoroutine(const Coroutine &C, FunctionPortrait &Picture);
  void addRegions(const Coroutine &C, FunctionPortrait &Picture);
  void addCosts(const Coroutine &C, const Flow &F, FunctionPortrait &Picture);
  void addBlocking(const Coroutine &C, FunctionPortrait &Picture);
  void addCalls(const Stmt *Body, FunctionPortrait &Picture) const;
  void count(const Stmt *S, FunctionPortrait &Picture, bool Inside) const;
  bool doesIo(const Stmt *S) const;
  std::string id(const FunctionDecl *Function) const;
  std::string name(const FunctionDecl *Function) const;

  unsigned line(SourceLocation Location) const {
    return SM.getExpansionLineNumber(Location);
  }
  std::string file(SourceLocation Location) const {
    auto Entry =
        SM.getFileEntryRefForID(SM.getFileID(SM.getExpansionLoc(Location)));
    if (!Entry)
      return {};
    llvm::StringRef Real = Entry->getFileEntry().tryGetRealPathName();
    return (Real.empty() ? Entry->getName() : Real).str();
  }

  Unit &U;
  const SourceManager &SM;
  ComputeTypes &Types;
  llvm::DenseMap<const Coroutine *, const PlainCoroutine *> Plain;
  /// Of the coroutine at hand.
  llvm::DenseSet<const Stmt *> InRegion, BlockingCalls;
};

/// The declaration that all instantiations share.
const FunctionDecl *pattern(const FunctionDecl *Function) {
  if (const FunctionDecl *Pattern = Function->getTemplateInstantiationPattern())
    Function = Pattern;
  return Function->getCanonicalDecl();
}

std::string Painter::id(const FunctionDecl *Function) const {
  Function = pattern(Function);
  llvm::SmallString<128> Usr;
  if (!U.lambda(Function) && !index::generateUSRForDecl(Function, Usr))
    return Usr.str().str();
  SourceLocation Where = Function->getLocation();
  return file(Where) + ":" + std::to_string(line(Where)) + ":" +
         std::to_string(SM.getExpansionColumnNumber(Where));
}

std::string Painter::name(const FunctionDecl *Function) const {
  const LambdaExpr *Lambda = U.lambda(Function);
  if (!Lambda)
    return Function->getQualifiedNameAsString();
  const FunctionDecl *Around = U.enclosingFunction(Lambda);
  return "lambda" + (Around ? " in " + name(Around) : std::string());
}

bool Painter::doesIo(const Stmt *S) const {
  return contains(S, [&](const Stmt *At) {
    if (isa<CoroutineSuspendExpr>(At) || BlockingCalls.contains(At))
      return true;
    const auto *E = dyn_cast<Expr>(At);
    return E && Types.isIo(E->getType());
  });
}

/// Counts \p S and what is nested in it, as statements.
void Painter::count(const Stmt *S, FunctionPortrait &Picture,
                    bool Inside) const {
  if (!S || isa<NullStmt>(S))
    return;
  Inside |= InRegion.contains(S);
  auto One = [&](llvm::ArrayRef<const Stmt *> Head) {
    ++Picture.Statements;
    if (Inside)
      ++Picture.Separable;
    else if (llvm::any_of(
                 Head, [&](const Stmt *Part) { return Part && doesIo(Part); }))
      ++Picture.Io;
  };
  if (const auto *Block = dyn_cast<CompoundStmt>(S)) {
    for (const Stmt *Child : Block->body())
      count(Child, Picture, Inside);
  } else if (const auto *If = dyn_cast<IfStmt>(S)) {
    One({If->getInit(), If->getConditionVariableDeclStmt(), If->getCond()});
    count(If->getThen(), Picture, Inside);
    count(If->getElse(), Picture, Inside);
  } else if (const auto *While = dyn_cast<WhileStmt>(S)) {
    One({While->getConditionVariableDeclStmt(), While->getCond()});
    count(While->getBody(), Picture, Inside);
  } else if (const auto *Do = dyn_cast<DoStmt>(S)) {
    One({Do->getCond()});
    count(Do->getBody(), Picture, Inside);
  } else if (const auto *For = dyn_cast<ForStmt>(S)) {
    One({For->getInit(), For->getCond(), For->getInc()});
    count(For->getBody(), Picture, Inside);
  } else if (const auto *Range = dyn_cast<CXXForRangeStmt>(S)) {
    One({Range->getRangeInit()});
    count(Range->getBody(), Picture, Inside);
  } else if (const auto *Switch = dyn_cast<SwitchStmt>(S)) {
    One({Switch->getCond()});
    count(Switch->getBody(), Picture, Inside);
  } else if (const auto *Case = dyn_cast<SwitchCase>(S)) {
    count(Case->getSubStmt(), Picture, Inside);
  } else if (const auto *Label = dyn_cast<LabelStmt>(S)) {
    count(Label->getSubStmt(), Picture, Inside);
  } else if (const auto *Attributed = dyn_cast<AttributedStmt>(S)) {
    count(Attributed->getSubStmt(), Picture, Inside);
  } else if (const auto *Try = dyn_cast<CXXTryStmt>(S)) {
    count(Try->getTryBlock(), Picture, Inside);
    for (unsigned I = 0; I < Try->getNumHandlers(); ++I)
      count(Try->getHandler(I)->getHandlerBlock(), Picture, Inside);
  } else if (const auto *Return = dyn_cast<CoreturnStmt>(S)) {
    if (!Return->isImplicit())
      One({S});
  } else {
    One({S});
  }
}

void Painter::addCalls(const Stmt *Body, FunctionPortrait &Picture) const {
  llvm::SetVector<const FunctionDecl *> Called;
  auto Add = [&](const FunctionDecl *Callee) {
    if (Callee && !Callee->isImplicit() && U.isUserCode(Callee->getLocation()))
      Called.insert(pattern(Callee));
  };
  walk(Body, [&](const Stmt *S) {
    if (const auto *Call = dyn_cast<CallExpr>(S))
      Add(Call->getDirectCallee());
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S))
      Add(Construct->getConstructor());
    else if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
      Called.insert(pattern(Lambda->getCallOperator()));
    return WalkInto::Children;
  });
  for (const FunctionDecl *Callee : Called)
    Picture.Calls.push_back(id(Callee));
}

void Painter::addRegions(const Coroutine &C, FunctionPortrait &Picture) {
  llvm::StringSet<> Taken;
  for (const ComputeRegion &Region : findComputeRegions(C, U, Separable)) {
    InRegion.insert(Region.Statements.begin(), Region.Statements.end());
    if (Region.Weight < RegionLimits().MinWeight ||
        Region.sure() < Confidence::Medium)
      continue;
    HotSpot Spot;
    Spot.Kind = "separate";
    Spot.Line = line(Region.begin());
    Spot.EndLine = line(Region.end());
    Spot.Signature = proposeFunction(Region, U, Taken).Signature;
    Spot.Reason = "these lines only compute, and could be a plain function";
    if (Region.Taken.degree())
      Spot.Reason += "; they take " + Region.Taken.text();
    Spot.Score = Region.score();
    Picture.HotSpots.push_back(std::move(Spot));
  }
}

void Painter::addCosts(const Coroutine &C, const Flow &F,
                       FunctionPortrait &Picture) {
  Costs &All = U.shared<Costs>();
  walk(F.body(), [&](const Stmt *S) {
    const Stmt *Block = F.parent(S);
    if ((Block && !isa<CompoundStmt>(Block)) || containsSuspension(S))
      return WalkInto::Children;
    Cost Taken = All.of(S);
    if (Taken.degree() < 2 && !Taken.hasHeavy())
      return WalkInto::Children;
    // As in the check: not what is less sure, nor what runs on a thread that is
    // there for it.
    FlowPoint Point;
    walk(S, [&](const Stmt *At) {
      Point = F.point(At);
      return Point ? WalkInto::Stop : WalkInto::Children;
    });
    if (Taken.sure() < Confidence::Medium ||
        (Point &&
         U.shared<ExecutorRoles>().at(C, Point) == ThreadRole::MayBlock))
      return WalkInto::Skip;
    HotSpot Spot;
    Spot.Kind = "offload";
    Spot.Line = line(S->getBeginLoc());
    Spot.EndLine = line(S->getEndLoc());
    const std::string *Always = Taken.always();
    Spot.Reason = (Always ? "this " + *Always + ", and that"
                          : "this takes " + Taken.text()) +
                  " without a suspension: nothing else runs on this executor "
                  "meanwhile";
    Spot.Score = 10 + 5 * static_cast<int>(Taken.degree()) + (Always ? 20 : 0);
    Picture.HotSpots.push_back(std::move(Spot));
    return WalkInto::Skip;
  });
}

void Painter::addBlocking(const Coroutine &C, FunctionPortrait &Picture) {
  Effects &All = U.shared<Effects>();
  ExecutorRoles &Roles = U.shared<ExecutorRoles>();
  for (const Witness &Call : All.blockingCalls(C.Function)) {
    if (Call.At.Expression)
      BlockingCalls.insert(Call.At.Expression);
    // What is less sure, as a log that may open a file, would hide the rest.
    if (Call.Kind == BlockingKind::Lock || Call.Sure < Confidence::High ||
        Roles.at(C, Call.At.Point) == ThreadRole::MayBlock)
      continue;
    HotSpot Spot;
    Spot.Kind = "blocking";
    Spot.Line = line(Call.At.Where.getBegin());
    Spot.EndLine = line(Call.At.Where.getEnd());
    Spot.Reason = "this blocks the thread (" + toString(Call.Kind).str() + ")";
    for (const Witness &Link : All.chain(Call))
      if (Link.At.Callee)
        Spot.Reason += " -> " + Link.At.Callee->getQualifiedNameAsString();
    Spot.Score = 60;
    Picture.HotSpots.push_back(std::move(Spot));
    Picture.Kind = FunctionKind::Blocking;
  }
}

void Painter::paintCoroutine(const Coroutine &C, FunctionPortrait &Picture) {
  Picture.IsCoroutine = true;
  Picture.Kind = FunctionKind::AsyncIo;
  addBlocking(C, Picture);
  const Flow *F = U.flow(C.Function);
  if (!F)
    return;
  addRegions(C, Picture);
  if (!F->suspensions().empty())
    addCosts(C, *F, Picture);
  if (const PlainCoroutine *One = Plain.lookup(&C);
      One && One->Sure >= Confidence::Medium) {
    HotSpot Spot;
    Spot.Kind = "plain";
    Spot.Line = Spot.EndLine = Picture.Line;
    Spot.Reason =
        "this coroutine never suspends, and could be a plain "
        "function" +
        (One->Result.empty() ? std::string() : " that returns " + One->Result);
    Spot.Score = 15;
    Picture.HotSpots.push_back(std::move(Spot));
  }
  if (std::optional<FrameLayout> Frame = layOut(U, C, LargeFrame);
      Frame && Frame->BytesWithoutBuffers > LargeFrame &&
      !Frame->Slots.empty()) {
    HotSpot Spot;
    Spot.Kind = "frame";
    const FrameSlot &Largest = Frame->Slots.front();
    Spot.Line = Spot.EndLine = line(Largest.Variable->getLocation());
    Spot.Reason = "the frame of this coroutine takes at least " +
                  std::to_string(Frame->Bytes) + " bytes, " +
                  std::to_string(Largest.Bytes) + " of them for " +
                  quoted(Largest.Variable);
    Spot.Score = 20;
    Picture.HotSpots.push_back(std::move(Spot));
  }
}

std::optional<FunctionPortrait> Painter::paint(const FunctionDecl *Function) {
  const Stmt *Body = writtenBody(Function);
  SourceRange Range = Function->getSourceRange();
  if (const LambdaExpr *Lambda = U.lambda(Function))
    Range = Lambda->getSourceRange();
  if (!Body || Range.isInvalid())
    return std::nullopt;
  FunctionPortrait Picture;
  Picture.File = file(Range.getBegin());
  if (Picture.File.empty() || Picture.File != file(Range.getEnd()))
    return std::nullopt;
  Picture.Id = id(Function);
  Picture.Name = name(Function);
  Picture.Line = line(Range.getBegin());
  Picture.EndLine = line(Range.getEnd());
  InRegion.clear();
  BlockingCalls.clear();
  const Coroutine *C = U.coroutine(Function);
  if (C)
    paintCoroutine(*C, Picture);
  count(Body, Picture, false);
  addCalls(Body, Picture);
  if (!C) {
    const FunctionEffects &Effect = U.shared<Effects>().of(Function);
    for (unsigned Kind = 0; Kind < BlockingKindCount; ++Kind)
      if (const auto &Call = Effect.Blocks[Kind];
          Call && Call->Kind != BlockingKind::Lock &&
          Call->Sure == Confidence::High)
        Picture.Kind = FunctionKind::Blocking;
    if (Picture.Kind == FunctionKind::Compute && Picture.Io)
      Picture.Kind = FunctionKind::AsyncIo;
  } else if (Picture.Kind == FunctionKind::AsyncIo) {
    bool Never = U.shared<Suspensions>().neverSuspends(Function);
    bool Computes = llvm::any_of(Picture.HotSpots, [](const HotSpot &Spot) {
      return Spot.Kind == "separate" ||
             (Spot.Kind == "offload" && Spot.Score >= 20);
    });
    bool Half =
        Picture.Separable > 4 && Picture.Separable * 2 >= Picture.Statements;
    if (Never)
      Picture.Kind = FunctionKind::Compute;
    else if (Computes || Half)
      Picture.Kind = FunctionKind::Mixed;
  }
  llvm::sort(Picture.HotSpots, [](const HotSpot &A, const HotSpot &B) {
    return std::tie(B.Score, A.Line, A.Kind, A.Reason) <
           std::tie(A.Score, B.Line, B.Kind, B.Reason);
  });
  return Picture;
}

} // namespace

std::vector<FunctionPortrait> portray(Unit &U) { return Painter(U).run(); }

} // namespace coro
