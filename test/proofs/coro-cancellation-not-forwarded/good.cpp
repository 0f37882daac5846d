// PROOF-FLAGS: -std=c++20 -O1
// The operation is given the token, and ends with it.
#include "../loop.h"
#include <functional>
#include <memory>
#include <stop_token>

using namespace std::chrono_literals;

/// Waits for a while, or until it is told to stop.
struct sleep_until_stopped {
  proof::duration delay;
  std::stop_token stop;
  struct shared {
    std::coroutine_handle<> waiter;
    void wake() {
      if (auto handle = std::exchange(waiter, {}))
        proof::loop::current().post(handle);
    }
  };
  using callback = std::stop_callback<std::function<void()>>;
  std::unique_ptr<callback> stopped;
  static proof::detached alarm(proof::duration delay,
                               std::shared_ptr<shared> to) {
    co_await proof::sleep(delay);
    to->wake();
  }
  bool await_ready() const { return stop.stop_requested(); }
  void await_suspend(std::coroutine_handle<> handle) {
    auto to = std::make_shared<shared>(shared{handle});
    alarm(delay, to);
    stopped = std::make_unique<callback>(stop, [to] { to->wake(); });
  }
  void await_resume() { stopped.reset(); }
};

proof::task<> fetch(std::stop_token stop = {}) {
  co_await sleep_until_stopped{10'000ms, stop, {}};
}

std::stop_source source;
proof::duration ended;

proof::detached stops_after(proof::duration delay) {
  co_await proof::sleep(delay);
  source.request_stop();
}

proof::task<> work(std::stop_token stop) {
  co_await fetch(stop);
  ended = proof::loop::current().now();
}

int main() {
  stops_after(100ms);
  proof::spawn(work(source.get_token()));
  proof::loop::current().run();
  proof::require(ended == 100ms, "it did not stop after 100 ms");
}
