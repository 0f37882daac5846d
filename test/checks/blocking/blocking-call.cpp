// RUN: %check_coro_tidy %s coro-blocking-call %t
#include "task.h"
#include <algorithm>
#include <condition_variable>
#include <functional>
#include <future>
#include <iostream>
#include <latch>
#include <memory>
#include <mutex>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

extern "C" {
unsigned sleep(unsigned);
int getaddrinfo(const char *, const char *, const void *, void **);
int connect(int, const void *, unsigned);
int system(const char *);
int waitpid(int, int *, int);
}

task<> other();

task<> sleeps() {
  std::this_thread::sleep_for(1s);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead [coro-blocking-call]
  co_await other();
  ::sleep(3);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep' puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead [coro-blocking-call]
}

// The whole chain down to the call that blocks.
static void inner() { std::this_thread::sleep_for(1s); }
static void outer() { inner(); }
task<> chain() {
  co_await other();
  outer();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'outer' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-5]]:23: note: 'outer' calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-7]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
}

// Recursion ends, and the shorter way is told.
void pong(int n);
void ping(int n) {
  if (n > 0)
    pong(n - 1);
}
void pong(int n) {
  ping(n);
  inner();
}
task<> recursive() {
  co_await other();
  ping(3);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'ping' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-10]]:5: note: 'ping' calls 'pong'
  // CHECK-MESSAGES: :[[@LINE-7]]:3: note: 'pong' calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-26]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
}

task<> waits(std::future<int> f, std::thread t, std::condition_variable &cv, std::mutex &m, std::latch &l,
             std::binary_semaphore &s) {
  f.get();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'future::get' waits until the result is there, and no other coroutine of this thread runs meanwhile; await it instead [coro-blocking-call]
  t.join();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'thread::join' waits until the other thread has ended, and no other coroutine of this thread runs meanwhile; await it instead [coro-blocking-call]
  {
    std::unique_lock lock(m);
    cv.wait(lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'condition_variable::wait' waits until another thread notifies it, and no other coroutine of this thread runs meanwhile; await it instead [coro-blocking-call]
    cv.wait_for(lock, 10ms);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'condition_variable::wait_for' waits until another thread notifies it or the time is over, and no other coroutine of this thread runs meanwhile; await it instead [coro-blocking-call]
  }
  l.wait();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'latch::wait' waits until the count is down to zero, and no other coroutine of this thread runs meanwhile; await it instead [coro-blocking-call]
  s.acquire();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'counting_semaphore::acquire' waits until the semaphore is released, and no other coroutine of this thread runs meanwhile; await it instead [coro-blocking-call]
  co_await other();
}

// Other kinds.
task<> kinds(int fd, void **result, int *status, std::string line) {
  getaddrinfo("example.org", "80", nullptr, result);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'getaddrinfo' asks a name server and waits for the answer, and no other coroutine of this thread runs meanwhile; await an asynchronous operation, or move it to a thread pool [coro-blocking-call]
  connect(fd, nullptr, 0);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'connect' waits until the other side has accepted the connection, and no other coroutine of this thread runs meanwhile; await an asynchronous operation, or move it to a thread pool [coro-blocking-call]
  system("ls");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'system' waits until the command has ended, and no other coroutine of this thread runs meanwhile; await an asynchronous operation, or move it to a thread pool [coro-blocking-call]
  waitpid(1, status, 0);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'waitpid' waits until a child process has ended, and no other coroutine of this thread runs meanwhile; await an asynchronous operation, or move it to a thread pool [coro-blocking-call]
  std::getline(std::cin, line);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'getline' waits until the user has entered a line, and no other coroutine of this thread runs meanwhile; await an asynchronous operation, or move it to a thread pool [coro-blocking-call]
  co_await other();
}

// Constructors, destructors, operators, conversions, default arguments.
struct opens {
  opens() { inner(); }
  opens(int) {}
  operator bool() const {
    inner();
    return true;
  }
  void operator()() const { inner(); }
};
struct closes {
  ~closes() { inner(); }
};
struct owner {
  int before;
  closes member;
};
int slow() {
  inner();
  return 1;
}
void with_default(int value = slow());

task<> special_members() {
  opens made;
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: the constructor of 'opens' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-24]]:13: note: 'opens::opens' calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-91]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
  owner local;
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: the destructor of 'local' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-15]]:10: note: 'owner::~owner' runs the destructor of 'closes'
  // CHECK-MESSAGES: :[[@LINE-20]]:15: note: 'closes::~closes' calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-96]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
  if (opens(1))
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'opens::operator bool' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead [coro-blocking-call]
    // CHECK-MESSAGES: :[[@LINE-30]]:5: note: 'opens::operator bool' calls 'inner'
    // CHECK-MESSAGES: :[[@LINE-100]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
    co_await other();
  with_default();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'slow' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-22]]:3: note: 'slow' calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-105]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
}

task<> dropped_future() {
  std::async(std::launch::async, inner);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'async' returns a future whose destructor waits until the function has run, and no other coroutine of this thread runs meanwhile; await it instead [coro-blocking-call]
  co_await other();
}
task<> forgotten_future() {
  auto unused = std::async(std::launch::async, inner);
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'async' returns a future whose destructor waits until the function has run, and no other coroutine of this thread runs meanwhile; await it instead [coro-blocking-call]
  co_await other();
}
task<> joining_thread() {
  std::jthread worker(inner);
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: the destructor of 'worker' waits until the other thread has ended, and no other coroutine of this thread runs meanwhile; await it instead [coro-blocking-call]
  co_await other();
}

// Callables that are called in place.
template <class F> void call(F f) { f(); }
void call_erased(const std::function<void()> &f) { f(); }
void call_indirectly(std::function<void()> f) { call_erased(f); }
task<> callables(std::vector<int> v) {
  std::for_each(v.begin(), v.end(), [](int) { inner(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'for_each' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-2]]:3: note: 'for_each' runs this lambda
  // CHECK-MESSAGES: :[[@LINE-3]]:47: note: this lambda calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-133]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
  call([] { inner(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'call' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-11]]:37: note: 'call' calls this lambda
  // CHECK-MESSAGES: :[[@LINE-3]]:13: note: this lambda calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-138]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
  call_indirectly([] { inner(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'call_indirectly' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-2]]:3: note: 'call_indirectly' runs this lambda
  // CHECK-MESSAGES: :[[@LINE-3]]:24: note: this lambda calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-143]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
  [] { inner(); }();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this lambda leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-2]]:8: note: this lambda calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-147]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
  co_await other();
}

// A virtual function of which all overriders are here, and all block.
struct store {
  virtual void save() = 0;
};
struct disk : store {
  void save() override { inner(); }
};
struct tape final : store {
  void save() override { outer(); }
};
task<> virtual_call(store &s) {
  s.save();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'store::save' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-2]]:3: note: 'store::save' is overridden by 'disk::save'
  // CHECK-MESSAGES: :[[@LINE-9]]:26: note: 'disk::save' calls 'inner'
  // CHECK-MESSAGES: :[[@LINE-166]]:23: note: 'inner' calls 'sleep_for', which puts the thread to sleep
  co_await other();
}

// Once, not once an instantiation.
template <class T> task<> instantiated(T) {
  std::this_thread::sleep_for(1s);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead [coro-blocking-call]
  co_await other();
}
task<> two() {
  co_await instantiated(1);
  co_await instantiated('c');
}

[[clang::annotate("coro::blocking")]] void annotated();
void attribute() [[clang::blocking]];
task<> annotations() {
  annotated();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'annotated' is annotated as blocking, and no other coroutine of this thread runs meanwhile; await it instead [coro-blocking-call]
  attribute();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'attribute' is annotated as blocking, and no other coroutine of this thread runs meanwhile; await it instead [coro-blocking-call]
  co_await other();
}

// Another promise, or this one after the wait, helps nobody.
task<int> not_fulfilled() {
  std::promise<int> promise, another;
  std::future<int> future = promise.get_future();
  another.set_value(1);
  int n = future.get();
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'future::get' waits until the result is there, and no other coroutine of this thread runs meanwhile; await it instead [coro-blocking-call]
  promise.set_value(2);
  co_await other();
  co_return n;
}

// Nobody awaited these.
struct joining {
  std::thread thread;
  ~joining() { thread.join(); }
};
int taken(std::future<int> &f) { return f.get(); }
task<> never_awaited(std::future<int> f) {
  joining worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: the destructor of 'worker' leads to 'thread::join', which waits until the other thread has ended
  // CHECK-MESSAGES: :[[@LINE-6]]:16: note: 'joining::~joining' calls 'thread::join', which waits until the other thread has ended
  co_await other();
  taken(f);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'taken' leads to 'future::get', which waits until the result is there
  // CHECK-MESSAGES: :[[@LINE-8]]:41: note: 'taken' calls 'future::get', which waits until the result is there
}

// What the destructor asks is about the thread itself; and whoever calls close() has it close.
struct joins_if_joinable {
  std::thread thread;
  ~joins_if_joinable() {
    if (thread.joinable())
      thread.join();
  }
};
struct joins_unless_moved_from {
  std::unique_ptr<int> context;
  std::thread thread;
  ~joins_unless_moved_from() {
    if (!context)
      return;
    thread.join();
  }
};
struct owning_client {
  bool mine = true;
  std::thread pump;
  void close() {
    if (mine)
      pump.join();
  }
  ~owning_client() { close(); }
};
task<> destroys_or_closes(owning_client &given) {
  joins_if_joinable worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: the destructor of 'worker' leads to 'thread::join', which waits until the other thread has ended
  // CHECK-MESSAGES: :[[@LINE-24]]:7: note: 'joins_if_joinable::~joins_if_joinable' calls 'thread::join', which waits until the other thread has ended
  joins_unless_moved_from pump;
  // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: the destructor of 'pump' leads to 'thread::join', which waits until the other thread has ended
  // CHECK-MESSAGES: note: 'joins_unless_moved_from::~joins_unless_moved_from' calls 'thread::join', which waits until the other thread has ended
  owning_client mine;
  co_await other();
  given.close();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'owning_client::close' leads to 'thread::join', which waits until the other thread has ended
  // CHECK-MESSAGES: :[[@LINE-15]]:7: note: 'owning_client::close' calls 'thread::join', which waits until the other thread has ended
}

// What is awaited knows nothing of the thread, or is awaited too late or early.
struct signal_event {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
  void set();
};
task<> not_told(signal_event &done) {
  co_await done;
  std::thread worker([&done] { done.set(); });
  worker.join();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'thread::join' waits until the other thread has ended
  co_await done;
}
task<int> other_than_told(signal_event &done) {
  std::promise<int> promise;
  std::future<int> result = promise.get_future();
  std::thread worker([promise = std::move(promise)]() mutable { promise.set_value(1); });
  co_await done;
  worker.join();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'thread::join' waits until the other thread has ended
  co_return result.get();
  // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 'future::get' waits until the result is there
}

task<> looks_like_an_address(void **result) {
  getaddrinfo("1.2.3.example.org", "80", nullptr, result);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'getaddrinfo' asks a name server and waits for the answer,
  co_await other();
}
