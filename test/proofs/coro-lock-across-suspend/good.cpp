// PROOF-FLAGS: -std=c++20 -pthread
#include "../loop.h"
#include <mutex>
#include <string>
#include <unistd.h>

using namespace proof;

class journal {
public:
  void append(char c) {
    std::lock_guard lock(mutex_);
    pending_ += c;
  }
  task<> flush() {
    std::string batch = take_pending();
    co_await proof::sleep{duration(10)}; // the file is written
  }

private:
  std::string take_pending() {
    std::lock_guard lock(mutex_);
    return std::exchange(pending_, {});
  }

  std::mutex mutex_;
  std::string pending_;
};

static task<> flusher(journal &j) { co_await j.flush(); }

static task<> worker(journal &j) {
  co_await proof::sleep{duration(5)};
  j.append('x');
}

int main() {
  alarm(2);
  journal j;
  spawn(flusher(j));
  spawn(worker(j));
  loop::current().run();
  require(loop::current().now() == duration(10), "both tasks ran to their end");
}
