// PROOF-FLAGS: -std=c++20 -fsanitize=address -O1 -g
// The closure is kept, and owns what the coroutine needs.
#include "../loop.h"
#include <string>
#include <utility>

using namespace proof;

/// Keeps the function object until the task has ended, as co_spawn does.
template <class Function> detached spawn_kept(Function function) { co_await function(); }

std::size_t total = 0;

void greet(const char *name) {
  std::string text = std::string("a greeting that is too long for the string itself, ") + name;
  spawn_kept([text = std::move(text)]() -> task<> {
    co_await proof::sleep{duration(10)};
    total += text.size();
  });
}

int main() {
  greet("you");
  loop::current().run();
  require(total == 54, "the greeting was seen");
}
