//===- IndexTest.cpp - Tests of summaries and of the index ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/index/Index.h"
#include "Parse.h"
#include "analysis/blocking/Effects.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include <chrono>

using namespace coro;
using namespace coro::test;
using namespace llvm;

namespace {

/// A unit with one function that calls another, or sleep().
UnitSummary unit(unsigned Number, bool Last) {
  UnitSummary S;
  S.Unit = "src/u" + std::to_string(Number) + ".cpp";
  FunctionSummary F;
  F.Key = "c:@F@f" + std::to_string(Number) + "#";
  F.Shown = "'f" + std::to_string(Number) + "'";
  F.Name = "f" + std::to_string(Number);
  F.Where = {S.Unit, 3, 6};
  CallSummary C;
  C.At.Where = {S.Unit, 4, 3};
  if (Last) {
    C.At.Shown = "'sleep'";
    C.At.Name = "sleep";
    C.End.emplace();
    C.End->Kind = BlockingKind::Sleep;
    C.End->Reason = "puts the thread to sleep";
  } else {
    C.At.Name = "f" + std::to_string(Number + 1);
    C.At.Shown = "'" + C.At.Name + "'";
    C.Targets = {"c:@F@f" + std::to_string(Number + 1) + "#"};
  }
  F.Calls.push_back(C);
  S.Functions.push_back(F);
  return S;
}

/// A coroutine of unit \p Number that awaits one of the next, or nothing.
TaskSummary taskOf(unsigned Number, bool Last) {
  TaskSummary T;
  T.Key = "c:@F@t" + std::to_string(Number) + "#";
  T.Where = {"src/u" + std::to_string(Number) + ".cpp", 7, 8};
  T.Facts = TaskSummary::Coroutine | TaskSummary::StartsInPlace |
            TaskSummary::NeverSuspends | TaskSummary::Plain;
  T.Cancel.emplace();
  T.Cancel->Cancel = Guarantee::Total;
  if (!Last) {
    T.Awaits = {"c:@F@t" + std::to_string(Number + 1) + "#"};
    T.Cancel->Needs = T.Awaits;
  }
  T.Uses.push_back(
      {0, {T.Where.File, 8, 3}, {T.Where.File, 9, 3}, "'t'", true});
  return T;
}

std::string link(ArrayRef<UnitSummary> Units) {
  IndexBuilder Builder;
  for (const UnitSummary &One : Units)
    Builder.add(One);
  std::string Bytes;
  raw_string_ostream OS(Bytes);
  Builder.write(OS, "..");
  return Bytes;
}

/// \p Bytes as a file that is mapped.
struct Opened {
  explicit Opened(StringRef Bytes) {
    int FD;
    EXPECT_FALSE(sys::fs::createTemporaryFile("coro", "index", FD, Path));
    raw_fd_ostream(FD, /*shouldClose=*/true) << Bytes;
    Expected<std::shared_ptr<const Index>> Made = Index::open(Path);
    if (Made)
      Found = *Made;
    else
      Problem = toString(Made.takeError());
  }
  ~Opened() { sys::fs::remove(Path); }

  std::optional<IndexedFunction> effects(StringRef Key) {
    return Found->effects(Key, Damaged);
  }

  SmallString<128> Path;
  std::shared_ptr<const Index> Found;
  std::string Problem;
  bool Damaged = false;
};

} // namespace

TEST(IndexTest, SummariesSurviveTheirFile) {
  UnitSummary S = unit(1, true);
  S.Functions[0].CallsParameter = uint64_t(1) << 63;
  S.Functions[0].Passes.push_back({1, "c:@F@g#", 2});
  S.Functions[0].Calls[0].End->Replacement = {{"asio", "a timer"}};
  S.Overrides.push_back({"c:@S@B@F@f#", "c:@S@D@F@f#"});
  S.Ambiguous.push_back("c:@F@twice#");
  S.Harmless.push_back({1, ~uint64_t(0)});
  S.Invalidators.push_back({"c:@S@S@FI@m|src/s.h:3:5",
                            Tie::Iterator,
                            true,
                            S.Functions[0].Where,
                            S.Functions[0].Key,
                            "'S::drop'",
                            true,
                            {"c:@S@S@FI@all|src/s.h:2:5"},
                            true,
                            {"c:@F@top#"}});
  S.Made.push_back({"c:@S@S|src/s.h:1:8"});
  S.Uses.push_back({"c:@S@S@F@open#", UseSummary::OnceInMain});
  S.OtherUses.push_back(OtherUse::of("c:@F@other#"));
  S.Telling.push_back({"c:@F@asks#", S.Functions[0].Where, {"A", "B"}});
  S.Callers.push_back({"c:@F@t1#", S.Functions[0].Where, "'start'",
                       Fate::Dropped, CallerSummary::FrameReferred,
                       ~uint64_t(0)});
  S.Tasks.push_back(taskOf(1, false));
  CancellationFacts &C = *S.Tasks[0].Cancel;
  C.How = Loss::InFrame;
  C.Data = Payload::Commits;
  C.Object = {CallersObject::This, {"socket_", "next_layer()"}, false};
  C.Sends = {2};
  C.Uses.push_back({{1, {}, true}, ObjectUse::Closes});
  C.Steps.push_back({S.Functions[0].Where, "it is started here"});
  S.Tasks[0].Uses[0].What = ObjectSlot;
  CostWay Way;
  Way.Factors.push_back({"rows", S.Functions[0].Where, true, false, ""});
  Way.Steps.push_back({S.Functions[0].Where, "'f2'", 1});
  Way.To = "c:@F@f2#";
  Way.Parts = true;
  S.Costs.push_back({"c:@F@f1#", S.Functions[0].Where, {Way}});
  std::string Bytes = write(S);
  EXPECT_EQ(Bytes, write(S));
  Expected<UnitSummary> Read = readSummary(Bytes);
  ASSERT_TRUE(bool(Read));
  EXPECT_EQ(write(*Read), Bytes);
  EXPECT_EQ(Read->Functions[0].CallsParameter, uint64_t(1) << 63);
  EXPECT_EQ(Read->Functions[0].Calls[0].End->Replacement[0].second, "a timer");
  EXPECT_EQ(Read->Invalidators[0].Effect, Tie::Iterator);
  EXPECT_EQ(Read->Callers[0].SafeSlots, ~uint64_t(0));
  EXPECT_EQ(Read->Tasks[0].Uses[0].What, ObjectSlot);
  EXPECT_EQ(Read->Tasks[0].Cancel->Object.Parameter, CallersObject::This);
  EXPECT_EQ(Read->Tasks[0].Cancel->Uses[0].Object.Parameter, 1);
  EXPECT_EQ(Read->Costs[0].Ways[0].Steps[0].Depth, 1u);
  EXPECT_TRUE(Read->Costs[0].Ways[0].Parts);
}

TEST(IndexTest, EveryCutAndEveryFlipOfASummaryIsNoticed) {
  std::string Bytes = write(unit(1, false));
  for (size_t Length = 0; Length < Bytes.size(); ++Length) {
    Expected<UnitSummary> Read =
        readSummary(StringRef(Bytes).take_front(Length));
    EXPECT_FALSE(bool(Read)) << Length;
    consumeError(Read.takeError());
  }
  for (size_t At = 0; At < Bytes.size(); ++At) {
    std::string Other = Bytes;
    Other[At] ^= 0x21;
    Expected<UnitSummary> Read = readSummary(Other);
    EXPECT_FALSE(bool(Read)) << At;
    consumeError(Read.takeError());
  }
}

TEST(IndexTest, ChainsGoThroughUnits) {
  Opened I(link({unit(3, true), unit(1, false), unit(2, false)}));
  std::optional<IndexedFunction> F = I.effects("c:@F@f1#");
  ASSERT_TRUE(F && F->Blocks.size() == 1);
  EXPECT_EQ(F->Blocks[0].Length, 3u);
  EXPECT_EQ(F->Blocks[0].Next, "c:@F@f2#");
  EXPECT_FALSE(F->Blocks[0].End);
  F = I.effects("c:@F@f3#");
  ASSERT_TRUE(F && F->Blocks[0].End);
  EXPECT_EQ(F->Blocks[0].End->Reason, "puts the thread to sleep");
  EXPECT_FALSE(I.effects("c:@F@f4#"));
  EXPECT_FALSE(I.Damaged);
}

TEST(IndexTest, AnswersChangeWithWhatIsBehindThem) {
  UnitSummary Moved = unit(3, true);
  Moved.Functions[0].Calls[0].At.Where.Line = 9;
  Opened A(
      link({unit(1, false), unit(2, false), unit(3, true), unit(7, true)}));
  Opened B(link({unit(1, false), unit(2, false), Moved, unit(7, true)}));
  auto Same = [&](StringRef Key) {
    return A.Found->answer(Facet::Effects, Key) ==
           B.Found->answer(Facet::Effects, Key);
  };
  EXPECT_FALSE(Same("c:@F@f1#"));
  EXPECT_FALSE(Same("c:@F@f3#"));
  EXPECT_TRUE(Same("c:@F@f7#"));
  EXPECT_EQ(A.Found->answer(Facet::Effects, "c:@F@none#"), 0u);
}

TEST(IndexTest, NothingIsKnownOfWhatIsDefinedTwice) {
  UnitSummary Other = unit(2, true);
  Other.Functions[0].Where.File = "tests/fake.cpp";
  EXPECT_FALSE(
      Opened(link({unit(1, false), unit(2, true), Other})).effects("c:@F@f1#"));
  UnitSummary Fake;
  Fake.Harmless = {HarmlessFunction::of("c:@F@f2#", {"tests/fake.cpp", 1, 1})};
  EXPECT_FALSE(
      Opened(link({unit(1, false), unit(2, true), Fake})).effects("c:@F@f1#"));
  // The same definition in a configuration in which it does nothing.
  Fake.Harmless = {HarmlessFunction::of("c:@F@f2#", {"src/u2.cpp", 3, 6})};
  EXPECT_TRUE(
      Opened(link({unit(1, false), unit(2, true), Fake})).effects("c:@F@f1#"));
  UnitSummary Coroutine = unit(2, true);
  Coroutine.Functions[0].Coroutine = true;
  EXPECT_FALSE(Opened(link({unit(1, false), Coroutine})).effects("c:@F@f1#"));
}

TEST(IndexTest, GuaranteesRestOnThoseOfOtherUnits) {
  auto Link = [](ArrayRef<TaskSummary> Tasks) {
    std::vector<UnitSummary> Units;
    for (const TaskSummary &T : Tasks) {
      Units.emplace_back();
      Units.back().Unit = T.Where.File;
      Units.back().Tasks = {T};
    }
    return link(Units);
  };
  auto Of = [](Opened &I, StringRef Key) {
    return I.Found->task(Key, I.Damaged);
  };
  // Down a chain, in whichever order.
  Opened Chain(Link({taskOf(2, false), taskOf(1, false), taskOf(3, true)}));
  std::optional<TaskSummary> T = Of(Chain, "c:@F@t1#");
  ASSERT_TRUE(T && T->Cancel);
  EXPECT_EQ(T->Cancel->Cancel, Guarantee::Total);
  EXPECT_TRUE(T->Facts & TaskSummary::NeverSuspends);
  EXPECT_TRUE(T->Facts & TaskSummary::Plain);
  // The last one is not there.
  Opened Cut(Link({taskOf(1, false), taskOf(2, false)}));
  T = Of(Cut, "c:@F@t1#");
  ASSERT_TRUE(T);
  EXPECT_FALSE(T->Cancel);
  EXPECT_FALSE(T->Facts & TaskSummary::NeverSuspends);
  // It loses something, starts on another thread, is an interface.
  TaskSummary Loses = taskOf(2, true), Moves = Loses, Needed = Loses;
  Loses.Cancel->Cancel = Guarantee::Terminal;
  Moves.Facts &= ~TaskSummary::StartsInPlace;
  Needed.Facts &= ~TaskSummary::Plain;
  Opened A(Link({taskOf(1, false), Loses})), B(Link({taskOf(1, false), Moves})),
      C(Link({taskOf(1, false), Needed}));
  EXPECT_FALSE(Of(A, "c:@F@t1#")->Cancel);
  EXPECT_FALSE(Of(B, "c:@F@t1#")->Facts & TaskSummary::NeverSuspends);
  EXPECT_TRUE(Of(C, "c:@F@t1#")->Facts & TaskSummary::NeverSuspends);
  EXPECT_FALSE(Of(C, "c:@F@t1#")->Facts & TaskSummary::Plain);
  // Recursion alone suspends nobody, and proves no guarantee.
  TaskSummary Round = taskOf(2, false);
  Round.Awaits = Round.Cancel->Needs = {"c:@F@t1#"};
  Opened Circle(Link({taskOf(1, false), Round}));
  EXPECT_TRUE(Of(Circle, "c:@F@t1#")->Facts & TaskSummary::NeverSuspends);
  EXPECT_FALSE(Of(Circle, "c:@F@t1#")->Cancel);
  // Two bodies.
  TaskSummary Fake = taskOf(2, true);
  Fake.Where.File = "tests/fake.cpp";
  Opened Twice(Link({taskOf(1, false), taskOf(2, true), Fake}));
  EXPECT_FALSE(Of(Twice, "c:@F@t2#"));
  EXPECT_FALSE(Of(Twice, "c:@F@t1#")->Cancel);
  EXPECT_FALSE(Chain.Damaged || Cut.Damaged || Circle.Damaged);
}

/// What function \p Number of its own unit takes: \p Factors around the call of
/// function \p To, if that is not 0.
static UnitSummary costOf(unsigned Number, ArrayRef<const char *> Factors,
                          unsigned To = 0, bool Parts = false) {
  UnitSummary S;
  S.Unit = "src/u" + std::to_string(Number) + ".cpp";
  CostWay Way;
  for (const char *Text : Factors)
    Way.Factors.push_back({Text, {S.Unit, 4, 3}, false, false, ""});
  if (To) {
    Way.To = "c:@F@f" + std::to_string(To) + "#";
    Way.Steps.push_back({{S.Unit, 5, 3},
                         "'f" + std::to_string(To) + "'",
                         unsigned(Factors.size())});
  }
  Way.Parts = Parts;
  S.Costs.push_back(
      {"c:@F@f" + std::to_string(Number) + "#", {S.Unit, 3, 6}, {Way}});
  return S;
}

TEST(IndexTest, CostsGoThroughUnits) {
  auto Of = [](Opened &I, unsigned Number) {
    std::string Text;
    if (auto C =
            I.Found->cost("c:@F@f" + std::to_string(Number) + "#", I.Damaged))
      for (const CostFactorSummary &F : C->Ways.at(0).Factors)
        Text += F.Text + " ";
    return Text;
  };
  Opened Chain(
      link({costOf(1, {"a"}, 2), costOf(3, {"c"}), costOf(2, {"b"}, 3),
            costOf(4, {}, 3), costOf(5, {}, 9), costOf(6, {"f"}, 3, true)}));
  EXPECT_EQ(Of(Chain, 1), "a b c ");
  EXPECT_EQ(Of(Chain, 4), "c ");
  EXPECT_EQ(Of(Chain, 5), "");
  EXPECT_EQ(Of(Chain, 6), "");
  auto C = Chain.Found->cost("c:@F@f1#", Chain.Damaged);
  ASSERT_TRUE(C && C->Ways.size() == 1 && C->Ways[0].Steps.size() == 2);
  EXPECT_EQ(C->Ways[0].Steps[0].Depth, 1u);
  EXPECT_EQ(C->Ways[0].Steps[1].Depth, 2u);
  EXPECT_EQ(C->Ways[0].Steps[1].Callee, "'f3'");
  // Of parts only what always takes long counts.
  UnitSummary Slow = costOf(3, {"1"});
  Slow.Costs[0].Ways[0].Factors[0].Always = "is slow on purpose";
  Opened Always(link({costOf(6, {"f"}, 3, true), Slow}));
  EXPECT_EQ(Of(Always, 6), "f 1 ");
  // A circle is cut where it closes, whichever unit comes first.
  Opened A(link({costOf(1, {"a"}, 2), costOf(2, {"b"}, 1), costOf(3, {"c"})})),
      B(link({costOf(2, {"b"}, 1), costOf(3, {"c"}), costOf(1, {"a"}, 2)}));
  EXPECT_EQ(Of(A, 1), Of(B, 1));
  EXPECT_EQ(Of(A, 3), "c ");
  // Two bodies, one of which may take no time at all.
  UnitSummary Fake;
  Fake.Harmless = {HarmlessFunction::of("c:@F@f3#", {"tests/fake.cpp", 1, 1})};
  Opened Twice(link({costOf(1, {"a"}, 3), costOf(3, {"c"}), Fake}));
  EXPECT_EQ(Of(Twice, 3), "");
  EXPECT_EQ(Of(Twice, 1), "");
  // The answer changes with what is behind it.
  UnitSummary Moved = costOf(3, {"c"});
  Moved.Costs[0].Ways[0].Factors[0].Where.Line = 9;
  Opened Before(link({costOf(1, {"a"}, 3), costOf(3, {"c"})})),
      After(link({costOf(1, {"a"}, 3), Moved}));
  EXPECT_NE(Before.Found->answer(Facet::Costs, "c:@F@f1#"),
            After.Found->answer(Facet::Costs, "c:@F@f1#"));
  EXPECT_FALSE(Chain.Damaged || Always.Damaged || A.Damaged || B.Damaged);
}

TEST(IndexTest, CallsAndOperationsAreJoined) {
  UnitSummary One = unit(1, true), Two = unit(2, true);
  auto Add = [](UnitSummary &To, unsigned Line, uint64_t Facts, uint64_t Safe) {
    To.Callers.push_back(
        {"c:@F@t#", {To.Unit, Line, 1}, "'start'", Fate::Awaited, Facts, Safe});
    To.Invalidators.push_back({"c:@S@S@FI@m|src/s.h:3:5",
                               Line % 2 ? Tie::Iterator : Tie::Removal,
                               false,
                               {"src/s.h", Line, 1},
                               "c:@F@drop#",
                               "'drop'",
                               false,
                               {},
                               false,
                               {}});
  };
  for (unsigned Line = 1; Line <= 20; ++Line) {
    Add(One, Line, CallerSummary::AwaitedDirectly | CallerSummary::LockHeld, 3);
    Add(Two, Line,
        Line == 20 ? CallerSummary::LockHeld | CallerSummary::LeavesObject
                   : CallerSummary::LockHeld,
        Line == 7 ? 1 : 3);
  }
  Opened A(link({One, Two})), B(link({Two, One}));
  std::optional<IndexedCallers> Calls = A.Found->callers("c:@F@t#", A.Damaged);
  ASSERT_TRUE(Calls);
  EXPECT_EQ(Calls->Count, 40u);
  EXPECT_EQ(Calls->Facts, uint64_t(CallerSummary::LockHeld));
  EXPECT_EQ(Calls->SafeSlots, 1u);
  ASSERT_FALSE(Calls->Some.empty());
  EXPECT_EQ(Calls->Some[0].Where.Line, 20u);
  std::optional<IndexedInvalidators> Ends =
      A.Found->invalidators("c:@S@S@FI@m|src/s.h:3:5", A.Damaged);
  ASSERT_TRUE(Ends);
  // A header's are told by both, and removals come first.
  EXPECT_EQ(Ends->All.size(), 8u);
  EXPECT_EQ(Ends->All[0].Effect, Tie::Removal);
  EXPECT_EQ(Ends->All[1].Where.Line, 4u);
  for (Facet What : {Facet::Callers, Facet::Invalidators})
    for (StringRef Key : {"c:@F@t#", "c:@S@S@FI@m|src/s.h:3:5"})
      EXPECT_EQ(A.Found->answer(What, Key), B.Found->answer(What, Key));
}

TEST(IndexTest, FactsHoldOfTheWholeProject) {
  UnitSummary Main, Other;
  Main.Made.push_back({"c:@S@S|src/s.h:1:8"});
  Main.Uses.push_back({"c:@F@open#", UseSummary::OnceInMain});
  Main.Uses.push_back({"c:@S@S@F@set#", UseSummary::OnNewObject});
  Opened Alone(link({Main}));
  auto Holds = [](Opened &In, Facet What, StringRef Key) {
    return In.Found->fact(What, Key, In.Damaged).has_value();
  };
  EXPECT_TRUE(Holds(Alone, Facet::Made, "c:@S@S|src/s.h:1:8"));
  EXPECT_FALSE(Holds(Alone, Facet::Made, "c:@S@T|src/s.h:1:8"));
  EXPECT_TRUE(Holds(Alone, Facet::OnceInMain, "c:@F@open#"));
  EXPECT_FALSE(Holds(Alone, Facet::OnNewObject, "c:@F@open#"));
  EXPECT_TRUE(Holds(Alone, Facet::OnNewObject, "c:@S@S@F@set#"));
  // Two units agree, and name one function of main().
  Other.Uses.push_back({"c:@S@S@F@set#", UseSummary::OnNewObject});
  Other.OtherUses.push_back(OtherUse::of("c:@F@open#"));
  Opened Both(link({Main, Other}));
  EXPECT_TRUE(Holds(Both, Facet::Made, "c:@S@S|src/s.h:1:8"));
  EXPECT_FALSE(Holds(Both, Facet::OnceInMain, "c:@F@open#"));
  EXPECT_NE(Alone.Found->answer(Facet::OnceInMain, "c:@F@open#"),
            Both.Found->answer(Facet::OnceInMain, "c:@F@open#"));
  EXPECT_TRUE(Holds(Both, Facet::OnNewObject, "c:@S@S@F@set#"));
  // A third one calls it on an object that others know.
  Other.Uses.clear();
  Other.OtherUses = {OtherUse::of("c:@S@S@F@set#")};
  Opened Known(link({Main, Other}));
  EXPECT_FALSE(Holds(Known, Facet::OnNewObject, "c:@S@S@F@set#"));
}

TEST(IndexTest, OneFunctionTellsOfDescriptors) {
  UnitSummary One, Other;
  SourcePlace Here{"src/one.cpp", 3, 5};
  One.Telling.push_back({"c:@F@asks#", Here, {"EAGAIN", "EINPROGRESS"}});
  Opened Alone(link({One, One}));
  auto Found = Alone.Found->telling("c:@F@asks#", Alone.Damaged);
  ASSERT_TRUE(Found.has_value());
  EXPECT_EQ(Found->Names, (std::vector<std::string>{"EAGAIN", "EINPROGRESS"}));
  // Another program has one that leads nowhere and tells nothing.
  Other.Harmless.push_back(
      HarmlessFunction::of("c:@F@asks#", SourcePlace{"src/other.cpp", 3, 5}));
  Opened Both(link({One, Other}));
  EXPECT_FALSE(Both.Found->telling("c:@F@asks#", Both.Damaged).has_value());
}

TEST(IndexTest, ALookUpDoesNotDependOnTheSize) {
  auto Measure = [](unsigned Units) {
    std::vector<UnitSummary> All;
    for (unsigned I = 0; I < Units; ++I) {
      All.push_back(unit(I, I % 10 == 9));
      All.back().Tasks.push_back(taskOf(I, I % 10 == 9));
    }
    Opened I(link(All));
    bool Damaged = false;
    unsigned Found = 0;
    auto Best = std::chrono::nanoseconds::max();
    for (unsigned Round = 0; Round < 5; ++Round) {
      auto Start = std::chrono::steady_clock::now();
      for (unsigned N = 0; N < 2000; ++N) {
        std::string Key = "c:@F@f" + std::to_string(N * 7919u % Units) + "#";
        Found += I.Found->effects(Key, Damaged).has_value();
        Key[5] = 't';
        Found += I.Found->task(Key, Damaged).has_value();
      }
      Best = std::min<std::chrono::nanoseconds>(
          Best, std::chrono::steady_clock::now() - Start);
    }
    EXPECT_EQ(Found, 20000u);
    return Best;
  };
  auto Small = Measure(200), Large = Measure(20000);
  // A hundred times the records; the rest is caches and noise.
  EXPECT_LT(Large.count(), 10 * Small.count());
}

TEST(IndexTest, SummaryOfAUnit) {
  Parsed P = parse(R"cpp(
    #include "task.h"
    extern "C" unsigned sleep(unsigned);
    int elsewhere(int);
    static int helper() { return elsewhere(1); }
    int entry() { return helper(); }
    inline int nobody_here() { return elsewhere(2); }
    void sleeps() { sleep(1); }
    int computes(int n) { return n + 1; }
    task<> coroutine() { sleep(2); co_return; }
    template <typename F> void call(F f) { f(); }
    void run(void (*f)()) { call(f); }
    template <typename T> requires (sizeof(T) > 1) int twice(T) { sleep(1); return 1; }
    struct Base { virtual void act() = 0; };
    struct Derived : Base { void act() override { sleep(3); } };
    void dispatch(Base &b) { b.act(); }
  )cpp");
  DeclKeys Keys("/project", P.U->ast().getSourceManager());
  UnitSummary S = summarise(*P.U, Keys);
  std::map<std::string, const FunctionSummary *> ByName;
  for (const FunctionSummary &F : S.Functions)
    ByName[F.Name] = &F;
  ASSERT_TRUE(ByName.count("helper") && ByName.count("entry"));
  EXPECT_EQ(ByName["entry"]->Calls[0].Targets[0], ByName["helper"]->Key);
  EXPECT_NE(ByName["helper"]->Key.find("|"), std::string::npos);
  EXPECT_EQ(ByName["helper"]->Calls[0].Targets[0], "c:@F@elsewhere#I#");
  EXPECT_FALSE(ByName.count("nobody_here"));
  EXPECT_FALSE(ByName.count("computes"));
  ASSERT_TRUE(ByName.count("sleeps"));
  EXPECT_EQ(ByName["sleeps"]->Calls[0].End->Kind, BlockingKind::Sleep);
  ASSERT_TRUE(ByName.count("coroutine"));
  EXPECT_TRUE(ByName["coroutine"]->Coroutine);
  EXPECT_TRUE(ByName["coroutine"]->Calls.empty());
  ASSERT_TRUE(ByName.count("run"));
  ASSERT_EQ(ByName["run"]->Passes.size(), 1u);
  EXPECT_EQ(ByName["run"]->Passes[0].Mine, 0u);
  ASSERT_TRUE(ByName.count("dispatch"));
  EXPECT_NE(ByName["dispatch"]->Calls[0].Virtual, "");
  ASSERT_EQ(S.Overrides.size(), 1u);
  EXPECT_EQ(S.Overrides[0].Base, ByName["dispatch"]->Calls[0].Virtual);
  EXPECT_FALSE(S.Harmless.empty());
}

TEST(IndexTest, FactsOfAUnit) {
  Parsed P = parse(R"cpp(
    #include "task.h"
    task<> elsewhere(int &n);
    task<> later();
    struct session { int n; task<> run() { co_await later(); ++n; } };
    task<> waits(int &n) { co_await elsewhere(n); }
    task<> uses(const int &n) { co_await later(); (void)(n + 1); }
    task<int> computes(int n) { co_return n + 1; }
    task<> keeps() { int n = 0; auto t = elsewhere(n); co_await std::move(t); }
    auto *named = &elsewhere;
    auto *inside() { return &later; }
  )cpp");
  DeclKeys Keys("/project", P.U->ast().getSourceManager());
  UnitSummary S = summarise(*P.U, Keys);
  std::map<std::string, const TaskSummary *> ByKey;
  for (const TaskSummary &T : S.Tasks)
    ByKey[T.Key] = &T;
  const TaskSummary *Waits = ByKey["c:@F@waits#&I#"];
  ASSERT_TRUE(Waits && Waits->Cancel);
  EXPECT_EQ(Waits->Cancel->Needs,
            std::vector<std::string>{"c:@F@elsewhere#&I#"});
  EXPECT_TRUE(Waits->Facts & TaskSummary::NeverSuspends);
  EXPECT_EQ(Waits->Awaits, Waits->Cancel->Needs);
  const TaskSummary *Uses = ByKey["c:@F@uses#&1I#"];
  ASSERT_TRUE(Uses && Uses->lateUse(0));
  EXPECT_TRUE(Uses->lateUse(0)->Suspended);
  const TaskSummary *Computes = ByKey["c:@F@computes#I#"];
  ASSERT_TRUE(Computes);
  EXPECT_TRUE(Computes->Awaits.empty());
  EXPECT_TRUE(Computes->Facts & TaskSummary::Plain);
  // An inline member is known to whoever can call it.
  EXPECT_FALSE(ByKey.count("c:@S@session@F@run#"));
  unsigned Direct = 0, Others = 0, Safe = 0;
  for (const CallerSummary &C : S.Callers) {
    (C.Facts & CallerSummary::AwaitedDirectly ? Direct : Others) += 1;
    Safe += C.Callee == "c:@F@elsewhere#&I#" &&
            (C.SafeSlots & CallerSummary::bit(0));
  }
  EXPECT_EQ(Direct, 3u);
  EXPECT_EQ(Others, 2u);
  EXPECT_EQ(Safe, 2u);
}

TEST(IndexTest, PathsAreRelative) {
  EXPECT_EQ(relativePath("/home/me/p/src/a.cpp", "/home/me/p"), "src/a.cpp");
  EXPECT_EQ(relativePath("/home/me/p/src/a.cpp", "/home/me/p/build"),
            "../src/a.cpp");
  EXPECT_EQ(relativePath("/home/me/p", "/home/me/p/build"), "..");
  EXPECT_EQ(relativePath("/usr/include/x.h", "/home/me/p"), "/usr/include/x.h");
}
