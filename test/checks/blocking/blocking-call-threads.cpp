// RUN: %check_coro_tidy %s coro-blocking-call %t
// An object that belongs to an event loop does at once what it is asked for there, and makes other threads wait.
#include "task.h"
#include <atomic>
#include <chrono>
#include <future>
#include <stop_token>
#include <thread>

using namespace std::chrono_literals;

task<> other();
void write_log();

class loop {
public:
  bool is_here() const { return std::this_thread::get_id() == thread_.get_id(); }
  bool is_idle() const { return tasks_ == 0; }
  template <typename F> int call(F f) {
    if (is_here())
      return f();
    return start(f).get();
  }
  template <typename F> int call_when_busy(F f) {
    if (is_idle())
      return f();
    return start(f).get();
  }
  int close() {
    if (std::this_thread::get_id() == thread_.get_id())
      return 0;
    return wait();
  }
  int current() {
    if (current_ == this)
      return 0;
    return result_.get();
  }

private:
  int wait() { return result_.get(); }
  template <typename F> std::future<int> start(F) { return {}; }
  std::thread thread_;
  std::future<int> result_;
  std::atomic<int> tasks_;
  static thread_local loop *current_;
};

// The thread is asked for other reasons.
static int logs(std::future<int> &result) {
  if (std::this_thread::get_id() == std::thread::id())
    write_log();
  return result.get();
}

task<> asks(loop &on, std::future<int> &result) {
  co_await other();
  on.call([] { return 1; });
  on.call_when_busy([] { return 1; });
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'loop::call_when_busy' leads to 'future::get', which waits until the result is there,
  // CHECK-MESSAGES: :[[@LINE-34]]:12: note: 'loop::call_when_busy' calls 'future::get', which waits until the result is there
  on.close();
  on.current();
  logs(result);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'logs' leads to 'future::get', which waits until the result is there,
  // CHECK-MESSAGES: :[[@LINE-13]]:10: note: 'logs' calls 'future::get', which waits until the result is there
}

// Who awaits what the thread asks to stop comes after it.
task<> reads(std::stop_token until);
task<> stopped(std::stop_source &by) {
  std::jthread stops([&by] {
    std::this_thread::sleep_for(1s);
    by.request_stop();
  });
  co_await reads(by.get_token());
}
task<> not_stopped(std::stop_source &by) {
  std::jthread works([] { std::this_thread::sleep_for(1s); });
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: the destructor of 'works' waits until the other thread has ended,
  co_await reads(by.get_token());
}
