#include "task.h"
#include <vector>

task<> tick();
void use(int);

static task<> write_all(const std::vector<int> &parts) {
  for (int part : parts) {
    co_await tick();
    use(part);
  }
}
// A library for others: here nobody writes one.
struct message {
  std::vector<int> parts;
  task<> write() { co_await write_all(parts); }
  void clear() { parts.clear(); }
};
