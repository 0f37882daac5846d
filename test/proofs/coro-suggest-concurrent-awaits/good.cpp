// PROOF-FLAGS: -std=c++20 -fsanitize=address
#include "../loop.h"

using namespace proof;

task<int> load(int value) {
  co_await sleep{duration(20)};
  co_return value;
}

task<> store(int value, int &to, int &open) {
  to = co_await load(value);
  --open;
}

task<> run() {
  auto before = loop::current().now();
  int a = 0, b = 0, open = 2;
  spawn(store(1, a, open));
  spawn(store(2, b, open));
  while (open)
    co_await sleep{duration(1)};
  require(a + b == 3, "the sum");
  require(loop::current().now() - before == duration(20),
          "as long as the slowest");
}

int main() {
  spawn(run());
  loop::current().run();
}
