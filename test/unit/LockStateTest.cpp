//===- LockStateTest.cpp - Tests of lock types and lock states ------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/blocking/LockState.h"
#include "Parse.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace coro;
using namespace coro::test;

static const char Prelude[] = R"cpp(
  #include "task.h"
  #include <mutex>
  task<> bar();
  std::mutex g;
  bool flag();
  void mayUnlock(std::unique_lock<std::mutex> &);
  void looks(const std::unique_lock<std::mutex> &);
  void keepsIt(std::unique_lock<std::mutex> &l) { (void)l.owns_lock(); }
)cpp";

/// How sure it is that something is locked at the first suspension of `f`.
static std::optional<Confidence> heldIn(llvm::StringRef Code) {
  Parsed P = parse((Prelude + Code).str());
  const FunctionDecl *Function = P.function("f");
  const Flow *F = P.U->flow(Function);
  if (!F || F->suspensions().empty()) {
    ADD_FAILURE() << "no suspension";
    return std::nullopt;
  }
  const LockState *State = P.U->shared<LockStates>().of(Function);
  auto Held = State->heldAt(F->suspensions().front());
  if (Held.empty())
    return std::nullopt;
  return Held.front().Sure;
}

TEST(LockStateTest, HeldOnEveryPath) {
  EXPECT_EQ(heldIn("task<> f() { std::lock_guard l(g); co_await bar(); }"),
            Confidence::High);
  EXPECT_EQ(heldIn("task<> f() { g.lock(); if (flag()) co_await bar(); "
                   "g.unlock(); }"),
            Confidence::High);
  EXPECT_EQ(heldIn("task<> f() { std::unique_lock l(g); if (flag()) { "
                   "l.unlock(); co_return; } co_await bar(); }"),
            Confidence::High);
}

TEST(LockStateTest, HeldOnSomePaths) {
  EXPECT_EQ(heldIn("task<> f() { std::unique_lock l(g); if (flag()) l.unlock();"
                   " co_await bar(); }"),
            Confidence::Medium);
  EXPECT_EQ(heldIn("task<> f() { if (flag()) g.lock(); co_await bar(); }"),
            Confidence::Medium);
}

TEST(LockStateTest, SomebodyElseDecides) {
  EXPECT_EQ(heldIn("task<> f() { std::unique_lock l(g, std::try_to_lock); "
                   "co_await bar(); }"),
            Confidence::Low);
  EXPECT_EQ(heldIn("task<> f() { std::unique_lock l(g); mayUnlock(l); "
                   "co_await bar(); }"),
            Confidence::Medium);
  EXPECT_EQ(heldIn("task<> f() { std::unique_lock l(g); looks(l); "
                   "co_await bar(); }"),
            Confidence::High);
  EXPECT_EQ(heldIn("task<> f() { std::unique_lock l(g); keepsIt(l); "
                   "co_await bar(); }"),
            Confidence::High);
}

TEST(LockStateTest, Free) {
  for (const char *Code : {
           "task<> f() { { std::lock_guard l(g); } co_await bar(); }",
           "task<> f() { std::unique_lock l(g); l.unlock(); co_await bar(); }",
           "task<> f() { std::unique_lock l(g, std::defer_lock); "
           "co_await bar(); }",
           "task<> f() { std::unique_lock l(g, std::try_to_lock); "
           "if (!l) co_await bar(); }",
           "task<> f() { if (!g.try_lock()) co_await bar(); }",
           "task<> f() { g.lock(); g.unlock(); co_await bar(); }",
           "task<> f() { g.lock(); { std::lock_guard l(g, std::adopt_lock); } "
           "co_await bar(); }",
           "task<> f() { co_await bar(); std::lock_guard l(g); }",
       })
    EXPECT_EQ(heldIn(Code), std::nullopt) << Code;
}

TEST(LockStateTest, TypesByTheirDeclarations) {
  Parsed P = parse((llvm::Twine(Prelude) + R"cpp(
    struct spin { void lock() { while (flag()) {} } void unlock(); };
    struct wrapper { std::mutex m; void lock() { m.lock(); } void unlock(); };
    struct nothing { void lock() {} void unlock() {} };
    struct unknown { void lock(); void unlock(); };
    struct async { task<> co_lock(); void lock(); void unlock(); };
    struct no_lock { void lock(); };
    struct guard { std::mutex &m; ~guard() { m.unlock(); } };
    struct owner { std::mutex m; ~owner() { m.unlock(); } };
    struct locks_in_the_end { std::mutex &m; ~locks_in_the_end() { m.lock(); m.unlock(); } };
    struct contains { int x; guard g; };
    void f(spin a, wrapper *b, nothing c, unknown d, async e, no_lock n,
           guard &g, owner &o, locks_in_the_end &l, contains &c2) {}
  )cpp")
                       .str());
  LockTypes &Types = P.U->shared<LockTypes>();
  const FunctionDecl *F = P.function("f");
  auto Type = [&](unsigned I) {
    return F->getParamDecl(I)->getType().getNonReferenceType();
  };
  EXPECT_EQ(Types.mutex(Type(0)), MutexKind::Thread);
  EXPECT_EQ(Types.mutex(Type(1)), MutexKind::Thread);
  EXPECT_EQ(Types.mutex(Type(2)), MutexKind::None);
  EXPECT_EQ(Types.mutex(Type(3)), MutexKind::Unknown);
  EXPECT_EQ(Types.mutex(Type(4)), MutexKind::Coroutine);
  EXPECT_EQ(Types.mutex(Type(5)), MutexKind::None);
  ASSERT_TRUE(Types.guard(Type(6)));
  EXPECT_EQ(Types.guard(Type(6))->Mutex, MutexKind::Thread);
  EXPECT_FALSE(Types.guard(Type(7)));
  EXPECT_FALSE(Types.guard(Type(8)));
  ASSERT_TRUE(Types.guard(Type(9)));
  EXPECT_TRUE(Types.guard(Type(9))->Contains);
}
