// PROOF-FLAGS: -std=c++20 -pthread
// PROOF-FAILS: the executor waits for a lock that one of its coroutines holds
#include "../loop.h"
#include <csignal>
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
    std::lock_guard lock(mutex_);
    co_await proof::sleep{duration(10)}; // the file is written
    pending_.clear();
  }

private:
  std::mutex mutex_;
  std::string pending_;
};

static task<> flusher(journal &j) { co_await j.flush(); }

static task<> worker(journal &j) {
  co_await proof::sleep{duration(5)};
  j.append('x');
}

int main() {
  // Nothing else can stop a thread that waits for itself.
  std::signal(SIGALRM, [](int) {
    static const char text[] =
        "the executor waits for a lock that one of its coroutines holds\n";
    (void)!write(2, text, sizeof text - 1);
    _exit(1);
  });
  alarm(2);
  journal j;
  spawn(flusher(j));
  spawn(worker(j));
  loop::current().run();
}
