// RUN: %check_coro_tidy %s coro-reference-across-suspend %t -- -- -isystem %inputs/system
// Who could change the container has been shut out: by a member that all of them
// look at, or by the framework that calls them. That a function is called stop()
// is no evidence.
#include "task.h"
#include "test_suites.h"
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace asio {
struct acceptor {
  void close();
  void cancel();
};
} // namespace asio
task<> later();
void use(int);
struct Entry {
  int bytes = 0;
  task<> close();
};

struct Server {
  std::map<int, Entry> sessions_;
  bool stopping_ = false;
  std::atomic<bool> closed_{false};
  bool other_ = false;

  void remove(int id) {
    if (stopping_ || closed_)
      return;
    sessions_.erase(id);
  }
  task<> stop() {
    stopping_ = true;
    for (auto &[id, s] : sessions_)
      co_await s.close();
  }
  task<> close() {
    closed_ = true;
    for (auto &[id, s] : sessions_)
      co_await s.close();
  }
  task<> quit() {
    closed_.store(true);
    for (auto &[id, s] : sessions_)
      co_await s.close();
  }
  // Nobody looks at that.
  task<> shutdown() {
    other_ = true;
    for (auto &[id, s] : sessions_)
      // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: this loop holds an iterator into 'sessions_' over the co_await on line [[@LINE+3]], and 'Server::remove' may remove elements of 'sessions_' meanwhile
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'Server::remove' may end it meanwhile
      co_await s.close();
  }
  // Too late.
  task<> terminate() {
    for (auto &[id, s] : sessions_)
      // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: this loop holds an iterator into 'sessions_'
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'Server::remove' may end it meanwhile
      co_await s.close();
    stopping_ = true;
  }
};

// One of two looks at it.
struct Half {
  std::vector<Entry> all_;
  bool closing_ = false;
  void add() {
    if (!closing_)
      all_.push_back({});
  }
  void clear() { all_.clear(); }
  task<> stop() {
    closing_ = true;
    for (auto &e : all_)
      // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: this loop holds an iterator into 'all_' {{.*}}'Half::clear' may remove elements of 'all_'
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'Half::clear' may end it meanwhile
      co_await e.close();
  }
};

// Who is called back, and takes itself off the list first.
struct Subscriber {
  virtual void on_leave(int id);
};
struct Notifier {
  task<> unsubscribe(Subscriber *);
};
struct Watcher : Subscriber {
  std::map<int, Entry> nodes_;
  Notifier &notifier_;
  void on_leave(int id) override { nodes_.erase(id); }
  task<> stop() {
    co_await notifier_.unsubscribe(this);
    for (auto &[id, n] : nodes_)
      co_await n.close();
  }
  task<> visit() {
    for (auto &[id, n] : nodes_)
      // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: this loop holds an iterator into 'nodes_' {{.*}}'Watcher::on_leave' may remove elements of 'nodes_'
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'Watcher::on_leave' may end it meanwhile
      co_await n.close();
  }
};

// What a testing framework calls before the first test and after the last one.
struct Fixture : testing::Test {
  static inline std::optional<Entry> shared;
  static void SetUpTestSuite() { shared.emplace(); }
  static void TearDownTestSuite() { shared.reset(); }
  static Entry &entry() { return *shared; }
};
task<> inATest() {
  Entry *e = &Fixture::entry();
  co_await later();
  use(e->bytes);
}
// A static function of one's own is no hook.
struct Registry {
  static inline std::optional<Entry> shared;
  static void reset() { shared.reset(); }
};
task<> ofARegistry() {
  Entry &e = *Registry::shared;
  co_await later();
  use(e.bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'e' may dangle {{.*}}'Registry::reset' may remove elements of 'shared'
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Registry::reset' may end it meanwhile
}

// Who could replace it is a task of the object that was awaited: it has run.
struct Goal {
  std::unique_ptr<Entry> result;
  task<> body() {
    co_await later();
    result = std::make_unique<Entry>();
  }
};
task<> finished(std::shared_ptr<Goal>);
task<> after_the_goal(std::shared_ptr<Goal> goal) {
  co_await finished(goal);
  Entry &entry = *goal->result;
  co_await later();
  use(entry.bytes);
}
task<> without_the_goal(std::shared_ptr<Goal> goal) {
  Entry &entry = *goal->result;
  co_await later();
  use(entry.bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'entry' may dangle after the co_await on line [[@LINE-2]]: 'Goal::body' may replace 'result' meanwhile; keep a copy of the smart pointer in a local
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Goal::body' may end it meanwhile
}
// Anybody can call a plain function.
struct Page {
  std::unique_ptr<Entry> result;
  task<> body();
  void clear() { result.reset(); }
};
task<> finished(std::shared_ptr<Page>);
task<> after_the_page(std::shared_ptr<Page> page) {
  co_await finished(page);
  Entry &entry = *page->result;
  co_await later();
  use(entry.bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'entry' may dangle after the co_await on line [[@LINE-2]]: 'Page::clear' may replace 'result' meanwhile
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Page::clear' may end it meanwhile
}
