// The smallest event loop that runs real coroutines: for the proof programs.
// One thread, virtual time: a timer fires as soon as nothing else is ready, so
// no proof waits for the clock.
#ifndef PROOFS_LOOP_H
#define PROOFS_LOOP_H

#include <chrono>
#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <map>
#include <optional>
#include <utility>

namespace proof {

using duration = std::chrono::milliseconds;

class loop {
public:
  static loop &current() {
    static loop instance;
    return instance;
  }
  void post(std::coroutine_handle<> handle) { ready_.push_back(handle); }
  void at(duration delay, std::coroutine_handle<> handle) {
    timers_.emplace(now_ + delay, handle);
  }
  duration now() const { return now_; }
  /// Runs until nothing is left to do.
  void run() {
    while (!ready_.empty() || !timers_.empty()) {
      if (ready_.empty()) {
        auto first = timers_.begin();
        now_ = first->first;
        ready_.push_back(first->second);
        timers_.erase(first);
      }
      auto next = ready_.front();
      ready_.pop_front();
      next.resume();
    }
  }

private:
  duration now_{0};
  std::deque<std::coroutine_handle<>> ready_;
  std::multimap<duration, std::coroutine_handle<>> timers_;
};

/// Suspends for a while of virtual time.
struct sleep {
  duration delay;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    loop::current().at(delay, handle);
  }
  void await_resume() const noexcept {}
};

/// Lets everything else that is ready run first.
struct yield {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    loop::current().post(handle);
  }
  void await_resume() const noexcept {}
};

template <class T> struct result {
  std::optional<T> value;
  void return_value(T v) { value = std::move(v); }
  T take() { return std::move(*value); }
};
template <> struct result<void> {
  void return_void() {}
  void take() {}
};

/// A lazy task: runs when it is awaited.
template <class T = void> class task {
public:
  struct promise_type : result<T> {
    std::coroutine_handle<> waiter;
    std::exception_ptr error;
    task get_return_object() {
      return task(std::coroutine_handle<promise_type>::from_promise(*this));
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
    void unhandled_exception() { error = std::current_exception(); }
  };

  task(task &&other) noexcept : frame_(std::exchange(other.frame_, {})) {}
  task &operator=(task &&other) noexcept {
    std::swap(frame_, other.frame_);
    return *this;
  }
  ~task() {
    if (frame_)
      frame_.destroy();
  }
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiter) {
    frame_.promise().waiter = waiter;
    return frame_;
  }
  T await_resume() {
    if (frame_.promise().error)
      std::rethrow_exception(frame_.promise().error);
    return frame_.promise().take();
  }

private:
  explicit task(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
  std::coroutine_handle<promise_type> frame_;
};

/// Starts at once; nobody awaits it; its frame goes when it ends.
struct detached {
  struct promise_type {
    detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

/// Starts \p work, which it keeps until it is done.
inline detached spawn(task<> work) { co_await std::move(work); }

/// Ends the program with a message when something that must hold does not.
inline void require(bool condition, const char *what) {
  if (!condition) {
    std::fprintf(stderr, "proof failed: %s\n", what);
    std::exit(1);
  }
}

} // namespace proof

#endif // PROOFS_LOOP_H
