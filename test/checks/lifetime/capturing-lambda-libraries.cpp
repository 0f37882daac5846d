// RUN: %check_coro_tidy --std=c++20 %s coro-capturing-lambda %t
// Who keeps a closure, and who drops it early, by the models of libraries.
#include "continuations.h"
#include "spawners.h"
#include <vector>

namespace coro {
namespace concepts {}
template <class F> task<> invoke(F &&f) { co_await f(); }
} // namespace coro
namespace asio {
template <class Signature, class F> F co_composed(F &&f) { return static_cast<F &&>(f); }
template <class F> void post(executor, F &&) {}
} // namespace asio

task<> tick();
seastar::future<> ready();
kj::Promise<> later();
void use(int);
asio::executor ex;

// --- dropped early

seastar::future<> for_each(std::vector<int> v, int n) {
  return seastar::parallel_for_each(v, [n](int i) -> seastar::future<> { co_await ready(); use(n + i); });
// CHECK-MESSAGES: :[[@LINE-1]]:40: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task is handed out and reads a capture later; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: note: it is returned here
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
}
seastar::future<> in_finally(int n) {
  return ready().finally([n]() -> seastar::future<> { co_await ready(); use(n); });
// CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'future::finally' destroys the closure of this coroutine lambda
// CHECK-MESSAGES: note: the lambda suspends here
// CHECK-MESSAGES: note: and reads the capture here, after that
}
kj::Promise<> in_then(int n) {
  return later().then([n]() -> kj::Promise<> { co_await later(); use(n); });
// CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'Promise::then' destroys the closure of this coroutine lambda
// CHECK-MESSAGES: note: the lambda suspends here
// CHECK-MESSAGES: note: and reads the capture here, after that
}
kj::Promise<> evaluated_later(int n) {
  return kj::evalLater([n]() -> kj::Promise<> { co_await later(); use(n); });
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: 'evalLater' destroys the closure of this coroutine lambda
// CHECK-MESSAGES: note: the lambda suspends here
// CHECK-MESSAGES: note: and reads the capture here, after that
}
void composed(int n) {
  auto initiate = asio::co_composed<void()>([n]() -> task<> { co_await tick(); use(n); });
// CHECK-MESSAGES: :[[@LINE-1]]:45: warning: 'co_composed' destroys the closure of this coroutine lambda
// CHECK-MESSAGES: note: the lambda suspends here
// CHECK-MESSAGES: note: and reads the capture here, after that
  initiate();
}

void posted(int n) {
  asio::post(ex, [n]() -> detached { co_await tick(); use(n); });
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'post' destroys the closure of this coroutine lambda
// CHECK-MESSAGES: note: the lambda suspends here
// CHECK-MESSAGES: note: and reads the capture here, after that
}

// --- kept, awaited, or nothing is known

void posted_and_read_at_once(int n) {
  asio::post(ex, [n]() -> detached { use(n); co_await tick(); });
  asio::post(ex, [n] { use(n); });
}

seastar::future<> awaited(std::vector<int> v, int n) {
  co_await seastar::parallel_for_each(v, [n](int i) -> seastar::future<> { co_await ready(); use(n + i); });
  co_await seastar::coroutine::all([n]() -> seastar::future<> { co_await ready(); use(n); });
}
kj::Promise<> captured(int n) {
  return later().then(kj::coCapture([n]() -> kj::Promise<> { co_await later(); use(n); }));
}
task<> invoked(int n) {
  auto t = coro::invoke([n]() -> task<> { co_await tick(); use(n); });
  co_await std::move(t);
}
template <class F> void unknown(F &&) {}
void given_uncalled(int n) {
  unknown([n]() -> task<> { co_await tick(); use(n); });
}
void passes_what_it_needs(int n) {
  asio::co_composed<void()>([](int k) -> task<> { co_await tick(); use(k); });
}
