// RUN: %check_coro_tidy --std=c++20 --expect-clean %s coro-capturing-lambda %t
// Captures that refer to what outlives the task, as far as can be seen.
#include "spawners.h"
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace folly::coro {
template <class F> task<> co_invoke(F &&) { return {}; }
}

task<> tick();
void use(int);
void use(std::string_view);
asio::executor ex;
int global;

// Copies, owners, and what has no end here.
void copies(std::string name, std::string &callers, int *pointed) {
  static int once = 0;
  auto shared = std::make_shared<int>(0);
  int &alias = callers.empty() ? global : *pointed;
  asio::co_spawn(ex, [name, shared]() -> task<> { co_await tick(); use(name); ++*shared; }, asio::detached);
  asio::co_spawn(ex, [&callers, pointed]() -> task<> { co_await tick(); use(callers); ++*pointed; }, asio::detached);
  asio::co_spawn(ex, [&]() -> task<> { co_await tick(); ++once; ++global; use(callers); ++alias; }, asio::detached);
  asio::co_spawn(ex, [own = std::string_view(name).size()]() -> task<> { co_await tick(); use(int(own)); }, asio::detached);
}

// The loop runs before they die.
void run_here() {
  asio::io_context context;
  int n = 0;
  asio::co_spawn(context.get_executor(), [&]() -> task<> { co_await tick(); ++n; }, asio::detached);
  context.run();
  use(n);
}

// Something is called that may wait for it: nothing is known of that.
void drain();
void something_may_wait() {
  int n = 0;
  asio::co_spawn(ex, [&]() -> task<> { co_await tick(); ++n; }, asio::detached);
  drain();
}

// Awaited, one way or the other.
task<> awaited() {
  int n = 0;
  co_await folly::coro::co_invoke([&]() -> task<> { co_await tick(); ++n; });
  auto later = folly::coro::co_invoke([&]() -> task<> { co_await tick(); ++n; });
  co_await std::move(later);
  asio::co_spawn(ex, [&]() -> task<> { co_await tick(); ++n; }, asio::detached);
  co_await tick(); // may be how the task tells
}

// What stands around it waits when it is destroyed.
struct pool {
  ~pool() { drain(); }
  asio::executor executor();
};
struct engine {
  std::vector<std::unique_ptr<pool>> pools;
};
void joined_by_a_destructor() {
  int n = 0;
  pool threads;
  asio::co_spawn(threads.executor(), [&]() -> task<> { co_await tick(); ++n; }, asio::detached);
}
void joined_by_a_member() {
  int n = 0;
  std::vector<engine> engines(1);
  asio::co_spawn(ex, [&]() -> task<> { co_await tick(); ++n; }, asio::detached);
}
void joined_by_a_pointer() {
  int n = 0;
  auto threads = std::make_unique<pool>();
  asio::co_spawn(ex, [&]() -> task<> { co_await tick(); ++n; }, asio::detached);
  threads.reset();
}
void joined_by_a_thread() {
  int n = 0;
  asio::io_context context;
  std::vector<std::jthread> threads;
  asio::co_spawn(context.get_executor(), [&]() -> task<> { co_await tick(); ++n; }, asio::detached);
  threads.emplace_back([&] { context.run(); });
}
void waits_by_a_callable(std::function<void()> wait) {
  int n = 0;
  asio::co_spawn(ex, [&]() -> task<> { co_await tick(); ++n; }, asio::detached);
  wait();
}

// Used before the first suspension alone: such spawners may begin at once.
void used_at_once() {
  int n = 0;
  asio::co_spawn(ex, [&]() -> task<> { ++n; co_await tick(); }, asio::detached);
}

// The closure comes from elsewhere, and so does what it refers to.
template <class F> task<> run_later(F function) {
  return folly::coro::co_invoke(function);
}
task<> runs_it() {
  int n = 0;
  co_await run_later([&]() -> task<> { co_await tick(); ++n; });
}

// Not a coroutine: what it returns is made with what it needs.
task<> by_value(std::string);
void no_coroutine(std::string name) {
  asio::co_spawn(ex, [&] { return by_value(name); }, asio::detached);
}

// Nobody is known to start it.
template <class F> void keep(F) {}
void unknown_taker() {
  int n = 0;
  keep([&]() -> task<> { co_await tick(); ++n; });
}

int main() {
  asio::io_context context;
  int n = 0;
  asio::co_spawn(context.get_executor(), [&]() -> task<> { co_await tick(); ++n; }, asio::detached);
  context.run();
  {
    int last = 0; // nobody runs the loop any more
    asio::co_spawn(context.get_executor(), [&]() -> task<> { co_await tick(); ++last; }, asio::detached);
  }
}
