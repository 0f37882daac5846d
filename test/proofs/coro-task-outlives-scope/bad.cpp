// PROOF-FLAGS: -std=c++20 -fsanitize=address -O1 -g
// PROOF-FAILS: AddressSanitizer: (stack-use-after-return|stack-use-after-scope|heap-use-after-free)
// A plain function returns a task that refers to its local.
#include "../loop.h"
#include <string>

using namespace proof;

static std::string fetched;

task<> fetch(const std::string &url) {
  co_await yield{};
  fetched = url;
}

task<> get(std::string host) {
  std::string url = "https://" + host + "/a/path/that/is/long/enough/for/the/heap";
  return fetch(url);
}

task<> everything() { co_await get("example.org"); }

int main() {
  spawn(everything());
  loop::current().run();
  require(!fetched.empty(), "something was fetched");
}
