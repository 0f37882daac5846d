// Awaitables that were meant to be what awaiting them gives: nothing is locked.
// RUN: %check_coro_tidy %s coro-missing-await %t
#include "task.h"
#include <memory>
#include <mutex>
#include <shared_mutex>

task<> work();
bool decide();
void use(int);

struct units {
  units(units &&);
  ~units();
};
struct semaphore {
  task<units> get_units(int);
  task<units> acquire_scoped();
};
struct async_mutex {
  task<std::unique_lock<std::mutex>> co_scoped_lock();
  task<std::shared_lock<std::shared_mutex>> co_shared_lock();
  event lock();
  void unlock();
};
struct gate {
  task<units> hold();
};
struct slot {
  slot(const slot &);
  int index;
};
struct table {
  task<slot> reserve();
};

task<> spellings(semaphore &s, semaphore *p, async_mutex &m, gate &g) {
  if (auto u = s.get_units(1); decide())
    // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: 'u' is the awaitable, not the 'units' that awaiting it gives: nothing is locked or held here; write 'auto u = co_await s.get_units(1)' [coro-missing-await]
    // CHECK-FIXES: if (auto u = co_await s.get_units(1); decide())
    co_await work();
  const auto locked = m.co_scoped_lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'locked' is the awaitable, not the 'std::unique_lock<std::mutex>'
  // CHECK-FIXES: const auto locked = co_await m.co_scoped_lock();
  auto braces{m.co_scoped_lock()};
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'braces' is the awaitable, not the 'std::unique_lock<std::mutex>'
  // CHECK-FIXES: auto braces{co_await m.co_scoped_lock()};
  auto parens(m.co_scoped_lock());
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'parens' is the awaitable, not the 'std::unique_lock<std::mutex>'
  // CHECK-FIXES: auto parens(co_await m.co_scoped_lock());
  auto pointer = p->acquire_scoped();
  // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'pointer' is the awaitable, not the 'units'
  // CHECK-FIXES: auto pointer = co_await p->acquire_scoped();
  auto &&held = g.hold();
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'held' is the awaitable, not the 'units'
  // CHECK-FIXES: auto &&held = co_await g.hold();
  {
    auto inner = s.get_units(2);
    // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'inner' is the awaitable, not the 'units'
    // CHECK-FIXES: auto inner = co_await s.get_units(2);
    use(1);
  }
  // A type that nothing else has needed complete.
  auto shared = m.co_shared_lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'shared' is the awaitable, not the 'std::shared_lock<std::shared_mutex>'
  // CHECK-FIXES: auto shared = co_await m.co_shared_lock();
  // Asked for, but not waited for.
  m.lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'async_mutex::lock' returns an awaitable that nothing awaits: the operation never starts, and what follows runs without it; write 'co_await m.lock()'
  // CHECK-FIXES: co_await m.lock();
  use(2);
  m.unlock();
}

struct service {
  semaphore limit;
  task<> handle() {
    auto u = limit.get_units(1);
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'u' is the awaitable, not the 'units'
    // CHECK-FIXES: auto u = co_await limit.get_units(1);
    co_await work();
  }
  template <class Mutex> task<> under(Mutex &m) {
    auto lk = m.co_scoped_lock();
    // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'lk' is the awaitable, not the 'std::unique_lock<std::mutex>'
    // CHECK-FIXES: auto lk = co_await m.co_scoped_lock();
    co_await work();
  }
};
task<> uses(service &s, async_mutex &m) {
  co_await s.handle();
  co_await s.under(m);
}

// A value is no guard, but the task is lost all the same.
task<> value(table &t) {
  auto s = t.reserve();
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 's' holds a lazy task that nothing awaits: its body never runs; await it, or hand it to something that runs it [coro-missing-await]
  // CHECK-FIXES: auto s = co_await t.reserve();
  co_return;
}

//===--- Silent ---===//

task<> awaited(semaphore &s, async_mutex &m, gate &g) {
  auto u = co_await s.get_units(1);
  if (auto lk = co_await m.co_scoped_lock(); decide())
    co_await work();
  auto pending = g.hold();
  co_await work();
  auto held = co_await std::move(pending);
  co_await m.lock();
  m.unlock();
}
task<units> passed_on(semaphore &s) {
  auto pending = s.get_units(1);
  return pending;
}
task<units> handed_through(semaphore &s) { return s.get_units(1); }
