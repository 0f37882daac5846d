//===- Cost.h - How much a stretch of code computes -----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A symbolic cost class: the product of the loop bounds that depend on input
// (parameters, containers, what was received), heavy library calls (models),
// and the same through the functions of this unit that are called, by summaries
// which are made once; what functions of other units take is in the index.
// Loops with constant bounds are cheap, and so are data of
// which the function itself made a constant number. A loop over a part of what
// an outer loop goes through takes no longer than all of the parts: it is no
// factor of its own. In the spirit of Gulwani, Mehra and Chilimbi,
// "SPEED: precise and efficient static estimation of program computational
// complexity" (2009), cut down to what a person can check at a glance.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_COMPUTE_COST_H
#define CORO_ANALYSIS_COMPUTE_COST_H

#include "analysis/facts/Report.h"
#include "analysis/index/ProjectFacts.h"
#include "analysis/unit/Unit.h"

namespace coro {

/// One factor of a cost: "rows.size()", or "n log n" for a library call.
struct CostFactor {
  std::string Text;
  clang::SourceRange Where;
  /// The data are plain numbers or bytes: there tend to be many.
  bool Bulk = false;
  /// A library call whose model says that it takes long on large data.
  bool Heavy = false;
  /// Why it takes long on data of any size; empty: it does not.
  std::string Always = {};
  /// Set when it is in another unit; Where is nowhere then.
  SourcePlace Elsewhere = {};
};

/// A call that leads to factors.
struct CostStep {
  clang::SourceRange Where;
  std::string Callee; ///< quoted
  unsigned Depth = 0; ///< the number of factors around the call
  SourcePlace Elsewhere = {};
};

/// The most expensive nest found in a stretch. Constant if it has no factor.
struct Cost {
  std::vector<CostFactor> Factors; ///< outermost first
  std::vector<CostStep> Chain;     ///< the calls that lead to the inner factors

  unsigned degree() const { return Factors.size(); }
  bool hasHeavy() const;
  /// Why it takes long whatever the data; null if it need not.
  const std::string *always() const;
  /// How sure it is that a reader wants to know: the size of the data is not
  /// known, so that a nest counts when it goes over plain numbers, of which
  /// there tend to be many.
  Confidence sure() const;
  /// Is it the more expensive one?
  bool operator>(const Cost &Other) const;
  /// "O(rows.size()·cols)"
  std::string text() const;
  /// The chain, then the factors, as notes. What cannot be shown in its file
  /// stands at \p Otherwise.
  std::vector<ReportNote> notes(Unit &U, clang::SourceRange Otherwise) const;
};

/// A call of a function whose body another unit has.
struct OpenCall {
  const clang::FunctionDecl *Callee = nullptr;
  std::vector<CostFactor> Around; ///< outermost first
  std::vector<CostStep> Chain;    ///< the last step calls Callee
  /// It is given parts of what a loop around it goes through: all of them take
  /// no longer than the whole, so that only what always takes long counts.
  bool Parts = false;
};

/// Costs of statements and functions of one unit; functions are memoised.
class Costs {
public:
  /// With \p Alone the index is not asked, and calls are left open.
  explicit Costs(Unit &U, bool Alone = false) : U(U), Alone(Alone) {}

  /// The cost of \p S. Suspensions end a stretch: a loop with one in its body
  /// counts for nothing but what stands between them. Unknown callees count
  /// nothing.
  Cost of(const clang::Stmt *S);

  /// The cost of calling \p Function. Recursion is a factor; functions that
  /// call each other are cut where the circle closes.
  const Cost &of(const clang::FunctionDecl *Function);

  /// The calls by which \p Function may take more than that, the deepest nests
  /// first; some of them if there are many.
  llvm::ArrayRef<OpenCall> open(const clang::FunctionDecl *Function);

private:
  class Walk;
  /// Another unit has the body, and nothing else may be meant.
  bool isElsewhere(const clang::FunctionDecl *Function) const;

  Unit &U;
  bool Alone;
  struct Summary {
    Cost Taken;
    std::vector<OpenCall> Open;
    bool Done = false;
    bool Recursive = false;
  };
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Summary>> Known;
  unsigned Depth = 0;
};

} // namespace coro

#endif // CORO_ANALYSIS_COMPUTE_COST_H
