// RUN: %check_coro_tidy %s coro-large-frame %t
#include "task.h"
#include <array>
#include <string>
#include <vector>

task<std::size_t> read(char *, std::size_t);
task<> io();
void use(const void *);
struct header {
  char name[4096];
};

task<> one_buffer() {
  char buffer[65536];
  while (co_await read(nullptr, 0))
    use(buffer);
}

task<> three_named() {
  int n = 0;
  std::array<char, 9000> b{};
  std::array<char, 12000> a{};
  header h{};
  co_await io();
  use(&a);
  use(&b);
  use(&h);
  use(&n);
}

task<> parameter(std::array<char, 20000> block) {
  co_await io();
  use(&block);
}

// One scope in another.
task<> nested(bool b) {
  std::array<char, 10000> outer{};
  co_await io();
  if (b) {
    std::array<char, 10000> inner{};
    co_await io();
    use(&inner);
  }
  use(&outer);
}

// Given to the operation that is awaited.
task<> last_use_in_await() {
  header buffer[5];
  co_await read(buffer->name, sizeof buffer);
}

// Something to destroy lives to the end of its scope.
struct pool {
  ~pool();
  char memory[30000];
};
task<> destroyed() {
  pool p;
  use(&p);
  co_await io();
}

// CHECK-MESSAGES: :[[@LINE-51]]:8: warning: 'buffer' makes the frame of 'one_buffer' large: 65536 of at least 65536 bytes, which each call allocates and keeps over its suspensions; allocate it apart, share it between calls, or end its scope before the suspension [coro-large-frame]
// CHECK-MESSAGES: :[[@LINE-52]]:3: note: 'buffer' takes 65536 bytes
// CHECK-MESSAGES: :[[@LINE-52]]:10: note: 'buffer' is kept over this suspension
// CHECK-MESSAGES: :[[@LINE-46]]:27: warning: 'a' makes the frame of 'three_named' large: 12000 of at least 25100 bytes, which each call allocates and keeps over its suspensions; allocate it apart, share it between calls, or end its scope before the suspension [coro-large-frame]
// CHECK-MESSAGES: :[[@LINE-47]]:3: note: 'a' takes 12000 bytes
// CHECK-MESSAGES: :[[@LINE-49]]:3: note: 'b' takes 9000 bytes
// CHECK-MESSAGES: :[[@LINE-48]]:3: note: 'h' takes 4096 bytes
// CHECK-MESSAGES: :[[@LINE-48]]:3: note: 'a' is kept over this suspension
// CHECK-MESSAGES: :[[@LINE-42]]:42: warning: 'block' makes the frame of 'parameter' large: 20000 of at least 20000 bytes, which each call allocates and keeps over its suspensions; allocate it apart, share it between calls, or end its scope before the suspension [coro-large-frame]
// CHECK-MESSAGES: :[[@LINE-43]]:18: note: 'block' takes 20000 bytes
// CHECK-MESSAGES: :[[@LINE-43]]:3: note: 'block' is kept over this suspension
// CHECK-MESSAGES: :[[@LINE-38]]:27: warning: 'outer' makes the frame of 'nested' large: 10000 of at least 20001 bytes, which each call allocates and keeps over its suspensions; allocate it apart, share it between calls, or end its scope before the suspension [coro-large-frame]
// CHECK-MESSAGES: :[[@LINE-39]]:3: note: 'outer' takes 10000 bytes
// CHECK-MESSAGES: :[[@LINE-37]]:5: note: 'inner' takes 10000 bytes
// CHECK-MESSAGES: :[[@LINE-42]]:15: note: 'b' takes 1 bytes
// CHECK-MESSAGES: :[[@LINE-41]]:3: note: 'outer' is kept over this suspension
// CHECK-MESSAGES: :[[@LINE-31]]:10: warning: 'buffer' makes the frame of 'last_use_in_await' large: 20480 of at least 20480 bytes, which each call allocates and keeps over its suspensions; allocate it apart, share it between calls, or end its scope before the suspension [coro-large-frame]
// CHECK-MESSAGES: :[[@LINE-32]]:3: note: 'buffer' takes 20480 bytes
// CHECK-MESSAGES: :[[@LINE-32]]:3: note: 'buffer' is kept over this suspension
// CHECK-MESSAGES: :[[@LINE-24]]:8: warning: 'p' makes the frame of 'destroyed' large: 30000 of at least 30000 bytes, which each call allocates and keeps over its suspensions; allocate it apart, share it between calls, or end its scope before the suspension [coro-large-frame]
// CHECK-MESSAGES: :[[@LINE-25]]:3: note: 'p' takes 30000 bytes
// CHECK-MESSAGES: :[[@LINE-24]]:3: note: 'p' is kept over this suspension
