// PROOF-FLAGS: -std=c++20 -fsanitize=address
// PROOF-FAILS: AddressSanitizer: heap-use-after-free|AddressSanitizer: SEGV
// A request that is tried again awaits the task of the first attempt, which
// has ended: its frame is gone.
#include "../loop.h"
#include <memory>
#include <string>

// As in several libraries, awaiting an rvalue takes its frame over.
template <class T> struct single {
  struct promise_type : proof::result<T> {
    std::coroutine_handle<> waiter;
    single get_return_object() {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct awaiter {
        bool await_ready() noexcept { return false; }
        auto await_suspend(std::coroutine_handle<promise_type> self) noexcept {
          return self.promise().waiter;
        }
        void await_resume() noexcept {}
      };
      return awaiter{};
    }
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> frame;

  single(std::coroutine_handle<promise_type> frame) : frame(frame) {}
  single(single &&other) noexcept : frame(std::exchange(other.frame, {})) {}
  ~single() {
    if (frame)
      frame.destroy();
  }

  auto operator co_await() && {
    struct awaiter {
      std::coroutine_handle<promise_type> frame;
      bool await_ready() { return false; }
      auto await_suspend(std::coroutine_handle<> waiter) {
        frame.promise().waiter = waiter;
        return frame;
      }
      T await_resume() { return frame.promise().take(); }
      ~awaiter() { frame.destroy(); }
    };
    return awaiter{std::exchange(frame, {})};
  }
};

single<std::string> fetch() {
  co_await proof::sleep{proof::duration(1)};
  co_return "nothing yet";
}

proof::task<> retry() {
  auto request = fetch();
  for (int attempt = 0; attempt < 3; ++attempt)
    std::puts((co_await std::move(request)).c_str());
}

int main() {
  proof::spawn(retry());
  proof::loop::current().run();
}
