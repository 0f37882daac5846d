// Types that code with errors leaves open have no size, and nothing asks for it; what has no type is not looked at.
// RUN: %python %source_root/test/driver/Inputs/expect_exit.py 2 %coro_tidy check --no-cache --format concise %s -- -std=c++20 -I%inputs | FileCheck %s
// CHECK: broken-types.cpp: error: this unit does not compile
#include "task.h"

task<> tick();
struct unfinished;
struct holder {
  unfinished member;
};

task<> open_types(int n) {
  auto never = delete;
  unfinished incomplete;
  holder holds;
  holder many[4];
  int variable[n];
  decltype(nothing) unknown;
  co_await tick();
  use(never, incomplete, holds, many, variable, unknown);
}

// Initialisers of what cannot be initialised have no type themselves.
template <int N> int pick(int);
task<int> number();
task<> open_initialisers() {
  int n = co_await number(), sum = 0;
  for (int i = 0; i < n; ++i)
    sum += i;
  void add(pick<1>(n));
  co_await tick();
}
