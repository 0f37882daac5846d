// PROOF-FLAGS: -std=c++20 -fsanitize=address -O1 -g -pthread
// PROOF-FAILS: AddressSanitizer: heap-use-after-free
// A coroutine refers to an object of the thread that it began on. It goes on on
// another one, and its first thread has ended.
#include "../loop.h"
#include <memory>
#include <thread>

struct statistics {
  int requests = 0;
};

statistics &mine() {
  thread_local std::unique_ptr<statistics> own = std::make_unique<statistics>();
  return *own;
}

std::coroutine_handle<> waiting;
struct next_thread {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) { waiting = handle; }
  void await_resume() const noexcept {}
};

proof::task<> serve() {
  statistics &counted = mine();
  co_await next_thread();
  ++counted.requests; // those of a thread that is gone
}

int main() {
  std::thread([] { proof::spawn(serve()); }).join();
  std::thread([] { waiting.resume(); }).join();
}
