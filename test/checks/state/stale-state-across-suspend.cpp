// RUN: %check_coro_tidy %s coro-stale-state-across-suspend %t
#include "task.h"
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

struct Connection {
  bool healthy() const;
};
task<std::shared_ptr<Connection>> connect();
task<std::string> fetch(const std::string &);
task<int> measure();
task<> rest();
void log(const char *);
[[noreturn]] void fail();

struct units {
  ~units();
};
struct semaphore {
  task<units> get_units(int);
};

//===----------------------------------------------------------------------===//
// Set although it was tested before
//===----------------------------------------------------------------------===//

struct Client {
  std::shared_ptr<Connection> connection_;
  std::optional<int> token_;
  bool ready_ = false;
  bool connecting_ = false;
  semaphore lock_;
  Connection *raw_ = nullptr;
  event done_;

  task<> sends() {
    if (!connection_)
      connection_ = co_await connect();
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'connection_' is set here because of a test before the suspension: every coroutine that comes in between passes the test, too, does the same once more, and replaces what is set; test again here, or keep the pending operation where the others find it [coro-stale-state-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-3]]:9: note: it is tested here
    // CHECK-MESSAGES: :[[@LINE-3]]:21: note: others run while the coroutine is suspended here
  }
  task<> flag() {
    if (ready_)
      co_return;
    co_await rest();
    ready_ = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'ready_' is set here because of a test before the suspension: every coroutine that comes in between passes the test, too, does the same once more, and replaces what is set; test again here, or keep the pending operation where the others find it [coro-stale-state-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-5]]:9: note: it is tested here
    // CHECK-MESSAGES: :[[@LINE-4]]:5: note: others run while the coroutine is suspended here
  }
  // The value comes from the await, or from what was there.
  int workload_ = 0;
  task<int> remembers() { co_return workload_ = workload_ ? workload_ : co_await measure(); }
  task<> adds() {
    workload_ = ready_ ? workload_ + co_await measure() : 0;
    // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'workload_' is set from a value that was read before the suspension
    // CHECK-MESSAGES: note: it is read here
    // CHECK-MESSAGES: note: others run while the coroutine is suspended here
  }
  // What is asserted is a claim, and decides nothing.
  task<> claims() {
    (ready_ ? fail() : (void)0);
    co_await rest();
    ready_ = true;
  }
  // The end of what is read is noted, and nothing is done twice.
  task<> drains() {
    if (!ready_)
      while (true) {
        int n = co_await measure();
        if (!n) {
          ready_ = true;
          break;
        }
        co_await rest();
      }
  }
  task<int> reads() {
    if (ready_)
      co_return 0;
    int n = co_await measure();
    if (!n) {
      ready_ = true;
      co_return 0;
    }
    co_await rest();
    co_return n;
  }
  task<> reads_all() {
    while (true) {
      if (ready_)
        throw std::string("read on behind the end");
      int n = co_await measure();
      if (!n) {
        ready_ = true;
        throw std::string("there should be more");
      }
    }
  }
  // That it succeeded is noted: it may be done twice.
  task<bool> when_it_works() {
    if (ready_)
      co_return true;
    if (int n = co_await measure(); n > 0) {
      ready_ = true;
      // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'ready_' is set here because of a test before the suspension
      // CHECK-MESSAGES: :[[@LINE-5]]:9: note: it is tested here
      // CHECK-MESSAGES: :[[@LINE-4]]:17: note: others run while the coroutine is suspended here
      co_return true;
    }
    co_return false;
  }
  task<int> has_value() {
    if (!token_.has_value()) {
      int token = co_await measure();
      token_ = token;
      // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'token_' is set here because of a test before the suspension: every coroutine that comes in between passes the test, too, does the same once more, and replaces what is set; test again here, or keep the pending operation where the others find it [coro-stale-state-across-suspend]
      // CHECK-MESSAGES: :[[@LINE-4]]:9: note: it is tested here
      // CHECK-MESSAGES: :[[@LINE-4]]:19: note: others run while the coroutine is suspended here
    }
    co_return *token_;
  }
  task<> emplaces() {
    if (token_ == std::nullopt) {
      int token = co_await measure();
      token_.emplace(token);
      // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'token_' is set here because of a test before the suspension: every coroutine that comes in between passes the test, too, does the same once more, and replaces what is set; test again here, or keep the pending operation where the others find it [coro-stale-state-across-suspend]
      // CHECK-MESSAGES: :[[@LINE-4]]:9: note: it is tested here
      // CHECK-MESSAGES: :[[@LINE-4]]:19: note: others run while the coroutine is suspended here
    }
  }

  //===--------------------------------------------------------------------===//
  // It is tested again, nobody comes in between, or they are told
  //===--------------------------------------------------------------------===//

  task<> tested_again() {
    if (!connection_) {
      auto fresh = co_await connect();
      if (!connection_)
        connection_ = std::move(fresh);
    }
  }
  task<> looked_at_again() {
    while (!connection_ || !connection_->healthy()) {
      auto fresh = co_await connect();
      if (connection_ && connection_->healthy())
        break;
      connection_ = std::move(fresh);
    }
  }
  task<> single_flight() {
    if (!connection_) {
      if (connecting_) {
        co_await done_;
        co_return;
      }
      connecting_ = true;
      connection_ = co_await connect();
      connecting_ = false;
    }
  }
  task<> claims_first() {
    if (ready_)
      co_return;
    ready_ = true;
    co_await rest();
    log("ready");
  }
  task<> locked() {
    auto held = co_await lock_.get_units(1);
    if (!connection_)
      connection_ = co_await connect();
  }
  task<> no_suspension_between() {
    auto fresh = co_await connect();
    if (!connection_)
      connection_ = std::move(fresh);
  }
  task<> other_branch() {
    if (connection_)
      co_await rest();
    else
      log("none");
    connection_ = nullptr;
  }
  task<> taken_away() {
    if (connection_) {
      co_await rest();
      connection_ = nullptr;
    }
    if (!ready_)
      co_await rest();
    ready_ = false;
  }
  task<> assigned_anyway() {
    co_await rest();
    connection_ = co_await connect();
  }
  task<> in_the_frame() {
    std::shared_ptr<Connection> mine;
    if (!mine)
      mine = co_await connect();
  }
  task<> frame_owned(std::shared_ptr<Connection> mine) {
    if (!mine)
      mine = co_await connect();
  }
  // May be the caller's alone.
  task<> given(std::shared_ptr<Connection> &theirs) {
    if (!theirs)
      theirs = co_await connect();
  }
};

//===----------------------------------------------------------------------===//
// A key that was missing
//===----------------------------------------------------------------------===//

struct Cache {
  std::unordered_map<std::string, std::string> entries_;
  std::map<std::string, int> sizes_;
  std::unordered_set<std::string> pending_;

  task<std::string> contains(std::string key) {
    if (!entries_.contains(key)) {
      auto value = co_await fetch(key);
      entries_.emplace(key, value);
      // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: this key is put into 'entries_' because it was missing before the suspension: every coroutine that asks in between does the same once more, and one of the results is lost; ask again here, or put the pending operation there before the suspension [coro-stale-state-across-suspend]
      // CHECK-MESSAGES: :[[@LINE-4]]:9: note: it is tested here
      // CHECK-MESSAGES: :[[@LINE-4]]:20: note: others run while the coroutine is suspended here
    }
    co_return entries_[key];
  }
  task<std::string> finds(const std::string &key) {
    auto found = entries_.find(key);
    if (found != entries_.end())
      co_return found->second;
    auto value = co_await fetch(key);
    entries_[key] = value;
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: this key is put into 'entries_' because it was missing before the suspension: every coroutine that asks in between does the same once more, and one of the results is lost; ask again here, or put the pending operation there before the suspension [coro-stale-state-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-5]]:9: note: it is tested here
    // CHECK-MESSAGES: :[[@LINE-4]]:18: note: others run while the coroutine is suspended here
    co_return value;
  }
  task<int> counts(const std::string &key) {
    if (sizes_.count(key) == 0)
      sizes_.insert({key, co_await measure()});
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: this key is put into 'sizes_' because it was missing before the suspension: every coroutine that asks in between does the same once more, and one of the results is lost; ask again here, or put the pending operation there before the suspension [coro-stale-state-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-3]]:9: note: it is tested here
    // CHECK-MESSAGES: :[[@LINE-3]]:27: note: others run while the coroutine is suspended here
    co_return sizes_.at(key);
  }

  task<std::string> asks_again(const std::string &key) {
    if (!entries_.contains(key)) {
      auto value = co_await fetch(key);
      if (!entries_.contains(key))
        entries_.emplace(key, value);
    }
    co_return entries_[key];
  }
  // Whoever comes second gets what the first one has put there.
  task<std::string> takes_what_is_there(const std::string &key) {
    if (auto found = entries_.find(key); found != entries_.end())
      co_return found->second;
    auto value = co_await fetch(key);
    auto [place, inserted] = entries_.try_emplace(key, value);
    co_return place->second;
  }
  task<> another_key(const std::string &key, const std::string &other) {
    if (!entries_.contains(key)) {
      auto value = co_await fetch(key);
      entries_.emplace(other, value);
    }
  }
  task<> marked(const std::string &key) {
    if (entries_.contains(key) || pending_.contains(key))
      co_return;
    pending_.insert(key);
    entries_[key] = co_await fetch(key);
    pending_.erase(key);
  }
  task<> placeholder(const std::string &key) {
    if (!entries_.contains(key)) {
      entries_[key] = "";
      entries_[key] = co_await fetch(key);
    }
  }
};

//===----------------------------------------------------------------------===//
// A value that was read
//===----------------------------------------------------------------------===//

struct Totals {
  int sum_ = 0;
  int depth_ = 0;

  task<> adds() {
    sum_ = sum_ + co_await measure();
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'sum_' is set from a value that was read before the suspension: what others have written in between is lost; read it after the suspension [coro-stale-state-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-2]]:12: note: it is read here
    // CHECK-MESSAGES: :[[@LINE-3]]:19: note: others run while the coroutine is suspended here
  }
  task<> copies() {
    int before = sum_;
    int more = co_await measure();
    sum_ = before + more;
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'sum_' is set from a value that was read before the suspension: what others have written in between is lost; read it after the suspension [coro-stale-state-across-suspend]
    // CHECK-MESSAGES: :[[@LINE-4]]:18: note: it is read here
    // CHECK-MESSAGES: :[[@LINE-4]]:16: note: others run while the coroutine is suspended here
  }

  // The right side is evaluated first.
  task<> compound() { sum_ += co_await measure(); }
  task<> await_first() { sum_ = co_await measure() + sum_; }
  task<> read_after() {
    int more = co_await measure();
    sum_ = sum_ + more;
  }
  // What was changed is put back.
  task<> restores() {
    int before = depth_;
    depth_ = 0;
    co_await rest();
    depth_ = before;
  }
  task<> compares() {
    int before = sum_;
    co_await rest();
    if (sum_ == before)
      sum_ = 0;
  }
  task<> of_the_frame() {
    int sum = 0;
    for (int i = 0; i < 3; ++i)
      sum = sum + co_await measure();
    sum_ += sum;
  }
};

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

std::shared_ptr<Connection> shared_connection;

task<> sets_a_global() {
  if (!shared_connection)
    shared_connection = co_await connect();
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'shared_connection' is set here because of a test before the suspension: every coroutine that comes in between passes the test, too, does the same once more, and replaces what is set; test again here, or keep the pending operation where the others find it [coro-stale-state-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-3]]:7: note: it is tested here
  // CHECK-MESSAGES: :[[@LINE-3]]:25: note: others run while the coroutine is suspended here
}

task<> tests_a_global_again() {
  if (!shared_connection) {
    auto fresh = co_await connect();
    if (!shared_connection)
      shared_connection = std::move(fresh);
  }
}

task<std::shared_ptr<Connection>> keeps_it_in_the_frame() {
  std::shared_ptr<Connection> mine;
  if (!mine)
    mine = co_await connect();
  co_return mine;
}
