//===- Vocabulary.h - Words that analyses and summaries share -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// What an analysis concludes about the code of one unit, and a summary tells
// others in the same word.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_FACTS_VOCABULARY_H
#define CORO_ANALYSIS_FACTS_VOCABULARY_H

namespace coro {

/// What a function is given: parameter 0, 1, … or its object. For the call
/// operator of a lambda the object is the closure, with its captures.
using Slot = int;
constexpr Slot ObjectSlot = -1;

/// Which object of a function's callers is meant, if not that of parameter 0,
/// 1, …
struct CallersObject {
  static constexpr int None = -1;
  static constexpr int This = -2;
  /// A variable around a lambda or a global; only within one unit.
  static constexpr int Outer = -3;
};

/// What keeps a borrow valid: the weaker it is, the more operations end it.
enum class Tie {
  Removal,   ///< only the element's end: what an element points to
  Reference, ///< also when the element moves
  Iterator,  ///< also when the container reorganises
};

/// What becomes of a task after it was made.
enum class Fate {
  Unknown,  ///< nothing may be concluded
  Awaited,  ///< within the full-expression that made it
  RunHere,  ///< run to its end within that full-expression
  Kept,     ///< in a local variable, or in a container that is one
  Returned, ///< to the caller, by return or co_return
  Spawned,  ///< started; nothing here waits for it
  Stored,   ///< in a member, a global or somebody else's container
  Dropped,  ///< destroyed at once; an eager one may go on by itself
};

/// How a cancelled operation loses data.
enum class Loss {
  None,
  Progress, ///< it is cut off in the middle, and how far it came is forgotten
  InFrame,  ///< what it took is destroyed with its frame
};

/// What a function does to an object.
enum class ObjectUse {
  Takes,   ///< takes data out of it
  Puts,    ///< puts data in
  Closes,  ///< ends its use
  Unknown, ///< was given it, and nothing is known about what it does
};

} // namespace coro

#endif // CORO_ANALYSIS_FACTS_VOCABULARY_H
