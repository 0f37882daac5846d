// PROOF-FLAGS: -std=c++20
#include "../loop.h"

using namespace proof;

/// Resumes who awaits it when it is set.
class event {
public:
  bool await_ready() const { return set_; }
  void await_suspend(std::coroutine_handle<> waiter) { waiter_ = waiter; }
  void await_resume() const {}
  void set() {
    set_ = true;
    if (auto waiter = std::exchange(waiter_, {}))
      loop::current().post(waiter);
  }

private:
  bool set_ = false;
  std::coroutine_handle<> waiter_;
};

struct connection {
  event ready;
  duration since{};
};

static task<> connects(connection &c) {
  co_await proof::sleep{duration(1005)};
  c.since = loop::current().now();
  c.ready.set();
}

static task<> waits(connection &c) {
  co_await c.ready;
  auto late = loop::current().now() - c.since;
  require(late == duration(0), "the connection is used as soon as it is ready");
}

int main() {
  connection c;
  spawn(waits(c));
  spawn(connects(c));
  loop::current().run();
}
