// RUN: %check_coro_tidy %s coro-busy-wait %t
#include "asio.h"
#include "task.h"
#include <atomic>
#include <chrono>
#include <functional>
#include <queue>
#include <thread>

using asio::awaitable;
using asio::use_awaitable;
using namespace std::chrono_literals;

namespace asio {
void post(any_io_executor, std::function<void()>);
}
task<> sleep_for(std::chrono::milliseconds);
task<> sleep_for(std::chrono::milliseconds, int priority);
task<> other();
void use(int);

struct worker {
  std::atomic<bool> done_;
  bool flag_ = false;
  std::queue<int> queue_;
  asio::steady_timer timer_;
  int errors_ = 0;
  bool stopped() const;
  bool try_start();
  bool step();

  // Reported.
  task<> polls_with_a_sleep() {
    while (!done_)
      // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this loop polls 'done_': it wakes up for nothing until somebody has changed it, and then notices it late; let whoever changes it signal an event, and await that [coro-busy-wait]
      // CHECK-MESSAGES: :[[@LINE+1]]:7: note: suspended here in each round
      co_await sleep_for(10ms);
  }
  task<> spins() {
    while (!done_.load(std::memory_order_acquire)) {
      // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this loop spins until 'done_' changes, and no other coroutine of this thread runs meanwhile, not even the one that would change it; let whoever changes it signal an event, and await that [coro-busy-wait]
    }
    co_await other();
  }
  task<> blocks_between_looks() {
    while (queue_.empty())
      // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this loop polls 'queue_' and blocks the thread between two looks, so that no other coroutine of it runs, not even the one that would change it; let whoever changes it signal an event, and await that [coro-busy-wait]
      // CHECK-MESSAGES: :[[@LINE+1]]:7: note: blocked here in each round
      std::this_thread::sleep_for(1ms);
    co_await other();
  }
  awaitable<void> polls_with_a_timer() {
    while (!flag_) {
      // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this loop polls 'flag_': it wakes up for nothing until somebody has changed it, and then notices it late; let whoever changes it signal an event, and await that: an 'asio::experimental::channel', or a timer that never expires and is cancelled when it happens [coro-busy-wait]
      // CHECK-MESSAGES: :[[@LINE+2]]:7: note: suspended here in each round
      timer_.expires_after(10ms);
      co_await timer_.async_wait(use_awaitable);
    }
  }
  awaitable<void> polls_by_turns(asio::any_io_executor executor) {
    while (!flag_)
      // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this loop polls 'flag_': it keeps the thread busy until somebody has changed it; let whoever changes it signal an event, and await that: an 'asio::experimental::channel', or a timer that never expires and is cancelled when it happens [coro-busy-wait]
      // CHECK-MESSAGES: :[[@LINE+1]]:7: note: suspended here in each round
      co_await asio::post(executor, use_awaitable);
  }
  awaitable<void> pause(asio::any_io_executor executor, int ms) {
    asio::steady_timer timer(executor, std::chrono::milliseconds(ms));
    co_await timer.async_wait(use_awaitable);
  }
  awaitable<void> polls_with_a_helper(asio::any_io_executor executor) {
    while (!flag_)
      // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this loop polls 'flag_': it wakes up for nothing until somebody has changed it, and then notices it late; let whoever changes it signal an event, and await that: an 'asio::experimental::channel', or a timer that never expires and is cancelled when it happens [coro-busy-wait]
      // CHECK-MESSAGES: :[[@LINE+1]]:7: note: suspended here in each round
      co_await pause(executor, 10);
  }
  // Somebody cancels the timer: that is the event.
  awaitable<void> changed() { co_await timer_.async_wait(use_awaitable); }
  awaitable<void> looks_after_events() {
    while (!flag_)
      co_await changed();
  }
  // It works, too.
  awaitable<void> pause_and_step(asio::any_io_executor executor) {
    asio::steady_timer timer(executor, 10ms);
    co_await timer.async_wait(use_awaitable);
    step();
  }
  awaitable<void> steps(asio::any_io_executor executor) {
    while (!flag_)
      co_await pause_and_step(executor);
  }
  awaitable<void> gives_away_work(asio::any_io_executor executor) {
    while (!flag_)
      asio::post(executor, [this] { step(); });
    co_await asio::post(executor, use_awaitable);
  }
  awaitable<void> timer_of_the_round(asio::any_io_executor executor) {
    for (;;) {
      // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this loop polls 'flag_': it wakes up for nothing until somebody has changed it, and then notices it late; let whoever changes it signal an event, and await that: an 'asio::experimental::channel', or a timer that never expires and is cancelled when it happens [coro-busy-wait]
      // CHECK-MESSAGES: :[[@LINE+4]]:7: note: suspended here in each round
      if (flag_)
        break;
      asio::steady_timer timer(executor, 1ms);
      co_await timer.async_wait(use_awaitable);
    }
  }
  task<> does_it_first() {
    do {
      // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this loop polls 'flag_': it wakes up for nothing until somebody has changed it, and then notices it late; let whoever changes it signal an event, and await that [coro-busy-wait]
      // CHECK-MESSAGES: :[[@LINE+1]]:7: note: suspended here in each round
      co_await sleep_for(5ms);
    } while (!flag_ && errors_ == 0);
  }

  // The timer is the event: whoever sets the flag cancels it.
  awaitable<void> cancelled_timer() {
    while (!flag_)
      co_await timer_.async_wait(use_awaitable);
  }
  // The await is the event; it only happens to take no argument that is written.
  task<> receive(bool *failed = nullptr);
  task<> loop_around_an_event() {
    while (flag_)
      co_await receive();
  }
  // Work, heartbeats, retries, back-off.
  task<> heartbeat() {
    while (!done_) {
      co_await sleep_for(10ms);
      use(1);
    }
  }
  task<> retries() {
    while (!try_start())
      co_await sleep_for(10ms);
    while (!co_await attempt())
      co_await sleep_for(10ms);
  }
  task<bool> attempt();
  task<> works() {
    while (step()) {
    }
    while (!done_)
      co_await other();
    co_await other();
  }
  // Time, counters.
  task<> for_a_while() {
    for (int i = 0; i < 10; ++i)
      co_await sleep_for(10ms);
    auto end = std::chrono::steady_clock::now() + 1s;
    while (std::chrono::steady_clock::now() < end)
      co_await sleep_for(10ms);
    do {
      co_await sleep_for(10ms);
    } while (false);
  }
  // It gives up after some rounds: a timeout.
  task<> bounded() {
    for (int i = 0; i < 50 && !flag_; ++i)
      co_await sleep_for(10ms);
  }
  // Ends by itself.
  task<> scans(char *text) {
    for (; *text == ' '; ++text)
      ;
    co_await other();
  }
};

// A plain function is no coroutine.
void plain(std::atomic<bool> &done) {
  while (!done) {
  }
}

// What nobody else can change is no event.
task<> local_only() {
  bool done = false;
  while (!done) {
    co_await sleep_for(10ms);
    done = true;
  }
}

void on_done(std::function<void()>);
task<> set_by_a_callback() {
  bool done = false;
  on_done([&] { done = true; });
  while (!done)
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this loop polls 'done': it wakes up for nothing until somebody has changed it, and then notices it late; let whoever changes it signal an event, and await that [coro-busy-wait]
    // CHECK-MESSAGES: :[[@LINE+1]]:5: note: suspended here in each round
    co_await sleep_for(10ms);
}

// A clean-up from time to time, and a pause after an error.
struct cache {
  std::atomic<bool> stopped_ = false;
  void evict();
  bool connect();
  task<> cleans_up() {
    while (!stopped_) {
      co_await sleep_for(1s);
      evict();
    }
  }
  task<> backs_off(std::chrono::milliseconds pause) {
    while (!stopped_) {
      if (connect())
        co_return;
      co_await sleep_for(pause);
      pause *= 2;
    }
  }
};

// A test waits for what tells nobody. What blocks the thread is as wrong there.
#define TEST_CASE(name) void name()
#define A_TEST(name) task<> TEST_##name(worker &w)
A_TEST(looks_every_so_often) {
  while (!w.done_)
    co_await sleep_for(1ms);
}
TEST_CASE(runs_a_coroutine) {
  auto waits = [](worker &w) -> task<> {
    while (!w.done_)
      co_await sleep_for(1ms);
  };
  (void)waits;
}
A_TEST(spins) {
  while (!w.done_) {
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this loop spins until 'done_' changes, and no other coroutine of this thread runs meanwhile
  }
  co_await other();
}
task<> of_another(worker &w) {
  while (!w.done_)
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this loop polls 'done_': it wakes up for nothing until somebody has changed it, and then notices it late; let whoever changes it signal an event, and await that [coro-busy-wait]
    // CHECK-MESSAGES: :[[@LINE+1]]:5: note: suspended here in each round
    co_await sleep_for(10ms);
}
task<> of_what_another_has(worker *const &w) {
  while (w->queue_.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this loop polls 'queue_': it wakes up for nothing until somebody has changed it, and then notices it late; let whoever changes it signal an event, and await that [coro-busy-wait]
    // CHECK-MESSAGES: :[[@LINE+1]]:5: note: suspended here in each round
    co_await sleep_for(10ms);
}
