// RUN: %check_coro_tidy %s coro-blocking-call %t -- --config="{CheckOptions: {coro-blocking-call.Kinds: 'file; lock', coro-blocking-call.MinConfidence: medium, coro-blocking-call.Allowed: 'open_log;own::store::load'}}"
#include "task.h"
#include <fstream>
#include <istream>
#include <filesystem>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;
task<> other();

task<> files(std::filesystem::path p, std::istream &stream) {
  std::ifstream in(p);
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: the constructor of 'std::ifstream' opens a file, and no other coroutine of this thread runs meanwhile; await an asynchronous operation, or move it to a thread pool [coro-blocking-call]
  std::ofstream out;
  out.open(p);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'basic_ofstream::open' opens a file, and no other coroutine of this thread runs meanwhile; await an asynchronous operation, or move it to a thread pool [coro-blocking-call]
  (void)std::filesystem::exists(p);
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'exists' asks the file system, and no other coroutine of this thread runs meanwhile; await an asynchronous operation, or move it to a thread pool [coro-blocking-call]
  auto status = std::filesystem::status(p);
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'status' asks the file system, and no other coroutine of this thread runs meanwhile; await an asynchronous operation, or move it to a thread pool [coro-blocking-call]
  (void)std::filesystem::exists(status);
  p /= p.lexically_normal();
  std::ifstream moved(std::move(in));
  co_await other();
}

task<> locks(std::mutex &m) {
  m.lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'mutex::lock' waits until the mutex is free, and no other coroutine of this thread runs meanwhile; await an asynchronous operation, or move it to a thread pool [coro-blocking-call]
  m.unlock();
  {
    std::lock_guard guard(m);
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: the constructor of 'std::lock_guard<{{(std::)?}}mutex>' waits until the mutex is free, and no other coroutine of this thread runs meanwhile; await an asynchronous operation, or move it to a thread pool [coro-blocking-call]
  }
  {
    std::unique_lock deferred(m, std::defer_lock);
    std::unique_lock tried(m, std::try_to_lock);
  }
  m.try_lock();
  co_await other();
}

// Not asked for.
task<> sleeps() {
  std::this_thread::sleep_for(1s);
  co_await other();
}

// Allowed, wherever in the chain.
void open_log() { std::ofstream log("log"); }
void log_line() { open_log(); }
namespace own {
struct store {
  void load() { std::ifstream in("store"); }
};
} // namespace own
task<> allowed(own::store &s) {
  open_log();
  log_line();
  s.load();
  co_await other();
}
