//===- AwaitableUseTest.cpp - Tests of what becomes of awaitables ---------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/await/AwaitableUse.h"
#include "Parse.h"
#include "analysis/await/AwaiterPublish.h"
#include "analysis/await/SingleShot.h"

using namespace coro;
using namespace coro::test;

namespace {
/// What is lost in the one function of \p Code that loses something.
std::vector<LostAwaitable> lostIn(llvm::StringRef Code) {
  static std::vector<Parsed> Kept; // what is lost points into it
  Kept.push_back(parse((R"cpp(
    #include "task.h"
    task<> work() { co_return; }
    eager<> begin() { co_return; }
    event tick();
    [[noreturn]] void stop();
    void sink(task<>);
  )cpp" + Code)
                           .str()));
  llvm::ArrayRef<LostAwaitable> Lost =
      Kept.back().U->shared<AwaitableUse>().lost();
  return {Lost.begin(), Lost.end()};
}
LostAwaitable oneIn(llvm::StringRef Code) {
  auto Lost = lostIn(Code);
  EXPECT_EQ(Lost.size(), 1u) << Code.str();
  return Lost.empty() ? LostAwaitable() : Lost.front();
}
} // namespace

TEST(AwaitableUseTest, KindFollowsFromTheType) {
  EXPECT_EQ(oneIn("void f() { work(); }").Kind, LostKind::LazyTask);
  EXPECT_EQ(oneIn("void f() { begin(); }").Kind, LostKind::EagerTask);
  EXPECT_EQ(oneIn("void f() { tick(); }").Kind, LostKind::Operation);
}

TEST(AwaitableUseTest, AwaitIsOfferedWhereItCompiles) {
  EXPECT_FALSE(oneIn("void f() { work(); }").CanAwait);
  EXPECT_TRUE(oneIn("task<> f() { work(); co_return; }").CanAwait);
  EXPECT_FALSE(oneIn("task<> f() { try { sink(work()); } catch (...) { work(); "
                     "} co_return; }")
                   .CanAwait);
  // A promise that decides what may be awaited was not seen to take an event.
  EXPECT_FALSE(oneIn(R"cpp(
    struct picky {
      struct promise_type {
        picky get_return_object() { return {}; }
        std::suspend_always initial_suspend() { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        std::suspend_always await_transform(int);
        void return_void() {}
        void unhandled_exception() {}
      };
    };
    picky f() { tick(); co_return; }
  )cpp")
                   .CanAwait);
}

TEST(AwaitableUseTest, ArmsAreReportedOnce) {
  LostAwaitable L = oneIn(
      "task<> f(int i) { i ? work() : i > 2 ? work() : work(); co_return; }");
  EXPECT_EQ(L.Awaits.size(), 3u);
}

TEST(AwaitableUseTest, PathsOutOfTheScope) {
  EXPECT_EQ(oneIn("task<> f(bool b) { auto t = work(); if (b) co_return; "
                  "co_await std::move(t); }")
                .How,
            LostHow::SomePath);
  EXPECT_TRUE(lostIn("task<> f(bool b) { auto t = work(); if (b) throw 1; "
                     "co_await std::move(t); }")
                  .empty());
  EXPECT_TRUE(lostIn("task<> f(bool b) { auto t = work(); if (b) stop(); "
                     "co_await std::move(t); }")
                  .empty());
  EXPECT_EQ(oneIn("task<> f() { auto t = work(); t = work(); co_await "
                  "std::move(t); }")
                .How,
            LostHow::Overwritten);
}

TEST(AwaitableUseTest, CodeWithErrorsIsNoReason) {
  // Unknown names leave expressions that say nothing.
  std::vector<std::string> Flags = {"-std=c++20",
                                    "-I" CORO_SOURCE_DIR "/test/Inputs"};
  auto AST = clang::tooling::buildASTFromCodeWithArgs(
      "#include \"task.h\"\ntask<> work();\n"
      "task<> f() { auto t = work(); unknown(t); co_await nothing; }",
      Flags);
  ASSERT_TRUE(AST);
  Unit U(AST->getASTContext(), Models::builtin());
  EXPECT_TRUE(U.shared<AwaitableUse>().lost().empty());
  EXPECT_TRUE(U.shared<SingleShot>().secondUses().empty());
  EXPECT_TRUE(U.shared<AwaiterPublish>().touches().empty());
}

TEST(SingleShotTest, ConditionsLowerTheConfidence) {
  Parsed P = parse(R"cpp(
    #include "task.h"
    task<> work();
    task<> f(bool b) {
      auto t = work();
      if (b)
        co_await std::move(t);
      co_await std::move(t);
    }
    task<> g(int n) {
      auto t = work();
      while (--n)
        if (n == 3)
          co_await std::move(t);
    }
  )cpp");
  llvm::ArrayRef<SecondUse> Uses = P.U->shared<SingleShot>().secondUses();
  ASSERT_EQ(Uses.size(), 2u);
  EXPECT_EQ(Uses[0].Sure, Confidence::Medium);
  EXPECT_EQ(Uses[1].Sure, Confidence::Medium);
  EXPECT_TRUE(Uses[1].InLoop);
}
