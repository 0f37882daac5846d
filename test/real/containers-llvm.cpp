// REQUIRES: llvm-headers
// RUN: %check_coro_tidy %s coro-reference-across-suspend %t -- -- -isystem /usr/lib/llvm-22/include
// What the operations of real containers do to references and iterators.
#include "task.h"
#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/DenseSet.h>
#include <llvm/ADT/MapVector.h>
#include <llvm/ADT/SetVector.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/ilist.h>

task<> later();
template <class T> void use(const T &);
struct dense_inserts {
  llvm::DenseMap<int, int> all_;
  void change() { all_[1] = 1; }
  task<> run() {
    auto &e = all_.begin()->second;
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'dense_inserts::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'dense_inserts::change' may end it meanwhile
  }
};
struct dense_set_inserts {
  llvm::DenseSet<int> all_;
  void change() { all_.insert(1); }
  task<> run() {
    auto it = all_.find(1);
    co_await later();
    use(*it);
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: {{'(it|e)' may dangle .*'dense_set_inserts::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'dense_set_inserts::change' may end it meanwhile
  }
};
struct set_vector_inserts {
  llvm::SetVector<int> all_;
  void change() { all_.insert(1); }
  task<> run() {
    auto &e = all_.front();
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'set_vector_inserts::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'set_vector_inserts::change' may end it meanwhile
  }
};
struct map_vector_inserts {
  llvm::MapVector<int, int> all_;
  void change() { all_.insert({1, 1}); }
  task<> run() {
    auto &e = all_.begin()->second;
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'map_vector_inserts::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'map_vector_inserts::change' may end it meanwhile
  }
};
struct small_grows {
  llvm::SmallVector<int, 4> all_;
  void change() { all_.push_back(1); }
  task<> run() {
    auto &e = all_.front();
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'small_grows::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'small_grows::change' may end it meanwhile
  }
};
struct strings_insert {
  llvm::StringMap<int> all_;
  void change() { all_["x"] = 1; }
  task<> run() {
    auto &e = all_["y"];
    co_await later();
    use(e);
  }
};
struct strings_rehash {
  llvm::StringMap<int> all_;
  void change() { all_["x"] = 1; }
  task<> run() {
    auto it = all_.find("y");
    co_await later();
    use(it->second);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'strings_rehash::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'strings_rehash::change' may end it meanwhile
  }
};
struct strings_erase {
  llvm::StringMap<int> all_;
  void change() { all_.erase("x"); }
  task<> run() {
    auto &e = all_["y"];
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'strings_erase::change' may remove elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'strings_erase::change' may end it meanwhile
  }
};
struct node : llvm::ilist_node<node> {
  int n = 0;
};
struct owned_nodes {
  llvm::iplist<node> all_;
  void change() { all_.pop_front(); }
  task<> run() {
    auto &e = all_.front();
    co_await later();
    use(e.n);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'owned_nodes::change' may remove elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'owned_nodes::change' may end it meanwhile
  }
};
struct linked_nodes {
  llvm::simple_ilist<node> all_;
  void change() { all_.pop_front(); }
  task<> run() {
    auto &e = all_.front();
    co_await later();
    use(e.n);
  }
};
struct linked_iterators {
  llvm::simple_ilist<node> all_;
  void change() { all_.pop_front(); }
  task<> run() {
    auto it = all_.begin();
    co_await later();
    use(it->n);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'linked_iterators::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'linked_iterators::change' may end it meanwhile
  }
};
