// RUN: %check_coro_tidy --std=c++20,c++23 %s coro-missing-await %t
#include "task.h"
#include <tuple>

struct record {};
task<> save(record);
task<int> count();
task<bool> allowed();
task<task<int>> prepare();
void log(const char *);

task<> dropped(record r) {
  save(r);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'save' returns a lazy task that nothing awaits: its body never runs; write 'co_await save(r)' [coro-missing-await]
  // CHECK-FIXES: co_await save(r);
  (void)save(r);
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'save' returns a lazy task that nothing awaits
  // CHECK-FIXES: (void)co_await save(r);
  static_cast<void>(count());
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'count' returns a lazy task that nothing awaits
  // CHECK-FIXES: static_cast<void>(co_await count());
  std::ignore = count();
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'count' returns a lazy task that nothing awaits
  // CHECK-FIXES: std::ignore = co_await count();
  log("saved"), save(r), co_await save(r);
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'save' returns a lazy task that nothing awaits
  // CHECK-FIXES: log("saved"), co_await save(r), co_await save(r);
  if (co_await allowed())
    save(r);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'save' returns a lazy task that nothing awaits
  // CHECK-FIXES: co_await save(r);
  else
    save({});
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'save' returns a lazy task that nothing awaits
  // CHECK-FIXES: co_await save({});
  for (int i = 0; i < 3; count(), ++i)
    // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'count' returns a lazy task that nothing awaits
    // CHECK-FIXES: for (int i = 0; i < 3; co_await count(), ++i)
    log("round");
}

task<> arms(bool b, record r) {
  b ? save(r) : save({});
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'save' returns a lazy task that nothing awaits
  // CHECK-FIXES: b ? co_await save(r) : co_await save({});
  co_return;
}

// Without a result there is nothing to assign: no fix.
task<> no_result_to_ignore(record r) {
  std::ignore = save(r);
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'save' returns a lazy task that nothing awaits
  co_return;
}

task<> in_handler(record r) {
  try {
    co_await save(r);
  } catch (...) {
    save(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'save' returns a lazy task that nothing awaits: its body never runs [coro-missing-await]
  }
}

void plain(record r) {
  save(r);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'save' returns a lazy task that nothing awaits: its body never runs [coro-missing-await]
  // CHECK-MESSAGES: :[[@LINE-2]]:3: note: this function is no coroutine: return the task, hand it to something that runs it, or make this function a coroutine
}

task<> nested() {
  co_await prepare();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this 'co_await' gives a lazy task that nothing awaits: its body never runs; write 'co_await co_await prepare()'
  // CHECK-FIXES: co_await co_await prepare();
}

task<> nested_is_awaited() {
  co_await co_await prepare();
  auto inner = co_await prepare();
  co_await std::move(inner);
}

// Overloaded operators are calls, too.
task<> operator||(task<> a, task<> b);
task<> either(record r) {
  save(r) || save({});
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'operator||' returns a lazy task that nothing awaits: its body never runs; write 'co_await (save(r) || save({}))'
  // CHECK-FIXES: co_await (save(r) || save({}));
  co_return;
}

// A macro's argument is the user's code, its inside is not.
#define WITH_LOG(expression)                                                   \
  do {                                                                         \
    log(#expression);                                                          \
    expression;                                                                \
  } while (false)
task<> in_macro(record r) {
  WITH_LOG(save(r));
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'save' returns a lazy task that nothing awaits: its body never runs; write 'co_await save(r)'
  // CHECK-MESSAGES: :[[@LINE-5]]:5: note: expanded from macro 'WITH_LOG'
  co_return;
}

template <class T> task<> in_template(T value) {
  save(value);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'save' returns a lazy task that nothing awaits
  // CHECK-FIXES: co_await save(value);
  co_return;
}
task<> instances() {
  co_await in_template(record{});
  struct derived : record {};
  co_await in_template(derived{});
}

task<> in_lambda(record r) {
  auto plain = [&] { save(r); };
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: 'save' returns a lazy task that nothing awaits: its body never runs [coro-missing-await]
  // CHECK-MESSAGES: :[[@LINE-2]]:22: note: this function is no coroutine
  auto coroutine = [](record r) -> task<> {
    save(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'save' returns a lazy task that nothing awaits
    // CHECK-FIXES: co_await save(r);
    co_return;
  };
  plain();
  co_await coroutine(r);
}

// What can only be awaited is started by that.
event next_tick();
task<> operation() {
  next_tick();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'next_tick' returns an awaitable that nothing awaits: the operation never starts, and what follows runs without it; write 'co_await next_tick()'
  // CHECK-FIXES: co_await next_tick();
  co_return;
}

// The object is asked, not what awaiting it gives.
struct check_task : task<bool> {
  using promise_type = detail::promise<check_task, bool, std::suspend_always>;
  explicit operator bool() const;
};
check_task permitted() { co_return true; }
task<> tested() {
  if (permitted())
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'permitted' returns a lazy task, and this tests the task instead of its result
    // CHECK-FIXES: if (co_await permitted())
    log("yes");
  co_return;
}

//===--- Silent ---===//

// Handed on in the same expression.
struct scope {
  void add(task<>);
  template <class... T> void all(T &&...);
};
task<> when_all(task<>, task<>);
void start(task<> &&);
void sink(task<>);
struct session {
  task<> running;
  task<> run();
  void begin() { running = run(); }
};
task<> passed_on(scope &s, session &own, record r) {
  s.add(save(r));
  s.all(save(r), count());
  start(save(r));
  sink(save(r));
  co_await when_all(save(r), save(r));
  own.running = save(r);
  co_return co_await save(r);
}
task<> returned(record r) { return save(r); }
auto arrow(record r) -> task<> {
  return r.~record(), save(r);
}

// Members of the task itself: started, chained, waited for.
struct startable : task<> {
  using promise_type = detail::promise<startable, void, std::suspend_always>;
  void start() &&;
  startable then(int) &&;
};
startable begin_work() { co_return; }
void started() { begin_work().start(); }

// Made to be dropped.
detached go();
eager<> begin_now();
[[clang::annotate("coro::fire_and_forget")]] task<> launch();
struct [[clang::annotate("coro::fire_and_forget")]] launcher : task<> {
  using promise_type = detail::promise<launcher, void, std::suspend_always>;
};
launcher launch_too() { co_return; }
void by_design() {
  go();
  begin_now();
  launch();
  launch_too();
}

// Started by its creation, on an executor: initial_suspend hands the handle on.
void schedule(std::coroutine_handle<>);
struct scheduled {
  struct promise_type {
    struct to_pool {
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> h) { schedule(h); }
      void await_resume() {}
    };
    scheduled get_return_object() { return {}; }
    to_pool initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
scheduled on_pool() { co_return; }
void starts_by_itself() { on_pool(); }

struct once_only {
  event operator co_await();
};

// Not evaluated.
using result = decltype(count());
static_assert(sizeof(save(record{})) > 0);
static_assert(!noexcept(save(record{})));
template <class T> concept savable = requires(T t) { save(t); };
static_assert(savable<record>);

// References to tasks are not made here.
task<> &current();
void looked_at() {
  current();
  (void)current();
}

// Two classes of one name, one with a plain method.
namespace sync {
struct client {
  void send();
};
} // namespace sync
namespace async {
struct client {
  task<> send();
};
} // namespace async
task<> two_classes(sync::client &a, async::client &b) {
  a.send();
  co_await b.send();
}

// Futures stand for something that runs already.
struct future {
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
  int get();
};
future submit();
void runs_already() { submit(); }

// A generator is not awaited.
struct generator {
  struct promise_type {
    generator get_return_object() { return {}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int) { return {}; }
    void await_transform() = delete;
    void return_void() {}
    void unhandled_exception() {}
  };
};
generator numbers() { co_yield 1; }
void not_awaitable() { numbers(); }

// Nor is one that awaits: its values are.
struct async_generator {
  struct promise_type {
    async_generator get_return_object() { return {}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int) { return {}; }
    template <class T> T &&await_transform(T &&awaitable);
    void return_void() {}
    void unhandled_exception() {}
  };
  task<int> next();
};
async_generator ticks() { co_yield 1; }
task<> reads_ticks() {
  auto generator = ticks();
  ticks();
  co_await generator.next();
}

void meant(record r) {
  save(r); // NOLINT(coro-missing-await)
}

// What the compiler writes, by hand.
void desugared(scheduled::promise_type &promise, once_only operand) {
  promise.initial_suspend();
  promise.final_suspend();
  operand.operator co_await();
}
