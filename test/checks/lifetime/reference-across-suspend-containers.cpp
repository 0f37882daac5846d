// RUN: %check_coro_tidy %s coro-reference-across-suspend %t
// What is done in an element of one container does nothing to the elements of another.
#include "task.h"
#include <unordered_map>
#include <vector>

task<> tick();
void use(int);

struct label {
  std::vector<int> marks;
};
struct store {
  std::unordered_map<int, label> kept;
  void drop(int id) { kept[id].marks.clear(); }
};
// It may be the map of a store, or any other.
struct query {
  const std::unordered_map<int, label> &labels;
  task<> reads(int id) {
    auto found = labels.find(id);
    for (int mark : found->second.marks) {
      co_await tick();
      use(mark);
    }
  }
};
static void add_to(std::unordered_map<int, label> &labels, int id) {
  auto &marks = labels[id].marks;
  marks.push_back(id);
}
struct owner {
  std::unordered_map<int, label> mine, others;
  void adds(int id) { add_to(others, id); }
  task<> reads(int id) {
    for (int mark : mine.at(id).marks) {
      co_await tick();
      use(mark);
    }
  }
};

// The same container, by whatever way.
struct changed {
  std::unordered_map<int, label> labels;
  void clear_all() {
    for (auto &[id, one] : labels)
      one.marks.clear();
  }
  task<> reads(int id) {
    auto found = labels.find(id);
    const label &one = found->second;
    for (int mark : one.marks) {
      // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: this loop holds an iterator into 'marks' over the co_await on line [[@LINE+1]], and 'changed::clear_all' may
      co_await tick();
      // CHECK-MESSAGES: :[[@LINE-1]]:7: note: suspended here
      // CHECK-MESSAGES: :[[@LINE-9]]:7: note: 'changed::clear_all' may end it meanwhile
      use(mark);
    }
  }
};
struct added {
  std::unordered_map<int, label> labels;
  void adds(int id) { add_to(labels, id); }
  task<> reads(int id) {
    for (int mark : labels.at(id).marks) {
      // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: this loop holds an iterator into 'marks' over the co_await on line [[@LINE+1]], and 'add_to' may
      co_await tick();
      // CHECK-MESSAGES: :[[@LINE-1]]:7: note: suspended here
      // CHECK-MESSAGES: :[[@LINE-40]]:3: note: 'add_to' may end it meanwhile
      use(mark);
    }
  }
};
// An element does it to itself, wherever it is.
struct self_made {
  std::vector<int> marks;
  void reset() { marks.clear(); }
};
struct holder {
  std::unordered_map<int, self_made> labels;
  task<> reads(int id) {
    for (int mark : labels.at(id).marks) {
      // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: this loop holds an iterator into 'marks' over the co_await on line [[@LINE+1]], and 'self_made::reset' may
      co_await tick();
      // CHECK-MESSAGES: :[[@LINE-1]]:7: note: suspended here
      // CHECK-MESSAGES: :[[@LINE-9]]:18: note: 'self_made::reset' may end it meanwhile
      use(mark);
    }
  }
};
