// RUN: %check_coro_tidy --expect-clean %s coro-thread-state-across-suspend %t -- --config='{CheckOptions: {coro-thread-state-across-suspend.MinConfidence: medium}}'
#include "continuations.h"
#include "task.h"
#include <cerrno>
#include <cstring>
#include <iostream>
#include <string>
#include <thread>
#include <unistd.h>

namespace folly {
struct RequestContextScopeGuard {
  RequestContextScopeGuard();
  ~RequestContextScopeGuard();
};
} // namespace folly

task<> later();
task<int> number();
void use(int);
void use(const char *);
void use(std::thread::id);
struct context {
  int n = 0;
  void touch();
};
thread_local context own;
thread_local context *current = nullptr;
thread_local int depth = 0;
static context global;

task<> used_before() {
  auto &c = own;
  c.touch();
  co_await later();
}
task<> obtained_again() {
  own.touch();
  co_await later();
  own.touch();
  auto *c = current;
  c->touch();
}
task<> a_copy_is_a_copy() {
  auto c = own;
  int n = depth;
  co_await later();
  c.touch();
  use(n);
}
task<> compared_with_what_holds_now() {
  auto me = std::this_thread::get_id();
  co_await later();
  if (me != std::this_thread::get_id())
    use(1);
  std::cout << "was on " << me << '\n';
  auto before = current;
  if (before == current)
    use(2);
}
task<> never_suspends() {
  auto me = std::this_thread::get_id();
  co_await std::suspend_never();
  use(me);
}
task<> the_path_leaves(bool b) {
  auto me = std::this_thread::get_id();
  if (b) {
    co_await later();
    co_return;
  }
  use(me);
}
task<> asked_again() {
  auto me = std::this_thread::get_id();
  use(me);
  co_await later();
  me = std::this_thread::get_id();
  use(me);
}
task<> error_copied(int fd, char *buffer) {
  long n = ::read(fd, buffer, 1);
  int error = errno;
  co_await later();
  if (n < 0)
    use(std::strerror(error));
}
task<> error_of_a_call_after_it(int fd, char *buffer) {
  co_await later();
  if (::read(fd, buffer, 1) < 0)
    use(errno);
}
task<> error_read_before(int fd, char *buffer) {
  if (::read(fd, buffer, 1) < 0 && errno == EAGAIN)
    co_await later();
  errno = 0;
  use(errno);
}
void may_fail();
task<> error_of_a_function_after_it(int fd, char *buffer) {
  use(static_cast<int>(::read(fd, buffer, 1)));
  co_await later();
  may_fail();
  use(errno);
}
// The awaited operation reports a failure of its own by it.
task<> error_of_the_operation(int fd, char *buffer) {
  use(static_cast<int>(::read(fd, buffer, 1)));
  int n = co_await number();
  if (n < 0)
    use(errno);
}
task<> set_again(context *mine) {
  current = mine;
  co_await later();
  current = mine;
  current->touch();
}
// On one thread a counter may be raised over a suspension.
task<> raised_and_lowered() {
  ++depth;
  co_await later();
  --depth;
}
task<> scope_ended() {
  {
    folly::RequestContextScopeGuard guard;
    own.touch();
  }
  co_await later();
}
task<> after_the_last_suspension() {
  co_await later();
  folly::RequestContextScopeGuard guard;
}
// Its library resumes it on the thread that it is on.
seastar::future<> stays() {
  auto &c = own;
  auto me = std::this_thread::get_id();
  current = &c;
  co_await later();
  c.touch();
  use(me);
  current->touch();
}
task<> globals_are_no_state_of_a_thread() {
  auto &c = global;
  co_await later();
  c.touch();
}
