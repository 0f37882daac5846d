// PROOF-FLAGS: -std=c++20 -fsanitize=address -O1 -g
// PROOF-FAILS: AddressSanitizer: (stack-use-after-scope|stack-use-after-return|stack-buffer-underflow|stack-buffer-overflow)
// The closure is kept, but it refers to a local that is gone when the coroutine resumes.
#include "../loop.h"
#include <string>
#include <utility>

using namespace proof;

/// Keeps the function object until the task has ended, as co_spawn does.
template <class Function> detached spawn_kept(Function function) { co_await function(); }

std::size_t total = 0;

void greet(const char *name) {
  std::string text = std::string("a greeting that is too long for the string itself, ") + name;
  spawn_kept([&]() -> task<> {
    co_await proof::sleep{duration(10)};
    total += text.size();
  });
}

int main() {
  greet("you");
  loop::current().run();
  require(total == 54, "the greeting was seen");
}
