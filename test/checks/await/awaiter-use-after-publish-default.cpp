// At the default confidence: a handle that is put where the whole program sees
// it, where it counts who takes it from there; and a function that surely does
// something to the handle, or on some paths only.
// RUN: %check_coro_tidy %s coro-awaiter-use-after-publish %t
#include <atomic>
#include <coroutine>

struct pool {
  void submit(std::coroutine_handle<>);
};

// Whoever takes it resumes it on the spot.
std::atomic<void *> slot;
void worker() {
  if (void *waiter = slot.exchange(nullptr))
    std::coroutine_handle<>::from_address(waiter).resume();
}
struct counts_afterwards {
  int waits = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    slot.store(h.address());
    ++waits;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'await_suspend' touches 'waits' after it made the coroutine's handle visible to other threads: the awaiter lives in that frame, which may be gone by now; take what is needed into a local variable first, and make this its last act [coro-awaiter-use-after-publish]
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: published here
  }
  int await_resume() const noexcept { return waits; }
};
struct shop {
  static inline std::atomic<void *> first;
  static void serve() {
    std::coroutine_handle<>::from_address(first.exchange(nullptr))();
  }
};
struct waits_in_shop {
  int number = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    shop::first = h.address();
    number = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'await_suspend' touches 'number' after
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: published here
  }
  void await_resume() const noexcept {}
};

// The last act.
struct counts_before {
  int waits = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    ++waits;
    slot.store(h.address());
  }
  int await_resume() const noexcept { return waits; }
};

// Who takes it only schedules it: perhaps on this thread, after this function.
std::atomic<void *> later;
void hands_over(pool &p) {
  if (void *waiter = later.exchange(nullptr))
    p.submit(std::coroutine_handle<>::from_address(waiter));
}
struct is_scheduled {
  int waits = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    later.store(h.address());
    ++waits;
  }
  void await_resume() const noexcept {}
};

// A local variable is published to nobody.
struct keeps_a_local {
  int waits = 0;
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    void *mine = h.address();
    ++waits;
    return mine != nullptr;
  }
  void await_resume() const noexcept {}
};
// A global that is not atomic and is under no lock stays on its thread.
std::coroutine_handle<> only_here;
void go_on() { only_here.resume(); }
struct single_threaded {
  int waits = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    only_here = h;
    ++waits;
  }
  void await_resume() const noexcept {}
};

// A helper that always destroys the frame, and one that counts who is left.
void end(std::coroutine_handle<> h, pool &) { h.destroy(); }
struct ends_in_helper {
  pool &p;
  int *result;
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> h) noexcept {
    end(h, p);
    if (result && *result)
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'await_suspend' touches 'result' after it destroyed the coroutine: the awaiter lives in that frame, which is gone; take what is needed into a local variable first, and make this its last act [coro-awaiter-use-after-publish]
      // CHECK-MESSAGES: :[[@LINE-3]]:5: note: destroyed here
      *result = 1;
    return std::noop_coroutine();
  }
  void await_resume() const noexcept {}
};
void drop(int &users, std::coroutine_handle<> h) {
  if (--users == 0)
    h.destroy();
}
struct is_counted {
  int users = 2;
  int drops = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) noexcept {
    drop(users, h);
    ++drops;
  }
  void await_resume() const noexcept {}
};
// A push that is tried until it succeeds, and one that may give up.
struct node {
  std::coroutine_handle<> waiter;
  node *next = nullptr;
};
std::atomic<node *> list;
void push(node *n) {
  n->next = list.load();
  while (!list.compare_exchange_weak(n->next, n))
    ;
}
void wake_all() {
  for (node *n = list.exchange(nullptr); n;) {
    node *next = n->next;
    n->waiter.resume();
    n = next;
  }
}
struct is_pushed : node {
  std::atomic<bool> &wake;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    waiter = h;
    push(this);
    wake = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'await_suspend' touches 'wake' after it made the coroutine's handle visible to other threads
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: published here
  }
  void await_resume() const noexcept {}
};
void push_once(node *n, bool wanted) {
  n->next = nullptr;
  if (wanted)
    list.store(n);
}
struct is_pushed_perhaps : node {
  bool wanted = false;
  int misses = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    waiter = h;
    push_once(this, wanted);
    if (!wanted)
      ++misses;
  }
  void await_resume() const noexcept {}
};
