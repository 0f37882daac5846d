// RUN: %check_coro_tidy %s coro-blocking-call %t
// A function that blocks has one beside it that does the same and is awaited.
#include "library_tasks.h"
#include <chrono>
#include <string>
#include <thread>

TASK(task);
TASK(another);
using namespace std::chrono_literals;
task<> other();
static void inner() { std::this_thread::sleep_for(1s); }

struct connection {
  int query(const std::string &text, int flags = 0) {
    inner();
    return flags;
  }
  task<int> async_query(const std::string &text);
  void sendSync(int) { inner(); }
  task<> send(int);
  static void open(const char *) { inner(); }
  static task<> openAsync(const char *);
};
namespace files {
inline void load(const char *) { inner(); }
task<> co_load(const char *);
} // namespace files

task<> twins(connection &c) {
  c.query("x");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'connection::query' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use 'co_await' with 'connection::async_query', which takes the same arguments [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-17]]:5: note: 'connection::query' calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-22]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
  c.sendSync(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'connection::sendSync' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use 'co_await' with 'connection::send', which takes the same arguments
  // CHECK-MESSAGES: :[[@LINE-17]]:24: note: 'connection::sendSync' calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-26]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
  connection::open("x");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'connection::open' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use 'co_await' with 'connection::openAsync', which takes the same arguments
  // CHECK-MESSAGES: :[[@LINE-19]]:36: note: 'connection::open' calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-30]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
  files::load("x");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'load' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use 'co_await' with 'co_load', which takes the same arguments
  // CHECK-MESSAGES: :[[@LINE-19]]:34: note: 'load' calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-34]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
  co_await other();
}

//===--- No twin ------------------------------------------------------------===//

struct lookalikes {
  // Other arguments.
  void read(int) { inner(); }
  task<> async_read(const char *);
  // Cannot be awaited here.
  void write(int) { inner(); }
  another<> async_write(int);
  // Not for others.
  void close(int) { inner(); }
  // Blocks as well.
  void flush() { inner(); }
  task<> async_flush() {
    flush();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'lookalikes::flush' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead
    // CHECK-MESSAGES: :[[@LINE-4]]:18: note: 'lookalikes::flush' calls 'inner'
    // CHECK-MESSAGES: :[[@LINE-55]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
    co_return;
  }
  // Needs an object that may be changed.
  void look() const { inner(); }
  task<> async_look();

private:
  task<> async_close(int);
};
task<> no_twins(lookalikes &l, const lookalikes &constant) {
  l.read(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'lookalikes::read' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead
  // CHECK-MESSAGES: :[[@LINE-26]]:20: note: 'lookalikes::read' calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-69]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
  l.write(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'lookalikes::write' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead
  // CHECK-MESSAGES: :[[@LINE-27]]:21: note: 'lookalikes::write' calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-73]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
  l.close(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'lookalikes::close' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead
  // CHECK-MESSAGES: :[[@LINE-28]]:21: note: 'lookalikes::close' calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-77]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
  l.flush();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'lookalikes::flush' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead
  // CHECK-MESSAGES: :[[@LINE-30]]:18: note: 'lookalikes::flush' calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-81]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
  constant.look();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'lookalikes::look' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead
  // CHECK-MESSAGES: :[[@LINE-25]]:23: note: 'lookalikes::look' calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-85]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
  co_await other();
}
