// RUN: %check_coro_tidy --expect-clean %s coro-large-frame %t
// RUN: %clang_tidy --quiet --checks=-*,coro-large-frame --config="{CheckOptions: {MinConfidence: low}}" %s -- -std=c++20 -I%inputs | FileCheck %s --check-prefix=LOW --implicit-check-not=warning:
#include "task.h"
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

task<std::size_t> read(char *, std::size_t);
task<> io();
void use(const void *);

task<> on_the_heap() {
  std::vector<char> buffer(65536);
  auto block = std::make_unique<char[]>(65536);
  while (co_await read(buffer.data(), buffer.size()))
    use(block.get());
}

// Not across a suspension: on the stack.
task<> before() {
  char buffer[65536];
  use(buffer);
  co_await io();
}
task<> after() {
  co_await io();
  char buffer[65536];
  use(buffer);
}
task<> inner_scope() {
  {
    std::array<char, 65536> buffer{};
    use(&buffer);
  }
  co_await io();
}

// Each round of a loop has a variable of its own.
task<> after_in_loop() {
  while (true) {
    co_await io();
    char buffer[65536];
    use(buffer);
  }
}
task<> before_in_loop() {
  while (true) {
    char buffer[65536];
    use(buffer);
    co_await io();
  }
}
struct block {
  ~block();
  char memory[65536];
};
task<block *> next();
task<> made_of_what_was_awaited() {
  while (true) {
    block b(*co_await next());
    use(&b);
  }
}

// Scopes that exclude each other share their place.
task<> one_or_the_other(bool b) {
  if (b) {
    std::array<char, 10000> left{};
    co_await io();
    use(&left);
  } else {
    std::array<char, 10000> right{};
    co_await io();
    use(&right);
  }
}

task<> by_reference(std::array<char, 65536> &buffer) {
  co_await io();
  use(&buffer);
}

task<> shared() {
  static char buffer[65536];
  co_await io();
  use(buffer);
}

task<> never_suspends() {
  char buffer[65536];
  co_await std::suspend_never();
  use(buffer);
}

void plain() {
  char buffer[65536];
  use(buffer);
  auto t = []() -> task<> { co_await io(); };
}

// What the awaited operation fills: it needs a place while it runs, and how
// large that is stands beside it.
task<> session() {
  std::array<char, 65536> data;
  // LOW: :[[@LINE-1]]:27: warning: 'data' makes the frame of 'session' large
  while (std::size_t n = co_await read(data.data(), data.size()))
    use(&n);
}
task<> once() {
  unsigned char answer[65536];
  // LOW: :[[@LINE-1]]:17: warning: 'answer' makes the frame of 'once' large
  auto n = co_await read(reinterpret_cast<char *>(answer), sizeof answer);
  use(&n);
}
task<std::size_t> read_into(std::string_view);
task<> through_a_view() {
  char page[40000];
  // LOW: :[[@LINE-1]]:8: warning: 'page' makes the frame of 'through_a_view' large
  std::string_view whole(page, sizeof page);
  co_await read_into(whole);
  use(page);
}
