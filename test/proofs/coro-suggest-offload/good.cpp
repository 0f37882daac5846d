// PROOF-FLAGS: -std=c++20 -O1
#include "../loop.h"
#include <algorithm>
#include <future>
#include <span>
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

double bestProduct(std::span<const double> left,
                   std::span<const double> right) {
  double best = 0;
  for (double a : left)
    for (double b : right)
      best = std::max(best, a * b);
  return best;
}

task<double> correlation(std::vector<double> left, std::vector<double> right) {
  co_await yield();
  int before = heartbeats;
  auto best =
      std::async(std::launch::async, [&] { return bestProduct(left, right); });
  do
    co_await yield();
  while (best.wait_for(std::chrono::seconds(0)) != std::future_status::ready);
  require(heartbeats > before, "the other task stood still while one computed");
  co_return best.get();
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
