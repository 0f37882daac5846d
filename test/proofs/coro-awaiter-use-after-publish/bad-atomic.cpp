// PROOF-FLAGS: -std=c++20 -fsanitize=thread -pthread
// PROOF-FAILS: ThreadSanitizer: (data race|heap-use-after-free)
// The awaiter puts its coroutine into an atomic slot, from which a worker takes
// it and resumes it, and counts only then.
#include "../loop.h"
#include <atomic>
#include <thread>

std::atomic<void *> slot;

struct next_item {
  int waits = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    slot.store(waiter.address(), std::memory_order_release);
    ++waits;
  }
  int await_resume() const noexcept { return waits; }
};

proof::detached work() { std::printf("waits: %d\n", co_await next_item{}); }

int main() {
  std::thread worker([] {
    void *waiter = nullptr;
    while (!(waiter = slot.exchange(nullptr, std::memory_order_acquire)))
      std::this_thread::yield();
    std::coroutine_handle<>::from_address(waiter).resume();
  });
  work();
  worker.join();
}
