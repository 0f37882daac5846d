// RUN: %check_coro_tidy --expect-clean %s coro-task-outlives-scope %t -- --config='{CheckOptions: {coro-task-outlives-scope.Models: %inputs/guard.yaml}}'
#include "spawners.h"
#include <string>
#include <string_view>

namespace folly::coro {
template <class F> task<> co_invoke(F &&) { return {}; }
}

task<> tick();
void use(std::string_view);
struct mutex {};
struct guard { guard(mutex &); ~guard(); }; // by the model file
mutex m;
int count;

task<> by_ref(const std::string &s) { co_await tick(); use(s); }
task<> by_value(std::string s) { co_await tick(); use(s); }
task<int> answer(int n) { co_await tick(); co_return n; }
eager<> early(const std::string &s) { use(s); co_await tick(); }
int parse(const std::string &);

// A coroutine that awaits keeps its scope.
task<> coroutine(std::string s) { co_await by_ref(s); }

// Owned by the callee, static, or the caller's.
task<> moved(std::string s) { return by_value(std::move(s)); }
task<> copied() {
  std::string s = "x";
  return by_value(s);
}
task<> literal() { return by_value("x"); }
task<> static_one() {
  static const std::string s = "x";
  return by_ref(s);
}
task<> callers(const std::string &s) { return by_ref(s); }
task<> callers_too(const std::string &s) {
  auto &alias = s;
  return by_ref(alias);
}
struct service {
  std::string name;
  task<> member() { return by_ref(name); }
  task<> run() { co_await tick(); use(name); }
  task<> mine() { return run(); }
};

// Used before the first suspension only.
eager<> eager_one(std::string s) { return early(s); }

// Owners.
task<> invoked(std::string s) {
  return folly::coro::co_invoke([s]() -> task<> { co_await by_ref(s); });
}

// What is needed of the scope is needed before the call.
task<int> guarded() {
  {
    guard lock(m);
    ++count;
  }
  return answer(1);
}
task<int> guards_a_look_up() {
  guard lock(m);
  ++count;
  return answer(count);
}
task<int> arguments_may_throw(const std::string &text) {
  try {
    return answer(parse(text));
  } catch (...) {
    return answer(0);
  }
}
task<int> something_else_may_throw(const std::string &text) {
  try {
    int n = parse(text);
    return answer(n);
  } catch (...) {
    return answer(0);
  }
}
task<int> awaited_in_the_try() {
  try {
    co_return co_await answer(1);
  } catch (...) {
    co_return 0;
  }
}

// The task is run to its end here; its result is an awaitable, too.
template <class T> struct blocking_task {
  using promise_type = detail::promise<blocking_task, T, std::suspend_always>;
  ~blocking_task();
  T &get();
};
blocking_task<task<>> make(const std::string &s) { co_await by_ref(s); co_return tick(); }
task<> &&run_here() { return std::move(make("x").get()); }
task<> &run_here_too(std::string s) { return make(s).get(); }
