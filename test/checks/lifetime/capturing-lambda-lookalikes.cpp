// RUN: %check_coro_tidy --expect-clean --std=c++20 %s coro-capturing-lambda %t
// More of what real code does with capturing coroutine lambdas that is right.
#include "continuations.h"
#include "spawners.h"
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace folly::coro {
template <class F> task<> co_invoke(F &&) { return {}; }
struct AsyncScope {
  void add(task<> &&) {}
  task<> joinAsync();
};
} // namespace folly::coro
namespace tmc {
template <class Executor> std::future<void> post_waitable(Executor &&, task<> &&) { return {}; }
} // namespace tmc
namespace unifex {
template <class F> task<> at_coroutine_exit(F &&) { return {}; }
} // namespace unifex

task<> tick();
seastar::future<> ready();
kj::Promise<> later();
void use(int);
asio::executor ex;

// The library keeps the closure.
struct server {
  int sessions = 0;
  task<> in_a_scope(folly::coro::AsyncScope &scope, int n) {
    scope.add(folly::coro::co_invoke([this, n]() -> task<> { co_await tick(); use(sessions + n); }));
    co_await scope.joinAsync();
  }
  kj::Promise<> captured(int n) {
    return later().then(kj::coCapture([this, n]() -> kj::Promise<> { co_await later(); use(sessions + n); }));
  }
  task<> at_exit(int n) {
    co_await unifex::at_coroutine_exit([this, n]() -> task<> { co_await tick(); use(sessions + n); });
    co_await tick();
  }
  seastar::future<> all(int n) {
    co_await seastar::coroutine::all([this, n]() -> seastar::future<> { co_await ready(); use(sessions + n); },
                                     [&]() -> seastar::future<> { co_await ready(); use(n); });
  }
  seastar::future<> each(std::vector<int> v, int n) {
    co_await seastar::coroutine::parallel_for_each(v, [this, n](int i) -> seastar::future<> { co_await ready(); use(sessions + n + i); });
  }
  seastar::future<> continuation(int n) {
    co_await ready().then(seastar::coroutine::lambda([this, n]() -> seastar::future<> { co_await ready(); use(sessions + n); }));
  }
  void spawns(std::shared_ptr<server> self) {
    asio::co_spawn(ex, [this, self]() -> task<> { co_await tick(); use(sessions); }, asio::detached);
    asio::co_spawn(ex, [this, self]() mutable -> task<> { co_await tick(); use(++sessions); }, [self](auto...) {});
  }
};

// A named closure outlives its await, also when it calls itself.
task<> named(std::vector<int> v) {
  auto visit = [&](auto &self, int depth) -> task<> {
    co_await tick();
    if (depth)
      co_await self(self, depth - 1);
    use(v[0]);
  };
  co_await visit(visit, 3);
  auto one = [&v]() -> task<> { co_await tick(); use(v[0]); };
  for (int i = 0; i < 3; ++i)
    co_await one();
}
// Awaited in the same full-expression, in every place of it.
task<int> number();
task<> in_place(int n) {
  int m = co_await [n]() -> task<int> { co_await tick(); co_return n; }();
  if (co_await [&]() -> task<bool> { co_await tick(); co_return n > m; }())
    use(m);
  use(co_await [n](int k) -> task<int> { co_await tick(); co_return n + k; }(co_await number()));
}
task<int> returned(int n) {
  co_return co_await [n]() -> task<int> { co_await tick(); co_return n; }();
}

// No capture is read after the first suspension of an eager body.
kj::Promise<> early(int n) {
  return later().then([n]() { use(n); return later(); });
}
seastar::future<> read_before(std::string s) {
  return ready().then([s = std::move(s)]() mutable -> seastar::future<> {
    auto own = std::move(s);
    co_await ready();
    use(static_cast<int>(own.size()));
  });
}
// As far as the first suspension, a spawner may start it inline.
void lazy_early(int n) {
  asio::co_spawn(ex, [n]() -> task<> { use(n); co_await tick(); }(), asio::detached);
}
void fire(int n) {
  [n]() -> detached {
    use(n);
    co_await tick();
  }();
  [n](int k) -> detached {
    co_await tick();
    use(k);
  }(n);
}

// What it starts has ended at the end of the full-expression.
void waits_in_place(int n) {
  tmc::post_waitable(ex, [&]() -> task<> { co_await tick(); use(n); }()).wait();
}
