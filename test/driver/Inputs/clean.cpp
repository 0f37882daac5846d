#include "task.h"

task<> work();
task<> awaited() { co_await work(); }
task<> meant() {
  work(); // NOLINT(coro-missing-await)
  co_await work();
}
#ifdef UNUSED_VARIABLE
static int Unused;
#endif
