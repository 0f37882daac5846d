// RUN: %check_coro_tidy --expect-clean --std=c++23 %s coro-reference-across-suspend %t
// What C++23 mends: the temporaries of a loop's range live as long as the loop.
#include "task.h"
#include <map>
#include <memory>
#include <vector>

struct Entry {
  std::vector<int> parts;
  task<> close();
};
std::shared_ptr<std::map<int, Entry>> current();
std::unique_ptr<Entry> made();
task<> loops() {
  for (auto &[id, e] : *current())
    co_await e.close();
  for (int part : made()->parts)
    co_await current()->at(part).close();
}
