// Of each line the surest report is shown, not the leftmost; of equally sure
// ones, the leftmost.
// RUN: %check_coro_tidy %s coro-busy-wait %t -- --config="{CheckOptions: {MinConfidence: low}}"
#include "task.h"
#include <chrono>

using namespace std::chrono_literals;
task<> sleep_for(std::chrono::milliseconds);

struct worker {
  bool flag_ = false;
  bool done_ = false;

  task<> gives_up_and_does_not() {
    // clang-format off
    for (int i = 0; i < 50 && !flag_; ++i) co_await sleep_for(10ms); while (!done_) co_await sleep_for(10ms);
    // CHECK-MESSAGES: :[[@LINE-1]]:70: warning: this loop polls 'done_': it wakes up for nothing until somebody has changed it, and then notices it late; let whoever changes it signal an event, and await that [coro-busy-wait]
    // CHECK-MESSAGES: :[[@LINE-2]]:85: note: suspended here in each round
    while (!flag_) co_await sleep_for(10ms); while (!done_) co_await sleep_for(10ms);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this loop polls 'flag_': it wakes up for nothing until somebody has changed it, and then notices it late; let whoever changes it signal an event, and await that [coro-busy-wait]
    // CHECK-MESSAGES: :[[@LINE-2]]:20: note: suspended here in each round
    // clang-format on
  }
  void finish() { flag_ = done_ = true; }
};
