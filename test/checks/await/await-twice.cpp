// RUN: %check_coro_tidy --std=c++20,c++23 %s coro-await-twice %t
#include "task.h"
#include <memory>
#include <vector>

task<> work();
task<int> number();
bool decide();
task<> when_all(task<> &&, task<> &&);
void sink(task<>);
struct queue {
  bool try_push(task<> &&);
};

task<> twice() {
  auto t = work();
  co_await std::move(t);
  // CHECK-MESSAGES: :[[@LINE+2]]:3: warning: 't' is awaited a second time: a task of type 'task' is used up by the first use, so there is nothing left to await; make a new task or keep its result [coro-await-twice]
  // CHECK-MESSAGES: :[[@LINE-2]]:3: note: awaited here
  co_await std::move(t);
}

task<int> in_one_expression() {
  auto t = number();
  co_return co_await std::move(t) + co_await std::move(t);
  // CHECK-MESSAGES: :[[@LINE-1]]:37: warning: 't' is awaited a second time
  // CHECK-MESSAGES: :[[@LINE-2]]:13: note: awaited here
}

task<> moved_then_awaited() {
  auto t = work();
  sink(std::move(t));
  co_await std::move(t);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 't' is awaited after it was moved away
  // CHECK-MESSAGES: :[[@LINE-3]]:8: note: moved away here
}

task<> plain_await_of_moved() {
  auto t = work();
  auto other = std::move(t);
  co_await other;
  co_await t;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 't' is awaited after it was moved away
  // CHECK-MESSAGES: :[[@LINE-4]]:16: note: moved away here
}

task<> combined_then_awaited(task<> a) {
  co_await when_all(std::move(a), work());
  co_await std::move(a);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'a' is awaited after it was moved away
  // CHECK-MESSAGES: :[[@LINE-3]]:21: note: moved away here
}

task<> combined_with_itself(task<> &&a) {
  co_await when_all(std::move(a), std::move(a));
  // CHECK-MESSAGES: :[[@LINE-1]]:35: warning: 'a' is moved away a second time
  // CHECK-MESSAGES: :[[@LINE-2]]:21: note: moved away here
}

task<> pushed_then_moved() {
  std::vector<task<>> tasks;
  auto t = work();
  tasks.push_back(std::move(t));
  sink(std::move(t));
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 't' is moved away a second time
  // CHECK-MESSAGES: :[[@LINE-3]]:19: note: moved away here
}

task<> in_loop() {
  auto t = work();
  for (int i = 0; i < 3; ++i)
    co_await std::move(t);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 't' is awaited in each round of this loop: a task of type 'task' is used up by the first use, so there is nothing left to await in the second round; make the task inside the loop
  // CHECK-MESSAGES: :[[@LINE-4]]:3: note: made once, outside the loop
}

task<> after_both_branches(bool b) {
  auto t = work();
  if (b)
    sink(std::move(t));
  else
    co_await std::move(t);
  co_await std::move(t);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 't' is awaited after it was moved away
  // CHECK-MESSAGES: :[[@LINE-5]]:10: note: moved away here
}

struct once {
  using promise_type = detail::promise<once, void, std::suspend_always>;
  once();
  once(once &&);
  struct awaiter {
    bool await_ready();
    void await_suspend(std::coroutine_handle<>);
    void await_resume();
  };
  awaiter operator co_await() &&;
  void start() &&;
};
once make_once();
task<> started_then_awaited() {
  auto t = make_once();
  std::move(t).start();
  co_await std::move(t);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 't' is awaited after it was used up
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: used up here
}

// Awaiting it as an lvalue is allowed, but resumes a coroutine that has ended.
struct handed_over {
  struct promise_type {
    std::coroutine_handle<> waiter;
    handed_over get_return_object();
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  handed_over(handed_over &&);
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> h) {
    frame.promise().waiter = h;
    return frame;
  }
  void await_resume() {}
  std::coroutine_handle<promise_type> frame;
};
handed_over hand_over();
task<> resumes_what_has_ended() {
  auto t = hand_over();
  co_await t;
  co_await t;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 't' is awaited a second time
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: awaited here
}

// Started twice: moved into one that runs it, and into another.
struct scope {
  void spawn(task<>);
};
task<> started_twice(scope &s) {
  auto t = work();
  s.spawn(std::move(t));
  s.spawn(std::move(t));
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 't' is moved away a second time
  // CHECK-MESSAGES: :[[@LINE-3]]:11: note: moved away here
  co_return;
}
task<> spawned_in_each_round(scope &s) {
  auto t = work();
  while (decide())
    s.spawn(std::move(t));
  // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 't' is moved away in each round of this loop
  // CHECK-MESSAGES: :[[@LINE-4]]:3: note: made once, outside the loop
  co_return;
}

//===--- Silent ---===//

// Awaited as an lvalue a task may give its result again.
task<> by_lvalue() {
  auto t = work();
  co_await t;
  co_await t;
}

task<> assigned_anew() {
  auto t = work();
  co_await std::move(t);
  t = work();
  co_await std::move(t);
}
task<> chained(int n) {
  auto t = work();
  for (int i = 0; i < n; ++i) {
    co_await std::move(t);
    t = work();
  }
}
task<> wrapped(int n) {
  auto t = work();
  for (int i = 0; i < n; ++i)
    t = when_all(std::move(t), work());
  co_await std::move(t);
}
task<> exchanged() {
  auto t = work();
  co_await std::exchange(t, work());
  co_await std::move(t);
}
task<> one_branch_each(bool b) {
  auto t = work();
  if (b) {
    sink(std::move(t));
    co_return;
  }
  co_await std::move(t);
}
task<> either(bool b) {
  auto t = work();
  co_await (b ? std::move(t) : work());
}
task<> made_in_the_loop() {
  for (;;) {
    auto t = work();
    co_await std::move(t);
  }
}
task<> leaves_the_loop() {
  auto t = work();
  while (true) {
    co_await std::move(t);
    break;
  }
}
task<> first_round_only(int n) {
  auto t = work();
  for (int i = 0; i < n; ++i)
    if (i == 0)
      co_await std::move(t);
}
// It may not have been taken.
task<> may_be_left(queue &q) {
  auto t = work();
  if (!q.try_push(std::move(t)))
    co_await std::move(t);
}
struct checked : task<> {
  using promise_type = detail::promise<checked, void, std::suspend_always>;
  bool valid() const;
};
checked make_checked();
task<> tested() {
  auto t = make_checked();
  while (t.valid())
    co_await std::move(t);
}
void refill(task<> &);
task<> refilled() {
  auto t = work();
  co_await std::move(t);
  refill(t);
  co_await std::move(t);
}
task<> has_another_name() {
  auto t = work();
  auto &again = t;
  co_await std::move(t);
  again = work();
  co_await std::move(t);
}
// Handles of one result.
struct shared {
  using promise_type = detail::promise<shared, int, std::suspend_always>;
  shared();
  shared(const shared &);
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};
shared make_shared_work();
void keep(shared);
task<> shared_task() {
  auto t = make_shared_work();
  keep(t);
  co_await t;
  co_await t;
}

// It looks whether it has ended.
struct asks_first {
  struct promise_type {
    std::coroutine_handle<> waiter;
    asks_first get_return_object();
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  asks_first(asks_first &&);
  bool await_ready() const noexcept { return frame.done(); }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> h) {
    frame.promise().waiter = h;
    return frame;
  }
  void await_resume() {}
  std::coroutine_handle<promise_type> frame;
};
asks_first ask_first();
task<> result_is_kept() {
  auto t = ask_first();
  co_await t;
  co_await t;
}

// A test of what the second await does.
#define CHECK_NO_THROW(expression)                                             \
  try {                                                                        \
    expression;                                                                \
  } catch (...) {                                                              \
  }
task<> awaited_again_in_a_test() {
  auto t = work();
  co_await std::move(t);
  CHECK_NO_THROW(co_await std::move(t));
}
// The same within a lambda that the macro runs: a test which expects the end.
#define EXPECT_DEATH(statement)                                                \
  try {                                                                        \
    statement;                                                                 \
  } catch (...) {                                                              \
  }
void run(task<>);
void awaited_again_in_a_death_test() {
  EXPECT_DEATH(run([]() -> task<> {
    auto t = work();
    co_await std::move(t);
    co_await std::move(t);
  }()));
}
