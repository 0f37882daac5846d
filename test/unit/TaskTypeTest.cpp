//===- TaskTypeTest.cpp - Tests of the classification of task types -------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Parse.h"

using namespace coro;
using namespace coro::test;

TEST(TaskTypeTest, LazyEagerDetachedAndImmovable) {
  Parsed P = parse(R"cpp(
    #include "task.h"
    task<> lazyOne() { co_return; }
    eager<int> eagerOne() { co_return 1; }
    detached nobodyWaits() { co_return; }
    now_task<> atOnce() { co_return; }
  )cpp");
  const TaskType *Lazy = P.coroutine("lazyOne")->Task;
  ASSERT_TRUE(Lazy);
  EXPECT_TRUE(Lazy->isLazy());
  EXPECT_TRUE(Lazy->Movable);
  EXPECT_TRUE(Lazy->IsAwaitable);
  EXPECT_FALSE(Lazy->Detached);
  EXPECT_EQ(P.coroutine("eagerOne")->Task->Start, StartKind::Eager);
  EXPECT_FALSE(P.coroutine("eagerOne")->Task->Detached);
  EXPECT_TRUE(P.coroutine("nobodyWaits")->Task->Detached);
  EXPECT_FALSE(P.coroutine("atOnce")->Task->Movable);
}

namespace {

/// The classification of the type that the function \p Name returns.
const TaskType *typeOf(const Parsed &P, llvm::StringRef Name) {
  const clang::FunctionDecl *Function = P.function(Name);
  return Function ? P.U->taskType(Function->getReturnType()) : nullptr;
}

/// What every promise here has, with `Start` as its initial suspend.
const char *const Prelude = R"cpp(
    #include "task.h"
    template <class Task, class Start> struct promise_of {
      Task get_return_object() { return {}; }
      Start initial_suspend() { return {}; }
      std::suspend_always final_suspend() noexcept { return {}; }
      void return_void() {}
      void unhandled_exception() {}
    };
)cpp";

Parsed parseTypes(llvm::StringRef Code) {
  return parse((Prelude + Code).str());
}

} // namespace

TEST(TaskTypeTest, ATraitsSpecialisationIsTheAnswerForForeignTypes) {
  Parsed P = parseTypes(R"cpp(
    struct report { bool await_ready(); void await_suspend(std::coroutine_handle<>); void await_resume(); };
    template <class T> struct parcel { bool await_ready(); void await_suspend(std::coroutine_handle<>); T await_resume(); };
    template <class... A> struct std::coroutine_traits<report, A...> {
      using promise_type = promise_of<report, std::suspend_never>;
    };
    template <class T, class... A> struct std::coroutine_traits<parcel<T>, A...> {
      using promise_type = promise_of<parcel<T>, std::suspend_always>;
    };
    report written() { return {}; }
    parcel<int> packed() { return {}; }
    parcel<char> sent() { co_return; }
  )cpp");
  ASSERT_TRUE(typeOf(P, "written"));
  EXPECT_TRUE(typeOf(P, "written")->IsTask);
  EXPECT_EQ(typeOf(P, "written")->Start, StartKind::Eager);
  ASSERT_TRUE(typeOf(P, "packed"));
  EXPECT_EQ(typeOf(P, "packed")->Start, StartKind::Lazy)
      << "no coroutine of parcel<int> is at hand, but its traits are";
  EXPECT_EQ(P.coroutine("sent")->Task->Start, StartKind::Lazy);
}

TEST(TaskTypeTest, CustomAwaitersOfTheInitialSuspend) {
  Parsed P = parseTypes(R"cpp(
    // Starts inline after a look at the clock: never suspends.
    struct straight_on {
      bool await_ready() const noexcept { return 1 + 1 == 2; }
      void await_suspend(std::coroutine_handle<>) noexcept {}
      void await_resume() noexcept {}
    };
    // Puts the coroutine into a queue: always suspends.
    struct queued {
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<>) noexcept {}
      void await_resume() noexcept {}
    };
    // Hands over to another coroutine, or goes on: the handle decides.
    struct transfer {
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> h) noexcept { return h; }
      void await_resume() noexcept {}
    };
    struct depends {
      bool ready;
      bool await_ready() const noexcept { return ready; }
      void await_suspend(std::coroutine_handle<>) noexcept {}
      void await_resume() noexcept {}
    };
    struct inherits : queued {};
    struct a { using promise_type = promise_of<a, straight_on>; };
    struct b { using promise_type = promise_of<b, queued>; };
    struct c { using promise_type = promise_of<c, transfer>; };
    struct d { using promise_type = promise_of<d, depends>; };
    struct e { using promise_type = promise_of<e, inherits>; };
    a fa() { co_return; }
    b fb() { co_return; }
    c fc() { co_return; }
    d fd() { co_return; }
    e fe() { co_return; }
  )cpp");
  EXPECT_EQ(P.coroutine("fa")->Task->Start, StartKind::Eager);
  EXPECT_EQ(P.coroutine("fb")->Task->Start, StartKind::Lazy);
  EXPECT_EQ(P.coroutine("fc")->Task->Start, StartKind::Unknown);
  EXPECT_EQ(P.coroutine("fd")->Task->Start, StartKind::Unknown);
  EXPECT_EQ(P.coroutine("fe")->Task->Start, StartKind::Lazy);
  EXPECT_TRUE(P.coroutine("fa")->Task->Detached) << "nothing can await it";
  EXPECT_FALSE(P.coroutine("fb")->Task->Detached)
      << "lazy: somebody has to start it";
}

TEST(TaskTypeTest, PromisesAndTasksWithBases) {
  Parsed P = parseTypes(R"cpp(
    template <class T> struct awaitable_base {
      bool await_ready();
      void await_suspend(std::coroutine_handle<>);
      T await_resume();
    };
    template <class T> struct derived : awaitable_base<T> {
      struct promise_type : promise_of<derived, std::suspend_always> {
        auto initial_suspend() { return std::suspend_never(); }
      };
    };
    struct nickname : derived<int> {};
    derived<int> f() { co_return; }
    nickname g() { return {}; }
  )cpp");
  const TaskType *Derived = P.coroutine("f")->Task;
  ASSERT_TRUE(Derived);
  EXPECT_TRUE(Derived->IsAwaitable);
  EXPECT_EQ(Derived->Start, StartKind::Eager)
      << "the promise's own initial_suspend hides that of its base";
  ASSERT_TRUE(typeOf(P, "g"));
  EXPECT_TRUE(typeOf(P, "g")->IsAwaitable);
}

TEST(TaskTypeTest, OperatorCoAwait) {
  Parsed P = parseTypes(R"cpp(
    namespace lib {
    struct member { std::suspend_always operator co_await(); };
    struct once { std::suspend_always operator co_await() &&; };
    struct both { std::suspend_always operator co_await() &; std::suspend_always operator co_await() &&; };
    struct free_one {};
    std::suspend_always operator co_await(free_one);
    template <class T> struct free_template {};
    template <class T> std::suspend_always operator co_await(const free_template<T> &);
    struct plain {};
    }
    namespace lib::detail {
    template <class T> struct base {};
    template <class T> std::suspend_always operator co_await(base<T> &&);
    }
    namespace lib {
    template <class T> struct by_base : detail::base<T> {};
    struct plain_derived : plain {};
    }
    lib::by_base<int> f8() { return {}; }
    lib::plain_derived f9() { return {}; }
    lib::member f1() { return {}; }
    lib::once f2() { return {}; }
    lib::both f3() { return {}; }
    lib::free_one f4() { return {}; }
    lib::free_template<int> f5() { return {}; }
    lib::plain f6() { return {}; }
    int f7() { return 1; }
  )cpp");
  for (const char *Name : {"f1", "f2", "f3", "f4", "f5", "f8"}) {
    ASSERT_TRUE(typeOf(P, Name)) << Name;
    EXPECT_TRUE(typeOf(P, Name)->IsAwaitable) << Name;
    EXPECT_FALSE(typeOf(P, Name)->IsTask) << Name;
  }
  EXPECT_TRUE(typeOf(P, "f2")->AwaitsRvalueOnly);
  EXPECT_FALSE(typeOf(P, "f1")->AwaitsRvalueOnly);
  EXPECT_FALSE(typeOf(P, "f3")->AwaitsRvalueOnly);
  EXPECT_FALSE(typeOf(P, "f6"));
  EXPECT_FALSE(typeOf(P, "f7"));
  EXPECT_FALSE(typeOf(P, "f9"));
}

TEST(TaskTypeTest, MovableOrNot) {
  Parsed P = parseTypes(R"cpp(
    struct implicit { using promise_type = promise_of<implicit, std::suspend_always>; };
    struct only_moves {
      using promise_type = promise_of<only_moves, std::suspend_always>;
      only_moves() = default;
      only_moves(only_moves &&);
    };
    struct stays {
      using promise_type = promise_of<stays, std::suspend_always>;
      stays() = default;
      stays(const stays &) = delete;
    };
    implicit f1() { return {}; }
    only_moves f2() { return {}; }
    stays f3() { return {}; }
  )cpp");
  EXPECT_TRUE(typeOf(P, "f1")->Movable);
  EXPECT_TRUE(typeOf(P, "f2")->Movable);
  EXPECT_FALSE(typeOf(P, "f3")->Movable);
}

TEST(TaskTypeTest, AwaitsThatNeverSuspend) {
  Parsed P = parse(R"cpp(
    #include "task.h"
    struct ready { bool await_ready() { return true; } void await_suspend(std::coroutine_handle<>) {} void await_resume() {} };
    template <class T> struct maybe { bool await_ready() { return value; } void await_suspend(std::coroutine_handle<>) {} void await_resume() {} T value; };
    struct wraps { ready operator co_await() { return {}; } };
    task<> run() {
      co_await std::suspend_never();
      co_await ready();
      co_await wraps();
      co_await std::suspend_always();
      co_await maybe<bool>();
      co_await event();
    }
  )cpp");
  std::vector<bool> May;
  for (const auto *Await : P.U->flow(P.function("run"))->suspensions())
    May.push_back(P.U->maySuspend(Await));
  EXPECT_EQ(May, (std::vector<bool>{false, false, false, true, true, true}));
}

TEST(TaskTypeTest, IncompleteAndDependentTypesAreNoTasks) {
  Parsed P = parse(R"cpp(
    #include "task.h"
    struct declared;
    declared &reference(declared &d) { return d; }
    template <class T> T pattern(T t) { return t; }
    auto lambda() { return [] { return 1; }; }
  )cpp");
  EXPECT_FALSE(typeOf(P, "reference"));
  EXPECT_FALSE(typeOf(P, "lambda"));
  EXPECT_FALSE(P.U->taskType(clang::QualType()));
}
