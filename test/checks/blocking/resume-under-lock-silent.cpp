// RUN: %check_coro_tidy --expect-clean %s coro-resume-under-lock %t -- --config="{CheckOptions: {coro-resume-under-lock.MinConfidence: medium}}"
#include "task.h"
#include <functional>
#include <future>
#include <mutex>
#include <vector>

// Collected under the lock, resumed after it.
class manual_event {
public:
  bool is_set() {
    std::lock_guard lock(mutex_);
    return set_;
  }
  void set() {
    std::vector<std::coroutine_handle<>> waiters;
    {
      std::lock_guard lock(mutex_);
      set_ = true;
      waiters.swap(waiters_);
    }
    for (auto waiter : waiters)
      waiter.resume();
  }

private:
  std::mutex mutex_;
  bool set_ = false;
  std::vector<std::coroutine_handle<>> waiters_;
};

// Unlocked for each.
class loop {
public:
  void post(std::coroutine_handle<> h) {
    std::lock_guard lock(mutex_);
    ready_.push_back(h);
  }
  void run() {
    std::unique_lock lock(mutex_);
    while (!ready_.empty()) {
      auto h = ready_.back();
      ready_.pop_back();
      lock.unlock();
      h.resume();
      lock.lock();
    }
  }

private:
  std::mutex mutex_;
  std::vector<std::coroutine_handle<>> ready_;
};

// Nobody else takes this lock.
class serial {
public:
  void run() {
    std::lock_guard lock(running_);
    next_.resume();
  }

private:
  std::mutex running_;
  std::coroutine_handle<> next_;
};

// The same thread may take it again.
class reentrant {
public:
  void set() {
    std::lock_guard lock(mutex_);
    waiter_.resume();
  }
  void look() { std::lock_guard lock(mutex_); }

private:
  std::recursive_mutex mutex_;
  std::coroutine_handle<> waiter_;
};

// A generator's body runs, and hands back a value.
struct generator {
  struct promise_type {
    generator get_return_object();
    std::suspend_always initial_suspend() noexcept;
    std::suspend_always final_suspend() noexcept;
    std::suspend_always yield_value(int);
    void return_void();
    void unhandled_exception();
  };
  std::coroutine_handle<promise_type> frame;
};
class shared_sequence {
public:
  void next() {
    std::lock_guard lock(mutex_);
    source_.frame.resume();
  }
  void reset() { std::lock_guard lock(mutex_); }

private:
  std::mutex mutex_;
  generator source_;
};

// Only the constructor and the destructor take it elsewhere.
class guarded {
public:
  guarded() { std::lock_guard lock(mutex_); }
  ~guarded() { std::lock_guard lock(mutex_); }
  void set() {
    std::lock_guard lock(mutex_);
    waiter_.resume();
  }

private:
  std::mutex mutex_;
  std::coroutine_handle<> waiter_;
};

// Handed to somebody who resumes it later.
void post(std::coroutine_handle<>);
class poster {
public:
  void set() {
    std::lock_guard lock(mutex_);
    post(waiter_);
    auto later = [this] { waiter_.resume(); };
  }
  void look() { std::lock_guard lock(mutex_); }

private:
  std::mutex mutex_;
  std::coroutine_handle<> waiter_;
};

// The lock of another object than the one that the others take.
class pair {
public:
  void set() {
    std::lock_guard lock(first_);
    waiter_.resume();
  }
  void look() { std::lock_guard lock(second_); }

private:
  std::mutex first_, second_;
  std::coroutine_handle<> waiter_;
};

// What is called under the lock runs nothing of others, however deep.
class bookkeeper {
public:
  void add(int n) {
    std::lock_guard lock(mutex_);
    total_ = sum(n);
    if (is_large())
      shrink();
    inspect(this);
  }
  int total() {
    std::lock_guard lock(mutex_);
    return total_;
  }

private:
  int sum(int n) const { return plus(total_, n); }
  static int plus(int a, int b) { return a + b; }
  bool is_large() const { return total_ > 100; }
  void shrink() { total_ = plus(total_, -100); }
  static void inspect(const bookkeeper *b) { b->is_large(); }
  std::mutex mutex_;
  int total_ = 0;
};

// Fulfilled after unlocking; a thread that waits for a std::promise is woken,
// and runs by itself.
namespace concurrencpp {
template <typename T> struct result_promise {
  void set_result(T);
};
} // namespace concurrencpp
class request {
public:
  void answer(int value) {
    {
      std::lock_guard lock(mutex_);
      open_ = false;
      woken_.set_value(value);
    }
    promise_.set_result(value);
  }
  bool is_open() {
    std::lock_guard lock(mutex_);
    return open_;
  }

private:
  std::mutex mutex_;
  bool open_ = true;
  concurrencpp::result_promise<int> promise_;
  std::promise<int> woken_;
};
