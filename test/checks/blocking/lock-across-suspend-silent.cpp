// RUN: %check_coro_tidy --std=c++20,c++23 --expect-clean %s coro-lock-across-suspend %t -- --config="{CheckOptions: {MinConfidence: medium}}"
#include "locks.h"
#include "task.h"
#include <condition_variable>
#include <memory>
#include <mutex>
#include <tuple>
#include <vector>

task<> bar();
task<int> baz(int = 0);
void use(int);
std::mutex g;

// The await belongs to the lambda, which runs later.
void lambda_in_plain_function() {
  std::lock_guard l(g);
  auto f = []() -> task<> { co_await bar(); };
}
task<> lambda_in_coroutine() {
  {
    std::lock_guard l(g);
    auto f = []() -> task<> { co_await bar(); };
  }
  co_await bar();
}

task<> inner_scope() {
  {
    std::lock_guard l(g);
    use(1);
  }
  co_await bar();
}

task<> called_in_place() {
  int copy = [] {
    std::lock_guard l(g);
    return 1;
  }();
  co_await baz(copy);
}

task<> if_statement(bool b) {
  if (std::lock_guard l(g); b)
    use(1);
  co_await bar();
}

task<> unlocked_on_every_branch(bool b) {
  std::unique_lock l(g);
  if (b) {
    use(1);
    l.unlock();
  } else {
    l.unlock();
    use(2);
  }
  co_await bar();
}

task<> taken_after_the_last_suspend() {
  co_await bar();
  std::lock_guard l(g);
  use(1);
}

task<> taken_in_each_round() {
  for (;;) {
    co_await bar();
    std::lock_guard l(g);
    use(1);
  }
}

task<> leaves_its_scope_by_continue(int n) {
  while (n-- > 0) {
    {
      std::lock_guard l(g);
      if (n == 3)
        continue;
      use(n);
    }
    co_await bar();
  }
}

task<> unlocked_for_the_await() {
  std::unique_lock l(g);
  while (true) {
    use(1);
    l.unlock();
    co_await bar();
    l.lock();
  }
}

task<> moved_away() {
  std::unique_lock l(g);
  { auto mine = std::move(l); }
  co_await bar();
}

void consume(std::unique_lock<std::mutex>);
task<> given_away() {
  std::unique_lock l(g);
  consume(std::move(l));
  co_await bar();
}

task<> assigned_empty() {
  std::unique_lock l(g);
  l = {};
  co_await bar();
}

task<> nothing_to_lock() {
  std::unique_lock<std::mutex> l;
  std::scoped_lock<> none;
  co_await bar();
}

task<> released() {
  std::unique_lock l(g);
  std::mutex *mine = l.release();
  mine->unlock();
  co_await bar();
}

task<> not_taken() {
  std::unique_lock l(g, std::try_to_lock);
  if (!l.owns_lock()) {
    co_await bar();
    co_return;
  }
  use(1);
}

task<> not_taken_by_variable() {
  std::unique_lock l(g, std::defer_lock);
  bool got = l.try_lock();
  if (!got)
    co_await bar();
}

// The awaiter gives the lock back while it waits.
struct async_condition {
  task<> wait(std::unique_lock<std::mutex> &);
  task<> wait_by_pointer(std::unique_lock<std::mutex> *);
  task<> wait(std::unique_lock<std::mutex> &, bool (*)());
  task<> wait(std::mutex &);
};
async_condition condition;
task<> await_takes_the_lock(bool &ready) {
  std::unique_lock l(g);
  while (!ready)
    co_await condition.wait(l);
  co_await condition.wait(l, [] { return true; });
  co_await condition.wait_by_pointer(&l);
}
task<> await_takes_the_mutex() {
  g.lock();
  co_await condition.wait(g);
  g.unlock();
}

struct unlocking_awaiter {
  std::unique_lock<std::mutex> &lock;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) { lock.unlock(); }
  void await_resume() {}
};
task<> awaiter_unlocks() {
  std::unique_lock l(g);
  co_await unlocking_awaiter{l};
}
task<> named_awaiter_unlocks() {
  std::unique_lock l(g);
  unlocking_awaiter a{l};
  co_await a;
}

struct locked_awaiter {
  std::unique_lock<std::mutex> lock{g};
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) { lock.unlock(); }
  int await_resume() { return 1; }
};
task<> awaiter_unlocks_its_own() { use(co_await locked_awaiter{}); }

// Never suspends.
task<> never() {
  std::lock_guard l(g);
  co_await std::suspend_never{};
}

// Made for coroutines, by marker, by what it returns.
struct marked_mutex {
  using folly_coro_aware_mutex = void;
  void lock();
  void unlock();
} marked;
task<> by_marker() {
  std::unique_lock l(marked);
  co_await bar();
}
// A thread's lock underneath, and its author knows.
struct marked_thread_mutex : std::mutex {
  using folly_coro_aware_mutex = std::true_type;
} marked_thread;
task<> by_marker_over_mutex() {
  std::lock_guard l(marked_thread);
  co_await bar();
}
struct async_mutex {
  task<std::unique_lock<async_mutex>> scoped_lock();
  task<> co_lock();
  void lock();
  bool try_lock();
  void unlock();
} async;
task<> by_awaitable_members() {
  auto l = co_await async.scoped_lock();
  co_await bar();
}
task<> adopts_async_mutex() {
  co_await async.co_lock();
  std::lock_guard l(async, std::adopt_lock);
  co_await bar();
}
task<> async_mutex_by_hand() {
  co_await async.co_lock();
  co_await bar();
  async.unlock();
}
// Only an await locks it: there is no lock() at all.
class await_only_mutex {
public:
  class awaiter {
  public:
    bool await_ready() noexcept;
    void await_suspend(std::coroutine_handle<>) noexcept;
    std::unique_lock<await_only_mutex> await_resume() noexcept;
  };
  awaiter coLock() noexcept;
  bool tryLock() noexcept;
  void unlock() noexcept;
} await_only;
task<> locked_by_an_await() {
  auto l = co_await await_only.coLock();
  co_await bar();
}
task<> adopts_what_an_await_locked() {
  std::unique_lock<await_only_mutex> l(await_only, std::adopt_lock);
  co_await bar();
}
// Nobody knows what it locks, but it was awaited for.
struct opaque_mutex {
  void lock();
  void unlock();
};
task<std::unique_lock<opaque_mutex>> lock_opaque();
task<> awaited_for() {
  auto l = co_await lock_opaque();
  co_await bar();
}
folly::Synchronized<int, async_mutex> synchronized;
task<> synchronized_by_async_mutex() {
  auto l = synchronized.wlock();
  co_await bar();
}

// Named like a lock, but holds units of a semaphore.
struct semaphore {
  void signal(int);
};
struct lock_guard {
  semaphore *s;
  ~lock_guard() { s->signal(1); }
};
task<lock_guard> get_units(semaphore &);
task<> semaphore_units(semaphore &s) {
  auto guard = co_await get_units(s);
  co_await bar();
}

// Does nothing.
struct null_mutex {
  void lock() {}
  void unlock() {}
} null;
task<> nothing_locked() {
  std::lock_guard l(null);
  co_await bar();
}

// lock() is not only for mutexes.
task<> weak(std::weak_ptr<int> w) {
  auto strong = w.lock();
  co_await bar();
}

// The object's own business in its destructor.
class pool {
public:
  ~pool() {
    m_.lock();
    stopped_ = true;
    m_.unlock();
  }

private:
  std::mutex m_;
  bool stopped_ = false;
};
task<> has_a_mutex() {
  pool p;
  std::mutex own;
  co_await bar();
}

task<> synchronized_statement(folly::Synchronized<int> &s) {
  int copy = *s.wlock();
  co_await baz(copy);
}
task<> synchronized_unlocked(folly::Synchronized<int> &s) {
  auto l = s.wlock();
  use(*l);
  l.unlock();
  co_await bar();
}

absl::Mutex absl_mutex;
task<> abseil_released() {
  absl::ReleasableMutexLock l(&absl_mutex);
  l.Release();
  co_await bar();
}

class transaction {
public:
  explicit transaction(std::mutex &m) : lock_(m) {}
  void commit() { lock_.unlock(); }

private:
  std::unique_lock<std::mutex> lock_;
};
task<> committed() {
  transaction t(g);
  t.commit();
  co_await bar();
}

struct not_unsafe {
  using folly_is_unsafe_for_async_usage = std::false_type;
  int x;
};
task<> not_marked() {
  not_unsafe n{1};
  co_await bar();
}

task<> dead_code() {
  std::lock_guard l(g);
  if (false)
    co_await bar();
}

struct session {
  std::mutex m;
  std::vector<int> jobs;
  task<> loop() {
    for (;;) {
      std::vector<int> batch;
      {
        std::scoped_lock l(m);
        batch.swap(jobs);
      }
      for (int job : batch)
        co_await baz(job);
    }
  }
};

task<> meant() {
  std::lock_guard l(g);
  co_await bar(); // NOLINT(coro-lock-across-suspend)
}

struct [[clang::annotate("coro::must_not_suspend")]] no_suspend {
  int x;
};
task<> hostile_in_inner_scope() {
  {
    no_suspend n{1};
    use(n.x);
  }
  co_await bar();
}

// A lock that guards with itself, of which nothing is known.
struct self_locking {
  void lock();
  void unlock();
  task<> by_itself() {
    std::lock_guard<self_locking> l(*this);
    co_await bar();
  }
};
