// PROOF-FLAGS: -std=c++20
// PROOF-FAILS: noticed it 5 ms late
#include "../loop.h"

using namespace proof;

struct connection {
  bool ready = false;
  duration since{};
};

static task<> connects(connection &c) {
  co_await proof::sleep{duration(1005)};
  c.ready = true;
  c.since = loop::current().now();
}

static task<> waits(connection &c) {
  while (!c.ready)
    co_await proof::sleep{duration(10)}; // a hundred times for nothing
  auto late = loop::current().now() - c.since;
  std::printf("noticed it %d ms late\n", static_cast<int>(late.count()));
  require(late == duration(0), "the connection is used as soon as it is ready");
}

int main() {
  connection c;
  spawn(waits(c));
  spawn(connects(c));
  loop::current().run();
}
