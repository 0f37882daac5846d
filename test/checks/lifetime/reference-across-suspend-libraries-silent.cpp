// RUN: %check_coro_tidy --expect-clean --std=c++20,c++23 %s coro-reference-across-suspend %t
// What leaves references, and what iterators, into the containers of libraries
// as they are.
#include "library_containers.h"
#include "task.h"

task<> later();
void use(int);

struct AbslNode {
  absl::node_hash_map<int, int> data_;
  void change() { data_.rehash(64); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
  }
};

struct AbslNodeInsert {
  absl::node_hash_map<int, int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
  }
};

struct BoostMap {
  boost::container::map<int, int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto it = data_.find(1);
    co_await later();
    use(it->second);
  }
};

struct BoostStatic {
  boost::container::static_vector<int, 4> data_;
  void change() { data_.push_back(1); }
  task<> run() {
    auto &r = data_.back();
    co_await later();
    use(r);
  }
};

struct BoostDeque {
  boost::container::deque<int> data_;
  void change() { data_.push_back(1); }
  task<> run() {
    auto &r = data_.back();
    co_await later();
    use(r);
  }
};

struct BoostUnorderedNode {
  boost::unordered::unordered_node_map<int, int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
  }
};

struct BoostPtrVector {
  boost::ptr_vector<int> data_;
  void change() { data_.push_back(1); }
  task<> run() {
    auto &r = data_.back();
    co_await later();
    use(r);
  }
};

struct BoostMultiIndex {
  boost::multi_index::multi_index_container<entry> data_;
  void change() { data_.modify({}, 1); }
  task<> run() {
    auto it = data_.find(1);
    co_await later();
    use(it->second);
  }
};

struct FollyNode {
  folly::F14NodeMap<int, int> data_;
  void change() { data_.reserve(64); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
  }
};

struct FollyNodeInsert {
  folly::F14NodeMap<int, int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
  }
};

struct QtMap {
  QMap<int, int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto it = data_.find(1);
    co_await later();
    use(it->second);
  }
};

struct QtMapReference {
  QMap<int, int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
  }
};

struct LlvmString {
  llvm::StringMap<int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
  }
};
