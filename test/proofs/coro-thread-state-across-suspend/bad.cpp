// PROOF-FLAGS: -std=c++20 -fsanitize=address
// PROOF-FAILS: proof failed: replace_me
#include "loop.h"

proof::task<> run() {
  co_await proof::yield();
  proof::require(false, "replace_me");
}

int main() {
  proof::spawn(run());
  proof::loop::current().run();
}
