// RUN: %check_coro_tidy %s coro-suggest-concurrent-awaits %t -- --config="{CheckOptions: {coro-suggest-concurrent-awaits.Enable: true}}"
// RUN: %clang_tidy --quiet --checks=-*,coro-suggest-concurrent-awaits --config={} %s -- -std=c++20 -I%inputs | count 0
#include "task.h"

struct text {
  text();
  text(const text &);
  ~text();
  unsigned size() const;
};
struct connection {
  task<text> query(int);
  task<text> peek(int) const;
};
struct guard {
  ~guard();
};
task<text> load_profile(int user);
task<text> load_orders(int user);
task<int> count(const text &);
task<int> count_in(connection &, int);
task<> save(int);
void use(const text &, const text &);

task<> two(int user) {
  text who = co_await load_profile(user);
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: these two awaits do not need each other's results, and each one waits for the one before it: together they would take as long as the slowest; unless their order matters, start both and join them [coro-suggest-concurrent-awaits]
  // CHECK-MESSAGES: :[[@LINE+1]]:15: note: this needs nothing of what is above
  text what = co_await load_orders(user);
  use(who, what);
}

task<> three(int user, const text &name, connection &a, connection &b) {
  auto who = co_await load_profile(user);
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: these 3 awaits do not need each other's results, and each one waits for the one before it: together they would take as long as the slowest; unless their order matters, start both and join them [coro-suggest-concurrent-awaits]
  // CHECK-MESSAGES: :[[@LINE+2]]:12: note: this needs nothing of what is above
  // CHECK-MESSAGES: :[[@LINE+2]]:12: note: this needs nothing of what is above
  auto n = co_await count(name);
  auto m = co_await count_in(a, 2);
  co_await save(n + m);
}

// --- silent

task<> depends(int user) {
  text who = co_await load_profile(user);
  int n = co_await count(who);
  co_await save(n);
}

// One conversation at a time.
task<> one_connection(connection &db) {
  text a = co_await db.query(1);
  text b = co_await db.query(2);
  use(a, b);
}
task<> one_argument(connection &db) {
  int a = co_await count_in(db, 1);
  int b = co_await count_in(db, 2);
  co_await save(a + b);
}

// The first one changes what the second one reads.
task<int> advance(int &);
task<> changes(int n) {
  int a = co_await advance(n);
  text b = co_await load_profile(n);
  co_await save(a + b.size());
}

// Effects, in their order.
task<> effects() {
  co_await save(1);
  co_await save(2);
}

// The result of the first is looked at in between.
task<> tested(int user) {
  text who = co_await load_profile(user);
  if (!who.size())
    co_return;
  text what = co_await load_orders(user);
  use(who, what);
}

// Members of the own object: only when asked for.
struct server {
  task<int> first();
  task<int> second();
  task<> both() {
    int a = co_await first();
    int b = co_await second();
    co_await save(a + b);
  }
};

// They never suspend: nothing is gained.
task<int> ready(int n) { co_return n; }
task<> at_once() {
  int a = co_await ready(1);
  int b = co_await ready(2);
  co_await save(a + b);
}
