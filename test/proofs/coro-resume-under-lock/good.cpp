// PROOF-FLAGS: -std=c++20 -pthread
#include "../loop.h"
#include <mutex>
#include <unistd.h>

class manual_event {
public:
  bool is_set() {
    std::lock_guard lock(mutex_);
    return set_;
  }
  void set() {
    std::coroutine_handle<> waiter;
    {
      std::lock_guard lock(mutex_);
      set_ = true;
      waiter = std::exchange(waiter_, {});
    }
    if (waiter)
      waiter.resume();
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
  alarm(2);
  manual_event event;
  proof::spawn(wait(event));
  event.set();
}
