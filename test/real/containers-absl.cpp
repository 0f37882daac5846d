// REQUIRES: absl
// RUN: %check_coro_tidy %s coro-reference-across-suspend %t
// What the operations of real containers do to references and iterators.
#include "task.h"
#include <absl/container/btree_map.h>
#include <absl/container/fixed_array.h>
#include <absl/container/flat_hash_map.h>
#include <absl/container/inlined_vector.h>
#include <absl/container/node_hash_map.h>
#include <absl/status/statusor.h>

task<> later();
template <class T> void use(const T &);
struct flat_inserts {
  absl::flat_hash_map<int, int> all_;
  void change() { all_[1] = 1; }
  task<> run() {
    auto &e = all_.begin()->second;
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'flat_inserts::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'flat_inserts::change' may end it meanwhile
  }
};
struct flat_erases {
  absl::flat_hash_map<int, int> all_;
  void change() { all_.erase(1); }
  task<> run() {
    auto &e = all_.begin()->second;
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'flat_erases::change' may remove elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'flat_erases::change' may end it meanwhile
  }
};
struct node_rehashes {
  absl::node_hash_map<int, int> all_;
  void change() { all_.try_emplace(1, 1); }
  task<> run() {
    auto it = all_.find(1);
    co_await later();
    use(it->second);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'node_rehashes::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'node_rehashes::change' may end it meanwhile
  }
};
struct node_keeps {
  absl::node_hash_map<int, int> all_;
  void change() { all_.try_emplace(1, 1); }
  task<> run() {
    auto &e = all_.begin()->second;
    co_await later();
    use(e);
  }
};
struct node_erases {
  absl::node_hash_map<int, int> all_;
  void change() { all_.erase(1); }
  task<> run() {
    auto &e = all_.begin()->second;
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'node_erases::change' may remove elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'node_erases::change' may end it meanwhile
  }
};
struct tree_inserts {
  absl::btree_map<int, int> all_;
  void change() { all_.insert({1, 1}); }
  task<> run() {
    auto &e = all_.begin()->second;
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'tree_inserts::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'tree_inserts::change' may end it meanwhile
  }
};
struct inlined_grows {
  absl::InlinedVector<int, 4> all_;
  void change() { all_.push_back(1); }
  task<> run() {
    auto &e = all_.front();
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'inlined_grows::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'inlined_grows::change' may end it meanwhile
  }
};
struct fixed_stays {
  absl::FixedArray<int> all_{4};
  void change() { all_.fill(1); }
  task<> run() {
    auto &e = all_.front();
    co_await later();
    use(e);
  }
};
struct status_or_assigned {
  absl::StatusOr<int> all_;
  void change() { all_ = absl::UnknownError("x"); }
  task<> run() {
    auto &e = *all_;
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'status_or_assigned::change' may (remove elements of|replace) 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'status_or_assigned::change' may end it meanwhile
  }
};
