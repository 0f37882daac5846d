#include "task.h"

event io();

static task<int> twice(int n) { co_return n * 2; }

task<int> user(int n) {
  co_await io();
  co_return co_await twice(n);
}
