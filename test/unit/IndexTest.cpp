//===- IndexTest.cpp - Tests of summaries and of the index ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/Index.h"
#include "Parse.h"
#include "analysis/Effects.h"
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
  std::string Bytes = write(S);
  EXPECT_EQ(Bytes, write(S));
  Expected<UnitSummary> Read = readSummary(Bytes);
  ASSERT_TRUE(bool(Read));
  EXPECT_EQ(write(*Read), Bytes);
  EXPECT_EQ(Read->Functions[0].CallsParameter, uint64_t(1) << 63);
  EXPECT_EQ(Read->Functions[0].Calls[0].End->Replacement[0].second, "a timer");
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

TEST(IndexTest, ALookUpDoesNotDependOnTheSize) {
  auto Measure = [](unsigned Units) {
    std::vector<UnitSummary> All;
    for (unsigned I = 0; I < Units; ++I)
      All.push_back(unit(I, I % 10 == 9));
    Opened I(link(All));
    bool Damaged = false;
    unsigned Found = 0;
    auto Best = std::chrono::nanoseconds::max();
    for (unsigned Round = 0; Round < 5; ++Round) {
      auto Start = std::chrono::steady_clock::now();
      for (unsigned N = 0; N < 2000; ++N) {
        std::string Key = "c:@F@f" + std::to_string(N * 7919u % Units) + "#";
        Found += I.Found->effects(Key, Damaged).has_value();
      }
      Best = std::min<std::chrono::nanoseconds>(
          Best, std::chrono::steady_clock::now() - Start);
    }
    EXPECT_EQ(Found, 10000u);
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

TEST(IndexTest, PathsAreRelative) {
  EXPECT_EQ(relativePath("/home/me/p/src/a.cpp", "/home/me/p"), "src/a.cpp");
  EXPECT_EQ(relativePath("/home/me/p/src/a.cpp", "/home/me/p/build"),
            "../src/a.cpp");
  EXPECT_EQ(relativePath("/home/me/p", "/home/me/p/build"), "..");
  EXPECT_EQ(relativePath("/usr/include/x.h", "/home/me/p"), "/usr/include/x.h");
}
