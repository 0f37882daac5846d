#ifndef SHARED_H
#define SHARED_H
#include "task.h"
task<> work();
// One unit of two needs the first.
template <class T> task<> twice(T &it) {
  it.start(); // NOLINT(coro-missing-await)
  co_await it.start();
  co_await it.start(); // NOLINTNEXTLINE(coro-*)
}
#define DROP_WORK work() // NOLINT(coro-missing-await)
#endif
