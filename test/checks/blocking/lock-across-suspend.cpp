// RUN: %check_coro_tidy --std=c++20,c++23 %s coro-lock-across-suspend %t
#include "locks.h"
#include "task.h"
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <tuple>
#include <vector>

task<> bar();
task<int> baz(int = 0);
void use(int);
std::mutex g;
std::mutex other;
std::timed_mutex timed;
std::shared_mutex shared;

//===--- Guards of any spelling --------------------------------------------===//

task<> guard() {
  std::lock_guard<std::mutex> l(g);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:31: note: 'g' is locked here
}

task<> in_declaration() {
  std::lock_guard l(g);
  int x = co_await baz();
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:19: note: 'g' is locked here
  use(x);
}

task<> in_argument() {
  std::scoped_lock both(g, other);
  use(co_await baz(co_await baz()));
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'both' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; end the scope of 'both' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:20: note: 'g' is locked here
}

task<> in_condition() {
  std::lock_guard l(g);
  while (co_await baz()) {
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:19: note: 'g' is locked here
  }
}

task<int> in_return() {
  std::lock_guard l(g);
  co_return co_await baz();
  // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:19: note: 'g' is locked here
}

task<> reader() {
  std::shared_lock l(shared);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'shared' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'shared' meanwhile blocks the executor; unlock 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:20: note: 'shared' is locked here
}

using guard_t = std::lock_guard<std::mutex>;
task<> aliased() {
  guard_t l{g};
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:11: note: 'g' is locked here
}

task<> if_init() {
  if (std::lock_guard l(g); true) {
    co_await bar();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-3]]:23: note: 'g' is locked here
  }
  co_await bar();
}

struct holder {
  std::lock_guard<std::mutex> lock;
  int value;
};
task<> aggregate() {
  holder h{std::lock_guard<std::mutex>(g), 1};
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'h' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; end the scope of 'h' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:12: note: 'g' is locked here
}

class transaction {
public:
  explicit transaction(std::mutex &m) : lock_(m) {}
  void commit() { lock_.unlock(); }

private:
  std::unique_lock<std::mutex> lock_;
};
task<> member_of_class() {
  transaction t(g);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 't' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; unlock it before that [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:15: note: 'g' is locked here
}

task<> tuple_of_guards() {
  std::tuple<std::unique_lock<std::mutex>, int> t{std::unique_lock(g), 1};
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 't' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; unlock it before that [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:51: note: 'g' is locked here
}

class hand_made {
public:
  explicit hand_made(std::mutex &m) : m_(m) { m_.lock(); }
  ~hand_made() { m_.unlock(); }

private:
  std::mutex &m_;
};
task<> hand_made_guard() {
  hand_made l(g);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:13: note: 'g' is locked here
}

struct by_pthread {
  explicit by_pthread(pthread_mutex_t *m) : m_(m) { pthread_mutex_lock(m_); }
  ~by_pthread() { pthread_mutex_unlock(m_); }
  pthread_mutex_t *m_;
};
pthread_mutex_t posix_mutex;
task<> hand_made_pthread_guard() {
  by_pthread l(&posix_mutex);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'posix_mutex' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'posix_mutex' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:14: note: 'posix_mutex' is locked here
}

task<> extended_temporary() {
  const auto &l = std::lock_guard<std::mutex>(g);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:19: note: 'g' is locked here
}

std::unique_lock<std::mutex> locked();
task<> from_function() {
  auto l = locked();
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds its lock across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs the lock meanwhile blocks the executor; unlock 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:12: note: the lock is taken here
}

task<> by_value(std::unique_lock<std::mutex> l) {
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds its lock across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs the lock meanwhile blocks the executor; unlock 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:17: note: the lock is passed in here
}

task<> in_closure() {
  std::unique_lock l(g);
  auto f = [l = std::move(l)] {};
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'f' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; unlock it before that [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-4]]:20: note: 'g' is locked here
}

template <class T> task<> in_template(T) {
  std::lock_guard<std::mutex> l(g);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:31: note: 'g' is locked here
}
void instantiate() {
  auto a = in_template(1);
  auto b = in_template('c');
}

void in_lambda() {
  auto f = []() -> task<> {
    std::lock_guard l(g);
    co_await bar();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-3]]:21: note: 'g' is locked here
  };
  auto generic = [](auto) -> task<> {
    std::lock_guard l(g);
    co_await bar();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-3]]:21: note: 'g' is locked here
  };
  auto t = generic(1);
}

//===--- The state of a lock ------------------------------------------------===//

task<> locked_again() {
  std::unique_lock l(g);
  l.unlock();
  co_await bar();
  l.lock();
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; unlock 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: 'g' is locked here
}

task<> deferred(bool b) {
  std::unique_lock l(g, std::defer_lock);
  co_await bar();
  l.lock();
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; unlock 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: 'g' is locked here
}

task<> tried() {
  std::unique_lock l(g, std::try_to_lock);
  if (!l.owns_lock())
    co_return;
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; unlock 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-5]]:20: note: 'g' is locked here
}

task<> tested() {
  std::unique_lock l(timed, std::chrono::seconds(1));
  if (l)
    co_await bar();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'l' holds 'timed' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'timed' meanwhile blocks the executor; unlock 'l' before it [coro-lock-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-4]]:20: note: 'timed' is locked here
  else
    co_await baz();
}

task<> adopted() {
  g.lock();
  std::lock_guard l(g, std::adopt_lock);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:19: note: 'g' is locked here
}

task<> moved() {
  std::unique_lock a(g);
  auto b = std::move(a);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'b' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; unlock 'b' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-4]]:20: note: 'g' is locked here
}

task<> assigned() {
  std::unique_lock<std::mutex> l;
  co_await bar();
  l = std::unique_lock(g);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; unlock 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:7: note: 'g' is locked here
}

task<> one_branch_gives_it_back(bool b) {
  std::unique_lock l(g);
  if (b) {
    l.unlock();
    co_await bar();
    co_return;
  }
  co_await baz();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; unlock 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-8]]:20: note: 'g' is locked here
}

task<> in_a_loop() {
  for (;;) {
    std::scoped_lock l(g);
    co_await bar();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-3]]:22: note: 'g' is locked here
  }
}

task<> taken_before_the_loop(int n) {
  std::unique_lock l(g);
  while (n-- > 0)
    co_await bar();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'l' holds 'g' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; unlock 'l' before it [coro-lock-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-4]]:20: note: 'g' is locked here
}

//===--- By hand --------------------------------------------------------------===//

task<> by_hand() {
  g.lock();
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'g' is locked across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; unlock it before that [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: 'g' is locked here
  // CHECK-MESSAGES: :[[@LINE+1]]:3: note: and unlocked here, perhaps on another thread
  g.unlock();
}

task<> by_hand_shared() {
  shared.lock_shared();
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'shared' is locked across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'shared' meanwhile blocks the executor; unlock it before that [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: 'shared' is locked here
  // CHECK-MESSAGES: :[[@LINE+1]]:3: note: and unlocked here, perhaps on another thread
  shared.unlock_shared();
}

task<> by_hand_tried() {
  if (g.try_lock()) {
    co_await bar();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'g' is locked across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; unlock it before that [coro-lock-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-3]]:7: note: 'g' is locked here
    // CHECK-MESSAGES: :[[@LINE+1]]:5: note: and unlocked here, perhaps on another thread
    g.unlock();
  }
  co_await bar();
}

task<> several_at_once() {
  std::lock(g, other);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'g' is locked across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'g' meanwhile blocks the executor; unlock it before that [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: 'g' is locked here
  // CHECK-MESSAGES: :[[@LINE+1]]:3: note: and unlocked here, perhaps on another thread
  g.unlock();
  other.unlock();
}

task<> posix() {
  pthread_mutex_lock(&posix_mutex);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'posix_mutex' is locked across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'posix_mutex' meanwhile blocks the executor; unlock it before that [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: 'posix_mutex' is locked here
  // CHECK-MESSAGES: :[[@LINE+1]]:3: note: and unlocked here, perhaps on another thread
  pthread_mutex_unlock(&posix_mutex);
}

task<> posix_tried() {
  if (pthread_mutex_trylock(&posix_mutex) != 0)
    co_return;
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'posix_mutex' is locked across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'posix_mutex' meanwhile blocks the executor; unlock it before that [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-4]]:7: note: 'posix_mutex' is locked here
  // CHECK-MESSAGES: :[[@LINE+1]]:3: note: and unlocked here, perhaps on another thread
  pthread_mutex_unlock(&posix_mutex);
}

struct service {
  std::mutex m;
  task<> member() {
    m.lock();
    co_await bar();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'm' is locked across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'm' meanwhile blocks the executor; unlock it before that [coro-lock-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: 'm' is locked here
    // CHECK-MESSAGES: :[[@LINE+1]]:5: note: and unlocked here, perhaps on another thread
    m.unlock();
  }
  task<> member_guard() {
    std::lock_guard l(m);
    co_await bar();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'l' holds 'm' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'm' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-3]]:21: note: 'm' is locked here
  }
};

class __attribute__((capability("mutex"))) annotated_mutex {
public:
  void enter() __attribute__((acquire_capability()));
  void leave() __attribute__((release_capability()));
};
annotated_mutex annotated;
task<> by_attribute() {
  annotated.enter();
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'annotated' is locked across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'annotated' meanwhile blocks the executor; unlock it before that [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: 'annotated' is locked here
  // CHECK-MESSAGES: :[[@LINE+1]]:3: note: and unlocked here, perhaps on another thread
  annotated.leave();
}

//===--- Libraries ------------------------------------------------------------===//

absl::Mutex absl_mutex;
task<> abseil() {
  absl::MutexLock l(&absl_mutex);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'absl_mutex' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'absl_mutex' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:19: note: 'absl_mutex' is locked here
}
task<> abseil_by_hand() {
  absl_mutex.Lock();
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'absl_mutex' is locked across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'absl_mutex' meanwhile blocks the executor; unlock it before that [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: 'absl_mutex' is locked here
  // CHECK-MESSAGES: :[[@LINE+1]]:3: note: and unlocked here, perhaps on another thread
  absl_mutex.Unlock();
  co_await bar();
}

QMutex q_mutex;
task<> qt() {
  QMutexLocker l(&q_mutex);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'q_mutex' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'q_mutex' meanwhile blocks the executor; unlock 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:16: note: 'q_mutex' is locked here
  // CHECK-MESSAGES: :[[@LINE+1]]:3: note: and unlocked here, perhaps on another thread
  l.unlock();
  co_await bar();
  l.relock();
}

boost::mutex boost_mutex;
task<> boosted() {
  boost::unique_lock l(boost_mutex);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'boost_mutex' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'boost_mutex' meanwhile blocks the executor; unlock 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:22: note: 'boost_mutex' is locked here
}

struct connection {
  task<> send();
  int size;
};
folly::Synchronized<connection> conn;
task<> synchronized() {
  auto c = conn.wlock();
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'c' holds 'conn' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'conn' meanwhile blocks the executor; unlock 'c' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:12: note: 'conn' is locked here
}
struct keeps_its_lock {
  std::unique_lock<std::mutex> lock{g};
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) {}
  int await_resume() { return 1; }
};
task<> awaiter_keeps_its_lock() {
  use(co_await keeps_its_lock{});
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: a temporary holds {{.*}} across this suspension: another thread may resume the coroutine
  // CHECK-MESSAGES: note: {{.*}} is locked here
}
task<> synchronized_temporary() {
  co_await conn.wlock()->send();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: a temporary holds 'conn' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'conn' meanwhile blocks the executor; copy what is needed to a local before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-2]]:12: note: 'conn' is locked here
}
task<> synchronized_tried() {
  if (auto c = conn.tryWLock())
    co_await bar();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'c' holds 'conn' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'conn' meanwhile blocks the executor; unlock 'c' before it [coro-lock-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-3]]:16: note: 'conn' is locked here
  co_await bar();
}

struct spin_lock {
  std::atomic_flag flag;
  void lock() {
    while (flag.test_and_set()) {
    }
  }
  void unlock() { flag.clear(); }
};
spin_lock spin;
task<> spinning() {
  std::lock_guard l(spin);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'spin' across this suspension: another thread may resume the coroutine and then unlock what it did not lock, which is undefined, and whoever needs 'spin' meanwhile blocks the executor; end the scope of 'l' before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:19: note: 'spin' is locked here
}

//===--- Declared as hostile to suspensions -------------------------------===//

struct [[clang::annotate("coro::must_not_suspend")]] no_suspend {
  no_suspend();
  ~no_suspend();
};
task<> annotated_type() {
  no_suspend n;
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'n' of type 'no_suspend' lives across this suspension, which its type forbids (its declaration says so); end its scope before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:14: note: it was made here
}

struct unsafe {
  using folly_is_unsafe_for_async_usage = void;
  int *cached;
};
task<> marked_type() {
  unsafe u{};
  use(*u.cached);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'u' of type 'unsafe' lives across this suspension, which its type forbids (it declares 'folly_is_unsafe_for_async_usage'); end its scope before it [coro-lock-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-4]]:11: note: it was made here
}

// Declared in one namespace, used from another.
namespace tbb {
namespace detail {
namespace d1 {
template <class Mutex> class unique_scoped_lock {
public:
  explicit unique_scoped_lock(Mutex &);
  ~unique_scoped_lock();
  void release();
};
class spin_mutex {
public:
  using scoped_lock = unique_scoped_lock<spin_mutex>;
};
} // namespace d1
} // namespace detail
using detail::d1::spin_mutex;
} // namespace tbb
tbb::spin_mutex tbb_spin;
task<> by_using_declaration() {
  tbb::spin_mutex::scoped_lock l(tbb_spin);
  co_await bar();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' holds 'tbb_spin' across this suspension:
  // CHECK-MESSAGES: :[[@LINE-3]]:32: note: 'tbb_spin' is locked here
}
