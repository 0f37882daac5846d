#include "shared.h"
struct Maker { task<> start(); } maker;
task<> both() {
  work(); // NOLINT(coro-missing-await)
  work(); // NOLINT
  DROP_WORK;
  co_await work(); // NOLINT(coro-missing-await)
  // NOLINTNEXTLINE(coro-missing-await): it runs to its end by itself
  work();
  // An unknown name, with a reason.
  co_await work(); // NOLINT(coro-mising-await): misspelt
  // Of two names one is needed.
  // NOLINTNEXTLINE(coro-missing-await, coro-busy-wait)
  work();
  // This one goes with its line.
  // NOLINTNEXTLINE(coro-missing-await)
  co_await work();
#ifdef OTHER
  co_await work(); // NOLINT(coro-missing-await)
#endif
  // Blocks.
  // NOLINTBEGIN(coro-missing-await)
  co_await work();
  // NOLINTEND(coro-missing-await)
  // NOLINTBEGIN(coro-missing-await): needed
  work();
  // NOLINTEND(coro-missing-await)
  co_await work(); // NOLINT(bugprone-use-after-move)
  co_await twice(maker);
}
