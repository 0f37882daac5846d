#include "task.h"
#include <map>
#include <mutex>
task<> tick();
task<int> count();
struct Table {
  std::map<int, int> rows;
  std::mutex guard;
  int total = 0;
  void drop(int k) { rows.erase(k); }
  task<> add(int k) {
    int &row = rows[k];
    co_await tick();
    row += 1;
  }
  task<> locked() {
    std::lock_guard<std::mutex> l(guard);
    if (total)
      co_await tick();
  }
};
task<> all(Table &t) {
  co_await t.add(1);
  for (int i = 0; i < 3; ++i)
    count();
  auto f = [&]() -> task<int> { co_return co_await count() + 1; };
  f();
}
