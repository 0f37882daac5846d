//===- ProjectFacts.h - What other units tell beside effects --------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The facts of a summary, and of the index, that are about lifetimes, tasks,
// cancellation and costs: who ends borrows from a member or global, who calls
// what makes a task and what becomes of that, what such a function needs and
// promises, and how long plain functions take.
// They hold what one unit contains, whatever an index says: what depends on
// other units is kept as a condition, and settled when summaries are linked.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_INDEX_PROJECTFACTS_H
#define CORO_ANALYSIS_INDEX_PROJECTFACTS_H

#include "analysis/facts/Models.h"
#include "analysis/facts/Vocabulary.h"
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace coro {

/// A place, as it is kept on disk: the path is relative to the project, with
/// '/' between its parts, or absolute for what lies elsewhere.
struct SourcePlace {
  std::string File;
  unsigned Line = 0, Column = 0;

  explicit operator bool() const { return Line != 0; }
  bool operator==(const SourcePlace &O) const {
    return Line == O.Line && Column == O.Column && File == O.File;
  }
  bool operator<(const SourcePlace &O) const {
    return std::tie(File, Line, Column) < std::tie(O.File, O.Line, O.Column);
  }
};

/// An operation that ends borrows from a member or variable that several units
/// can name.
struct InvalidatorSummary {
  std::string Holder; ///< DeclKeys::holder()
  Tie Effect = Tie::Removal;
  bool Replaces = false; ///< the whole object gets another value
  SourcePlace Where;
  std::string In;    ///< the key of the function that does it
  std::string Shown; ///< the function that is given to a person
  /// It is the only one in its unit, in no loop, and finds the holder empty.
  bool First = false;
  /// The containers, members or variables, in an element of which it is done,
  /// by DeclKeys::holder(); empty if it is done in none, or they are not known.
  std::vector<std::string> Within;
  /// It is done by a member function, to a part of its own object.
  bool OfSelf = false;
  /// The functions by which it is reached within its unit and that nothing
  /// there calls; empty when something else can reach it.
  std::vector<std::string> Tops;
};

/// Who ends borrows from one member or variable: the first few of them, what
/// removes elements before what moves them.
struct IndexedInvalidators {
  std::vector<InvalidatorSummary> All;
};

/// A call, in a unit that does not have the body, of a function whose result is
/// a task; or another mention of such a function.
struct CallerSummary {
  enum Fact : uint64_t {
    AwaitedDirectly = 1, ///< `co_await f(…)`, and not in an instantiation
    LockHeld = 2,        ///< a lock of coroutines is held around the call
    ObjectInFrame = 4,   ///< the object is a local of the caller, which waits
    InMacro = 8,         ///< the caller is made by a macro, as tests are
    LeavesObject = 16,   ///< it is spawned, and nothing keeps its object
    FrameReferred = 32,  ///< what spawns it refers to a frame that must wait
    OnceInMain = 64,     ///< the call stands in main(), and in no loop
  };
  std::string Callee; ///< key
  SourcePlace Where;
  std::string Shown; ///< the caller
  Fate What = Fate::Unknown;
  uint64_t Facts = 0;
  /// Bit 0 the object, bit i + 1 parameter i: what is bound to it outlives the
  /// task.
  uint64_t SafeSlots = 0;

  static uint64_t bit(Slot What) {
    return What + 1 < 64 ? uint64_t(1) << (What + 1) : 0;
  }
};

/// All calls from units that do not have the body.
struct IndexedCallers {
  uint64_t Count = 0;
  uint64_t Facts = 0;     ///< of all of them
  uint64_t SafeSlots = 0; ///< in all of them
  /// The first few, those that leave an object to itself before others.
  std::vector<CallerSummary> Some;
};

/// A use of what a parameter refers to that comes after a suspension.
struct LateUseSummary {
  Slot What = ObjectSlot;
  SourcePlace Suspended; ///< none: only the initial suspension lies before
  SourcePlace Use;
  std::string Shown; ///< the function that does it
  bool Meanwhile = false;
};

/// An object as callers name it.
struct ObjectSummary {
  int Parameter = CallersObject::None;
  std::vector<std::string> Members;
  bool Exact = true;
};

struct ObjectUseSummary {
  ObjectSummary Object;
  ObjectUse Use = ObjectUse::Unknown;
};

struct StepSummary {
  SourcePlace Where;
  std::string Message;
};

/// CancellationSummary without what only its unit can name.
struct CancellationFacts {
  Guarantee Cancel = Guarantee::Unknown;
  Loss How = Loss::None;
  Payload Data = Payload::None;
  ObjectSummary Object;
  std::string Operation;
  bool ReturnsMessage = false;
  ObjectSummary From, To;
  std::vector<unsigned> Sends;
  bool Composed = false, MayReturn = true;
  std::vector<ObjectUseSummary> Uses;
  std::vector<StepSummary> Steps, Why;
  /// The guarantee holds if these functions of other units are total and take
  /// nothing.
  std::vector<std::string> Needs;

  bool isHarmless() const {
    return Cancel == Guarantee::Total && Data == Payload::None &&
           !ReturnsMessage;
  }
};

/// A function whose result is a task, and whose body stands in one unit.
struct TaskSummary {
  enum Fact : uint64_t {
    Eager = 1,
    SurvivesDrop = 2, ///< it goes on when its result is dropped
    Coroutine = 4,
    StartsInPlace = 8,  ///< where it is called or awaited
    NeverSuspends = 16, ///< if none of Awaits does
    Plain = 32,         ///< could be a plain function if those of Awaits could
  };
  std::string Key;
  SourcePlace Where;
  uint64_t Facts = 0;
  std::vector<LateUseSummary> Uses;
  std::vector<std::string> Awaits; ///< functions of other units, sorted
  std::optional<CancellationFacts> Cancel;

  const LateUseSummary *lateUse(Slot What) const {
    for (const LateUseSummary &One : Uses)
      if (One.What == What)
        return &One;
    return nullptr;
  }
};

/// A factor of what a plain function takes (Cost.h).
struct CostFactorSummary {
  std::string Text;
  SourcePlace Where;
  bool Bulk = false, Heavy = false;
  std::string Always;
};

struct CostStepSummary {
  SourcePlace Where;
  std::string Callee;
  unsigned Depth = 0; ///< the number of factors around the call
};

/// A nest of factors, with the calls that lead to the inner ones.
struct CostWay {
  std::vector<CostFactorSummary> Factors;
  std::vector<CostStepSummary> Steps;
  /// A function of another unit, around the call of which the factors are; what
  /// it takes comes to them. Empty when it is known what all of it takes.
  std::string To;
  bool Parts = false; ///< OpenCall::Parts

  bool always() const {
    for (const CostFactorSummary &Factor : Factors)
      if (!Factor.Always.empty())
        return true;
    return false;
  }
  /// Greater is more expensive, in the order of Cost::operator>.
  std::tuple<bool, bool, size_t> weight() const {
    bool Heavy = false;
    for (const CostFactorSummary &Factor : Factors)
      Heavy |= Factor.Heavy;
    return {always(), Heavy, Factors.size()};
  }
};

/// What calling a plain function takes, if that is not constant. In a summary
/// first by what its unit contains, if anything, then by calls of functions of
/// other units; in the index the most expensive way alone.
struct CostSummary {
  std::string Key;
  SourcePlace Where;
  std::vector<CostWay> Ways;
};

/// In TellingSummary::Names: the result tells which thread this is.
inline constexpr llvm::StringLiteral AsksThread = "which thread";

/// Names that the body of a plain function mentions, and which tell how a
/// descriptor behaves (Models::telling()): EAGAIN. Sorted.
struct TellingSummary {
  std::string Key;
  SourcePlace Where;
  std::vector<std::string> Names;
};

/// How a unit names a function that other units can name, too, if one of these
/// is so.
struct UseSummary {
  enum Fact : uint64_t {
    OnceInMain = 1, ///< main() calls it, in no loop, and nothing else here does
    /// Each mention is a call on an object that the caller has just made, and
    /// that nobody else knows.
    OnNewObject = 2,
  };
  std::string Key;
  uint64_t Facts = 0;
};

/// That something is so, in the whole project, of a class or function:
/// - a unit makes objects of the class, or of one derived from it, and it has
///   a member coroutine which is detached;
/// - UseSummary::OnceInMain, and no other unit names the function;
/// - UseSummary::OnNewObject, in all units that name the function.
struct FactSummary {
  std::string Key; ///< DeclKeys::holder() of a class, key() of a function
};

} // namespace coro

#endif // CORO_ANALYSIS_INDEX_PROJECTFACTS_H
