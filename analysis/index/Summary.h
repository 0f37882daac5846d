//===- Summary.h - What other units need to know about one ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The summary of a translation unit: facts about its functions, members and
// variables under keys that mean the same in every unit (DeclKeys.h), with
// places as paths relative to the project. Summaries are linked into an index
// (Index.h). They hold the calls of each function rather than what follows
// from them, so that a unit is summarised once and alone, and chains across
// units are found when all of them are linked.
//
// The file format: a heading with a version and a checksum, then sections, each
// with a tag and a length, and records with a length of their own. A reader
// leaves out sections, and ends of records, that it does not know.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_INDEX_SUMMARY_H
#define CORO_ANALYSIS_INDEX_SUMMARY_H

#include "analysis/ast/Calls.h"
#include "analysis/facts/Models.h"
#include "analysis/facts/Report.h"
#include "analysis/index/ProjectFacts.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace clang {
class FunctionDecl;
}

namespace coro {

class Unit;
class DeclKeys;

/// A call, as a person is told about it.
struct CallPlace {
  Invocation::Kind How = Invocation::Call;
  SourcePlace Where;
  std::string Shown; ///< 'connect', the constructor of 'ifstream'
  std::string Name;  ///< the callee's qualified name
};

/// The reason of a call that no model describes, but that is annotated.
constexpr llvm::StringLiteral AnnotatedReason = "is annotated as blocking";

/// Why a call blocks by itself.
struct BlockingEnd {
  BlockingKind Kind = BlockingKind::Wait;
  Confidence Sure = Confidence::High;
  std::string Reason;
  /// What to write instead, by library.
  std::vector<std::pair<std::string, std::string>> Replacement;
};

/// How the function that a call leads to belongs to the one that it names.
enum class CallRelation { Direct, Overrider, Callable };

struct CallSummary {
  CallPlace At;
  /// It blocks itself; there are no targets then.
  std::optional<BlockingEnd> End;
  CallRelation Leads = CallRelation::Direct;
  /// All of them have to block.
  std::vector<std::string> Targets;
  /// A virtual function, of which any overrider may be meant: so these belong
  /// to Targets, too, in whichever unit they are.
  std::string Virtual;
  /// The target counts if this function calls its parameter of that index.
  std::string Through;
  unsigned Parameter = 0;
};

struct ParameterPass {
  unsigned Mine = 0;
  std::string To;
  unsigned Theirs = 0;
};

struct FunctionSummary {
  std::string Key;
  std::string Shown; ///< 'Session::run'
  std::string Name;  ///< qualified
  SourcePlace Where;
  /// Calls of coroutines carry no effects.
  bool Coroutine = false;
  uint64_t CallsParameter = 0;
  std::vector<ParameterPass> Passes;
  std::vector<CallSummary> Calls;
};

/// Overrider has a body in this unit and overrides Base, at any distance.
struct OverrideSummary {
  std::string Base, Overrider;
};

/// A function that leads nowhere, defined here: what else has its key, in
/// another place, is not the only one. A number for each suffices.
struct HarmlessFunction {
  uint64_t Key = 0, Where = 0;

  static HarmlessFunction of(llvm::StringRef Key, const SourcePlace &Where);
  bool operator<(const HarmlessFunction &O) const {
    return std::tie(Key, Where) < std::tie(O.Key, O.Where);
  }
};

/// A function that the unit names in another way than a UseSummary tells. There
/// are many: a number for each suffices.
struct OtherUse {
  uint64_t Key = 0;

  static OtherUse of(llvm::StringRef Key);
  bool operator<(const OtherUse &O) const { return Key < O.Key; }
};

/// Everything about one unit.
struct UnitSummary {
  std::string Unit; ///< the main file's path
  std::vector<FunctionSummary> Functions;
  std::vector<OverrideSummary> Overrides;
  /// Keys that stand for several functions here (they differ in constraints
  /// only): nothing is known about them.
  std::vector<std::string> Ambiguous;
  std::vector<HarmlessFunction> Harmless;
  std::vector<InvalidatorSummary> Invalidators;
  std::vector<CallerSummary> Callers;
  std::vector<TaskSummary> Tasks;
  std::vector<CostSummary> Costs;
  std::vector<FactSummary> Made;
  std::vector<UseSummary> Uses;
  std::vector<OtherUse> OtherUses; ///< sorted
  std::vector<TellingSummary> Telling;
};

/// Summarises \p U. Calls of library functions, which models describe, and
/// functions that lead nowhere are left out. Cost: one control-flow graph for
/// each function of the user's code.
UnitSummary summarise(Unit &U, const DeclKeys &Keys);

/// Can another unit come to \p Function without having its body?
bool isEntry(const clang::FunctionDecl *Function);

/// Adds to \p To what ProjectFacts.h tells of \p U. Cost: that of Invalidation,
/// TaskLives, of Cancellations for the coroutines and of Costs for the plain
/// functions that others can call.
void summariseFacts(Unit &U, const DeclKeys &Keys, UnitSummary &To);

/// The file form; the same bytes for the same summary.
std::string write(const UnitSummary &Summary);

/// Reads \p Bytes. The error says what is wrong with them, to follow the name
/// of the file: "is damaged …".
llvm::Expected<UnitSummary> readSummary(llvm::StringRef Bytes);

} // namespace coro

#endif // CORO_ANALYSIS_INDEX_SUMMARY_H
