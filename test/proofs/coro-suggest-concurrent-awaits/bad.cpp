// PROOF-FLAGS: -std=c++20 -fsanitize=address
// PROOF-FAILS: proof failed: as long as the slowest
#include "../loop.h"

using namespace proof;

task<int> load(int value) {
  co_await sleep{duration(20)};
  co_return value;
}

task<> run() {
  auto before = loop::current().now();
  int a = co_await load(1);
  int b = co_await load(2);
  require(a + b == 3, "the sum");
  require(loop::current().now() - before == duration(20),
          "as long as the slowest");
}

int main() {
  spawn(run());
  loop::current().run();
}
