// PROOF-FLAGS: -std=c++20 -fsanitize=address -O1 -g
// The frame owns the parameter.
#include "../loop.h"
#include <string>
#include <vector>

using namespace proof;

static std::string greeted;

task<> greet(std::string name) {
  co_await yield{};
  greeted += name;
}

task<> everybody(std::vector<int> ids) {
  std::vector<task<>> tasks;
  for (int id : ids) {
    std::string name = "a name that is too long to be stored inside " + std::to_string(id);
    tasks.push_back(greet(name));
  }
  for (auto &t : tasks)
    co_await std::move(t);
}

int main() {
  spawn(everybody({1, 2, 3}));
  loop::current().run();
  require(!greeted.empty(), "somebody was greeted");
}
