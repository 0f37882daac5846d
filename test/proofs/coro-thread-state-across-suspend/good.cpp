// PROOF-FLAGS: -std=c++20 -fsanitize=address
#include "loop.h"

proof::task<> run() {
  co_await proof::yield();
  proof::require(true, "replace_me");
}

int main() {
  proof::spawn(run());
  proof::loop::current().run();
}
