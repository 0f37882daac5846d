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
  while (co_await read(buffer, sizeof buffer))
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
  char buffer[20000];
  co_await read(buffer, sizeof buffer);
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
