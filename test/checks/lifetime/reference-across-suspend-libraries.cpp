// RUN: %check_coro_tidy %s coro-reference-across-suspend %t
// What ends references, and what iterators, into the containers of libraries.
#include "library_containers.h"
#include "task.h"

task<> later();
void use(int);

struct AbslFlat {
  absl::flat_hash_map<int, int> data_;
  void change() { data_.rehash(64); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'AbslFlat::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'AbslFlat::change' may end it meanwhile
  }
};

struct AbslFlatInsert {
  absl::flat_hash_map<int, int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'AbslFlatInsert::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'AbslFlatInsert::change' may end it meanwhile
  }
};

struct AbslNode {
  absl::node_hash_map<int, int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto it = data_.find(1);
    co_await later();
    use(it->second);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'it' may dangle after the co_await on line [[@LINE-2]]: 'AbslNode::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'AbslNode::change' may end it meanwhile
  }
};

struct AbslNodeErase {
  absl::node_hash_map<int, int> data_;
  void change() { data_.erase(1); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'AbslNodeErase::change' may remove elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'AbslNodeErase::change' may end it meanwhile
  }
};

struct AbslTree {
  absl::btree_map<int, int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'AbslTree::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'AbslTree::change' may end it meanwhile
  }
};

struct AbslInlined {
  absl::InlinedVector<int, 4> data_;
  void change() { data_.push_back(1); }
  task<> run() {
    auto &r = data_.back();
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'AbslInlined::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'AbslInlined::change' may end it meanwhile
  }
};

struct BoostFlat {
  boost::container::flat_map<int, int> data_;
  void change() { data_.reserve(64); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'BoostFlat::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'BoostFlat::change' may end it meanwhile
  }
};

struct BoostMap {
  boost::container::map<int, int> data_;
  void change() { data_.erase(1); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'BoostMap::change' may remove elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'BoostMap::change' may end it meanwhile
  }
};

struct BoostStatic {
  boost::container::static_vector<int, 4> data_;
  void change() { data_.pop_back(); }
  task<> run() {
    auto &r = data_.back();
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'BoostStatic::change' may remove elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'BoostStatic::change' may end it meanwhile
  }
};

struct BoostDevector {
  boost::container::devector<int> data_;
  void change() { data_.push_front(1); }
  task<> run() {
    auto &r = data_.back();
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'BoostDevector::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'BoostDevector::change' may end it meanwhile
  }
};

struct BoostDeque {
  boost::container::deque<int> data_;
  void change() { data_.push_back(1); }
  task<> run() {
    auto it = data_.begin();
    co_await later();
    use(*it);
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'it' may dangle after the co_await on line [[@LINE-2]]: 'BoostDeque::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'BoostDeque::change' may end it meanwhile
  }
};

struct BoostUnorderedFlat {
  boost::unordered::unordered_flat_map<int, int> data_;
  void change() { data_.rehash(64); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'BoostUnorderedFlat::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'BoostUnorderedFlat::change' may end it meanwhile
  }
};

struct BoostUnorderedNode {
  boost::unordered::unordered_node_map<int, int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto it = data_.find(1);
    co_await later();
    use(it->second);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'it' may dangle after the co_await on line [[@LINE-2]]: 'BoostUnorderedNode::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'BoostUnorderedNode::change' may end it meanwhile
  }
};

struct BoostRing {
  boost::circular_buffer<int> data_;
  void change() { data_.push_back(1); }
  task<> run() {
    auto &r = data_.back();
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'BoostRing::change' may remove elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'BoostRing::change' may end it meanwhile
  }
};

struct BoostPtrVector {
  boost::ptr_vector<int> data_;
  void change() { data_.push_back(1); }
  task<> run() {
    auto it = data_.begin();
    co_await later();
    use(*it);
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'it' may dangle after the co_await on line [[@LINE-2]]: 'BoostPtrVector::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'BoostPtrVector::change' may end it meanwhile
  }
};

struct BoostMultiIndex {
  boost::multi_index::multi_index_container<entry> data_;
  void change() { data_.erase(1); }
  task<> run() {
    auto it = data_.find(1);
    co_await later();
    use(it->second);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'it' may dangle after the co_await on line [[@LINE-2]]: 'BoostMultiIndex::change' may remove elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'BoostMultiIndex::change' may end it meanwhile
  }
};

struct FollyValue {
  folly::F14ValueMap<int, int> data_;
  void change() { data_.reserve(64); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'FollyValue::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'FollyValue::change' may end it meanwhile
  }
};

struct FollyFast {
  folly::F14FastMap<int, int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'FollyFast::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'FollyFast::change' may end it meanwhile
  }
};

struct FollyNode {
  folly::F14NodeMap<int, int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto it = data_.find(1);
    co_await later();
    use(it->second);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'it' may dangle after the co_await on line [[@LINE-2]]: 'FollyNode::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'FollyNode::change' may end it meanwhile
  }
};

struct FollyVector {
  folly::fbvector<int> data_;
  void change() { data_.push_back(1); }
  task<> run() {
    auto &r = data_.back();
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'FollyVector::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'FollyVector::change' may end it meanwhile
  }
};

struct FollySorted {
  folly::sorted_vector_map<int, int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'FollySorted::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'FollySorted::change' may end it meanwhile
  }
};

struct QtHash {
  QHash<int, int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'QtHash::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'QtHash::change' may end it meanwhile
  }
};

struct QtMap {
  QMap<int, int> data_;
  void change() { data_.erase(1); }
  task<> run() {
    auto it = data_.find(1);
    co_await later();
    use(it->second);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'it' may dangle after the co_await on line [[@LINE-2]]: 'QtMap::change' may remove elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'QtMap::change' may end it meanwhile
  }
};

struct QtList {
  QList<int> data_;
  void change() { data_.push_back(1); }
  task<> run() {
    auto &r = data_.back();
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'QtList::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'QtList::change' may end it meanwhile
  }
};

struct QtQueue {
  QQueue<int> data_;
  void change() { data_.dequeue(); }
  task<> run() {
    auto &r = data_.back();
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'QtQueue::change' may remove elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'QtQueue::change' may end it meanwhile
  }
};

struct QtSet {
  QSet<int> data_;
  void change() { data_.subtract({}); }
  task<> run() {
    auto it = data_.find(1);
    co_await later();
    use(*it);
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'it' may dangle after the co_await on line [[@LINE-2]]: 'QtSet::change' may remove elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'QtSet::change' may end it meanwhile
  }
};

struct LlvmDense {
  llvm::DenseMap<int, int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'LlvmDense::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'LlvmDense::change' may end it meanwhile
  }
};

struct LlvmString {
  llvm::StringMap<int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto it = data_.find(1);
    co_await later();
    use(it->second);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'it' may dangle after the co_await on line [[@LINE-2]]: 'LlvmString::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'LlvmString::change' may end it meanwhile
  }
};

struct LlvmMapVector {
  llvm::MapVector<int, int> data_;
  void change() { data_.insert({1, 2}); }
  task<> run() {
    auto &r = data_.at(1);
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'LlvmMapVector::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'LlvmMapVector::change' may end it meanwhile
  }
};

struct LlvmVector {
  llvm::SmallVector<int, 4> data_;
  void change() { data_.push_back(1); }
  task<> run() {
    auto &r = data_.back();
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'LlvmVector::change' may move the elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'LlvmVector::change' may end it meanwhile
  }
};

struct LlvmVectorPop {
  llvm::SmallVectorImpl<int> & data_;
  void change() { data_.pop_back_val(); }
  task<> run() {
    auto &r = data_.back();
    co_await later();
    use(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'r' may dangle after the co_await on line [[@LINE-2]]: 'LlvmVectorPop::change' may remove elements of 'data_' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'LlvmVectorPop::change' may end it meanwhile
  }
};
