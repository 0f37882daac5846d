// RUN: %check_coro_tidy --expect-clean %s coro-blocking-call %t
// Everything that looks like blocking and is none.
#include "task.h"
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

using namespace std::chrono_literals;

#define MSG_DONTWAIT 0x40
#define WNOHANG 1
#define EAGAIN 11
extern "C" {
int poll(void *, unsigned long, int);
long recv(int, void *, unsigned long, int);
int waitpid(int, int *, int);
unsigned sleep(unsigned);
int accept4(int, void *, void *, int);
int *__errno_location();
int connect(int, const void *, unsigned);
enum socket_type { SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_NONBLOCK = 04000 };
#define SOCK_NONBLOCK SOCK_NONBLOCK
#define SOCK_DGRAM SOCK_DGRAM
int socket(int, int, int);
}

task<> other();
static void blocks() { std::this_thread::sleep_for(1s); }

// Conditions on the arguments.
task<> arguments(int fd, char *buffer, int *status, std::future<int> &f, std::condition_variable &cv,
                 std::unique_lock<std::mutex> &lock, std::counting_semaphore<> &s) {
  std::this_thread::sleep_for(0s);
  poll(nullptr, 0, 0);
  recv(fd, buffer, 1, MSG_DONTWAIT);
  waitpid(-1, status, WNOHANG);
  f.wait_for(0s);
  f.wait_for(std::chrono::milliseconds(0));
  cv.wait_for(lock, 0ms);
  s.try_acquire_for(0s);
  s.try_acquire();
  ::sleep(0);
  co_await other();
}

// Behind a test of readiness.
task<int> ready(std::future<int> f) {
  while (f.wait_for(0s) != std::future_status::ready)
    co_await other();
  co_return f.get();
}

// What was awaited is there.
struct awaitable_future : std::future<int> {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  awaitable_future await_resume();
};
task<std::vector<std::future<int>>> when_all(std::vector<std::future<int>> &);
task<int> awaited(awaitable_future f) {
  auto done = co_await f;
  co_return done.get() + f.get();
}
task<int> awaited_all(std::vector<std::future<int>> futures) {
  co_await when_all(futures);
  int sum = 0;
  for (auto &f : futures)
    sum += f.get();
  co_return sum;
}
task<int> awaited_and_taken_apart(std::vector<std::future<int>> futures) {
  auto done = co_await when_all(futures);
  co_return done[0].get() + (co_await when_all(futures)).front().get();
}

// The promise was fulfilled before.
task<int> fulfilled(int n) {
  std::promise<int> promise;
  std::future<int> future = promise.get_future();
  promise.set_value(n);
  std::promise<int> later;
  std::shared_future<int> shared;
  shared = later.get_future();
  later.set_exception(nullptr);
  std::promise<void> at_once;
  at_once.set_value();
  at_once.get_future().wait();
  co_await other();
  co_return future.get() + shared.get();
}

// Destroyed, or handed on, when it was awaited: what waits for it finds it done.
struct thread_awaitable {
  std::thread thread;
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
  ~thread_awaitable() {
    if (thread.joinable())
      thread.join();
  }
};
task<> destroyed_after_its_await() {
  thread_awaitable counter;
  co_await counter;
}
task<std::future<int>> resolve(std::future<int>);
void print(std::future<int> f) { (void)f.get(); }
task<> handed_on_after_its_await(std::future<int> f, std::future<int> g) {
  auto done = co_await resolve(std::move(f));
  print(std::move(done));
  print(co_await resolve(std::move(g)));
}

// The names only.
struct json {
  int get() const;
};
struct timer {
  task<> wait_for(std::chrono::milliseconds);
  task<> sleep_for(std::chrono::milliseconds);
};
namespace own {
void sleep_for(int);
void sleep(int);
void connect(int);
} // namespace own
void connect(timer &, int);
task<> names(std::unique_ptr<int> p, std::optional<int> o, std::variant<int, char> v, json j, timer t) {
  (void)*p.get();
  (void)std::get<int>(v);
  j.get();
  co_await t.wait_for(1ms);
  co_await t.sleep_for(1ms);
  own::sleep_for(1);
  own::sleep(1);
  own::connect(1);
  connect(t, 1);
}

// Runs elsewhere, or later, or nobody knows.
struct pool {
  void submit(std::function<void()>);
};
std::vector<std::function<void()>> kept;
void keep(std::function<void()> f) { kept.push_back(std::move(f)); }
void unknown(std::function<void()>);
template <class F> void later(F f) {
  std::thread([f] { f(); }).detach();
}
task<> elsewhere(pool &p) {
  std::thread([] { blocks(); }).detach();
  std::jthread(blocks).detach();
  std::jthread worker(blocks);
  worker.detach();
  p.submit([] { blocks(); });
  keep(blocks);
  unknown([] { blocks(); });
  later([] { blocks(); });
  auto named = [] { blocks(); };
  auto result = std::async(std::launch::async, blocks);
  keep([result = std::make_shared<std::future<void>>(std::move(result))] {});
  std::async(std::launch::deferred, blocks);
  co_await other();
}
std::jthread given_away() { return std::jthread(blocks); }
struct holder {
  std::jthread thread;
};
task<> handed_on(holder &h) {
  std::jthread worker(blocks);
  h.thread = std::move(worker);
  co_await other();
}

// Lazy, and not awaited here: a coroutine that blocks says so itself.
task<> lazy(); // its body is not here
task<> makes_a_task() {
  auto t = lazy();
  co_await other();
  co_await std::move(t);
}

// Annotated.
[[clang::annotate("coro::nonblocking")]] void short_pause() { std::this_thread::sleep_for(1us); }
void attribute() [[clang::nonblocking]];
template <class T> struct wrapper {
  [[clang::annotate("coro::nonblocking")]] ~wrapper() { blocks(); }
};
task<> annotations() {
  short_pause();
  wrapper<int> w;
  attribute();
  co_await other();
}
[[clang::annotate("coro::blocking")]] task<> meant() {
  std::this_thread::sleep_for(1s); // it says itself that it blocks
  co_return;
}

// On the way to the end of the process.
[[noreturn]] void die() {
  blocks();
  std::abort();
}
void check(bool ok) {
  if (!ok) {
    blocks();
    std::abort();
  }
}
task<> assertion(bool ok) {
  check(ok);
  if (!ok)
    die();
  co_await other();
}

// Once in the life of the program.
int load() {
  blocks();
  return 1;
}
int table() {
  static int value = load();
  return value;
}
task<> once() {
  static int own = load();
  table();
  co_await other();
}

// Never reached.
constexpr bool debug = false;
task<> unreachable() {
  if (false)
    blocks();
  if constexpr (debug)
    blocks();
  co_await other();
  co_return;
  blocks();
}

// Unevaluated.
task<> unevaluated() {
  (void)sizeof(load());
  using result = decltype(load());
  (void)noexcept(blocks());
  co_await other();
}

// Nobody knows which overrider it is.
struct sink {
  virtual void put();
};
struct slow_sink : sink {
  void put() override { blocks(); }
};
struct fast_sink final : sink {
  void put() override {}
};
task<> virtual_calls(sink &s, fast_sink &f) {
  s.put();
  f.put();
  co_await other();
}

// Through a pointer.
void (*hook)();
task<> pointers(void (*parameter)(), std::function<void()> f) {
  hook();
  parameter();
  f();
  co_await other();
}

// Plain functions may block: main starts up so.
void plain() { blocks(); }
int main() { blocks(); }

// The await of an awaiter that reads the result once it is there.
struct awaiter {
  std::future<int> f;
  bool await_ready() { return f.wait_for(0s) == std::future_status::ready; }
  void await_suspend(std::coroutine_handle<>);
  int await_resume() { return f.get(); }
};
task<int> awaits(awaiter a) { co_return co_await a; }

// Path arithmetic.
task<> paths(std::filesystem::path p) {
  auto q = p / "x";
  q = q.lexically_normal().parent_path();
  q.replace_extension(".txt");
  (void)q.filename().string();
  co_await other();
}

// Short critical sections.
task<> locks(std::mutex &m) {
  {
    std::lock_guard lock(m);
  }
  co_await other();
}

// Descriptors that the function knows to be non-blocking.
int try_accept(int fd) {
  int client = accept4(fd, nullptr, nullptr, SOCK_NONBLOCK);
  if (client < 0 && *__errno_location() == EAGAIN)
    return -1;
  return client;
}
int open_udp() {
  int fd = socket(2, SOCK_DGRAM, 0);
  connect(fd, nullptr, 0);
  return fd;
}
// What a member is, another function shows.
class udp_peer {
public:
  udp_peer() : fd_(socket(2, SOCK_DGRAM, 0)) {}
  void connect_to(const void *address) { connect(fd_, address, 16); }

private:
  int fd_;
};
class tcp_peer {
public:
  void open() { fd_ = socket(2, SOCK_STREAM | SOCK_NONBLOCK, 0); }
  void connect_to(const void *address) { connect(fd_, address, 16); }

private:
  int fd_ = -1;
};
task<> members(udp_peer &datagrams, tcp_peer &stream) {
  datagrams.connect_to(nullptr);
  stream.connect_to(nullptr);
  co_await other();
}
task<> descriptors(int fd) {
  try_accept(fd);
  open_udp();
  int client = socket(2, SOCK_STREAM | SOCK_NONBLOCK, 0);
  connect(client, nullptr, 0);
  co_await other();
}

// Code with errors is looked at as far as it parsed, and dependent code not at all.
template <class T> task<> never_instantiated(T t) {
  t.wait();
  std::this_thread::sleep_for(1s);
  co_await other();
}

#define CO_TEST(name) task<> name##_test()
CO_TEST(in_a_test) {
  std::this_thread::sleep_for(1ms);
  co_await other();
}

// A library's own pause, where there is nobody to be given the thread to.
namespace async_simple::coro {
task<> current_executor();
task<> sleep(std::chrono::milliseconds time, bool executor) {
  if (!executor) {
    std::this_thread::sleep_for(time);
    co_return;
  }
  co_await current_executor();
}
} // namespace async_simple::coro

// The thread can have told the coroutine that it is done: both know an object.
struct signal_event {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
  void set();
};
task<int> told_by_the_thread() {
  signal_event done;
  std::promise<int> promise;
  std::future<int> result = promise.get_future();
  std::thread worker([&done, promise = std::move(promise)]() mutable {
    promise.set_value(1);
    done.set();
  });
  co_await done;
  worker.join();
  co_return result.get();
}
class download : std::enable_shared_from_this<download> {
  std::thread worker;
  signal_event woken();

public:
  void wake();
  task<> run() {
    worker = std::thread([weak = weak_from_this()] {
      if (auto self = weak.lock())
        self->wake();
    });
    co_await woken();
    worker.join();
  }
};

// Whether its destructor runs the loop depends on who made the object.
struct own_loop {
  void run() { std::this_thread::sleep_for(1s); }
};
class client {
  own_loop *loop_;
  bool mine_;
  std::thread pump_;

public:
  explicit client(own_loop *loop) : loop_(loop), mine_(false) {}
  void close() {
    if (mine_)
      loop_->run();
  }
  ~client() { close(); }
};
struct leaves_early {
  own_loop loop_;
  int state_ = 0;
  ~leaves_early() {
    if (state_ == 0)
      return;
    loop_.run();
  }
};
struct has_client {
  client inner;
};
task<> destroys_what_may_not_own(own_loop &loop) {
  client one(&loop);
  leaves_early two;
  has_client three{client(&loop)};
  co_await other();
}

// No name server is asked about a numeric address.
extern "C" int getaddrinfo(const char *, const char *, const void *, void **);
int parse(std::string_view host) { return getaddrinfo(host.data(), "80", nullptr, nullptr); }
task<> of_addresses() {
  getaddrinfo("127.0.0.1", "80", nullptr, nullptr);
  parse("192.168.0.1");
  parse("fe80::1");
  co_await other();
}
