// PROOF-FLAGS: -std=c++20 -fsanitize=address -O1 -g -pthread
// The same, asking for the object of the thread that it is on.
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
  co_await next_thread();
  ++mine().requests;
}

int main() {
  std::thread([] { proof::spawn(serve()); }).join();
  std::thread([] { waiting.resume(); }).join();
}
