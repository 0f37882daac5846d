// RUN: %check_coro_tidy --expect-clean %s coro-suggest-plain-function %t
#include "task.h"
#include <string>
#include <vector>

task<> io();
void spawn(task<>);
template <class T> void when_all(T &&, T &&);
template <class Executor> task<> start_on(Executor &, task<>);
void use(int);

task<int> suspends(int n) {
  co_await io();
  co_return n;
}
static task<int> suspends_behind(int n) { co_return co_await suspends(n); }
task<int> suspends_further(int n) {
  int m = co_await suspends_behind(n);
  co_return m;
}

// Interfaces.
struct storage {
  virtual ~storage();
  virtual task<int> load(int) = 0;
  virtual task<int> size() { co_return size_; }
  int size_ = 0;
};
struct memory : storage {
  int value = 0;
  task<int> load(int k) override { co_return value + k; }
};
struct final_memory final : storage {
  int value = 0;
  task<int> load(int k) final { co_return value + k; }
};

// Functions used as values.
static task<int> on_ping(int n) { co_return n + 1; }
static task<int> on_pong(int n) { co_return n + 2; }
using handler = task<int> (*)(int);
const handler handlers[] = {on_ping, &on_pong};
struct command {
  task<int> run(int n) { co_return n + x; }
  int x = 0;
};
task<int> (command::*entry)(int) = &command::run;
template <class F> void install(F &&) {}
static task<int> installed(int n) { co_return n; }
void set_up() { install(installed); }

// Visitors: all overloads return the same.
struct visitor {
  int x = 0;
  task<int> operator()(int n) { co_return n + x; }
  task<int> operator()(std::string) {
    co_await io();
    co_return x;
  }
};
struct by_type {
  int x = 0;
  task<int> visit(int n) { co_return n + x; }
  task<int> visit(std::string) {
    co_await io();
    co_return x;
  }
};
task<int> visits(by_type v) {
  int a = co_await v.visit(1);
  co_return a + co_await v.visit(std::string());
}

// Called by a template that does not know what it calls.
struct fast {
  int x = 0;
  task<int> fetch() { co_return x; }
};
struct slow {
  task<int> fetch() {
    co_await io();
    co_return 1;
  }
};
template <class Source> task<int> pull(Source s) { co_return co_await s.fetch(); }
task<int> pulls() {
  int a = co_await pull(fast());
  co_return a + co_await pull(slow());
}

// Lambdas that an API demands.
void lambdas(int n) {
  install([](int k) -> task<int> { co_return k + 1; });
  auto named = [n]() -> task<int> { co_return n + 1; };
}

// Generators.
struct generator {
  struct promise_type {
    generator get_return_object();
    std::suspend_always initial_suspend() noexcept;
    std::suspend_always final_suspend() noexcept;
    std::suspend_always yield_value(int);
    void return_void();
    void unhandled_exception();
  };
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};
generator count(int n) {
  while (n-- > 0)
    co_yield n;
}
generator nothing_to_count(int &n) {
  ++n;
  co_return;
}

// Started elsewhere: that is what they are coroutines for.
struct strand {
} on_strand;
static task<> change(int &state) {
  ++state;
  co_return;
}
task<> hop(int &state) { co_await start_on(on_strand, change(state)); }
static task<> spawned(int &state) {
  ++state;
  co_return;
}
void starts(int &state) { spawn(spawned(state)); }
static task<int> one_of(int n) { co_return n + 1; }
void both() { when_all(one_of(1), one_of(2)); }
static task<int> kept(int n) { co_return n + 1; }
task<int> keeps(int n) {
  auto t = kept(n);
  co_await io();
  co_return co_await std::move(t);
}

// Its start is a change of threads.
struct pool_task {
  struct hop {
    bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) noexcept { enqueue(h); }
    void await_resume() noexcept {}
    static void enqueue(std::coroutine_handle<>);
  };
  struct promise_type {
    pool_task get_return_object();
    hop initial_suspend() noexcept;
    std::suspend_always final_suspend() noexcept;
    void return_value(int);
    void unhandled_exception();
  };
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};
static pool_task on_the_pool(int n) { co_return n * n; }
task<int> pool_user(int n) {
  co_await io();
  co_return co_await on_the_pool(n);
}

// Nobody can await it.
detached fire_and_forget(int &n) {
  ++n;
  co_return;
}

// Needs the promise.
struct context {
  bool await_ready() noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) noexcept {}
  int await_resume() noexcept { return 1; }
};
static task<int> asks_its_promise(int n) { co_return n + co_await context(); }
task<int> asks(int n) {
  co_await io();
  co_return co_await asks_its_promise(n);
}

// Another configuration awaits.
static task<int> configured(int n) {
#ifdef WITH_IO
  co_await io();
#endif
  co_return n + 1;
}
template <bool Async> static task<int> either(int n) {
  if constexpr (Async)
    co_await io();
  co_return n + 1;
}
task<int> configurations(int n) {
  int a = co_await configured(n);
  a += co_await either<false>(n);
  co_return a + co_await either<true>(n);
}

// Stands for something else.
task<int> stub() { co_return 42; }
task<> no_op() { co_return; }
task<int> not_implemented() {
  throw 1;
  co_return 0;
}

// Bodies of tests.
#define TEST(NAME) void NAME()
#define CO_TEST(NAME) task<> NAME()
static task<int> helper(int n) { co_return n + 1; }
CO_TEST(test_coroutine) {
  use(co_await helper(1));
  co_return;
}
TEST(test_lambda) {
  auto t = []() -> task<> { use(co_await helper(1)); }();
}

// Returned by a function that is no coroutine.
static task<int> one_way(int n) { co_return n; }
task<int> chooses(bool b) { return b ? one_way(1) : suspends(2); }

// It blocks: it should await something instead.
extern "C" unsigned sleep(unsigned);
static task<int> pauses(int n) {
  sleep(n);
  co_return n + 1;
}
task<int> pauses_further(int n) {
  co_await io();
  co_return co_await pauses(n);
}

// The promise takes the executor that it runs on from the parameters.
struct executor {
  task<> schedule();
};
static task<int> on_an_executor(int n, executor) { co_return n * n; }
task<int> moved(int n, executor e) {
  co_await io();
  co_return co_await on_an_executor(n, e);
}

// An await is missing; without it the suggestion would be the opposite.
static task<int> forgets(int n) {
  for (int i = 0; i < n; ++i)
    suspends(i);
  co_return n;
}
task<int> forgets_further(int n) {
  co_await io();
  co_return co_await forgets(n);
}
