// RUN: %check_coro_tidy %s coro-this-after-suspend %t
#include "spawners.h"
#include <memory>
#include <string>
#include <vector>

task<> tick();
task<int> count();
task<> read(int &);
void use(int);
asio::executor ex;

// --- detached by its type

struct job {
  int n = 0;
  std::vector<int> data;
  detached run() { co_await tick(); ++n; }
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'job::run' uses 'this' after a suspension, and nothing keeps the object while nobody waits for this coroutine; let the frame own the object, or let its destructor wait [coro-this-after-suspend]
// CHECK-MESSAGES: :[[@LINE-2]]:20: note: it suspends here
// CHECK-MESSAGES: :[[@LINE-3]]:39: note: and uses the object here, after that
  detached passes_a_member_on() { co_await read(n); }
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'job::passes_a_member_on' uses 'this' after a suspension, and nothing keeps the object while nobody waits for this coroutine; let the frame own the object, or let its destructor wait [coro-this-after-suspend]
// CHECK-MESSAGES: :[[@LINE-2]]:35: note: it suspends here
// CHECK-MESSAGES: :[[@LINE-3]]:49: note: what it awaits uses the object meanwhile
  detached calls_a_member() { co_await tick(); finish(); }
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'job::calls_a_member' uses 'this' after a suspension, and nothing keeps the object while nobody waits for this coroutine; let the frame own the object, or let its destructor wait [coro-this-after-suspend]
// CHECK-MESSAGES: :[[@LINE-2]]:31: note: it suspends here
// CHECK-MESSAGES: :[[@LINE-3]]:48: note: and uses the object here, after that
  // The right side is first.
  detached adds() { n += co_await count(); }
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'job::adds' uses 'this' after a suspension, and nothing keeps the object while nobody waits for this coroutine; let the frame own the object, or let its destructor wait [coro-this-after-suspend]
// CHECK-MESSAGES: :[[@LINE-2]]:26: note: it suspends here
// CHECK-MESSAGES: :[[@LINE-3]]:21: note: and uses the object here, after that
  void finish();
};

// --- spawned without an owner

struct session : std::enable_shared_from_this<session> {
  int n = 0;
  task<> run() { co_await tick(); ++n; }
  task<> loop() { for (;;) { ++n; co_await tick(); } }
  void start() {
    asio::co_spawn(ex, run(), asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: the task of 'session::run' is left to itself, and nothing keeps its object until it has ended; hold 'shared_from_this()' in the coroutine or beside the task [coro-this-after-suspend]
// CHECK-MESSAGES: :[[@LINE-2]]:5: note: started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-6]]:18: note: it suspends here
// CHECK-MESSAGES: :[[@LINE-7]]:37: note: and uses the object here, after that
    asio::co_spawn(ex, this->loop(), asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:30: warning: the task of 'session::loop' is left to itself, and nothing keeps its object until it has ended; hold 'shared_from_this()' in the coroutine or beside the task [coro-this-after-suspend]
// CHECK-MESSAGES: :[[@LINE-2]]:5: note: started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-10]]:35: note: it suspends here
// CHECK-MESSAGES: :[[@LINE-11]]:32: note: and uses the object here, after that
  }
};

void from_outside(std::shared_ptr<session> s) {
  asio::co_spawn(ex, s->run(), asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:25: warning: the task of 'session::run' is left to itself, and nothing keeps its object until it has ended; hold 'shared_from_this()' in the coroutine or beside the task [coro-this-after-suspend]
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-20]]:18: note: it suspends here
// CHECK-MESSAGES: :[[@LINE-21]]:37: note: and uses the object here, after that
}

// --- another library's way to hold oneself

namespace winrt {
template <class T> struct com_ptr {
  T *operator->();
};
template <class D> struct implements {
  com_ptr<D> get_strong();
};
struct fire_and_forget {
  struct promise_type {
    fire_and_forget get_return_object();
    std::suspend_never initial_suspend();
    std::suspend_never final_suspend() noexcept;
    void return_void();
    void unhandled_exception();
  };
};
} // namespace winrt
struct view_model : winrt::implements<view_model> {
  int n = 0;
  winrt::fire_and_forget refresh() { co_await tick(); ++n; }
// CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'view_model::refresh' uses 'this' after a suspension, and nothing keeps the object while nobody waits for this coroutine; hold 'get_strong()' in the coroutine or beside the task
// CHECK-MESSAGES: note: it suspends here
// CHECK-MESSAGES: note: and uses the object here, after that
  winrt::fire_and_forget held() {
    auto strong = get_strong();
    co_await tick();
    ++n;
  }
};

// --- a destructor that waits for nobody

struct prober : std::enable_shared_from_this<prober> {
  int n = 0;
  task<> run() { co_await tick(); ++n; }
  void start() { asio::co_spawn(ex, run(), asio::detached); }
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: the task of 'prober::run' is left to itself, and nothing keeps its object until it has ended; hold 'shared_from_this()' in the coroutine or beside the task [coro-this-after-suspend]
// CHECK-MESSAGES: :[[@LINE-2]]:18: note: started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-4]]:18: note: it suspends here
// CHECK-MESSAGES: :[[@LINE-5]]:37: note: and uses the object here, after that
  void stop() { n = 0; }
  ~prober() { stop(); }
};
