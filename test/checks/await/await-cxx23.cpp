// The newer parts of the language: deduced objects, static call operators,
// statements that initialise.
// RUN: %check_coro_tidy --std=c++23 %s coro-missing-await %t -- --config="{CheckOptions: {coro-missing-await.MinConfidence: medium}}"
#include "task.h"
#include <utility>
#include <vector>

task<> work();
task<int> number();

struct session {
  task<> send(this session &self, int);
  template <class Self> task<> flush(this Self &&self) { co_return; }
};
task<> deduced_object(session s) {
  s.send(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'session::send' returns a lazy task that nothing awaits: its body never runs; write 'co_await s.send(1)' [coro-missing-await]
  // CHECK-FIXES: co_await s.send(1);
  s.flush();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'session::flush' returns a lazy task that nothing awaits
  std::move(s).flush();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'session::flush' returns a lazy task that nothing awaits
  co_await s.send(2);
  co_await s.flush();
}

task<> recursive_lambda() {
  auto countdown = [](this auto self, int n) -> task<> {
    if (n > 0) {
      self(n - 1);
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this lambda returns a lazy task that nothing awaits
      co_await self(n - 2);
    }
  };
  co_await countdown(3);
  static constexpr auto fixed = [] static -> task<> { co_return; };
  fixed();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'fixed' returns a lazy task that nothing awaits
  co_await fixed();
}

task<> initialised_in_a_statement(bool b) {
  if (auto t = number(); b)
    co_await std::move(t);
  // CHECK-MESSAGES: :[[@LINE-2]]:16: warning: 't' holds a lazy task that nothing awaits on a path
  // CHECK-MESSAGES: :[[@LINE+1]]:3: note: left here without an await
  if (auto t = number(); b)
    co_await std::move(t);
  else
    co_await std::move(t);
  for (std::vector<task<>> all; task<> &t : all)
    co_await std::move(t);
}
