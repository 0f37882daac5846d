// PROOF-FLAGS: -std=c++20 -O1 -fsanitize=address
// PROOF-FAILS: heap-use-after-free
// The coroutine returns early; what it has started counts down in a scope that
// was destroyed with its frame.
#include "../loop.h"

using namespace std::chrono_literals;

/// A scope of started tasks, as cppcoro has it: it counts them, and the last
/// one wakes whoever joins.
class async_scope {
  int count_ = 0;
  std::coroutine_handle<> joiner_;
  proof::detached run(proof::task<> work) {
    co_await std::move(work);
    if (--count_ == 0 && joiner_)
      proof::loop::current().post(joiner_);
  }

public:
  void spawn(proof::task<> work) {
    ++count_;
    run(std::move(work));
  }
  auto join() {
    struct awaiter {
      async_scope &scope;
      bool await_ready() const { return scope.count_ == 0; }
      void await_suspend(std::coroutine_handle<> handle) {
        scope.joiner_ = handle;
      }
      void await_resume() const {}
    };
    return awaiter{*this};
  }
};

int served = 0;
proof::task<> serve(int client) {
  co_await proof::sleep(proof::duration(10 * client));
  ++served;
}

proof::task<> serve_all(int clients) {
  async_scope scope;
  for (int i = 1; i <= clients; ++i) {
    scope.spawn(serve(i));
    if (i == 5)
      co_return;
  }
  co_await scope.join();
}

int main() {
  proof::spawn(serve_all(10));
  proof::loop::current().run();
}
