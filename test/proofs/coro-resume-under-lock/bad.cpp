// PROOF-FLAGS: -std=c++20 -pthread
// PROOF-FAILS: the resumed coroutine waits for the lock of the one that resumed
#include "../loop.h"
#include <csignal>
#include <mutex>
#include <unistd.h>

class manual_event {
public:
  bool is_set() {
    std::lock_guard lock(mutex_);
    return set_;
  }
  void set() {
    std::lock_guard lock(mutex_);
    set_ = true;
    if (waiter_)
      waiter_.resume();
  }
  auto operator co_await() {
    struct awaiter {
      manual_event &event;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> handle) {
        std::lock_guard lock(event.mutex_);
        event.waiter_ = handle;
      }
      void await_resume() const noexcept {}
    };
    return awaiter{*this};
  }

private:
  std::mutex mutex_;
  bool set_ = false;
  std::coroutine_handle<> waiter_;
};

static proof::task<> wait(manual_event &event) {
  co_await event;
  proof::require(event.is_set(), "the event is set");
}

int main() {
  // Nothing else can stop a thread that waits for itself.
  std::signal(SIGALRM, [](int) {
    static const char text[] = "the resumed coroutine waits for the lock of "
                               "the one that resumed it\n";
    (void)!write(2, text, sizeof text - 1);
    _exit(1);
  });
  alarm(2);
  manual_event event;
  proof::spawn(wait(event));
  event.set();
}
