// RUN: %check_coro_tidy %s coro-awaiter-use-after-publish %t -- --config="{CheckOptions: {coro-awaiter-use-after-publish.MinConfidence: medium}}"
#include <atomic>
#include <coroutine>
#include <functional>
#include <list>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

void log(int);

// A one-shot event: whoever sets it resumes who waits, in place.
struct event {
  std::atomic<void *> waiter;
  std::atomic<bool> is_set;
  void set() {
    is_set = true;
    if (void *waiting = waiter.exchange(nullptr))
      std::coroutine_handle<>::from_address(waiting).resume();
  }
};
struct stored_in_atomic {
  event &e;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    e.waiter.store(h.address());
    return !e.is_set.load();
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 'await_suspend' touches 'e' after it made the coroutine's handle visible to other threads: the awaiter lives in that frame, which may be gone by now; take what is needed into a local variable first, and make this its last act [coro-awaiter-use-after-publish]
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: published here
  }
  void await_resume() {}
};
struct assigned_to_atomic {
  event &e;
  int count = 0;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    e.waiter = h.address();
    ++count;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'await_suspend' touches 'count' after it made the coroutine's handle visible to other threads
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: published here
  }
  void await_resume() {}
};

// A stack of waiters, as in many libraries.
struct push_on_stack;
struct stack {
  std::atomic<push_on_stack *> head;
  void wake();
};
struct push_on_stack {
  stack &s;
  push_on_stack *next = nullptr;
  std::coroutine_handle<> waiter;
  int tries = 0;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    waiter = h;
    push_on_stack *old = s.head.load();
    do {
      next = old;
      ++tries;
    } while (!s.head.compare_exchange_weak(old, this));
    ++tries;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'await_suspend' touches 'tries' after it made the coroutine's handle visible to other threads
    // CHECK-MESSAGES: :[[@LINE-3]]:15: note: published here
    return true;
  }
  void await_resume() {}
};
void stack::wake() {
  for (auto *each = head.exchange(nullptr); each; each = each->next)
    each->waiter.resume();
}
struct outcome_in_variable {
  std::atomic<outcome_in_variable *> &slot;
  std::coroutine_handle<> waiter;
  int count = 0;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    waiter = h;
    outcome_in_variable *expected = nullptr;
    bool taken = slot.compare_exchange_strong(expected, this);
    if (taken) {
      ++count;
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'await_suspend' touches 'count' after it made the coroutine's handle visible to other threads
      // CHECK-MESSAGES: :[[@LINE-4]]:18: note: published here
      return true;
    }
    --count;
    return false;
  }
  void await_resume() {}
};
struct exchanged {
  std::atomic<void *> &slot;
  int count = 0;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    void *before = slot.exchange(h.address());
    ++count;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'await_suspend' touches 'count' after it made the coroutine's handle visible to other threads
    // CHECK-MESSAGES: :[[@LINE-3]]:20: note: published here
    return before == nullptr;
  }
  void await_resume() {}
};

// Under a lock until it is released.
struct list_of_waiters {
  std::mutex m;
  std::vector<std::coroutine_handle<>> waiters;
  int count = 0;
  void push(std::coroutine_handle<> h) {
    std::lock_guard lock(m);
    waiters.push_back(h);
  }
  void wake_all() {
    std::vector<std::coroutine_handle<>> all;
    {
      std::lock_guard lock(m);
      all.swap(waiters);
    }
    for (auto each : all)
      each.resume();
  }
};
struct after_the_block {
  list_of_waiters &list;
  int count = 0;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    {
      std::lock_guard lock(list.m);
      list.waiters.push_back(h);
    }
    ++count;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'await_suspend' touches 'count' after it released the lock under which it had stored the coroutine's handle: the awaiter lives in that frame, which may be gone by now; take what is needed into a local variable first, and make this its last act [coro-awaiter-use-after-publish]
    // CHECK-MESSAGES: :[[@LINE-4]]:7: note: stored here
  }
  void await_resume() {}
};
struct after_unlock {
  list_of_waiters &list;
  int count = 0;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    std::unique_lock lock(list.m);
    list.waiters.push_back(h);
    lock.unlock();
    ++count;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'await_suspend' touches 'count' after it released the lock under which it had stored the coroutine's handle
    // CHECK-MESSAGES: :[[@LINE-4]]:5: note: stored here
  }
  void await_resume() {}
};
struct locked_by_await_ready {
  list_of_waiters &list;
  int count = 0;
  bool await_ready() {
    list.m.lock();
    return false;
  }
  void await_suspend(std::coroutine_handle<> h) {
    list.waiters.push_back(h);
    list.m.unlock();
    ++count;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'await_suspend' touches 'count' after it released the lock under which it had stored the coroutine's handle
    // CHECK-MESSAGES: :[[@LINE-4]]:5: note: stored here
  }
  void await_resume() {}
};
struct pushed_by_call {
  list_of_waiters &list;
  int count = 0;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    list.push(h);
    ++count;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'await_suspend' touches 'count' after it made the coroutine's handle visible to other threads
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: published here
  }
  void await_resume() {}
};

// Threads.
struct on_new_thread {
  int count = 0;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    std::thread([h] { h.resume(); }).detach();
    ++count;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'await_suspend' touches 'count' after it gave the coroutine's handle to 'thread::thread': the awaiter lives in that frame, which may be gone by now; take what is needed into a local variable first, and make this its last act [coro-awaiter-use-after-publish]
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: given away here
  }
  void await_resume() {}
};
struct thread_with_this {
  int result = 0, count = 0;
  std::coroutine_handle<> waiter;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    waiter = h;
    std::thread([this] {
      result = 1;
      waiter.resume();
    }).detach();
    ++count;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'await_suspend' touches 'count' after it gave the coroutine's handle to 'thread::thread'
    // CHECK-MESSAGES: :[[@LINE-6]]:5: note: given away here
  }
  void await_resume() {}
};
static void run_on_thread(std::function<void()> f) {
  std::thread(std::move(f)).detach();
}
struct thread_in_helper {
  int count = 0;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    run_on_thread([h] { h.resume(); });
    ++count;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'await_suspend' touches 'count' after it gave the coroutine's handle to 'run_on_thread': the awaiter lives in that frame, which may be gone by now; take what is needed into a local variable first, and make this its last act [coro-awaiter-use-after-publish]
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: given away here
  }
  void await_resume() {}
};

// Resumed by other names.
static void kick(std::coroutine_handle<> h) { h.resume(); }
struct resumed_in_helper {
  int count = 0;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    kick(h);
    ++count;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'await_suspend' touches 'count' after it resumed the coroutine: the awaiter lives in that frame, which may be gone by now; take what is needed into a local variable first, and make this its last act [coro-awaiter-use-after-publish]
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: resumed here
  }
  void await_resume() {}
};
struct resumed_as_copy {
  int count = 0;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    auto copy = h;
    copy.resume();
    ++count;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'await_suspend' touches 'count' after it resumed the coroutine
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: resumed here
  }
  void await_resume() {}
};
struct resumed_as_callable {
  int count = 0;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    std::function<void()> done = [h] { h.resume(); };
    done();
    ++count;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'await_suspend' touches 'count' after it resumed the coroutine
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: resumed here
  }
  void await_resume() {}
};

// The one who waits for a coroutine's end may destroy it.
template <class Promise> struct final_awaiter {
  int code = 0;
  bool await_ready() noexcept { return false; }
  void await_suspend(std::coroutine_handle<Promise> h) noexcept {
    h.promise().continuation.resume();
    log(code);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'await_suspend' touches 'code' after it resumed the coroutine
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: resumed here
  }
  void await_resume() noexcept {}
};
struct coroutine {
  struct promise_type {
    std::coroutine_handle<> continuation;
    int value = 0;
    coroutine get_return_object() { return {}; }
    std::suspend_always initial_suspend() { return {}; }
    final_awaiter<promise_type> final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};
coroutine ends() { co_return; }
struct promise_by_reference {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<coroutine::promise_type> h) {
    auto &promise = h.promise();
    h.destroy();
    log(promise.value);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'await_suspend' touches 'promise' after it destroyed the coroutine: the frame is gone; take what is needed into a local variable first, and make this its last act [coro-awaiter-use-after-publish]
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: destroyed here
  }
  void await_resume() {}
};

//===--- Silent ---===//

struct local_reference {
  event &e;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    event &local = e;
    local.waiter.store(h.address());
    return !local.is_set.load();
  }
  void await_resume() {}
};
struct failed_exchange {
  std::atomic<failed_exchange *> &slot;
  std::coroutine_handle<> waiter;
  int count = 0;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    waiter = h;
    failed_exchange *expected = nullptr;
    if (slot.compare_exchange_strong(expected, this))
      return true;
    ++count;
    waiter = nullptr;
    return false;
  }
  void await_resume() {}
};
// What was there before tells whether somebody will come.
struct completed_before {
  std::atomic<void *> &slot;
  int count = 0;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    void *before = slot.exchange(h.address());
    if (before) {
      ++count;
      return false;
    }
    return true;
  }
  void await_resume() {}
};
struct under_the_lock {
  list_of_waiters &list;
  int count = 0;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    std::lock_guard lock(list.m);
    list.waiters.push_back(h);
    ++list.count;
    ++count;
  }
  void await_resume() {}
};
struct unlocks_last {
  list_of_waiters &list;
  int count = 0;
  bool await_ready() {
    list.m.lock();
    return false;
  }
  bool await_suspend(std::coroutine_handle<> h) {
    list.waiters.push_back(h);
    ++count;
    list.m.unlock();
    return true;
  }
  void await_resume() {}
};
// A count of those that are still to come, and one more for this function.
struct counted {
  std::atomic<int> left;
  std::coroutine_handle<> waiter;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    waiter = h;
    start();
    start();
    return left.fetch_sub(1) > 1;
  }
  void start();
  void await_resume() {}
};
// Whoever comes second resumes it.
struct handshake {
  std::atomic<handshake *> &slot;
  std::atomic<bool> ready;
  std::coroutine_handle<> waiter;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    waiter = h;
    slot.store(this);
    return !ready.exchange(true);
  }
  void await_resume() {}
};
// One thread has it all.
struct no_lock_at_all {
  list_of_waiters &list;
  int count = 0;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    list.waiters.push_back(h);
    ++count;
  }
  void await_resume() {}
};
// Nothing of it can be gone.
struct without_members {
  bool await_ready() { return false; }
  void helper() {}
  void await_suspend(std::coroutine_handle<> h) {
    h.resume();
    helper();
  }
  void await_resume() {}
};
struct copies_first {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<coroutine::promise_type> h) {
    auto next = h.promise().continuation;
    h.destroy();
    next.resume();
  }
  void await_resume() {}
};
struct keeps_it_in_promise {
  std::coroutine_handle<coroutine::promise_type> inner;
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> h) {
    inner.promise().continuation = h;
    return inner;
  }
  void await_resume() {}
};
struct setter {
  std::coroutine_handle<> kept;
  void set(std::coroutine_handle<> h) { kept = h; }
};
struct calls_setter {
  setter &s;
  int count = 0;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    s.set(h);
    ++count;
  }
  void await_resume() {}
};
// Whoever finds it resumes it only after both have counted down.
struct counted_event {
  std::atomic<void *> waiters;
  std::atomic<int> state;
  void wake();
};
struct counts_down_at_last {
  counted_event *e;
  std::coroutine_handle<> waiter;
  std::atomic<int> count{2};
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    waiter = h;
    e->waiters.store(this);
    if (e->state.fetch_add(1) != 0)
      e->wake();
    return count.fetch_sub(1) != 1;
  }
  void await_resume() {}
  void resume() {
    if (count.fetch_sub(1) == 1)
      waiter.resume();
  }
};
struct counts_down_on_one_way {
  counted_event *e;
  std::coroutine_handle<> waiter;
  std::atomic<int> count{2};
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    waiter = h;
    e->waiters.store(this);
    if (e->state.fetch_add(1) != 0)
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'await_suspend' touches 'e' after it made the coroutine's handle visible to other threads
      // CHECK-MESSAGES: :[[@LINE-3]]:5: note: published here
      return true;
    return count.fetch_sub(1) != 1;
  }
  void await_resume() {}
  void resume() {
    if (count.fetch_sub(1) == 1)
      waiter.resume();
  }
};
