// A task beside the one that is tested counts its turns, so that one can see
// whether it had any while the other one slept.
#include "../loop.h"

namespace proof {

inline int turns = 0;

inline task<> tick() {
  for (int i = 0; i < 100; ++i) {
    ++turns;
    co_await proof::sleep{duration(10)};
  }
}

/// Runs both. \p tested notes in `meanwhile` how many turns the ticker had
/// while it slept.
inline int meanwhile = 0;
inline int run_beside_ticker(task<> tested) {
  auto start = std::chrono::steady_clock::now();
  spawn(tick());
  spawn(std::move(tested));
  loop::current().run();
  auto took = std::chrono::duration_cast<duration>(
      std::chrono::steady_clock::now() - start);
  if (meanwhile > 0)
    return 0;
  std::fprintf(stderr, "no other task of the loop ran for %lld ms\n",
               static_cast<long long>(took.count()));
  return 1;
}

} // namespace proof
