// PROOF-FLAGS: -std=c++20 -fsanitize=address -pthread
// PROOF-FAILS: AddressSanitizer: (heap|stack)-use-after-(free|scope)
// The awaiter hands its coroutine to another thread, which runs it to its end,
// and then counts in a member of itself: it lived in the frame that is gone.
#include "../loop.h"
#include <semaphore>
#include <thread>

std::binary_semaphore done(0);
std::thread pool;

struct move_to_pool {
  int moves = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    pool = std::thread([waiter] {
      waiter.resume();
      done.release();
    });
    done.acquire(); // the unlucky schedule, made certain
    ++moves;
  }
  void await_resume() const noexcept {}
};

proof::detached work() { co_await move_to_pool{}; }

int main() {
  work();
  pool.join();
}
