// RUN: %check_coro_tidy --std=c++20,c++23 %s coro-awaiter-use-after-publish %t
#include <coroutine>
#include <utility>

void log(int);
int now();

struct resumes_in_place {
  int count = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    waiter.resume();
    // CHECK-MESSAGES: :[[@LINE+2]]:7: warning: 'await_suspend' touches 'count' after it resumed the coroutine: the awaiter lives in that frame, which may be gone by now; take what is needed into a local variable first, and make this its last act [coro-awaiter-use-after-publish]
    // CHECK-MESSAGES: :[[@LINE-2]]:5: note: resumed here
    ++count;
  }
  void await_resume() {}
};

struct calls_the_handle {
  int count = 0;
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> waiter) {
    waiter();
    return count > 0;
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'await_suspend' touches 'count' after it resumed the coroutine
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: resumed here
  }
  void await_resume() {}
};

template <class Promise> struct final_awaiter {
  int code = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<Promise> self) noexcept {
    self.destroy();
    log(code);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'await_suspend' touches 'code' after it destroyed the coroutine: the awaiter lives in that frame, which is gone
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: destroyed here
  }
  void await_resume() noexcept {}
};

template <class Promise> struct looks_at_promise {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<Promise> self) noexcept {
    self.resume();
    log(self.promise().value);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'await_suspend' touches the frame through its handle after it resumed the coroutine: the frame may be gone by now
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: resumed here
  }
  void await_resume() noexcept {}
};

struct on_one_path {
  bool fast;
  int count = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    if (fast)
      waiter.resume();
    else
      log(0);
    count = now();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'await_suspend' touches 'count' after it resumed the coroutine
    // CHECK-MESSAGES: :[[@LINE-5]]:7: note: resumed here
  }
  void await_resume() {}
};

// The lambda runs later, with the same awaiter.
template <class F> void post(F);
struct in_callback {
  int result = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    post([this, waiter]() mutable {
      waiter.resume();
      result = now();
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'await_suspend' touches 'result' after it resumed the coroutine
      // CHECK-MESSAGES: :[[@LINE-3]]:7: note: resumed here
    });
  }
  void await_resume() {}
};

struct promise {
  int value = 0;
  promise *get_return_object() { return this; }
  std::suspend_never initial_suspend() { return {}; }
  final_awaiter<promise> final_suspend() noexcept { return {}; }
  looks_at_promise<promise> yield_value(int) { return {}; }
  void return_void() {}
  void unhandled_exception() {}
};
struct coroutine {
  using promise_type = promise;
  coroutine(promise *);
};
coroutine uses_both() { co_yield 1; }

//===--- Silent ---===//

struct last_act {
  int count = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    ++count;
    waiter.resume();
  }
  void await_resume() {}
};
struct returns_at_once {
  bool fast = false;
  int count = 0;
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> waiter) {
    if (fast) {
      waiter.resume();
      return true;
    }
    ++count;
    return false;
  }
  void await_resume() {}
};
struct local_copy {
  int count = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    int before = count;
    waiter.resume();
    log(before);
  }
  void await_resume() {}
};
struct symmetric {
  std::coroutine_handle<> next;
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiter) {
    log(0);
    return std::exchange(next, waiter);
  }
  void await_resume() {}
};
// Another coroutine is resumed, not the one that waits.
struct resumes_another {
  std::coroutine_handle<> other;
  int count = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) {
    other.resume();
    ++count;
  }
  void await_resume() {}
};
// Under the lock that a waker needs; a push may fail; a loop of this thread.
struct list {
  bool try_push(std::coroutine_handle<>);
  void push(std::coroutine_handle<>);
};
struct queued {
  list &waiters;
  int count = 0;
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> waiter) {
    if (!waiters.try_push(waiter)) {
      ++count;
      return false;
    }
    waiters.push(waiter);
    ++count;
    return true;
  }
  void await_resume() {}
};
struct stored {
  std::coroutine_handle<> waiter;
  int count = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    waiter = handle;
    ++count;
    log(count);
  }
  void await_resume() {}
};
// An object that is awaited by reference lives elsewhere.
struct event_object {
  std::coroutine_handle<> waiter;
  int fired = 0;
  void fire();
  void reset();
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    handle.resume();
    ++fired;
  }
  void await_resume() {}
};
