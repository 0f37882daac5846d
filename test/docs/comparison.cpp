// What clang-tidy's own checks say about coroutines, and what they do not: the column of docs/comparison.md. A release of
// LLVM in which this changes wants the page changed.
// REQUIRES: llvm-22
// RUN: %stock_clang_tidy --quiet --checks='-*,misc-coroutine-*,cppcoreguidelines-avoid-*-coroutine*,cppcoreguidelines-no-suspend-with-lock,bugprone-*,clang-analyzer-*,concurrency-*,performance-*' \
// RUN:   --config="{CheckOptions: {bugprone-unused-return-value.CheckedReturnTypes: '::task', bugprone-unused-local-non-trivial-variable.IncludeTypes: '::task'}}" \
// RUN:   %s -- -std=c++20 -I%inputs 2>/dev/null | FileCheck %s --implicit-check-not=warning:
// RUN: %coro_tidy check --no-cache --format concise --color never %s -- -std=c++20 -I%inputs > %t; FileCheck %s --check-prefix=OURS --implicit-check-not=warning: --input-file=%t

#include "task.h"
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

task<> io();
void use(std::string_view);
void take(int);

// Parameters: by the signature, whoever calls and whether it is used late.
task<> by_reference(const std::string &name) {
  // CHECK: :[[@LINE-1]]:{{.*}}[cppcoreguidelines-avoid-reference-coroutine-parameters]
  co_await io();
  use(name);
}
task<> never_used(const std::string &) { co_await io(); }
  // CHECK: :[[@LINE-1]]:{{.*}}[cppcoreguidelines-avoid-reference-coroutine-parameters]
task<> by_view(std::string_view name) {
  co_await io();
  use(name);
}
task<> by_pointer(const std::string *name) {
  co_await io();
  use(*name);
}
task<> caller() {
  auto t = by_view(std::string(100, 'x'));
  // OURS: :[[@LINE-1]]:{{.*}}[coro-dangling-argument]
  co_await std::move(t);
}

// Captures: whoever keeps the closure.
task<> captures(int n) {
  auto closure = [n]() -> task<> {
  // CHECK: :[[@LINE-1]]:{{.*}}[cppcoreguidelines-avoid-capturing-lambda-coroutines]
    co_await io();
    take(n);
  };
  co_await closure();
}

// What is shared.
struct session { int bytes; };
struct server {
  std::map<int, session> sessions;
  std::mutex mutex;
  int *shared = nullptr;
  void drop(int id) { sessions.erase(id); }
  task<> count(int id) {
    session &mine = sessions.at(id);
    co_await io();
    ++mine.bytes;
  // OURS: :[[@LINE-1]]:{{.*}}[coro-reference-across-suspend]
  }
  detached run() {
  // OURS: :[[@LINE-1]]:{{.*}}[coro-this-after-suspend]
    co_await io();
    sessions.clear();
  }
  task<> listed_guard() {
    std::lock_guard lock(mutex);
  // CHECK: :[[@LINE-1]]:{{.*}}[misc-coroutine-hostile-raii]
  // OURS: :[[@LINE+1]]:{{.*}}[coro-lock-across-suspend]
    co_await io();
  }
  task<> listed_guard_in_braces() {
    std::lock_guard<std::mutex> lock(mutex);
  // CHECK: :[[@LINE-1]]:{{.*}}[misc-coroutine-hostile-raii]
  // CHECK: :[[@LINE+2]]:{{.*}}[cppcoreguidelines-no-suspend-with-lock]
  // OURS: :[[@LINE+1]]:{{.*}}[coro-lock-across-suspend]
    co_await io();
  }
  task<> by_hand() {
    mutex.lock();
  // OURS: :[[@LINE+1]]:{{.*}}[coro-lock-across-suspend]
    co_await io();
    mutex.unlock();
  }
  task<> set_up() {
    if (!shared)
      shared = co_await make();
  // OURS: :[[@LINE-1]]:{{.*}}[coro-stale-state-across-suspend]
  }
  task<int *> make();
};

thread_local int requests = 0;
task<> thread_state() {
  int &mine = requests;
  co_await io();
  ++mine;
}

// Awaits.
task<> forgotten() {
  io();
  // CHECK: :[[@LINE-1]]:{{.*}}[bugprone-unused-return-value]
  // OURS: :[[@LINE-2]]:{{.*}}[coro-missing-await]
  auto kept = io();
  // CHECK: :[[@LINE-1]]:{{.*}}[bugprone-unused-local-non-trivial-variable]
  // OURS: :[[@LINE-2]]:{{.*}}[coro-missing-await]
  co_await io();
}
task<> twice() {
  auto t = io();
  co_await std::move(t);
  co_await std::move(t);
  // CHECK: :[[@LINE-1]]:{{.*}}[bugprone-use-after-move]
  // OURS: :[[@LINE-2]]:{{.*}}[coro-await-twice]
}
task<> blocks() {
  std::this_thread::sleep_for(std::chrono::seconds(1));
  // OURS: :[[@LINE-1]]:{{.*}}[coro-blocking-call]
  co_await io();
}
struct publishing {
  std::thread pool;
  int moves = 0;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    pool = std::thread([waiter] { waiter.resume(); });
    ++moves;
  // OURS: :[[@LINE-1]]:{{.*}}[coro-awaiter-use-after-publish]
  }
  void await_resume() {}
};
