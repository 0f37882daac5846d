// RUN: %check_coro_tidy %s coro-resume-under-lock %t -- --config="{CheckOptions: {coro-resume-under-lock.MinConfidence: medium}}"
#include "task.h"
#include <functional>
#include <mutex>
#include <vector>

// The waiter goes on inside set(), and asks is_set().
class manual_event {
public:
  bool is_set() {
    std::lock_guard lock(mutex_);
    return set_;
  }
  void set() {
    std::lock_guard lock(mutex_);
    set_ = true;
    for (auto waiter : waiters_)
      waiter.resume();
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: a coroutine is resumed here while 'mutex_' is locked: it runs before this call returns, and dead-locks this thread when it takes 'mutex_', as 'manual_event::is_set' does; note what is to be resumed under the lock, and do it after unlocking [coro-resume-under-lock]
      // CHECK-MESSAGES: :[[@LINE-5]]:21: note: 'mutex_' is locked here
      // CHECK-MESSAGES: :[[@LINE-10]]:21: note: 'manual_event::is_set' locks it here
  }

private:
  std::mutex mutex_;
  bool set_ = false;
  std::vector<std::coroutine_handle<>> waiters_;
};

// The lock is taken in the awaiter.
class queue {
public:
  struct awaiter {
    queue &q;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) { q.waiter_ = h; }
    int await_resume() {
      std::unique_lock lock(q.mutex_);
      return q.value_;
    }
  };
  awaiter pop() { return {*this}; }
  void push(int value) {
    mutex_.lock();
    value_ = value;
    if (waiter_)
      waiter_();
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: a coroutine is resumed here while 'mutex_' is locked: it runs before this call returns, and dead-locks this thread when it takes 'mutex_', as 'awaiter::await_resume' does; note what is to be resumed under the lock, and do it after unlocking [coro-resume-under-lock]
      // CHECK-MESSAGES: :[[@LINE-5]]:5: note: 'mutex_' is locked here
      // CHECK-MESSAGES: :[[@LINE-12]]:24: note: 'awaiter::await_resume' locks it here
    mutex_.unlock();
  }

private:
  std::mutex mutex_;
  int value_ = 0;
  std::coroutine_handle<> waiter_;
};

// Through a helper.
class gate {
public:
  void open() {
    std::scoped_lock lock(mutex_);
    wake();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: a coroutine is resumed here while 'mutex_' is locked: it runs before this call returns, and dead-locks this thread when it takes 'mutex_', as 'gate::is_open' does; note what is to be resumed under the lock, and do it after unlocking [coro-resume-under-lock]
    // CHECK-MESSAGES: :[[@LINE-3]]:22: note: 'mutex_' is locked here
    // CHECK-MESSAGES: :[[@LINE+9]]:17: note: which resumes the coroutine
    // CHECK-MESSAGES: :[[@LINE+3]]:22: note: 'gate::is_open' locks it here
  }
  bool is_open() {
    std::scoped_lock lock(mutex_);
    return open_;
  }

private:
  void wake() { waiter_.resume(); }
  std::mutex mutex_;
  bool open_ = false;
  std::coroutine_handle<> waiter_;
};

// A callback that may call back.
class signal {
public:
  void connect(std::function<void()> f) {
    std::scoped_lock lock(mutex_);
    slots_.push_back(std::move(f));
  }
  void emit() {
    std::scoped_lock lock(mutex_);
    for (auto &slot : slots_)
      slot();
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: a callback is called here while 'mutex_' is locked: it runs before this call returns, and dead-locks this thread when it takes 'mutex_', as 'signal::connect' does; note what is to be called under the lock, and do it after unlocking [coro-resume-under-lock]
      // CHECK-MESSAGES: :[[@LINE-4]]:22: note: 'mutex_' is locked here
      // CHECK-MESSAGES: :[[@LINE-9]]:22: note: 'signal::connect' locks it here
  }

private:
  std::mutex mutex_;
  std::vector<std::function<void()>> slots_;
};

// In await_suspend.
struct handover {
  std::mutex &mutex;
  std::coroutine_handle<> other;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) {
    std::lock_guard lock(mutex);
    other.resume();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: a coroutine is resumed here while 'mutex' is locked: it runs before this call returns, and dead-locks this thread when it takes 'mutex', as 'handover::await_resume' does; note what is to be resumed under the lock, and do it after unlocking [coro-resume-under-lock]
    // CHECK-MESSAGES: :[[@LINE-3]]:21: note: 'mutex' is locked here
    // CHECK-MESSAGES: :[[@LINE+2]]:41: note: 'handover::await_resume' locks it here
  }
  void await_resume() { std::lock_guard lock(mutex); }
};

// Behind a call that runs nothing of others.
class relay {
public:
  void open() {
    std::scoped_lock lock(mutex_);
    forward();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: a coroutine is resumed here while 'mutex_' is locked: it runs before this call returns, and dead-locks this thread when it takes 'mutex_', as 'relay::is_open' does; note what is to be resumed under the lock, and do it after unlocking [coro-resume-under-lock]
    // CHECK-MESSAGES: :[[@LINE-3]]:22: note: 'mutex_' is locked here
    // CHECK-MESSAGES: :[[@LINE+12]]:5: note: which calls 'relay::wake'
    // CHECK-MESSAGES: :[[@LINE+14]]:17: note: which resumes the coroutine
    // CHECK-MESSAGES: :[[@LINE+3]]:22: note: 'relay::is_open' locks it here
  }
  bool is_open() {
    std::scoped_lock lock(mutex_);
    return open_;
  }

private:
  void forward() {
    mark();
    wake();
  }
  void mark() { open_ = true; }
  void wake() { waiter_.resume(); }
  std::mutex mutex_;
  bool open_ = false;
  std::coroutine_handle<> waiter_;
};

// A promise is fulfilled: who awaits its result goes on at once.
namespace concurrencpp {
template <typename T> struct result_promise {
  void set_result(T);
};
} // namespace concurrencpp
class request {
public:
  void answer(int value) {
    std::lock_guard lock(mutex_);
    promise_.set_result(value);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: a coroutine is resumed here while 'mutex_' is locked: it runs before this call returns, and dead-locks this thread when it takes 'mutex_', as 'request::is_open' does; note what is to be resumed under the lock, and do it after unlocking [coro-resume-under-lock]
    // CHECK-MESSAGES: :[[@LINE-3]]:21: note: 'mutex_' is locked here
    // CHECK-MESSAGES: :[[@LINE+3]]:21: note: 'request::is_open' locks it here
  }
  bool is_open() {
    std::lock_guard lock(mutex_);
    return open_;
  }

private:
  std::mutex mutex_;
  bool open_ = true;
  concurrencpp::result_promise<int> promise_;
};
