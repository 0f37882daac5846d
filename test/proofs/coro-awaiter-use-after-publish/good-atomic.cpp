// PROOF-FLAGS: -std=c++20 -fsanitize=thread -pthread
// The same with the slot filled as the last act: it publishes the count too.
#include "../loop.h"
#include <atomic>
#include <thread>

std::atomic<void *> slot;

struct next_item {
  int waits = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    ++waits;
    slot.store(waiter.address(), std::memory_order_release);
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
