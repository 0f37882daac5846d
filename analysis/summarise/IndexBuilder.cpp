//===- IndexBuilder.cpp - Summaries of units become one index -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/blocking/EffectSolver.h"
#include "analysis/blocking/Effects.h"
#include "analysis/index/Index.h"
#include "analysis/index/IndexFormat.h"
#include "analysis/index/SummaryCodec.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/EndianStream.h"
#include "llvm/Support/OnDiskHashTable.h"
#include "llvm/Support/StringSaver.h"
#include <set>

using namespace llvm;

namespace coro {

namespace {

struct Node;

/// A call of the whole project's graph. Texts are shared: the same names stand
/// in many units.
struct Call {
  Invocation::Kind How;
  CallRelation Leads;
  StringRef File, Shown, Name;
  unsigned Line, Column;
  const BlockingEnd *End;
  SmallVector<Node *, 1> Named;
  Node *Virtual;
  Node *Behind;
  unsigned Parameter;
};

struct Fact {
  Confidence Sure = Confidence::High;
  unsigned Length = 1;
  const Call *Via = nullptr;
  Node *Target = nullptr;
};

struct Edge {
  const Call *What = nullptr;
  SmallVector<Node *, 1> Targets;
  Confidence Cap = Confidence::High;
  Node *Through = nullptr;
  unsigned Parameter = 0;

  std::optional<Fact> leaf(unsigned Kind) const {
    if (!What->End || static_cast<unsigned>(What->End->Kind) != Kind)
      return std::nullopt;
    return Fact{What->End->Sure, 1, What, nullptr};
  }
  Fact extend(unsigned, Node &Target, const Fact &Theirs,
              Confidence Sure) const {
    return {Sure, Theirs.Length + 1, What, &Target};
  }
};

struct Node {
  using FactType = Fact;
  using EdgeType = Edge;
  struct Pass {
    unsigned Mine;
    Node *To;
    unsigned Theirs;
  };

  StringRef Key, Shown, Name, File;
  unsigned Line = 0, Column = 0;
  bool Defined = false, Coroutine = false, Solved = false;
  /// Several functions have this key: nothing is known.
  bool Ambiguous = false;
  uint64_t CallsParameter = 0;
  std::vector<Call> Calls;
  std::vector<Edge> Edges;
  SmallVector<Pass, 0> Passes;
  SmallVector<std::pair<Node *, unsigned>, 0> Callers;
  std::array<std::optional<Fact>, BlockingKindCount> Facts;
  std::array<uint64_t, BlockingKindCount> Answers = {};
  SetVector<Node *> Overriders;

  auto &facts() { return Facts; }
  uint64_t &parameters() { return CallsParameter; }
  SourcePlace where() const { return {File.str(), Line, Column}; }
};

/// How records come to be in the table.
struct TableInfo {
  using key_type = StringRef;
  using key_type_ref = StringRef;
  using data_type = StringRef;
  using data_type_ref = StringRef;
  using hash_value_type = uint64_t;
  using offset_type = uint64_t;

  static hash_value_type ComputeHash(StringRef Key) { return xxh3_64bits(Key); }
  static std::pair<offset_type, offset_type>
  EmitKeyDataLength(raw_ostream &OS, StringRef Key, StringRef Data) {
    support::endian::Writer W(OS, endianness::little);
    W.write<uint32_t>(Key.size());
    W.write<uint32_t>(Data.size());
    return {Key.size(), Data.size()};
  }
  static void EmitKey(raw_ostream &OS, StringRef Key, offset_type) {
    OS << Key;
  }
  static void EmitData(raw_ostream &OS, StringRef, StringRef Data,
                       offset_type) {
    OS << Data;
  }
};

} // namespace

struct IndexBuilder::Impl {
  Node *node(StringRef Key) {
    auto [It, New] = Nodes.try_emplace(Key);
    if (New) {
      It->second = std::make_unique<Node>();
      It->second->Key = It->first();
    }
    return It->second.get();
  }

  void define(const FunctionSummary &F);
  void settleTasks();
  void settleSuspensions(uint64_t Fact, uint64_t Needed);
  bool isHarmlessElsewhere(StringRef Key, const SourcePlace &Where) const;
  bool isOnlyOne(StringRef Key, const SourcePlace &Where);
  static CostWay settled(const CostSummary &C,
                         const std::map<StringRef, CostWay> &Known);
  void settleCosts();
  void emitFacts();
  void solve();
  IndexedStep step(const Node &N, unsigned Kind);
  void emitEffects();
  template <typename T>
  void emit(Facet What, StringRef Key, T &Record, uint64_t Answer);
  template <typename T> uint64_t answer(T &Record);

  BumpPtrAllocator Memory;
  UniqueStringSaver Texts{Memory};
  StringMap<std::unique_ptr<Node>> Nodes;
  std::vector<Node *> Sorted;
  std::vector<HarmlessFunction> Harmless;
  std::map<std::string, std::vector<InvalidatorSummary>> Invalidators;
  std::map<std::string, std::vector<CallerSummary>> Callers;
  std::map<std::string, TaskSummary> Tasks;
  std::map<std::string, CostSummary> Costs;
  std::map<std::string, FactSummary> Objects;
  struct Use {
    unsigned Units = 0;
    uint64_t Facts = ~uint64_t(0); ///< of all of them
  };
  std::map<std::string, Use> Uses;
  std::vector<OtherUse> OtherUses;
  std::map<std::string, TellingSummary> Telling;
  /// Models are few, calls of what they describe are many.
  StringMap<std::unique_ptr<BlockingEnd>> Ends;

  std::string Pool;
  StringMap<uint64_t> Offsets;
  uint64_t intern(StringRef S);
  OnDiskChainedHashTableGenerator<TableInfo> Table;
};

IndexBuilder::IndexBuilder() : Made(std::make_unique<Impl>()) {}
IndexBuilder::~IndexBuilder() = default;

void IndexBuilder::Impl::define(const FunctionSummary &F) {
  Node *N = node(F.Key);
  if (N->Defined) {
    if (!(N->where() == F.Where))
      N->Ambiguous = true;
    return;
  }
  N->Defined = true;
  N->Shown = Texts.save(F.Shown);
  N->Name = Texts.save(F.Name);
  N->File = Texts.save(F.Where.File);
  N->Line = F.Where.Line;
  N->Column = F.Where.Column;
  N->Coroutine = F.Coroutine;
  N->CallsParameter = F.CallsParameter;
  for (const ParameterPass &P : F.Passes)
    if (P.Mine < 64 && P.Theirs < 64)
      N->Passes.push_back({P.Mine, node(P.To), P.Theirs});
  for (const CallSummary &C : F.Calls) {
    Call To;
    To.How = C.At.How;
    To.Leads = C.Leads;
    To.File = Texts.save(C.At.Where.File);
    To.Line = C.At.Where.Line;
    To.Column = C.At.Where.Column;
    To.Shown = Texts.save(C.At.Shown);
    To.Name = Texts.save(C.At.Name);
    To.End = nullptr;
    if (C.End) {
      SummaryWriter W([&](StringRef S) { return xxh3_64bits(S); });
      BlockingEnd Copy = *C.End;
      describe(W, Copy);
      auto &Slot = Ends[W.Bytes];
      if (!Slot)
        Slot = std::make_unique<BlockingEnd>(std::move(Copy));
      To.End = Slot.get();
    }
    for (const std::string &Target : C.Targets)
      To.Named.push_back(node(Target));
    To.Virtual = C.Virtual.empty() ? nullptr : node(C.Virtual);
    To.Behind = C.Through.empty() ? nullptr : node(C.Through);
    To.Parameter = std::min(C.Parameter, 63u);
    N->Calls.push_back(std::move(To));
  }
}

void IndexBuilder::add(const UnitSummary &Summary) {
  for (const FunctionSummary &F : Summary.Functions)
    Made->define(F);
  for (const OverrideSummary &O : Summary.Overrides)
    Made->node(O.Base)->Overriders.insert(Made->node(O.Overrider));
  for (const std::string &Key : Summary.Ambiguous)
    Made->node(Key)->Ambiguous = true;
  llvm::append_range(Made->Harmless, Summary.Harmless);
  for (const InvalidatorSummary &I : Summary.Invalidators)
    Made->Invalidators[I.Holder].push_back(I);
  for (const CallerSummary &C : Summary.Callers)
    Made->Callers[C.Callee].push_back(C);
  for (const TaskSummary &T : Summary.Tasks) {
    auto [It, New] = Made->Tasks.try_emplace(T.Key, T);
    if (!New && !(It->second.Where == T.Where))
      Made->node(T.Key)->Ambiguous = true;
  }
  for (const CostSummary &C : Summary.Costs) {
    auto [It, New] = Made->Costs.try_emplace(C.Key, C);
    if (!New && !(It->second.Where == C.Where))
      Made->node(C.Key)->Ambiguous = true;
  }
  for (const TellingSummary &T : Summary.Telling) {
    auto [It, New] = Made->Telling.try_emplace(T.Key, T);
    if (!New && !(It->second.Where == T.Where))
      Made->node(T.Key)->Ambiguous = true;
  }
  for (const FactSummary &F : Summary.Made)
    Made->Objects.try_emplace(F.Key, F);
  for (const UseSummary &U : Summary.Uses) {
    Impl::Use &All = Made->Uses[U.Key];
    ++All.Units;
    All.Facts &= U.Facts;
  }
  llvm::append_range(Made->OtherUses, Summary.OtherUses);
}

/// Is there a harmless function of the same key in another place?
bool IndexBuilder::Impl::isHarmlessElsewhere(StringRef Key,
                                             const SourcePlace &Where) const {
  HarmlessFunction Here = HarmlessFunction::of(Key, Where);
  auto It = llvm::lower_bound(Harmless, HarmlessFunction{Here.Key, 0});
  for (; It != Harmless.end() && It->Key == Here.Key; ++It)
    if (It->Where != Here.Where)
      return true;
  return false;
}

/// Is the function at \p Where the only one that has its key?
bool IndexBuilder::Impl::isOnlyOne(StringRef Key, const SourcePlace &Where) {
  const Node *N = node(Key);
  return !N->Ambiguous && !(N->Defined && !(N->where() == Where)) &&
         !isHarmlessElsewhere(Key, Where);
}

void IndexBuilder::Impl::solve() {
  for (auto &Entry : Nodes)
    Sorted.push_back(Entry.second.get());
  llvm::sort(Sorted, [](Node *A, Node *B) { return A->Key < B->Key; });
  llvm::sort(Harmless);
  for (Node *N : Sorted) {
    if (N->Defined && !N->Ambiguous)
      N->Ambiguous = isHarmlessElsewhere(N->Key, N->where());
    if (N->Ambiguous) {
      N->CallsParameter = 0;
      N->Passes.clear();
      continue;
    }
    for (const Call &C : N->Calls) {
      Edge E;
      E.What = &C;
      E.Targets.assign(C.Named.begin(), C.Named.end());
      if (C.Virtual) {
        SmallVector<Node *, MaxOverriders> Known;
        for (Node *O : C.Virtual->Overriders)
          if (!O->Coroutine)
            Known.push_back(O);
        if (Known.empty() || C.Virtual->Overriders.size() > MaxOverriders)
          continue;
        E.Targets.append(Known.begin(), Known.end());
      }
      if (any_of(E.Targets, [](Node *T) { return T->Coroutine; }))
        continue;
      E.Through = C.Behind;
      E.Parameter = C.Parameter;
      N->Edges.push_back(std::move(E));
    }
  }
  EffectSolver<Node>::solveParameters(Sorted);
  EffectSolver<Node>::solveBlocking(Sorted, BlockingKindCount);
}

uint64_t IndexBuilder::Impl::intern(StringRef S) {
  auto [It, New] = Offsets.try_emplace(S, Pool.size());
  if (New) {
    raw_string_ostream OS(Pool);
    encodeULEB128(S.size(), OS);
    support::endian::write<uint32_t>(OS, checksum(S), endianness::little);
    OS << S;
  }
  return It->second;
}

/// A number for what \p Record says: its bytes with the texts themselves in
/// place of where they are kept.
template <typename T> uint64_t IndexBuilder::Impl::answer(T &Record) {
  SummaryWriter W([](StringRef S) { return xxh3_64bits(S); });
  describe(W, Record);
  return xxh3_64bits(W.Bytes);
}

template <typename T>
void IndexBuilder::Impl::emit(Facet What, StringRef Key, T &Record,
                              uint64_t Answer) {
  SummaryWriter W([this](StringRef S) { return intern(S); });
  describe(W, Record);
  std::string Rest;
  raw_string_ostream OS(Rest);
  // 0 is the answer of an index that knows nothing.
  support::endian::write<uint64_t>(OS, Answer ? Answer : 1, endianness::little);
  OS << W.Bytes;
  std::string Name = tableKey(What, Key), Data;
  raw_string_ostream Whole(Data);
  support::endian::write<uint32_t>(Whole, checksum(Name + Rest),
                                   endianness::little);
  Whole << Rest;
  StringSaver Keep(Memory);
  Table.insert(Keep.save(Name), Keep.save(Data));
}

IndexedStep IndexBuilder::Impl::step(const Node &N, unsigned Kind) {
  const Fact &Known = *N.Facts[Kind];
  IndexedStep Step;
  Step.Sure = Known.Sure;
  Step.Kind = static_cast<BlockingKind>(Kind);
  Step.Length = Known.Length;
  Step.At.How = Known.Via->How;
  Step.At.Where = {Known.Via->File.str(), Known.Via->Line, Known.Via->Column};
  Step.At.Shown = Known.Via->Shown.str();
  Step.At.Name = Known.Via->Name.str();
  Step.Leads = Known.Via->Leads;
  if (Known.Target) {
    Step.Next = Known.Target->Key.str();
    // A virtual function's own body is no overrider of it.
    if (Known.Target == Known.Via->Virtual)
      Step.Leads = CallRelation::Direct;
  } else {
    Step.End = *Known.Via->End;
  }
  return Step;
}

void IndexBuilder::Impl::emitEffects() {
  // The answer about a step contains those about the steps behind it, so that
  // it changes with them: shorter ways come first.
  std::vector<std::tuple<unsigned, Node *, unsigned>> Steps;
  for (Node *N : Sorted)
    for (unsigned Kind = 0; Kind < BlockingKindCount; ++Kind)
      if (N->Facts[Kind])
        Steps.emplace_back(N->Facts[Kind]->Length, N, Kind);
  llvm::sort(Steps, [](const auto &A, const auto &B) {
    return std::get<0>(A) < std::get<0>(B);
  });
  for (auto [Length, N, Kind] : Steps) {
    IndexedStep Step = step(*N, Kind);
    N->Answers[Kind] = answer(Step);
    if (const Node *Target = N->Facts[Kind]->Target)
      N->Answers[Kind] += 31 * Target->Answers[Kind];
  }
  for (Node *N : Sorted) {
    IndexedFunction F;
    F.Shown = N->Shown.str();
    F.Name = N->Name.str();
    F.Where = N->where();
    F.CallsParameter = N->CallsParameter;
    uint64_t Behind = 0;
    for (unsigned Kind = 0; Kind < BlockingKindCount; ++Kind)
      if (N->Facts[Kind]) {
        F.Blocks.push_back(step(*N, Kind));
        Behind = 31 * Behind + N->Answers[Kind];
      }
    if (!F.Blocks.empty() || F.CallsParameter)
      emit(Facet::Effects, N->Key, F, answer(F) + 31 * Behind);
  }
}

/// Settles what tasks say under the condition of others. A guarantee needs
/// those that it was made from; the least fixpoint, so that recursion proves
/// nothing.
void IndexBuilder::Impl::settleTasks() {
  for (auto It = Tasks.begin(); It != Tasks.end();)
    It = node(It->first)->Ambiguous ? Tasks.erase(It) : std::next(It);
  std::map<StringRef, std::vector<TaskSummary *>> Waiting;
  std::map<const TaskSummary *, size_t> Open;
  std::vector<TaskSummary *> Settled;
  for (auto &[Key, T] : Tasks) {
    if (!T.Cancel)
      continue;
    Open[&T] = T.Cancel->Needs.size();
    if (T.Cancel->Needs.empty())
      Settled.push_back(&T);
    for (const std::string &Needed : T.Cancel->Needs)
      Waiting[Needed].push_back(&T);
  }
  while (!Settled.empty()) {
    TaskSummary *T = Settled.back();
    Settled.pop_back();
    if (!T->Cancel->isHarmless())
      continue;
    auto It = Waiting.find(T->Key);
    if (It == Waiting.end())
      continue;
    for (TaskSummary *Other : It->second)
      if (--Open[Other] == 0)
        Settled.push_back(Other);
  }
  for (auto &[Key, T] : Tasks)
    if (T.Cancel) {
      if (Open[&T] != 0)
        T.Cancel.reset();
      else
        T.Cancel->Needs.clear();
    }
}

/// That a task never suspends, or could be a plain function, holds if it holds
/// for those that it awaits; the greatest fixpoint, since recursion alone makes
/// none suspend.
void IndexBuilder::Impl::settleSuspensions(uint64_t Fact, uint64_t Needed) {
  std::map<StringRef, std::vector<TaskSummary *>> Awaiting;
  std::vector<std::string> Work;
  for (auto &[Key, T] : Tasks)
    for (const std::string &Other : T.Awaits) {
      Awaiting[Other].push_back(&T);
      auto It = Tasks.find(Other);
      if (It == Tasks.end() || (It->second.Facts & Needed) != Needed)
        Work.push_back(Other);
    }
  while (!Work.empty()) {
    std::string Key = std::move(Work.back());
    Work.pop_back();
    auto It = Awaiting.find(Key);
    if (It == Awaiting.end())
      continue;
    for (TaskSummary *T : It->second)
      if (T->Facts & Fact) {
        T->Facts &= ~Fact;
        Work.push_back(T->Key);
      }
  }
}

/// The most expensive of the ways of \p C, with what the functions at their
/// ends take as far as that is \p Known.
CostWay IndexBuilder::Impl::settled(const CostSummary &C,
                                    const std::map<StringRef, CostWay> &Known) {
  // More says nothing new to a reader.
  constexpr size_t MaxFactors = 6, MaxSteps = 8;
  CostWay Best;
  for (const CostWay &Way : C.Ways) {
    CostWay Whole = Way;
    Whole.To.clear();
    Whole.Parts = false;
    if (!Way.To.empty()) {
      auto It = Known.find(Way.To);
      if (It == Known.end() || It->second.Factors.empty() ||
          (Way.Parts && !It->second.always()))
        continue;
      unsigned Around = Way.Factors.size();
      llvm::append_range(Whole.Factors, It->second.Factors);
      for (CostStepSummary Step : It->second.Steps) {
        Step.Depth += Around;
        Whole.Steps.push_back(std::move(Step));
      }
    }
    if (Whole.Factors.size() > MaxFactors)
      Whole.Factors.resize(MaxFactors);
    if (Whole.Steps.size() > MaxSteps)
      Whole.Steps.resize(MaxSteps);
    if (Whole.weight() > Best.weight())
      Best = std::move(Whole);
  }
  return Best;
}

/// What functions take, those first that others call. Where functions of
/// several units call each other the circle is cut where it closes.
void IndexBuilder::Impl::settleCosts() {
  for (auto It = Costs.begin(); It != Costs.end();)
    It = isOnlyOne(It->first, It->second.Where) ? std::next(It)
                                                : Costs.erase(It);
  std::map<StringRef, CostWay> Known;
  std::set<StringRef> Begun;
  for (auto &[First, Ignored] : Costs) {
    std::vector<StringRef> Work;
    auto Begin = [&](StringRef Key) {
      if (Begun.insert(Key).second)
        Work.push_back(Key);
    };
    Begin(First);
    while (!Work.empty()) {
      StringRef Key = Work.back();
      const CostSummary &C = Costs.find(Key.str())->second;
      size_t Before = Work.size();
      for (const CostWay &Way : C.Ways)
        if (auto It = Costs.find(Way.To); It != Costs.end())
          Begin(It->first);
      if (Work.size() > Before)
        continue;
      Work.pop_back();
      Known[Key] = settled(C, Known);
    }
  }
  for (auto &[Key, C] : Costs)
    C.Ways = {std::move(Known[Key])};
}

/// Facts about lifetimes, tasks and costs, in the order of their keys.
void IndexBuilder::Impl::emitFacts() {
  // More than these are looked at by nobody.
  constexpr size_t MaxOperations = 8, MaxCallers = 8;
  for (auto &[Key, Found] : Invalidators) {
    auto Order = [](const InvalidatorSummary &I) {
      return std::tie(I.Effect, I.Where, I.In);
    };
    llvm::sort(Found, [&](const auto &A, const auto &B) {
      return Order(A) < Order(B);
    });
    // What a header contains is told by every unit that includes it.
    Found.erase(std::unique(Found.begin(), Found.end(),
                            [&](const auto &A, const auto &B) {
                              return Order(A) == Order(B);
                            }),
                Found.end());
    if (Found.size() > MaxOperations)
      Found.resize(MaxOperations);
    IndexedInvalidators I{std::move(Found)};
    emit(Facet::Invalidators, Key, I, answer(I));
  }
  for (auto &[Key, Found] : Callers) {
    if (node(Key)->Ambiguous)
      continue;
    auto Order = [](const CallerSummary &C) {
      return std::make_tuple(!(C.Facts & CallerSummary::LeavesObject),
                             C.What != Fate::Spawned, std::cref(C.Where),
                             std::cref(C.Shown), C.What, C.Facts, C.SafeSlots);
    };
    llvm::sort(Found, [&](const auto &A, const auto &B) {
      return Order(A) < Order(B);
    });
    Found.erase(std::unique(Found.begin(), Found.end(),
                            [&](const auto &A, const auto &B) {
                              return !(Order(A) < Order(B));
                            }),
                Found.end());
    IndexedCallers C;
    C.Count = Found.size();
    C.Facts = C.SafeSlots = ~uint64_t(0);
    for (const CallerSummary &One : Found) {
      C.Facts &= One.Facts;
      C.SafeSlots &= One.SafeSlots;
    }
    if (Found.size() > MaxCallers)
      Found.resize(MaxCallers);
    C.Some = std::move(Found);
    emit(Facet::Callers, Key, C, answer(C));
  }
  settleTasks();
  settleSuspensions(TaskSummary::NeverSuspends,
                    TaskSummary::NeverSuspends | TaskSummary::StartsInPlace);
  settleSuspensions(TaskSummary::Plain, TaskSummary::Plain);
  for (auto &[Key, T] : Tasks) {
    T.Awaits.clear();
    if (T.Uses.empty() && !T.Cancel && !(T.Facts & TaskSummary::NeverSuspends))
      continue;
    emit(Facet::Tasks, Key, T, answer(T));
  }
  settleCosts();
  for (auto &[Key, C] : Costs)
    if (!C.Ways.front().Factors.empty())
      emit(Facet::Costs, Key, C, answer(C));
  for (auto &[Key, T] : Telling)
    if (isOnlyOne(Key, T.Where))
      emit(Facet::Telling, Key, T, answer(T));
  for (auto &[Key, F] : Objects)
    emit(Facet::Made, Key, F, answer(F));
  llvm::sort(OtherUses);
  for (auto &[Key, All] : Uses) {
    if (llvm::binary_search(OtherUses, OtherUse::of(Key)))
      continue;
    FactSummary F{Key};
    if (All.Units == 1 && (All.Facts & UseSummary::OnceInMain))
      emit(Facet::OnceInMain, Key, F, answer(F));
    if (All.Facts & UseSummary::OnNewObject)
      emit(Facet::OnNewObject, Key, F, answer(F));
  }
}

void IndexBuilder::write(raw_ostream &OS, StringRef Root) {
  Impl &I = *Made;
  I.solve();
  uint64_t RootText = I.intern(Root);
  I.emitEffects();
  for (Node *N : I.Sorted) {
    if (N->Overriders.empty())
      continue;
    IndexedOverriders O;
    O.Many = N->Overriders.size() > MaxOverriders;
    if (!O.Many)
      for (Node *One : N->Overriders)
        if (!One->Coroutine)
          O.Keys.push_back(One->Key.str());
    llvm::sort(O.Keys);
    I.emit(Facet::Overriders, N->Key, O, I.answer(O));
  }

  I.emitFacts();

  SmallVector<char, 0> Bytes;
  raw_svector_ostream Out(Bytes);
  Out << IndexMagic;
  Out.write_zeros(heading::End - heading::Version);
  Out << I.Pool;
  uint64_t Table = I.Table.Emit(Out);
  auto Put = [&](size_t Offset, uint64_t Number) {
    support::endian::write64le(Bytes.data() + Offset, Number);
  };
  support::endian::write32le(Bytes.data() + heading::Version, IndexVersion);
  Put(heading::Size, Bytes.size());
  Put(heading::TextBegin, heading::End);
  Put(heading::TextEnd, heading::End + I.Pool.size());
  Put(heading::Table, Table);
  Put(heading::Root, RootText);
  Put(heading::Checksum,
      xxh3_64bits(StringRef(Bytes.data(), heading::Checksum)));
  OS << StringRef(Bytes.data(), Bytes.size());
}

} // namespace coro
