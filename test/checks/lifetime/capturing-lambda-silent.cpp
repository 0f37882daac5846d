// RUN: %check_coro_tidy --std=c++20 --expect-clean %s coro-capturing-lambda %t
// RUN: %check_coro_tidy --std=c++23 --expect-clean %s coro-capturing-lambda %t -- -- -DHAS_EXPLICIT_OBJECT
#include "continuations.h"
#include "spawners.h"
#include <atomic>
#include <functional>
#include <future>
#include <string>

namespace folly::coro {
template <class F> task<> co_invoke(F &&) { return {}; }
}

task<> tick();
void use(int);
asio::executor ex;
int global;

// Awaited in the same full-expression.
task<> at_once(int n) {
  co_await [n]() -> task<> { co_await tick(); use(n); }();
  co_await when_all([&]() -> task<> { co_await tick(); use(n); }(),
                    [n]() -> task<> { co_await tick(); use(n); }());
}

// The closure outlives its await.
task<> named(int n) {
  auto f = [n]() -> task<> { co_await tick(); use(n); };
  co_await f();
  auto t = f();
  co_await std::move(t);
  list<task<>> tasks;
  for (int i = 0; i < n; ++i)
    tasks.push_back(f());
  co_await when_all(std::move(tasks));
}

// Owners: the lambda is handed over uncalled.
struct server {
  int sessions = 0;
  void owners(int n) {
    asio::co_spawn(ex, [this, n]() -> task<> { co_await tick(); use(sessions + n); }, asio::detached);
    auto f = [n]() -> task<> { co_await tick(); use(n); };
    asio::co_spawn(ex, std::move(f), asio::detached);
  }
};
task<> invoked(int n) {
  return folly::coro::co_invoke([n]() -> task<> { co_await tick(); use(n); });
}
seastar::future<> ready();
seastar::gate g;
seastar::future<> wrapped(int n) {
  co_await ready().then(seastar::coroutine::lambda([n]() -> seastar::future<> { co_await ready(); use(n); }));
  co_await seastar::with_gate(g, [n]() -> seastar::future<> { co_await ready(); use(n); });
  co_await ready().then([]() -> seastar::future<> { co_await ready(); use(global); });
  co_await ready().then([n]() -> seastar::future<> { use(n); co_await ready(); });
  co_await ready().then([n] { use(n); return ready(); });
}

// Nothing is captured, or nothing is read after the first suspension.
void harmless(int n) {
  asio::co_spawn(ex, []() -> task<> { co_await tick(); use(global); }(), asio::detached);
  asio::co_spawn(ex, [](int k) -> task<> { co_await tick(); use(k); }(n), asio::detached);
  [n]() -> detached { use(n); co_await tick(); }();
  [n]() -> detached { int own = n; co_await tick(); use(own); }();
}

// A plain lambda that returns a task needs its captures while it runs only.
task<> by_value(std::string);
void plain(std::string s) {
  asio::co_spawn(ex, [s] { return by_value(s); }(), asio::detached);
}

// A helper that keeps the closure in its own frame.
template <class F> task<> invoke(F f) { co_await f(); }
task<> kept_by_a_frame(int n) {
  auto t = invoke([n]() -> task<> { co_await tick(); use(n); });
  co_await std::move(t);
}

// A helper that starts the task, and waits for it.
void starts_and_waits(int n) {
  auto run = [](task<> &&t) {
    std::promise<void> done;
    asio::co_spawn(ex, std::move(t), [&done](auto...) { done.set_value(); });
    done.get_future().wait();
  };
  run([n]() -> task<> { co_await tick(); use(n); }());
}

void waits_in_a_loop(int n) {
  std::atomic<int> left(1);
  auto f = [&]() -> task<> { co_await tick(); left--; };
  asio::co_spawn(ex, f(), asio::detached);
  while (left) {
  }
}

// Who holds the function object is not known.
struct registry {
  std::function<task<>(int)> handler;
  void set(int n) {
    handler = [n](int k) -> task<> { co_await tick(); use(n + k); };
  }
};

int main() {
  int n = 1;
  auto f = [n]() -> task<> { co_await tick(); use(n); };
  asio::co_spawn(ex, f(), asio::detached);
}

#ifdef HAS_EXPLICIT_OBJECT
task<> in_the_frame(int n) {
  auto t = [n](this auto) -> task<> { co_await tick(); use(n); }();
  co_await std::move(t);
  auto u = [n](this auto self, int k) -> task<> { co_await tick(); use(n + k); }(1);
  co_await std::move(u);
}
#endif
