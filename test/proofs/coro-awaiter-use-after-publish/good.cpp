// PROOF-FLAGS: -std=c++20 -fsanitize=address -pthread
// The same with the handle given away as the last act.
#include "../loop.h"
#include <semaphore>
#include <thread>

std::binary_semaphore done(0);
std::thread pool;

struct move_to_pool {
  int moves = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    ++moves;
    pool = std::thread([waiter] {
      waiter.resume();
      done.release();
    });
    done.acquire(); // the unlucky schedule, made certain
  }
  void await_resume() const noexcept {}
};

proof::detached work() { co_await move_to_pool{}; }

int main() {
  work();
  pool.join();
}
