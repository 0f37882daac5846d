// RUN: %check_coro_tidy --std=c++20,c++23 %s coro-missing-await %t -- --config="{CheckOptions: {coro-missing-await.MinConfidence: medium}}"
#include "task.h"
#include <array>
#include <optional>
#include <tuple>
#include <vector>

task<> work();
task<int> number();
bool decide();
void use(int);
[[noreturn]] void give_up();

struct units {
  ~units();
};
struct semaphore {
  task<units> get_units(int);
};
struct [[nodiscard]] guard {
  guard(guard &&);
  ~guard();
  void unlock();
};
// Not a task: an awaitable that gives a guard.
struct lock_operation {
  struct awaiter {
    bool await_ready() const noexcept;
    bool await_suspend(std::coroutine_handle<>);
    guard await_resume();
  };
  awaiter operator co_await() const;
};
struct mutex {
  lock_operation co_scoped_lock() noexcept;
};

task<> guards(semaphore &s, mutex &m) {
  auto u = s.get_units(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'u' is the awaitable, not the 'units' that awaiting it gives: nothing is locked or held here; write 'auto u = co_await s.get_units(1)' [coro-missing-await]
  // CHECK-FIXES: auto u = co_await s.get_units(1);
  auto lk = m.co_scoped_lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 'lk' is the awaitable, not the 'guard' that awaiting it gives: nothing is locked or held here; write 'auto lk = co_await m.co_scoped_lock()' [coro-missing-await]
  // CHECK-FIXES: auto lk = co_await m.co_scoped_lock();
  [[maybe_unused]] const auto &quiet = s.get_units(2);
  // CHECK-MESSAGES: :[[@LINE-1]]:40: warning: 'quiet' is the awaitable, not the 'units'
  // CHECK-FIXES: {{\[\[}}maybe_unused]] const auto &quiet = co_await s.get_units(2);
  task<units> spelled = s.get_units(3);
  // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'spelled' is the awaitable, not the 'units'
  co_await work();
}

void guard_in_plain_function(semaphore &s) {
  auto u = s.get_units(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'u' is the awaitable, not the 'units' that awaiting it gives: nothing is locked or held here [coro-missing-await]
  // CHECK-MESSAGES: :[[@LINE-2]]:12: note: this function is no coroutine
}

task<> unused() {
  auto t = work();
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 't' holds a lazy task that nothing awaits: its body never runs; await it, or hand it to something that runs it [coro-missing-await]
  [[maybe_unused]] task<> m{work()};
  // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: 'm' holds a lazy task that nothing awaits
  auto n = number();
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'n' holds a lazy task that nothing awaits
  // CHECK-FIXES: auto n = co_await number();
  auto v = work();
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'v' holds a lazy task that nothing awaits
  (void)v;
  std::ignore = v;
  co_return;
}

task<> overwritten() {
  auto t = work();
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 't' holds a lazy task that is replaced before anything awaits it: its body never runs
  // CHECK-MESSAGES: :[[@LINE+1]]:3: note: replaced here
  t = work();
  co_await std::move(t);
}

task<> assigned_last() {
  task<> t = work();
  co_await std::move(t);
  t = work();
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 't' holds a lazy task that nothing awaits
}

task<> some_path(bool early) {
  auto t = work();
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 't' holds a lazy task that nothing awaits on a path to the end of its scope: there, its body never runs
  // CHECK-MESSAGES: :[[@LINE+2]]:5: note: left here without an await
  if (early)
    co_return;
  co_await std::move(t);
}

task<> falls_off_the_end(bool wanted) {
  auto t = work();
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 't' holds a lazy task that nothing awaits on a path to the end of its scope: there, its body never runs
  // CHECK-MESSAGES: :[[@LINE+3]]:1: note: left here without an await
  if (wanted)
    co_await std::move(t);
}
task<> awaited_on_both(bool first) {
  auto t = work();
  if (first)
    co_await std::move(t);
  else
    co_await std::move(t);
}

struct pair_of {
  task<> first;
  task<> second;
};
task<> held() {
  std::vector<task<>> tasks;
  tasks.reserve(2);
  tasks.push_back(work());
  // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'tasks' holds a lazy task that nothing awaits
  tasks.emplace_back(work());
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: 'tasks' holds a lazy task that nothing awaits
  std::optional<task<>> maybe = work();
  // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: 'maybe' holds a lazy task that nothing awaits
  task<> array[] = {work(), work()};
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'array' holds a lazy task that nothing awaits
  pair_of two{work(), work()};
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'two' holds a lazy task that nothing awaits
  std::pair<task<>, int> one(work(), 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:30: warning: 'one' holds a lazy task that nothing awaits
  auto [a, b] = pair_of{work(), work()};
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'b' holds a lazy task that nothing awaits
  co_await std::move(a);
}

//===--- Silent ---===//

task<> awaited_later() {
  auto t = work();
  use(co_await number());
  co_await std::move(t);
}
task<> awaited_on_both_paths(bool b) {
  auto t = work();
  if (b)
    co_await std::move(t);
  else
    co_await std::move(t);
}
task<> returned_from_variable() {
  auto t = work();
  return t;
}
task<> leaves_by_throw(bool b) {
  auto t = work();
  if (b)
    throw 1;
  if (decide())
    give_up();
  co_await std::move(t);
}
task<> in_loop() {
  for (int i = 0; i < 3; ++i) {
    auto t = work();
    co_await std::move(t);
  }
}
task<> reused() {
  auto t = work();
  for (;;) {
    co_await std::move(t);
    if (decide())
      break;
    t = work();
  }
}
void take(task<> &);
struct owner {
  task<> kept;
  std::vector<task<>> all;
  task<> *address;
};
void handed_on(owner &o, std::vector<task<>> &out) {
  auto a = work();
  o.kept = std::move(a);
  auto b = work();
  o.all.push_back(std::move(b));
  auto c = work();
  take(c);
  auto d = work();
  auto later = [d = std::move(d)]() mutable { return std::move(d); };
  auto e = work();
  auto &alias = e;
  take(alias);
  auto f = work();
  o.address = &f;
  auto g = work();
  auto by_reference = [&] { take(g); };
  static auto lives_on = work();
  out.push_back(work());
}
task<> when_all(std::vector<task<>>);
task<> filled_and_awaited() {
  std::vector<task<>> tasks;
  for (int i = 0; i < 3; ++i)
    tasks.push_back(work());
  co_await when_all(std::move(tasks));
  std::vector<task<>> each;
  each.push_back(work());
  for (auto &t : each)
    co_await std::move(t);
  std::array<task<>, 2> two{work(), work()};
  for (auto &t : two)
    co_await std::move(t);
  auto [a, b] = pair_of{work(), work()};
  co_await std::move(a);
  co_await std::move(b);
}
struct joins {
  explicit joins(task<> t);
  ~joins();
};
struct runs_in_destructor {
  task<> t;
  ~runs_in_destructor();
};
void owners_that_act() {
  joins j(work());
  runs_in_destructor r{work()};
}
task<> result_of_await() {
  auto u = co_await number();
  auto [x, y] = std::pair(co_await number(), 2);
}
// Made for its type: nothing that is evaluated names it.
template <class T> constexpr bool is_awaitable = true;
void made_for_its_type() {
  auto t = work();
  static_assert(is_awaitable<decltype(t)>);
  auto u = work();
  static_assert(sizeof(u) > 0 && noexcept(u.~task()));
}
