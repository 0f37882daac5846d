// RUN: %check_coro_tidy %s coro-reference-across-suspend %t
// What a test case does with an object of its own.
#include "task.h"
#include <vector>

#define TEST_CASE(NAME) void NAME()

task<> later();
void use(int);

struct profile {
  std::vector<int> registers;
};
struct device {
  profile &config;
  explicit device(profile &config) : config(config) {}
  task<> writes() {
    for (int one : config.registers) {
      co_await later();
      use(one);
    }
  }
};
profile tested;
TEST_CASE(writes_them_all) {
  tested.registers = {1, 2};
  (void)device(tested).writes();
}

// The same in the program itself.
struct table {
  std::vector<int> rows;
};
struct view {
  table &shown;
  task<> draws() {
    for (int row : shown.rows) {
      // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: this loop holds an iterator into 'rows' over the co_await on line [[@LINE+3]]
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'refill' may end it meanwhile
      co_await later();
      use(row);
    }
  }
};
table all;
void refill() { all.rows = {1, 2}; }
TEST_CASE(draws_them_all) { all.rows = {1}; }
