// PROOF-FLAGS: -std=c++20 -O1
// PROOF-FAILS: the other task stood still while one computed
#include "../loop.h"
#include <algorithm>
#include <vector>

using namespace proof;

static int heartbeats = 0;
static bool finished = false;

task<> heartbeat() {
  while (!finished) {
    ++heartbeats;
    co_await yield();
  }
}

task<double> correlation(std::vector<double> left, std::vector<double> right) {
  co_await yield();
  int before = heartbeats;
  double best = 0;
  for (double a : left)
    for (std::size_t i = 0; i < right.size(); ++i)
      best = std::max(best, a * right[i]);
  require(heartbeats > before, "the other task stood still while one computed");
  co_return best;
}

task<> run() {
  require(co_await correlation(std::vector<double>(1000, 1.5),
                               std::vector<double>(1000, 2.0)) == 3,
          "the product");
  finished = true;
}

int main() {
  spawn(heartbeat());
  spawn(run());
  loop::current().run();
}
