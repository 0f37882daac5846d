// Types that code with errors leaves open have no size, and nothing asks for it.
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
