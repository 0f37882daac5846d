//===- Cost.cpp - How much a stretch of code computes ---------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/compute/Cost.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Walk.h"
#include "analysis/index/Index.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace clang;

namespace coro {

bool Cost::hasHeavy() const {
  return llvm::any_of(Factors, [](const CostFactor &F) { return F.Heavy; });
}

const std::string *Cost::always() const {
  for (const CostFactor &Factor : Factors)
    if (!Factor.Always.empty())
      return &Factor.Always;
  return nullptr;
}

Confidence Cost::sure() const {
  if (always())
    return Confidence::Medium;
  bool Bulk = llvm::all_of(Factors, [](const CostFactor &Factor) {
    return Factor.Bulk || Factor.Heavy;
  });
  return Bulk && degree() >= 2 ? Confidence::Medium : Confidence::Low;
}

bool Cost::operator>(const Cost &Other) const {
  return std::make_tuple(always() != nullptr, hasHeavy(), Factors.size()) >
         std::make_tuple(Other.always() != nullptr, Other.hasHeavy(),
                         Other.Factors.size());
}

static std::string product(llvm::ArrayRef<CostFactor> Factors) {
  std::string Text;
  for (const CostFactor &Factor : Factors)
    Text += (Text.empty() ? "" : "·") + Factor.Text;
  return "O(" + (Text.empty() ? "1" : Text) + ")";
}

std::string Cost::text() const { return product(Factors); }

std::vector<ReportNote> Cost::notes(Unit &U, SourceRange Otherwise) const {
  std::vector<ReportNote> Notes;
  auto Add = [&](SourceRange Where, const SourcePlace &Elsewhere,
                 std::string Message) {
    if (Elsewhere)
      Notes.push_back(elsewhere(U, Elsewhere, std::move(Message), Otherwise));
    else
      Notes.push_back({Where, std::move(Message)});
  };
  for (const CostStep &Step : Chain) {
    llvm::ArrayRef<CostFactor> Inner = llvm::ArrayRef(Factors).drop_front(
        std::min<size_t>(Step.Depth, degree()));
    auto Always = llvm::find_if(
        Inner, [](const CostFactor &F) { return !F.Always.empty(); });
    Add(Step.Where, Step.Elsewhere,
        "calls " + Step.Callee + ", which " +
            (Always != Inner.end() ? Always->Always
                                   : "takes " + product(Inner)));
  }
  for (const CostFactor &Factor : Factors)
    Add(Factor.Where, Factor.Elsewhere,
        !Factor.Always.empty() ? "this call " + Factor.Always
        : Factor.Heavy         ? "this call takes O(" + Factor.Text + ")"
                               : "a loop over '" + Factor.Text + "'");
  return Notes;
}

/// The type of the elements that a range or container holds; null if unknown.
static QualType elementType(QualType Range, const ASTContext &AST) {
  Range = Range.getNonReferenceType();
  if (const auto *Array = AST.getAsArrayType(Range))
    return Array->getElementType();
  if (const auto *Record = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
          Range->getAsCXXRecordDecl()))
    if (Record->getTemplateArgs().size() > 0 &&
        Record->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
      return Record->getTemplateArgs()[0].getAsType();
  return {};
}

/// Is the number of elements part of the type, as in an array?
static bool hasFixedSize(QualType Type, const ASTContext &AST) {
  Type = Type.getNonReferenceType();
  if (AST.getAsConstantArrayType(Type))
    return true;
  const auto *Record = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Type->getAsCXXRecordDecl());
  return Record && Record->getTemplateArgs().size() == 2 &&
         Record->getTemplateArgs()[1].getKind() == TemplateArgument::Integral;
}

/// Does \p S mention a variable for which \p Test holds?
static bool mentionsAny(const Stmt *S,
                        llvm::function_ref<bool(const ValueDecl *)> Test) {
  return S && contains(S, [&](const Stmt *At) {
           const auto *Reference = dyn_cast<DeclRefExpr>(At);
           return Reference && Test(Reference->getDecl());
         });
}

/// Walks a statement and keeps the most expensive nest.
class Costs::Walk {
public:
  explicit Walk(Costs &All) : All(All), AST(All.U.ast()) {}
  Cost Best;
  std::vector<OpenCall> Open;

  void visit(const Stmt *S) {
    bool Loop = isa<CXXForRangeStmt, ForStmt, WhileStmt, DoStmt>(S);
    llvm::SaveAndRestore<const Stmt *> Left(
        Breakable, Loop || isa<SwitchStmt>(S) ? S : Breakable);
    if (Loop && !containsSuspension(S))
      return visitLoop(S);
    if (const auto *Block = dyn_cast<CompoundStmt>(S))
      return visitBlock(Block);
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      if (visitCall(Call, Call->getDirectCallee()))
        return;
    } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
      visitCall(Construct, Construct->getConstructor());
    }
    forEachChild(S, [&](const Stmt *Child) { visit(Child); });
  }

private:
  //===-- Calls -----------------------------------------------------------===//

  /// Returns true when what is below was dealt with.
  bool visitCall(const Expr *Call, const FunctionDecl *Callee) {
    const FunctionModel *Model = All.U.models().callee(Call);
    if (Model && Model->Heavy) {
      bool Always = !Model->AlwaysHeavy.empty();
      if (Always || !isConstantSized(Call)) {
        enter({Always ? "1" : Model->HeavyCost, Call->getSourceRange(), false,
               true, Model->AlwaysHeavy});
        Nest.pop_back();
      }
      return false;
    }
    if (Model && Model->Callable == CallableUse::RunsHere)
      return visitAlgorithm(Call);
    // A coroutine that is called here runs elsewhere or by its own account.
    if (!Callee || All.U.coroutine(Callee) ||
        !All.U.isUserCode(Callee->getLocation()))
      return false;
    const Cost &Inner = All.of(Callee);
    bool Parts = isGivenParts(Call);
    size_t Size = Nest.size(), Links = Chain.size();
    Chain.push_back(
        {Call->getSourceRange(), quoted(Callee), static_cast<unsigned>(Size)});
    if (All.Alone)
      leaveOpen(Model ? nullptr : Callee, Parts);
    if (Inner.degree() && (Inner.always() || !Parts)) {
      append(Chain, Inner.Chain, Size);
      for (const CostFactor &Factor : Inner.Factors)
        enter(Factor);
    }
    Nest.resize(Size);
    Chain.resize(Links);
    return false;
  }

  static void append(std::vector<CostStep> &To, llvm::ArrayRef<CostStep> Steps,
                     unsigned Depth) {
    for (CostStep Step : Steps) {
      Step.Depth += Depth;
      To.push_back(std::move(Step));
    }
  }

  /// Keeps the calls of other units that \p Callee is or makes.
  void leaveOpen(const FunctionDecl *Callee, bool Parts) {
    if (!Callee)
      return;
    if (All.isElsewhere(Callee)) {
      Open.push_back({Callee, Nest, Chain, Parts});
      return;
    }
    for (const OpenCall &Theirs : All.open(Callee)) {
      OpenCall Mine = Theirs;
      Mine.Around.insert(Mine.Around.begin(), Nest.begin(), Nest.end());
      Mine.Chain = Chain;
      append(Mine.Chain, Theirs.Chain, Nest.size());
      Mine.Parts |= Parts;
      Open.push_back(std::move(Mine));
    }
  }

  /// Is \p Call, in a loop, given nothing but parts of what the loop goes
  /// through? All parts together are no more than the whole.
  bool isGivenParts(const Expr *Call) const {
    bool Part = false, Other = false;
    auto Look = [&](const Expr *E) {
      if (!E || E->getType()->isScalarType())
        return;
      if (mentionsAny(E, [&](const ValueDecl *D) { return isOfOuterLoop(D); }))
        Part = true;
      else if (!E->IgnoreParenImpCasts()->getType()->isArrayType())
        Other = true;
    };
    for (const Expr *Argument : argumentsOf(Call))
      Look(Argument);
    Look(objectOf(Call));
    return Part && !Other;
  }

  /// An algorithm that calls a closure for each element of a range.
  bool visitAlgorithm(const Expr *Call) {
    std::optional<CostFactor> Bound;
    const FunctionDecl *Body = nullptr;
    for (const Expr *Argument : argumentsOf(Call)) {
      if (!Bound)
        Bound = rangeFactor(Argument);
      if (const FunctionDecl *Callable = callableOf(Argument))
        Body = Callable;
    }
    if (!Bound || !Body)
      return false;
    enter(*Bound);
    Outer.push_back({nullptr, Nest.size()});
    if (const Stmt *Written = writtenBody(Body))
      visit(Written);
    Outer.pop_back();
    Nest.pop_back();
    return true;
  }

  /// The range that \p E is, or is an end of.
  std::optional<CostFactor> rangeFactor(const Expr *E) {
    E = E->IgnoreUnlessSpelledInSource();
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(E))
      E = Member->getImplicitObjectArgument()->IgnoreUnlessSpelledInSource();
    else if (!isa<DeclRefExpr, MemberExpr>(E))
      return std::nullopt;
    QualType Element = elementType(E->getType(), AST);
    if (Element.isNull())
      return std::nullopt;
    return factorOf(E, E->getType());
  }

  //===-- Loops -----------------------------------------------------------===//

  void visitLoop(const Stmt *Loop) {
    std::optional<CostFactor> Bound;
    const Stmt *Body = nullptr;
    if (const auto *Range = dyn_cast<CXXForRangeStmt>(Loop)) {
      Bound = boundOf(Range);
      Body = Range->getBody();
      visit(Range->getRangeInit());
    } else if (const auto *For = dyn_cast<ForStmt>(Loop)) {
      Bound = boundOf(For);
      Body = For->getBody();
      for (const Stmt *Part :
           {For->getInit(), static_cast<const Stmt *>(For->getCond()),
            static_cast<const Stmt *>(For->getInc())})
        if (Part)
          Heads.push_back(Part);
    } else if (const auto *While = dyn_cast<WhileStmt>(Loop)) {
      Bound = boundOfCondition(While->getCond(), While->getBody(), Loop);
      Body = While->getBody();
      Heads.push_back(While->getCond());
    } else {
      const auto *Do = cast<DoStmt>(Loop);
      Bound = boundOfCondition(Do->getCond(), Do->getBody(), Loop);
      Body = Do->getBody();
      Heads.push_back(Do->getCond());
    }
    std::vector<const Stmt *> Repeated = std::move(Heads);
    Heads.clear();
    Outer.push_back({Loop, Nest.size()});
    if (Bound)
      enter(*Bound);
    for (const Stmt *Head : Repeated)
      visit(Head);
    if (Body)
      visit(Body);
    Outer.pop_back();
    if (Bound)
      Nest.pop_back();
  }

  /// What ends with a jump out of loops is no part of their nest: it runs once.
  void visitBlock(const CompoundStmt *Block) {
    size_t Kept = Outer.size() - loopsLeftAfter(Block);
    size_t Inside = Kept == Outer.size() ? Nest.size() : Outer[Kept].Before;
    std::vector<CostFactor> Left(Nest.begin() + Inside, Nest.end());
    Nest.resize(Inside);
    forEachChild(Block, [&](const Stmt *Child) { visit(Child); });
    Nest.insert(Nest.end(), Left.begin(), Left.end());
  }

  /// How many of the innermost loops the last statement of \p Block leaves.
  size_t loopsLeftAfter(const CompoundStmt *Block) const {
    const Stmt *Last = Block->body_empty() ? nullptr : Block->body_back();
    if (const auto *Value = dyn_cast_or_null<Expr>(Last))
      Last = Value->IgnoreParenImpCasts();
    if (isa_and_nonnull<BreakStmt>(Last))
      return !Outer.empty() && Outer.back().Loop == Breakable;
    if (!isa_and_nonnull<ReturnStmt, CoreturnStmt, CXXThrowExpr>(Last))
      return 0;
    // An algorithm goes on when the closure that it called returns.
    auto Algorithm = llvm::find_if(llvm::reverse(Outer),
                                   [](const Entered &In) { return !In.Loop; });
    return Algorithm - Outer.rbegin();
  }

  void enter(const CostFactor &Factor) {
    Nest.push_back(Factor);
    Cost Now;
    Now.Factors = Nest;
    if (Now > Best) {
      Best = std::move(Now);
      Best.Chain = Chain;
    }
  }

  /// Is \p Variable made anew in each round of an enclosing loop?
  bool isOfOuterLoop(const ValueDecl *Variable) const {
    return llvm::any_of(Outer, [&](const Entered &In) {
      return In.Loop && In.Loop->getSourceRange().fullyContains(
                            Variable->getSourceRange());
    });
  }

  /// How many rounds \p Size, an expression that is a number or a range, makes;
  /// none if that is constant, or a part of what an outer loop goes through.
  std::optional<CostFactor> factorOf(const Expr *Size, QualType Range) {
    if (!Range.isNull() && hasFixedSize(Range, AST))
      return std::nullopt;
    const auto *Reference = dyn_cast<DeclRefExpr>(Size->IgnoreParenImpCasts());
    // All numbers below an outer counter: a triangle, and a factor.
    bool Triangle = Reference && Reference->getType()->isArithmeticType();
    if (!Triangle &&
        mentionsAny(Size, [&](const ValueDecl *D) { return isOfOuterLoop(D); }))
      return std::nullopt;
    if (Reference && isFewElements(Reference->getDecl()))
      return std::nullopt;
    CostFactor Factor;
    Factor.Text = sourceText(Size->getSourceRange(), AST, 30);
    Factor.Where = Size->getSourceRange();
    if (!Range.isNull()) {
      QualType Element = elementType(Range, AST);
      Factor.Bulk = !Element.isNull() && Element->isArithmeticType();
    }
    return Factor;
  }

  /// A local container that holds what stands in its initialiser, and nothing
  /// that grows it is called.
  bool isFewElements(const ValueDecl *D) const {
    const auto *Variable = dyn_cast<VarDecl>(D);
    if (!Variable || !Variable->isLocalVarDecl() || !Variable->hasInit() ||
        !Variable->getType()->isRecordType())
      return false;
    const Expr *Init = Variable->getInit()->IgnoreUnlessSpelledInSource();
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Init))
      if (Construct->getNumArgs() >= 1)
        Init = Construct->getArg(0)->IgnoreImplicit();
    if (!isa<InitListExpr, CXXStdInitializerListExpr>(Init))
      return false;
    return Variable->getType().isConstQualified();
  }

  /// A range or number that the rounds of a loop depend on, seen in the operand
  /// of a comparison.
  std::optional<CostFactor> operandFactor(const Expr *Operand) {
    Operand = Operand->IgnoreParenImpCasts();
    if (Operand->isValueDependent() || Operand->isEvaluatable(AST))
      return std::nullopt;
    if (const auto *Size = dyn_cast<CXXMemberCallExpr>(Operand)) {
      const Expr *Object =
          Size->getImplicitObjectArgument()->IgnoreParenImpCasts();
      QualType Type = Object->getType();
      if (Type->isPointerType())
        Type = Type->getPointeeType();
      if (hasFixedSize(Type, AST))
        return std::nullopt;
      std::optional<CostFactor> Factor = factorOf(Object, Type);
      if (Factor) {
        Factor->Text = sourceText(Operand->getSourceRange(), AST, 30);
        Factor->Where = Operand->getSourceRange();
        // An end is as far away as there are elements.
        if (Size->getType()->isRecordType() || Size->getType()->isPointerType())
          Factor->Text = sourceText(Object->getSourceRange(), AST, 30);
      }
      return Factor;
    }
    return factorOf(Operand, QualType());
  }

  /// What the iterations of a counting loop depend on; none if they are
  /// constant, or if they grow with the logarithm or a root.
  std::optional<CostFactor> boundOf(const ForStmt *Loop) {
    if (!Loop->getCond() || !Loop->getInc())
      return boundOfCondition(Loop->getCond(), Loop->getBody(), Loop);
    const Expr *Increment = Loop->getInc()->IgnoreParenImpCasts();
    if (const auto *Step = dyn_cast<CompoundAssignOperator>(Increment);
        Step && Step->getOpcode() != BO_AddAssign &&
        Step->getOpcode() != BO_SubAssign)
      return std::nullopt;
    const auto *Down = dyn_cast<UnaryOperator>(Increment);
    const auto *Compare =
        dyn_cast<BinaryOperator>(Loop->getCond()->IgnoreParenImpCasts());
    if (Down && Down->isDecrementOp()) {
      // From where it begins down to a constant.
      if (const auto *Init = dyn_cast_or_null<DeclStmt>(Loop->getInit()))
        if (const auto *Counter = Init->isSingleDecl()
                                      ? dyn_cast<VarDecl>(Init->getSingleDecl())
                                      : nullptr;
            Counter && Counter->getInit())
          return operandFactor(Counter->getInit());
      return std::nullopt;
    }
    // `i * i <= n` makes as many rounds as a root has.
    if (Compare && Compare->isComparisonOp())
      if (const auto *Product = dyn_cast<BinaryOperator>(
              Compare->getLHS()->IgnoreParenImpCasts());
          Product && Product->getOpcode() == BO_Mul)
        return std::nullopt;
    return comparisonFactor(Loop->getCond());
  }

  std::optional<CostFactor> comparisonFactor(const Expr *Condition) {
    Condition = Condition->IgnoreUnlessSpelledInSource();
    if (const auto *Binary = dyn_cast<BinaryOperator>(Condition)) {
      if (Binary->getOpcode() == BO_LAnd) {
        if (auto Left = comparisonFactor(Binary->getLHS()))
          return Left;
        return comparisonFactor(Binary->getRHS());
      }
      if (Binary->isComparisonOp())
        return operandFactor(Binary->getRHS());
    }
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Condition))
      if (Operator->getNumArgs() == 2)
        return operandFactor(Operator->getArg(1));
    return std::nullopt;
  }

  /// A loop that goes on while a condition holds.
  std::optional<CostFactor>
  boundOfCondition(const Expr *Condition, const Stmt *Body, const Stmt *Loop) {
    if (!Condition || Condition->isValueDependent() ||
        Condition->isEvaluatable(AST))
      return std::nullopt;
    // In an outer loop it may only go on where it stopped in the last round:
    // it counts if it begins anew, with a variable of that round.
    bool Nested =
        llvm::any_of(Outer, [](const Entered &In) { return In.Loop; });
    bool Anew = false, Halves = false;
    mentionsAny(Condition, [&](const ValueDecl *D) {
      Anew |= isOfOuterLoop(D);
      Halves |= isHalved(D, Body);
      return false;
    });
    if (Halves || (Nested && !Anew))
      return std::nullopt;
    const Expr *Plain = Condition->IgnoreUnlessSpelledInSource();
    CostFactor Factor;
    Factor.Where = Condition->getSourceRange();
    // `while (!queue.empty())`, `while (*p)`, `while (n--)`.
    if (const auto *Not = dyn_cast<UnaryOperator>(Plain);
        Not && Not->getOpcode() == UO_LNot)
      Plain = Not->getSubExpr()->IgnoreUnlessSpelledInSource();
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Plain)) {
      const Expr *Object =
          Call->getImplicitObjectArgument()->IgnoreUnlessSpelledInSource();
      if (isa<CXXThisExpr>(Object))
        return std::nullopt;
      return Nested ? std::nullopt : factorOf(Object, Object->getType());
    }
    if (auto Compared = comparisonFactor(Condition))
      return Compared;
    return std::nullopt;
  }

  /// Does \p Body divide \p D, as digits are taken off a number?
  bool isHalved(const ValueDecl *D, const Stmt *Body) const {
    return contains(Body, [&](const Stmt *S) {
      const auto *Step = dyn_cast<BinaryOperator>(S);
      if (!Step || !Step->isAssignmentOp())
        return false;
      const auto *Left =
          dyn_cast<DeclRefExpr>(Step->getLHS()->IgnoreParenImpCasts());
      if (!Left || Left->getDecl() != D)
        return false;
      if (Step->getOpcode() == BO_DivAssign ||
          Step->getOpcode() == BO_ShrAssign ||
          Step->getOpcode() == BO_ShlAssign)
        return true;
      const auto *Right =
          dyn_cast<BinaryOperator>(Step->getRHS()->IgnoreParenImpCasts());
      return Right &&
             (Right->getOpcode() == BO_Div || Right->getOpcode() == BO_Shr);
    });
  }

  std::optional<CostFactor> boundOf(const CXXForRangeStmt *Loop) {
    const Expr *Range = Loop->getRangeInit();
    if (!Range)
      return std::nullopt;
    if (Range->getType()->isRecordType() &&
        Range->IgnoreParenImpCasts()->isPRValue() &&
        isa<CXXStdInitializerListExpr>(Range->IgnoreParenImpCasts()))
      return std::nullopt;
    return factorOf(Range, Range->getType());
  }

  /// Is a heavy call given nothing but constants and fixed-size data?
  bool isConstantSized(const Expr *Call) {
    auto IsConstant = [&](const Expr *Argument) {
      const Expr *Plain = Argument->IgnoreParenImpCasts();
      if (isa<StringLiteral>(Plain) || hasFixedSize(Plain->getType(), AST))
        return true;
      // `data.begin()`, `data.data()`: as large as the object.
      if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Plain))
        Plain = Member->getImplicitObjectArgument()->IgnoreParenImpCasts();
      if (hasFixedSize(Plain->getType(), AST))
        return true;
      if (const auto *Reference = dyn_cast<DeclRefExpr>(Plain))
        if (isFewElements(Reference->getDecl()))
          return true;
      return !Plain->isValueDependent() && !Plain->getType()->isRecordType() &&
             Plain->isEvaluatable(AST);
    };
    const Expr *Object = objectOf(Call);
    return llvm::all_of(argumentsOf(Call), IsConstant) &&
           (!argumentsOf(Call).empty() || !Object || IsConstant(Object));
  }

  Costs &All;
  ASTContext &AST;
  std::vector<CostFactor> Nest;
  std::vector<CostStep> Chain;
  /// A loop; null for an algorithm that calls a closure for each element.
  struct Entered {
    const Stmt *Loop;
    size_t Before; ///< how many factors stand outside of it
  };
  std::vector<Entered> Outer; ///< from the outside in
  /// The innermost loop or switch: what a `break` leaves.
  const Stmt *Breakable = nullptr;
  std::vector<const Stmt *> Heads;
};

Cost Costs::of(const Stmt *S) {
  Walk W(*this);
  W.visit(S);
  return std::move(W.Best);
}

bool Costs::isElsewhere(const FunctionDecl *Function) const {
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  if (Method && Method->isVirtual() && !Method->hasAttr<FinalAttr>() &&
      !Method->getParent()->isEffectivelyFinal())
    return false;
  return Function->isExternallyVisible() && !Function->hasBody() &&
         !Function->isDependentContext() &&
         U.isUserCode(Function->getLocation()) &&
         !U.models().libraryOf(Function);
}

/// What the index says.
static Cost fromIndex(const CostWay &Way) {
  Cost Taken;
  for (const CostFactorSummary &Known : Way.Factors) {
    CostFactor Factor;
    Factor.Text = Known.Text;
    Factor.Bulk = Known.Bulk;
    Factor.Heavy = Known.Heavy;
    Factor.Always = Known.Always;
    Factor.Elsewhere = Known.Where;
    Taken.Factors.push_back(std::move(Factor));
  }
  for (const CostStepSummary &Known : Way.Steps)
    Taken.Chain.push_back({{}, Known.Callee, Known.Depth, Known.Where});
  return Taken;
}

/// Keeps of each function that is called the deepest nest, and the deepest of
/// all.
static void limit(std::vector<OpenCall> &Open) {
  constexpr size_t MaxOpen = 8;
  std::vector<std::tuple<bool, size_t, size_t>> Order;
  for (size_t I = 0; I < Open.size(); ++I)
    Order.emplace_back(Open[I].Parts, ~Open[I].Around.size(), I);
  llvm::sort(Order);
  std::vector<OpenCall> Kept;
  llvm::SmallPtrSet<const FunctionDecl *, 8> Seen;
  for (auto [Parts, Depth, I] : Order)
    if (Kept.size() < MaxOpen &&
        Seen.insert(Open[I].Callee->getCanonicalDecl()).second)
      Kept.push_back(std::move(Open[I]));
  Open = std::move(Kept);
}

const Cost &Costs::of(const FunctionDecl *Function) {
  Function = Function->getCanonicalDecl();
  auto [It, New] = Known.try_emplace(Function);
  if (!New) {
    if (!It->second->Done)
      It->second->Recursive = true;
    return It->second->Taken;
  }
  It->second = std::make_unique<Summary>();
  // The map may grow meanwhile; what it points to stays.
  Summary &Mine = *It->second;
  constexpr unsigned MaxDepth = 64;
  const FunctionDecl *Definition = nullptr;
  if (Depth < MaxDepth && Function->hasBody(Definition) &&
      !Definition->isDependentContext() && Definition->getBody()) {
    ++Depth;
    Walk W(*this);
    W.visit(Definition->getBody());
    Mine.Taken = std::move(W.Best);
    Mine.Open = std::move(W.Open);
    --Depth;
    if (Mine.Recursive) {
      CostFactor Calls;
      Calls.Text = "recursion of " + Definition->getNameAsString();
      Calls.Where = SourceRange(Definition->getLocation());
      auto Around = [&](std::vector<CostFactor> &Factors,
                        std::vector<CostStep> &Chain) {
        Factors.insert(Factors.begin(), Calls);
        for (CostStep &Step : Chain)
          ++Step.Depth;
      };
      Around(Mine.Taken.Factors, Mine.Taken.Chain);
      for (OpenCall &One : Mine.Open)
        Around(One.Around, One.Chain);
    }
    limit(Mine.Open);
  } else if (!Alone && isElsewhere(Function)) {
    if (const CostSummary *Project = U.index().cost(Function);
        Project && !Project->Ways.empty())
      Mine.Taken = fromIndex(Project->Ways.front());
  }
  Mine.Done = true;
  return Mine.Taken;
}

llvm::ArrayRef<OpenCall> Costs::open(const FunctionDecl *Function) {
  of(Function);
  return Known.find(Function->getCanonicalDecl())->second->Open;
}

} // namespace coro
