// RUN: %check_coro_tidy --expect-clean %s coro-dangling-argument %t
// More of what real code does with reference parameters that is right.
#include "spawners.h"
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace async_simple::coro {
template <class T = void> struct Lazy {
  using promise_type = detail::promise<Lazy, T, std::suspend_always>;
  Lazy();
  Lazy(Lazy &&) noexcept;
  ~Lazy();
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
  template <class F> void start(F &&) {}
};
template <class T> void syncAwait(Lazy<T> &&) {}
} // namespace async_simple::coro
using async_simple::coro::Lazy;

task<> tick();
Lazy<> tock();
void use(std::string_view);
void use(int);
asio::executor ex;

struct socket {
  task<int> read(std::vector<char> &);
  void close();
};
struct session {
  std::string name;
  task<> run(socket &s) { co_await tick(); use(name); s.close(); }
};
task<> by_ref(const std::string &s) { co_await tick(); use(s); }
task<> by_rvalue(std::string &&s) { co_await tick(); use(s); }
task<> by_view(std::string_view s) { co_await tick(); use(s); }
task<> early_only(std::string &&s) { use(s); co_await tick(); }
Lazy<> lazy_early(const std::string &s) { use(s); co_await tock(); }
Lazy<> lazy_moved(std::string &&s) { auto own = std::move(s); co_await tock(); use(own); }
Lazy<> lazy_late(const std::string &s) { co_await tock(); use(s); }
eager<> eager_moved(std::string &&s) { auto own = std::move(s); co_await tick(); use(own); }
detached fire(std::string &&s) { auto own = std::move(s); co_await tick(); use(own); }

// Awaited in the same full-expression, in every place of it.
task<bool> flag(const std::string &s);
task<> places(std::string a) {
  if (co_await flag(a + "x"))
    co_return;
  while (co_await flag("y"))
    co_await by_rvalue(std::string("z"));
  co_await by_ref(co_await flag("x") ? std::string("a") : a);
}
// The argument lives in the awaiting frame.
task<> frame(socket s) {
  session one;
  auto t = one.run(s);
  std::string name = "x";
  auto u = by_view(name);
  co_await when_all(std::move(t), std::move(u));
}

// Spawners that start inline: used before the first suspension only.
void inline_start() {
  lazy_early("x").start([](auto &&...) {});
  lazy_moved(std::string("x")).start([](auto &&...) {});
  syncAwait(lazy_late("x"));
}
void by_luck(const std::string &s) {
  asio::co_spawn(ex, early_only(s + "x"), asio::detached);
}
// Eager, and used before the first suspension only.
void eager_start() {
  fire("x");
  eager_moved("x");
}

// A by-value owner is another parameter, perhaps without a name.
task<> with_owner(session &s, socket &peer, std::shared_ptr<session>) { co_await s.run(peer); }
struct host : std::enable_shared_from_this<host> {
  session one;
  socket peer;
  task<> serve(session &s, std::shared_ptr<host> self) { co_await s.run(self->peer); }
  void start() { asio::co_spawn(ex, serve(one, shared_from_this()), asio::detached); }
};
void owners(std::shared_ptr<session> s, socket &peer) {
  asio::co_spawn(ex, with_owner(*s, peer, s), asio::detached);
}

// The task counts down a latch that it was given, which is awaited before the
// argument dies.
struct latch {
  explicit latch(int);
  void count_down();
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
task<> counts(latch &done) { done.count_down(); co_return; }
task<> signals(const std::string &s, latch *done) { use(s); done->count_down(); co_return; }
struct forked { task<> joined(); };
forked fork_all(task<> *first, task<> *last);
task<> a_latch_is_awaited() {
  task<> tasks[1];
  {
    latch done(1);
    tasks[0] = counts(done);
    auto running = fork_all(tasks, tasks + 1);
    co_await done;
  }
  {
    std::string s = "x";
    latch done(1);
    tasks[0] = signals(s, &done);
    auto running = fork_all(tasks, tasks + 1);
    co_await done;
  }
  auto more = fork_all(tasks, tasks + 1);
}

// From main before run(), with what lives in main.
task<> listen(asio::io_context &context, const std::string &host) { co_await tick(); use(host); context.run(); }
int main() {
  asio::io_context context;
  std::string name = "x";
  asio::co_spawn(context.get_executor(), listen(context, name), asio::detached);
  context.run();
  {
    std::string shorter = "x"; // the loop has ended before it
    asio::co_spawn(context.get_executor(), listen(context, shorter), asio::detached);
    context.run();
  }
  try {
    asio::io_context inner;
    std::string own = "x";
    asio::co_spawn(inner.get_executor(), listen(inner, own), asio::detached);
    if (name.empty())
      return 1; // and nothing is run
    inner.run();
  } catch (...) {
    use("it failed");
    return 1;
  }
  {
    std::string last = "x"; // nobody runs the loop any more
    asio::co_spawn(context.get_executor(), listen(context, last), asio::detached);
  }
}
