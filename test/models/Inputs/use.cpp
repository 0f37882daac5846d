#include "task.h"
namespace acme {
template <class T> struct job {
  struct promise_type {
    job get_return_object();
    std::suspend_always initial_suspend();
    std::suspend_always final_suspend() noexcept;
    void return_void();
    void unhandled_exception();
  };
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
job<int> start();
} // namespace acme

acme::job<int> drops() {
  acme::start();
  co_return;
}
