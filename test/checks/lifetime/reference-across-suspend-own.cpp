// RUN: %check_coro_tidy %s coro-reference-across-suspend %t
// What the coroutine itself ends between the look-up and the use.
#include "task.h"
#include <deque>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

task<> later();
void use(int);
void use(std::string_view);
struct Entry {
  int bytes = 0;
  std::string name;
  task<> close();
};

task<> cleared() {
  std::vector<Entry> own(3);
  auto &e = own[0];
  co_await later();
  own.clear();
  use(e.bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'e' dangles here: this coroutine's own 'clear' on line [[@LINE-2]] removes elements of 'own' after it was obtained; look it up again after that [coro-reference-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-5]]:13: note: obtained here
  // CHECK-MESSAGES: :[[@LINE-5]]:3: note: suspended here
  // CHECK-MESSAGES: :[[@LINE-5]]:3: note: ended here
}

task<> grown(std::vector<Entry> parameter) {
  Entry *e = &parameter.front();
  parameter.push_back({});
  co_await later();
  use(e->bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'e' dangles here: this coroutine's own 'push_back' on line [[@LINE-3]] may move the elements of 'parameter' after it was obtained
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: ended here
}

task<> loop() {
  std::vector<Entry> own(3);
  for (auto &e : own) {
    // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: this loop holds an iterator into 'own', and this coroutine's own 'push_back' on line [[@LINE+5]] may move the elements of 'own' meanwhile; go on with a new iterator, or over a copy
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: ended here
    co_await e.close();
    if (e.bytes)
      own.push_back({});
  }
}

task<> erasedByIterator(int id) {
  std::map<int, Entry> own;
  auto it = own.find(id);
  auto &e = it->second;
  co_await e.close();
  own.erase(it);
  use(e.bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'e' dangles here: this coroutine's own 'erase' on line [[@LINE-2]] removes elements of 'own'
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: ended here
}

task<> erasedInALoop() {
  std::map<int, Entry> own;
  for (auto it = own.begin(); it != own.end(); ++it) {
    // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'it' dangles here: this coroutine's own 'erase' on line [[@LINE+6]] removes elements of 'own'
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: ended here
    co_await it->second.close();
    if (it->second.bytes)
      own.erase(it);
  }
}

task<> popped() {
  std::queue<Entry> own;
  std::deque<Entry> both;
  auto &e = own.front();
  auto &f = both.back();
  co_await e.close();
  own.pop();
  both.pop_back();
  use(e.bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'e' dangles here: this coroutine's own 'pop' on line [[@LINE-3]] removes elements of 'own'
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: ended here
  use(f.bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'f' dangles here: this coroutine's own 'pop_back' on line [[@LINE-7]] removes elements of 'both'
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: ended here
}

task<> views() {
  std::string own = "x";
  std::string_view view = own;
  co_await later();
  own += "y";
  use(view);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'view' dangles here: this coroutine's own assignment on line [[@LINE-2]] may move the elements of 'own'
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: ended here
}

task<> pointee() {
  auto own = std::make_unique<Entry>();
  Entry &e = *own;
  co_await later();
  own.reset();
  use(e.bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'e' dangles here: this coroutine's own 'reset' on line [[@LINE-2]] replaces 'own'
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: ended here
}

// Of storage that others can see, the coroutine's own change is enough, too.
struct Table {
  std::map<int, Entry> entries_;
  std::unique_ptr<Entry> current_;
  task<> closeOne(int id) {
    auto &e = entries_[id];
    co_await e.close();
    entries_.erase(id);
    use(e.bytes);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'e' dangles here: this coroutine's own 'erase' on line [[@LINE-2]] removes elements of 'entries_'
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: ended here
  }
  task<> replace() {
    Entry *e = current_.get();
    co_await e->close();
    current_ = std::make_unique<Entry>();
    use(e->bytes);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'e' dangles here: this coroutine's own assignment on line [[@LINE-2]] replaces 'current_'
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: ended here
  }
};
