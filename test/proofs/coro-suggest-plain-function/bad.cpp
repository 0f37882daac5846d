// PROOF-FLAGS: -std=c++20 -O2
// PROOF-FAILS: 2000 coroutine frames were allocated
#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>
#include <utility>

static int frames = 0;

// The smallest lazy task that counts its frames.
template <class T> struct task {
  struct promise_type {
    T value;
    std::coroutine_handle<> waiter;
    static void *operator new(std::size_t size) {
      ++frames;
      return std::malloc(size);
    }
    static void operator delete(void *frame) { std::free(frame); }
    task get_return_object() {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct awaiter {
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<>
        await_suspend(std::coroutine_handle<promise_type> self) noexcept {
          auto waiter = self.promise().waiter;
          return waiter ? waiter : std::noop_coroutine();
        }
        void await_resume() noexcept {}
      };
      return awaiter{};
    }
    void return_value(T v) { value = v; }
    void unhandled_exception() { std::terminate(); }
  };
  task(std::coroutine_handle<promise_type> h) : frame(h) {}
  task(task &&other) noexcept : frame(std::exchange(other.frame, {})) {}
  ~task() {
    if (frame)
      frame.destroy();
  }
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiter) {
    frame.promise().waiter = waiter;
    return frame;
  }
  T await_resume() { return frame.promise().value; }
  std::coroutine_handle<promise_type> frame;
};

class server {
public:
  task<int> serve(const char *token, int requests) {
    int refused = 0;
    for (int i = 0; i < requests; ++i)
      if (!co_await authorised(token))
        ++refused;
    co_return refused;
  }

private:
  __attribute__((noinline)) task<bool> authorised(std::string_view token) {
    co_return !token.empty() && token == token_;
  }
  std::string_view token_ = "open-sesame";
};

int main() {
  server s;
  task<int> t = s.serve("open-sesame", 2000);
  frames = 0;
  t.frame.resume();
  if (frames > 0) {
    std::fprintf(stderr,
                 "%d coroutine frames were allocated to compare two "
                 "strings\n",
                 frames);
    return 1;
  }
}
