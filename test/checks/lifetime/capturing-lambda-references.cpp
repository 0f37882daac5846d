// RUN: %check_coro_tidy --std=c++20 %s coro-capturing-lambda %t
// The closure is kept, but what its captures refer to dies.
#include "spawners.h"
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace folly::coro {
struct co_invoke_fn {
  template <class F> task<> operator()(F &&) const { return {}; }
};
namespace objects {
inline constexpr co_invoke_fn co_invoke{};
}
using namespace objects;
} // namespace folly::coro

task<> tick();
void use(int);
void use(std::string_view);
asio::executor ex;
bool failed();

void by_default() {
  int n = 0;
  std::vector<int> results;
  asio::co_spawn(ex, [&]() -> task<> { co_await tick(); results.push_back(n); }, asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: this coroutine lambda refers to 'results' and 'n' by its captures, but nothing here waits for its task, which uses them after they died with the scope; capture by value what it needs, or keep it until the task has ended [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE-2]]:40: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-3]]:57: note: and uses it here, after that
}

void a_parameter(std::string name, const std::string &callers) {
  asio::co_spawn(ex, [&name, &callers]() -> task<> { co_await tick(); use(name); use(callers); }, asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: this coroutine lambda refers to 'name' by its captures, but nothing here waits for its task, which uses it after it died with the scope;
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
}

// Handed on as a view, and needed until that is done.
task<> send(std::string_view);
void handed_on(std::string name) {
  asio::co_spawn(ex, [&]() -> task<> { co_await send(name); }, asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: this coroutine lambda refers to 'name' by its captures
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and what it awaits uses it meanwhile
}

void in_a_loop() {
  for (int i = 0; i < 3; ++i)
    asio::co_spawn(ex, [&i]() -> task<> { co_await tick(); use(i); }, asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: this coroutine lambda refers to 'i' by its captures
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
}

void renamed(std::string name) {
  asio::co_spawn(ex, [&other = name]() -> task<> { co_await tick(); use(other); }, asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: this coroutine lambda refers to 'name' by its captures
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
  asio::co_spawn(ex, [view = std::string_view(name)]() -> task<> { co_await tick(); use(view); }, asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: this coroutine lambda refers to 'name' by its captures
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
  int n = 0;
  asio::co_spawn(ex, [p = &n]() -> task<> { co_await tick(); use(*p); }, asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: this coroutine lambda refers to 'n' by its captures
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
}

void named_lambda() {
  int n = 0;
  auto work = [&]() -> task<> { co_await tick(); ++n; };
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: this coroutine lambda refers to 'n' by its captures
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: it is given to 'co_spawn' here
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
  asio::co_spawn(ex, work, asio::detached);
}

task<> in_a_coroutine() {
  int n = 0;
  co_await tick();
  asio::co_spawn(ex, [&]() -> task<> { co_await tick(); ++n; }, asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: this coroutine lambda refers to 'n' by its captures
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
}

// What the result stands for is dropped.
void dropped_result() {
  int n = 0;
  asio::co_spawn(ex, [&]() -> task<> { co_await tick(); ++n; }, [](auto) {});
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: this coroutine lambda refers to 'n' by its captures
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
}

task<> handed_out() {
  int n = 0;
  return folly::coro::co_invoke([&]() -> task<> { co_await tick(); ++n; });
// CHECK-MESSAGES: :[[@LINE-1]]:33: warning: this coroutine lambda refers to 'n' by its captures, but its task lives on and uses it after it died at the return;
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is returned here
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
}

task<> kept_longer() {
  task<> later;
  {
    int n = 0;
    later = folly::coro::co_invoke([&]() -> task<> { co_await tick(); ++n; });
// CHECK-MESSAGES: :[[@LINE-1]]:36: warning: this coroutine lambda refers to 'n' by its captures, but its task lives on and uses it after it died with the scope;
// CHECK-MESSAGES: :[[@LINE+4]]:3: note: the task is awaited here
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
  }
  co_await std::move(later);
}

// Some way out is left on which nobody waits.
void only_sometimes(asio::io_context &context) {
  int n = 0;
  asio::co_spawn(ex, [&]() -> task<> { co_await tick(); ++n; }, asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: this coroutine lambda refers to 'n' by its captures
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
  if (n == 1)
    return;
  context.run();
}

// Destroying the elements of a container of strings waits for nothing.
void beside_containers() {
  int n = 0;
  std::vector<std::string> names{"x"};
  auto owner = std::make_unique<std::string>("x");
  asio::co_spawn(ex, [&n]() -> task<> { co_await tick(); ++n; }, asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: this coroutine lambda refers to 'n' by its captures
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
  names.push_back("y");
}

template <class T> void in_a_template(T t) {
  asio::co_spawn(ex, [&]() -> task<> { co_await tick(); use(t); }, asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: this coroutine lambda refers to 't' by its captures
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
}
template void in_a_template(int);

// In main, what dies before the loop is run.
int main() {
  asio::io_context context;
  {
    int n = 0;
    asio::co_spawn(context.get_executor(), [&]() -> task<> { co_await tick(); ++n; }, asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:44: warning: this coroutine lambda refers to 'n' by its captures
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
  }
  context.run();
}

// A closure that is kept, and called at once.
namespace kj {
template <class F> struct Kept {
  F function;
  task<> operator()() { return function(); }
};
template <class F> Kept<F> coCapture(F &&f) { return {static_cast<F &&>(f)}; }
struct TaskSet {
  void add(task<> &&);
};
} // namespace kj
void kept_and_called(kj::TaskSet &tasks) {
  int n = 0;
  tasks.add(kj::coCapture([&]() -> task<> { co_await tick(); ++n; })());
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: this coroutine lambda refers to 'n' by its captures, but its task lives on and uses it after it died with the scope;
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is put away here
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
  tasks.add(kj::coCapture([n]() -> task<> { co_await tick(); use(n); })());
}
