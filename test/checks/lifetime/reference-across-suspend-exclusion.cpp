// RUN: %check_coro_tidy %s coro-reference-across-suspend %t
// RUN: %clang_tidy --quiet --checks=-*,coro-reference-across-suspend --config="{CheckOptions: {MinConfidence: low}}" %s -- -std=c++20 -I%inputs | FileCheck %s --check-prefix=LOW
// What keeps an object alive keeps nobody out of its containers; a lock of
// coroutines does (it lowers the confidence below what is shown by default).
#include "task.h"
#include <map>
#include <memory>

task<> later();
void use(int);

namespace seastar {
struct gate {
  struct holder {
    explicit holder(gate &);
    holder(holder &&) noexcept;
    ~holder();
  };
  void enter();
  void leave();
  holder hold();
  task<> close();
};
struct semaphore_units {
  semaphore_units(semaphore_units &&) noexcept;
  ~semaphore_units();
};
struct semaphore {};
task<semaphore_units> get_units(semaphore &, unsigned long);
} // namespace seastar

struct pool {
  struct lent {
    lent(lent &&) noexcept;
    ~lent();
  };
  task<lent> acquire();
};

struct table : std::enable_shared_from_this<table> {
  std::map<int, int> entries_;
  seastar::gate gate_;
  seastar::semaphore sem_;
  pool pool_;

  void remove(int id) { entries_.erase(id); }

  task<> held(int id) {
    auto holder = gate_.hold();
    auto &e = entries_[id];
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'e' may dangle after the co_await on line [[@LINE-2]]: 'table::remove' may remove elements of 'entries_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'table::remove' may end it meanwhile
  }
  task<> constructed(int id) {
    seastar::gate::holder holder(gate_);
    auto it = entries_.find(id);
    co_await later();
    use(it->second);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'it' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'table::remove' may end it meanwhile
  }
  task<> entered(int id) {
    gate_.enter();
    auto &e = entries_[id];
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'e' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'table::remove' may end it meanwhile
    gate_.leave();
  }
  task<> kept(int id) {
    auto self = shared_from_this();
    auto &e = entries_[id];
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'e' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'table::remove' may end it meanwhile
  }
  task<> both(int id) {
    auto holder = gate_.hold();
    auto self = shared_from_this();
    for (auto &[key, value] : entries_)
      co_await later();
    // CHECK-MESSAGES: :[[@LINE-2]]:31: warning: this loop holds an iterator into 'entries_' over the co_await on line [[@LINE-1]]
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'table::remove' may end it meanwhile
  }
  // The lock was left before the suspension.
  task<> given_back(int id) {
    auto &e = entries_[id];
    {
      auto units = co_await seastar::get_units(sem_, 1);
    }
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'e' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'table::remove' may end it meanwhile
  }
  // That is no lock.
  task<> when_blocked(int id) {
    auto &e = entries_[id];
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'e' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'table::remove' may end it meanwhile
  }
  // Neither is that, nor a connection that a pool lends.
  task<> unlocked_part(int id) {
    auto &e = entries_[id];
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'e' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'table::remove' may end it meanwhile
  }
  task<> with_a_connection(int id) {
    auto connection = co_await pool_.acquire();
    auto &e = entries_[id];
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'e' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'table::remove' may end it meanwhile
  }
  // The name says that callers hold the lock; the one that is seen does not.
  task<> flush_locked(int id) {
    auto &e = entries_[id];
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'e' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'table::remove' may end it meanwhile
  }
  task<> flush(int id) { co_await flush_locked(id); }
  // One of two callers does.
  task<> some_callers(int id) {
    auto &e = entries_[id];
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'e' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'table::remove' may end it meanwhile
  }
  task<> holds(int id) {
    auto units = co_await seastar::get_units(sem_, 1);
    co_await some_callers(id);
  }
  task<> does_not(int id) { co_await some_callers(id); }
  // The gate that is closed is closed on another path.
  task<> gate_elsewhere(int id, bool last) {
    if (last)
      co_await gate_.close();
    auto &e = entries_[id];
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'e' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'table::remove' may end it meanwhile
  }
  // Not shown by default.
  task<> with_units(int id) {
    auto units = co_await seastar::get_units(sem_, 1);
    auto &e = entries_[id];
    co_await later();
    use(e);
    // LOW: :[[@LINE-1]]:9: warning: 'e' may dangle after the co_await on line [[@LINE-2]]
  }
};
