// PROOF-FLAGS: -std=c++20 -fsanitize=address -O1 -g
// The wrapper is a coroutine: its frame keeps the local until fetch has ended.
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
  co_await fetch(url);
}

task<> everything() { co_await get("example.org"); }

int main() {
  spawn(everything());
  loop::current().run();
  require(!fetched.empty(), "something was fetched");
}
