// RUN: %check_coro_tidy %s coro-thread-state-across-suspend %t
// What must be reported at the default confidence: the thread is seen to change,
// or others of the same thread overwrite what was left there.
#include "task.h"
#include <cerrno>
#include <string>
#include <thread>
#include <unistd.h>

namespace folly {
struct RequestContextScopeGuard {
  RequestContextScopeGuard();
  ~RequestContextScopeGuard();
};
} // namespace folly

task<> later();
task<int> number();
void use(int);
void use(const char *);
void use(std::thread::id);
struct context {
  int n = 0;
  void touch();
};
thread_local context own;
thread_local context *current = nullptr;
thread_local int depth = 0;
context &mine() { return own; }

/// Goes on on a thread of its own.
struct to_other_thread {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    std::thread([h] { h.resume(); }).detach();
  }
  void await_resume() const noexcept {}
};
to_other_thread move_on();

task<> reference() {
  context &c = own;
  co_await move_on();
  c.touch();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'c' refers to state of the thread that ran before; after the co_await on line [[@LINE-2]] this coroutine goes on on another thread, where that is shared without a lock or gone; obtain it again [coro-thread-state-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-4]]:16: note: obtained here
  // CHECK-MESSAGES: :[[@LINE-4]]:3: note: suspended here
}

task<> pointer() {
  context *c = current;
  co_await move_on();
  c->touch();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'c' refers to state of the thread that ran before
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
}

task<> through_a_getter() {
  auto &c = mine();
  co_await move_on();
  c.touch();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'c' refers to state of the thread that ran before
  // CHECK-MESSAGES: :[[@LINE-4]]:13: note: obtained here
  // CHECK-MESSAGES: note: suspended here
}

task<> key() {
  auto *c = static_cast<context *>(pthread_getspecific(1));
  co_await move_on();
  c->touch();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'c' refers to state of the thread that ran before
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
}

void wake(std::thread::id);
task<> id() {
  auto me = std::this_thread::get_id();
  co_await move_on();
  wake(me);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'me' tells about the thread that ran before; after the co_await on line [[@LINE-2]] this coroutine goes on on another thread; ask again [coro-thread-state-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-4]]:3: note: obtained here
  // CHECK-MESSAGES: :[[@LINE-4]]:3: note: suspended here
}

// The error of a call, read when others have made calls of their own. This is
// wrong on one thread, too.
task<> error(int fd, char *buffer) {
  long n = ::read(fd, buffer, 1);
  co_await later();
  if (n < 0 && errno == EAGAIN)
    // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: the last error of the thread is read after the co_await on line [[@LINE-2]], but others ran on it meanwhile, and this coroutine may be on another one; copy it before the suspension [coro-thread-state-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-4]]:12: note: set here
    // CHECK-MESSAGES: :[[@LINE-4]]:3: note: suspended here
    use(1);
}

task<> error_in_a_loop(int fd, char *buffer) {
  while (::read(fd, buffer, 1) < 0) {
    co_await later();
    if (errno != EINTR)
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: the last error of the thread is read
      // CHECK-MESSAGES: note: set here
      // CHECK-MESSAGES: note: suspended here
      co_return;
  }
}

task<> set_before() {
  context c;
  current = &c;
  co_await move_on();
  current->touch();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: thread_local 'current' was set before the suspension; after the co_await on line [[@LINE-2]] this coroutine goes on on another thread, and others may have set it on this one; keep the value in the frame, or set it again [coro-thread-state-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-4]]:3: note: set here
  // CHECK-MESSAGES: :[[@LINE-4]]:3: note: suspended here
}

task<> saved_and_restored(context *mine) {
  context *before = current;
  current = mine;
  co_await move_on();
  current = before;
  // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 'before' refers to state of the thread that ran before
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
}

task<> raised_and_lowered() {
  ++depth;
  co_await move_on();
  --depth;
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: thread_local 'depth' was set before the suspension
  // CHECK-MESSAGES: :[[@LINE-4]]:3: note: set here
  // CHECK-MESSAGES: note: suspended here
}

task<> bound() {
  folly::RequestContextScopeGuard guard;
  co_await later();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'guard' must stay on its thread (it changes the request context of the calling thread and puts it back in its destructor), but this coroutine may go on on another thread after this suspension; end its scope before it [coro-thread-state-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: made here
}

// Moved by what is awaited.
task<> mover() { co_await move_on(); }
task<> moved_by_a_callee() {
  auto &c = own;
  co_await mover();
  c.touch();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'c' refers to state of the thread that ran before; after the co_await on line [[@LINE-2]] this coroutine goes on on another thread
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
}

// folly's tasks take the request context along: nothing is said.
namespace folly::coro {
template <class T> class Task {
public:
  struct promise_type {
    Task get_return_object();
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void unhandled_exception();
    void return_void();
  };
};
} // namespace folly::coro
folly::coro::Task<void> keeps_the_context() {
  folly::RequestContextScopeGuard guard;
  co_await move_on();
}
