// RUN: %check_coro_tidy --std=c++20 --clean-when-fixed %s coro-capturing-lambda %t
// Captures become parameters, which live in the frame: the file that comes out
// compiles, and nothing is said about it.
#include "spawners.h"
#include <memory>
#include <string>
#include <vector>

task<> tick();
void use(int);
void use(const std::string &);
asio::executor ex;

task<> kept(int n, std::string name, std::unique_ptr<int> owner) {
  auto t = [n]() -> task<> { co_await tick(); use(n); }();
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task lives on and reads a capture later; pass what it needs as parameters
  // CHECK-MESSAGES: note: the task is awaited here
  // CHECK-MESSAGES: note: this lambda suspends here
  // CHECK-MESSAGES: note: and uses it here, after that
  // CHECK-FIXES: {{^}}  auto t = [](int n) -> task<> { co_await tick(); use(n); }(n);
  co_await std::move(t);
  auto u = [n, name](int k) -> task<> { co_await tick(); use(n + k); use(name); }(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies
  // CHECK-MESSAGES: note: the task is awaited here
  // CHECK-MESSAGES: note: this lambda suspends here
  // CHECK-MESSAGES: note: and uses it here, after that
  // CHECK-FIXES: {{^}}  auto u = [](int n, std::string name, int k) -> task<> { co_await tick(); use(n + k); use(name); }(n, name, 1);
  co_await std::move(u);
  auto v = [p = std::move(owner)]() mutable -> task<> { co_await tick(); use(++*p); }();
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies
  // CHECK-MESSAGES: note: the task is awaited here
  // CHECK-MESSAGES: note: this lambda suspends here
  // CHECK-MESSAGES: note: and uses it here, after that
  // CHECK-FIXES: {{^}}  auto v = [](std::unique_ptr<int, std::default_delete<int>> p) mutable -> task<> { co_await tick(); use(++*p); }(std::move(owner));
  co_await std::move(v);
}
void spawned(const std::vector<int> &list) {
  asio::co_spawn(ex, when_all([list]() -> task<> { co_await tick(); use(list[0]); }()), asio::detached);
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: the closure of this coroutine lambda dies
  // CHECK-MESSAGES: note: it is started here
  // CHECK-MESSAGES: note: this lambda suspends here
  // CHECK-MESSAGES: note: and uses it here, after that
  // CHECK-FIXES: {{^}}  asio::co_spawn(ex, when_all([](std::vector<int> list) -> task<> { co_await tick(); use(list[0]); }(list)), asio::detached);
}
void started(int n) {
  [n]() -> detached { co_await tick(); use(n); }();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the closure of this coroutine lambda dies
  // CHECK-MESSAGES: note: this lambda suspends here
  // CHECK-MESSAGES: note: and uses it here, after that
  // CHECK-FIXES: {{^}}  [](int n) -> detached { co_await tick(); use(n); }(n);
}
