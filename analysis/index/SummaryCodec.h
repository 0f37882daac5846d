//===- SummaryCodec.h - Records of summaries as bytes ---------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// One description of each record serves the writer and the reader. Numbers are
// ULEB128, strings are numbers that somebody else keeps, and a record has its
// length before it, so that a reader can leave out what newer versions add at
// its end.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_INDEX_SUMMARYCODEC_H
#define CORO_ANALYSIS_INDEX_SUMMARYCODEC_H

#include "analysis/index/Index.h"
#include "analysis/index/Summary.h"
#include "llvm/Support/LEB128.h"
#include "llvm/Support/raw_ostream.h"
#include <functional>

namespace coro {

/// Appends to a string. \p Intern gives the number of a string.
class SummaryWriter {
public:
  using Interner = std::function<uint64_t(llvm::StringRef)>;
  explicit SummaryWriter(Interner Intern) : Intern(std::move(Intern)) {}

  template <typename T> void number(T &N) {
    llvm::raw_string_ostream OS(Bytes);
    llvm::encodeULEB128(static_cast<uint64_t>(N), OS);
  }
  void text(std::string &S) {
    uint64_t N = Intern(S);
    number(N);
  }
  template <typename T> void list(std::vector<T> &Items) {
    size_t Count = Items.size();
    number(Count);
    for (T &Item : Items)
      describe(*this, Item);
  }
  template <typename T> void optional(std::optional<T> &Item) {
    bool Is = Item.has_value();
    number(Is);
    if (Is)
      describe(*this, *Item);
  }
  template <typename Fields> void record(Fields Describe) {
    SummaryWriter Inner(Intern);
    Describe(Inner);
    size_t Length = Inner.Bytes.size();
    number(Length);
    Bytes += Inner.Bytes;
  }

  std::string Bytes;

private:
  Interner Intern;
};

/// Reads from bytes that may be anything. After a failure everything that is
/// read is zero or empty.
class SummaryReader {
public:
  using Lookup = std::function<bool(uint64_t, std::string &)>;
  SummaryReader(llvm::StringRef Bytes, Lookup Find)
      : At(Bytes.bytes_begin()), End(Bytes.bytes_end()), Find(std::move(Find)) {
  }

  template <typename T> void number(T &N) {
    unsigned Length = 0;
    const char *Error = nullptr;
    uint64_t Value = Failed ? 0 : llvm::decodeULEB128(At, &Length, End, &Error);
    if (Error)
      fail();
    else
      At += Length;
    N = static_cast<T>(Failed ? 0 : Value);
  }
  void text(std::string &S) {
    uint64_t N = 0;
    number(N);
    S.clear();
    if (!Failed && !Find(N, S))
      fail();
  }
  template <typename T> void list(std::vector<T> &Items) {
    uint64_t Count = 0;
    number(Count);
    // Nothing takes less than a byte.
    if (Count > left())
      fail();
    Items.clear();
    for (uint64_t I = 0; I < Count && !Failed; ++I)
      describe(*this, Items.emplace_back());
  }
  template <typename T> void optional(std::optional<T> &Item) {
    bool Is = false;
    number(Is);
    if (Is)
      describe(*this, Item.emplace());
  }
  template <typename Fields> void record(Fields Describe) {
    uint64_t Length = 0;
    number(Length);
    if (Length > left())
      fail();
    if (Failed)
      return;
    SummaryReader Inner({reinterpret_cast<const char *>(At), Length}, Find);
    Describe(Inner);
    Failed = Inner.Failed;
    At += Length;
  }

  bool failed() const { return Failed; }
  bool atEnd() const { return At == End; }
  uint64_t left() const { return End - At; }
  llvm::StringRef bytes(uint64_t Length) {
    if (Failed || Length > left()) {
      fail();
      return {};
    }
    llvm::StringRef Result(reinterpret_cast<const char *>(At), Length);
    At += Length;
    return Result;
  }
  void fail() { Failed = true; }

private:
  const uint8_t *At, *End;
  Lookup Find;
  bool Failed = false;
};

/// An enumeration: what is out of its range is a failure of the reader.
template <typename E> void choice(SummaryWriter &A, E &Value, E /*Last*/) {
  A.number(Value);
}
template <typename E> void choice(SummaryReader &A, E &Value, E Last) {
  uint64_t N = 0;
  A.number(N);
  if (N > static_cast<uint64_t>(Last)) {
    A.fail();
    N = 0;
  }
  Value = static_cast<E>(N);
}

template <typename Archive> void describe(Archive &A, std::string &S) {
  A.text(S);
}

template <typename Archive>
void describe(Archive &A, std::pair<std::string, std::string> &P) {
  A.text(P.first);
  A.text(P.second);
}

template <typename Archive> void describe(Archive &A, SourcePlace &P) {
  A.text(P.File);
  A.number(P.Line);
  A.number(P.Column);
}

template <typename Archive> void describe(Archive &A, CallPlace &P) {
  choice(A, P.How, Invocation::Destroy);
  describe(A, P.Where);
  A.text(P.Shown);
  A.text(P.Name);
}

template <typename Archive> void describe(Archive &A, BlockingEnd &E) {
  choice(A, E.Kind, BlockingKind::Lock);
  choice(A, E.Sure, Confidence::High);
  A.text(E.Reason);
  A.list(E.Replacement);
}

template <typename Archive> void describe(Archive &A, CallSummary &C) {
  A.record([&](auto &R) {
    describe(R, C.At);
    R.optional(C.End);
    choice(R, C.Leads, CallRelation::Callable);
    R.list(C.Targets);
    R.text(C.Virtual);
    R.text(C.Through);
    R.number(C.Parameter);
  });
}

template <typename Archive> void describe(Archive &A, ParameterPass &P) {
  A.number(P.Mine);
  A.text(P.To);
  A.number(P.Theirs);
}

template <typename Archive> void describe(Archive &A, FunctionSummary &F) {
  A.record([&](auto &R) {
    R.text(F.Key);
    R.text(F.Shown);
    R.text(F.Name);
    describe(R, F.Where);
    R.number(F.Coroutine);
    R.number(F.CallsParameter);
    R.list(F.Passes);
    R.list(F.Calls);
  });
}

template <typename Archive> void describe(Archive &A, OverrideSummary &O) {
  A.record([&](auto &R) {
    R.text(O.Base);
    R.text(O.Overrider);
  });
}

template <typename Archive> void describe(Archive &A, HarmlessFunction &F) {
  A.number(F.Key);
  A.number(F.Where);
}

template <typename Archive> void describe(Archive &A, InvalidatorSummary &I) {
  A.record([&](auto &R) {
    R.text(I.Holder);
    choice(R, I.Effect, Tie::Iterator);
    R.number(I.Replaces);
    describe(R, I.Where);
    R.text(I.In);
    R.text(I.Shown);
    R.number(I.First);
    R.list(I.Within);
    R.number(I.OfSelf);
    R.list(I.Tops);
  });
}

template <typename Archive> void describe(Archive &A, CallerSummary &C) {
  A.record([&](auto &R) {
    R.text(C.Callee);
    describe(R, C.Where);
    R.text(C.Shown);
    choice(R, C.What, Fate::Dropped);
    R.number(C.Facts);
    R.number(C.SafeSlots);
  });
}

/// Small numbers that may be negative.
template <typename Archive> void signedNumber(Archive &A, int &N) {
  constexpr int Lowest = CallersObject::Outer;
  unsigned Shifted = N - Lowest;
  A.number(Shifted);
  N = static_cast<int>(Shifted) + Lowest;
}

template <typename Archive> void describe(Archive &A, LateUseSummary &L) {
  A.record([&](auto &R) {
    signedNumber(R, L.What);
    describe(R, L.Suspended);
    describe(R, L.Use);
    R.text(L.Shown);
    R.number(L.Meanwhile);
  });
}

template <typename Archive> void describe(Archive &A, ObjectSummary &O) {
  signedNumber(A, O.Parameter);
  A.list(O.Members);
  A.number(O.Exact);
}

template <typename Archive> void describe(Archive &A, ObjectUseSummary &U) {
  describe(A, U.Object);
  choice(A, U.Use, ObjectUse::Unknown);
}

template <typename Archive> void describe(Archive &A, StepSummary &S) {
  describe(A, S.Where);
  A.text(S.Message);
}

template <typename Archive> void describe(Archive &A, unsigned &N) {
  A.number(N);
}

template <typename Archive> void describe(Archive &A, CancellationFacts &C) {
  A.record([&](auto &R) {
    choice(R, C.Cancel, Guarantee::Ignores);
    choice(R, C.How, Loss::InFrame);
    choice(R, C.Data, Payload::Commits);
    describe(R, C.Object);
    R.text(C.Operation);
    R.number(C.ReturnsMessage);
    describe(R, C.From);
    describe(R, C.To);
    R.list(C.Sends);
    R.number(C.Composed);
    R.number(C.MayReturn);
    R.list(C.Uses);
    R.list(C.Steps);
    R.list(C.Why);
    R.list(C.Needs);
  });
}

template <typename Archive> void describe(Archive &A, TaskSummary &T) {
  A.record([&](auto &R) {
    R.text(T.Key);
    describe(R, T.Where);
    R.number(T.Facts);
    R.list(T.Uses);
    R.list(T.Awaits);
    R.optional(T.Cancel);
  });
}

template <typename Archive> void describe(Archive &A, CostFactorSummary &F) {
  A.text(F.Text);
  describe(A, F.Where);
  A.number(F.Bulk);
  A.number(F.Heavy);
  A.text(F.Always);
}

template <typename Archive> void describe(Archive &A, CostStepSummary &S) {
  describe(A, S.Where);
  A.text(S.Callee);
  A.number(S.Depth);
}

template <typename Archive> void describe(Archive &A, CostWay &W) {
  A.record([&](auto &R) {
    R.list(W.Factors);
    R.list(W.Steps);
    R.text(W.To);
    R.number(W.Parts);
  });
}

template <typename Archive> void describe(Archive &A, CostSummary &C) {
  A.record([&](auto &R) {
    R.text(C.Key);
    describe(R, C.Where);
    R.list(C.Ways);
  });
}

template <typename Archive> void describe(Archive &A, TellingSummary &T) {
  A.record([&](auto &R) {
    R.text(T.Key);
    describe(R, T.Where);
    R.list(T.Names);
  });
}

template <typename Archive> void describe(Archive &A, UseSummary &U) {
  A.text(U.Key);
  A.number(U.Facts);
}

template <typename Archive> void describe(Archive &A, OtherUse &U) {
  A.number(U.Key);
}

template <typename Archive> void describe(Archive &A, FactSummary &F) {
  A.text(F.Key);
}

template <typename Archive> void describe(Archive &A, IndexedInvalidators &I) {
  A.record([&](auto &R) { R.list(I.All); });
}

template <typename Archive> void describe(Archive &A, IndexedCallers &C) {
  A.record([&](auto &R) {
    R.number(C.Count);
    R.number(C.Facts);
    R.number(C.SafeSlots);
    R.list(C.Some);
  });
}

template <typename Archive> void describe(Archive &A, IndexedStep &S) {
  A.record([&](auto &R) {
    choice(R, S.Sure, Confidence::High);
    choice(R, S.Kind, BlockingKind::Lock);
    R.number(S.Length);
    describe(R, S.At);
    choice(R, S.Leads, CallRelation::Callable);
    R.text(S.Next);
    R.optional(S.End);
  });
}

template <typename Archive> void describe(Archive &A, IndexedFunction &F) {
  A.record([&](auto &R) {
    R.text(F.Shown);
    R.text(F.Name);
    describe(R, F.Where);
    R.number(F.CallsParameter);
    R.list(F.Blocks);
  });
}

template <typename Archive> void describe(Archive &A, IndexedOverriders &O) {
  A.record([&](auto &R) {
    R.number(O.Many);
    R.list(O.Keys);
  });
}

} // namespace coro

#endif // CORO_ANALYSIS_INDEX_SUMMARYCODEC_H
