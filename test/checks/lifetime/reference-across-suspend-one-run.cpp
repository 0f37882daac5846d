// RUN: %check_coro_tidy %s coro-reference-across-suspend %t
// Steps of one run, each of which is awaited by the one before, do not disturb
// each other; what runs beside it does.
#include "task.h"
#include <memory>
#include <vector>

task<> later();
task<bool> valid(int);
template <typename... Tasks> task<> all(Tasks...);
void spawn(task<>);
task<> limited(task<>, int seconds);

struct Plan {
  std::vector<int> inputs;
};

// The step that loads it awaits the step that goes through it, and another way
// to that begins in the same function.
struct Goal {
  std::unique_ptr<Plan> plan_;
  bool fetch_ = false;

  task<> work() { co_await (fetch_ ? load() : check()); }
  task<> load() {
    co_await later();
    plan_ = std::make_unique<Plan>();
    co_return co_await check();
  }
  task<> check() {
    co_await later();
    co_await forward();
  }
  task<> forward() { return limited(visit(), 5); }
  task<> visit() {
    for (int i : plan_->inputs)
      if (!co_await valid(i))
        co_await check();
  }
};

// A step may be run from elsewhere, too.
struct Shared {
  std::unique_ptr<Plan> plan_;

  task<> work() { co_await load(); }
  task<> load() {
    plan_ = std::make_unique<Plan>();
    co_await visit();
  }
  task<> query() { co_await visit(); }
  task<> visit() {
    for (int i : plan_->inputs)
      // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: this loop holds an iterator into 'plan_' over the co_await on line [[@LINE+3]], and 'Shared::load' may replace 'plan_' meanwhile
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'Shared::load' may end it meanwhile
      co_await valid(i);
  }
};

// It is started, and goes on beside what is awaited.
struct Started {
  std::unique_ptr<Plan> plan_;

  task<> work() {
    spawn(load());
    co_await visit();
  }
  task<> load() {
    co_await later();
    plan_ = std::make_unique<Plan>();
  }
  task<> visit() {
    for (int i : plan_->inputs)
      // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: this loop holds an iterator into 'plan_' {{.*}}'Started::load' may replace 'plan_'
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'Started::load' may end it meanwhile
      co_await valid(i);
  }
};

// Both are awaited at once.
struct Together {
  std::unique_ptr<Plan> plan_;

  task<> work() { co_await all(load(), visit()); }
  task<> load() {
    co_await later();
    plan_ = std::make_unique<Plan>();
  }
  task<> visit() {
    for (int i : plan_->inputs)
      // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: this loop holds an iterator into 'plan_' {{.*}}'Together::load' may replace 'plan_'
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'Together::load' may end it meanwhile
      co_await valid(i);
  }
};

// Another object may do it meanwhile.
struct Other {
  std::unique_ptr<Plan> plan_;

  task<> work(Other &that) {
    co_await that.load();
    co_await visit();
  }
  task<> load() {
    co_await later();
    plan_ = std::make_unique<Plan>();
  }
  task<> visit() {
    for (int i : plan_->inputs)
      // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: this loop holds an iterator into 'plan_' {{.*}}'Other::load' may replace 'plan_'
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'Other::load' may end it meanwhile
      co_await valid(i);
  }
};

// What is passed to a function is another object, as far as its callers tell.
struct Table {
  std::vector<int> rows_;
  std::vector<int> columns_;
  task<> visit() {
    for (int i : rows_)
      co_await valid(i);
  }
  task<> visitColumns() {
    for (int i : columns_)
      // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: this loop holds an iterator into 'columns_' {{.*}}'empty' may remove elements of 'columns_'
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'empty' may end it meanwhile
      co_await valid(i);
  }
};
void read(Table &into) { into.rows_.clear(); }
void empty(Table &table) { table.columns_.clear(); }
struct Owner {
  Table table_;
  void reset() { empty(table_); }
  void load() {
    Table fresh;
    read(fresh);
  }
};
