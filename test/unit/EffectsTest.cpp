//===- EffectsTest.cpp - Tests of summaries and of executor roles ---------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/blocking/Effects.h"
#include "Parse.h"
#include "analysis/blocking/Polling.h"
#include "analysis/unit/Executor.h"

using namespace clang;
using namespace coro;
using namespace coro::test;

namespace {

constexpr llvm::StringLiteral Prelude = R"cpp(
  #include "task.h"
  extern "C" {
  unsigned sleep(unsigned);
  int system(const char *);
  int open(const char *, int, ...);
  void abort() __attribute__((noreturn));
  }
  task<> other();
)cpp";

struct Summaries {
  explicit Summaries(llvm::StringRef Code)
      : P(parse((Prelude + Code).str())), E(P.U->shared<Effects>()) {}

  /// The chain from \p Name down, as the names of what is called.
  std::string chain(llvm::StringRef Name, BlockingKind Kind) {
    const std::optional<Witness> &First =
        E.of(P.function(Name)).Blocks[static_cast<unsigned>(Kind)];
    if (!First)
      return "";
    std::string Text;
    for (const Witness &Step : E.chain(*First))
      Text += (Text.empty() ? "" : " ") + Step.At.Callee->getNameAsString();
    return Text;
  }
  std::string sleeps(llvm::StringRef Name) {
    return chain(Name, BlockingKind::Sleep);
  }

  Parsed P;
  Effects &E;
};

} // namespace

TEST(EffectsTest, ShortestChainForEachKind) {
  Summaries S(R"cpp(
    void a() { sleep(1); }
    void b() { a(); }
    void c() { b(); system("x"); a(); }
    void none() {}
    void unknown();
    void calls_unknown() { unknown(); none(); }
  )cpp");
  EXPECT_EQ(S.sleeps("a"), "sleep");
  EXPECT_EQ(S.sleeps("b"), "a sleep");
  EXPECT_EQ(S.sleeps("c"), "a sleep");
  EXPECT_EQ(S.chain("c", BlockingKind::Process), "system");
  EXPECT_EQ(S.sleeps("calls_unknown"), "");
}

TEST(EffectsTest, CyclesEnd) {
  Summaries S(R"cpp(
    void b(int);
    void a(int n) { if (n) b(n - 1); }
    void b(int n) { a(n); sleep(1); }
    void x(int);
    void y(int n) { x(n); }
    void x(int n) { if (n) y(n - 1); }
  )cpp");
  EXPECT_EQ(S.sleeps("a"), "b sleep");
  EXPECT_EQ(S.sleeps("b"), "sleep");
  EXPECT_EQ(S.sleeps("x"), "");
}

TEST(EffectsTest, WhatIsAskedLaterUsesWhatIsKnown) {
  Summaries S(R"cpp(
    void a() { sleep(1); }
    void b() { a(); }
    void c() { b(); }
  )cpp");
  EXPECT_EQ(S.sleeps("b"), "a sleep");
  EXPECT_EQ(S.sleeps("c"), "b a sleep");
}

TEST(EffectsTest, SureWitnessBeforeShortOne) {
  Summaries S(R"cpp(
    struct base { virtual void run() = 0; };
    void twice() { open("x", 0); }
    [[clang::annotate("coro::nonblocking")]] void quiet() { sleep(1); }
    void calls() { quiet(); twice(); }
  )cpp");
  EXPECT_EQ(S.sleeps("calls"), "");
  const auto &File = S.E.of(S.P.function("calls"))
                         .Blocks[static_cast<unsigned>(BlockingKind::File)];
  ASSERT_TRUE(File);
  EXPECT_EQ(File->Sure, Confidence::Medium);
  EXPECT_EQ(File->Length, 2u);
}

TEST(EffectsTest, CallablesThatAreCalledInPlace) {
  Summaries S(R"cpp(
    void direct(void (*f)()) { f(); }
    void indirect(void (*f)()) { direct(f); }
    void (*kept)();
    void keeps(void (*f)()) { kept = f; }
    void work() { sleep(1); }
    void a() { direct(work); }
    void b() { indirect(work); }
    void c() { keeps(work); }
  )cpp");
  EXPECT_EQ(S.sleeps("a"), "direct sleep");
  EXPECT_EQ(S.sleeps("b"), "indirect sleep");
  EXPECT_EQ(S.sleeps("c"), "");
  EXPECT_EQ(S.E.of(S.P.function("indirect")).CallsParameter, 1u);
  EXPECT_EQ(S.E.of(S.P.function("keeps")).CallsParameter, 0u);
}

TEST(EffectsTest, EveryOverriderHasToBlock) {
  Summaries S(R"cpp(
    void work() { sleep(1); }
    struct all { virtual void f() = 0; };
    struct all_1 : all { void f() override { work(); } };
    struct all_2 : all { void f() override { sleep(1); } };
    struct some { virtual void f() = 0; };
    struct some_1 : some { void f() override { work(); } };
    struct some_2 : some { void f() override {} };
    struct none { virtual void f() = 0; };
    void a(all &x) { x.f(); }
    void b(some &x) { x.f(); }
    void c(none &x) { x.f(); }
    void d(some_1 x) { x.f(); }
    void e(some &x) { x.some::f(); }
  )cpp");
  EXPECT_EQ(S.sleeps("a"), "f sleep");
  EXPECT_EQ(S.sleeps("b"), "");
  EXPECT_EQ(S.sleeps("c"), "");
  EXPECT_EQ(S.sleeps("d"), "f work sleep");
  EXPECT_EQ(S.sleeps("e"), "");
}

TEST(EffectsTest, BarriersAndCoroutines) {
  Summaries S(R"cpp(
    void work() { sleep(1); }
    int once() { static int value = (work(), 1); return value; }
    void dies(bool b) { if (b) { work(); abort(); } }
    task<> lazy() { work(); co_return; }
    eager<> starts() { work(); co_return; }
    void makes() { lazy(); starts(); }
    void unreachable() { return; work(); }
  )cpp");
  EXPECT_EQ(S.sleeps("once"), "");
  EXPECT_EQ(S.sleeps("dies"), "");
  EXPECT_EQ(S.sleeps("makes"), "");
  EXPECT_EQ(S.sleeps("unreachable"), "");
  EXPECT_EQ(S.sleeps("lazy"), "work sleep");
}

TEST(EffectsTest, ImplicitDestructors) {
  Summaries S(R"cpp(
    void work() { sleep(1); }
    struct inner { ~inner() { work(); } };
    struct outer { int n; inner i; };
    struct derived : outer {};
    void local() { derived d; }
    void temporary() { derived(); }
    void deletes(inner *p) { delete p; }
    void keeps() { new derived; }
  )cpp");
  EXPECT_EQ(S.sleeps("local"), "~derived ~outer ~inner work sleep");
  EXPECT_EQ(S.sleeps("temporary"), "~derived ~outer ~inner work sleep");
  EXPECT_EQ(S.sleeps("deletes"), "~inner work sleep");
  EXPECT_EQ(S.sleeps("keeps"), "");
}

TEST(EffectsTest, CFunctionsOnly) {
  Summaries S(R"cpp(
    namespace own { void sleep(int); }
    struct bed { void sleep(unsigned); };
    void sleep(bed &);
    void a(bed b) { own::sleep(1); b.sleep(1); sleep(b); }
  )cpp");
  EXPECT_EQ(S.sleeps("a"), "");
}

TEST(ExecutorTest, TransfersMoveUntilTheNextAwait) {
  Parsed P = parse(R"cpp(
    #include "asio_executors.h"
    using asio::use_awaitable;
    asio::awaitable<void> run(asio::thread_pool &pool, asio::steady_timer &timer) {
      co_await timer.async_wait(use_awaitable);
      co_await asio::post(pool, use_awaitable);
      co_await asio::post(asio::bind_executor(pool, use_awaitable));
      co_await timer.async_wait(use_awaitable);
    }
  )cpp");
  ExecutorRoles &Roles = P.U->shared<ExecutorRoles>();
  const Coroutine *C = P.coroutine("run");
  const Flow *F = P.U->flow(C->Function);
  ASSERT_TRUE(F);
  std::vector<ThreadRole> Before;
  for (const CoroutineSuspendExpr *Await : F->suspensions())
    Before.push_back(Roles.at(*C, F->point(Await)));
  EXPECT_EQ(Before,
            (std::vector<ThreadRole>{ThreadRole::Loop, ThreadRole::Loop,
                                     ThreadRole::Loop, ThreadRole::MayBlock}));
}

TEST(PollingTest, StateAndPause) {
  Parsed P = parse(R"cpp(
    #include "task.h"
    bool done;
    int next();
    task<> spin() { while (!done) {} co_return; }
    task<> work() { while (!done) next(); co_return; }
    task<> own() { bool stop = false; while (!stop) {} co_return; }
  )cpp");
  std::vector<Poll> Spin = findPolls(*P.U, *P.coroutine("spin"));
  ASSERT_EQ(Spin.size(), 1u);
  EXPECT_EQ(Spin[0].State->getNameAsString(), "done");
  EXPECT_FALSE(Spin[0].Pause);
  EXPECT_TRUE(findPolls(*P.U, *P.coroutine("work")).empty());
  EXPECT_TRUE(findPolls(*P.U, *P.coroutine("own")).empty());
}
