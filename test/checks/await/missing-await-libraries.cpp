// What the models say of task types that the declarations do not tell, and
// what follows from the declarations alone, in the shapes of the libraries.
// RUN: %check_coro_tidy %s coro-missing-await %t
#include <coroutine>
#include <utility>

namespace shapes {
template <class Start> struct promise_base {
  Start initial_suspend() { return {}; }
  std::suspend_always final_suspend() noexcept { return {}; }
  void unhandled_exception() {}
};
template <class Task, class T, class Start>
struct promise : promise_base<Start> {
  Task get_return_object() { return {}; }
  void return_value(T) {}
};
template <class Task, class Start>
struct promise<Task, void, Start> : promise_base<Start> {
  Task get_return_object() { return {}; }
  void return_void() {}
};
template <class T> struct awaiter {
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};
} // namespace shapes

//===--- Seastar: futures run by themselves; a guard is another matter ---===//

namespace seastar {
template <class T = void> class future {
public:
  future(future &&) noexcept;
  ~future();
  bool available() const;
  T get();
};
template <class T> shapes::awaiter<T> operator co_await(future<T>);
class semaphore_units {
public:
  semaphore_units(semaphore_units &&) noexcept;
  ~semaphore_units();
  void return_all();
};
class semaphore {};
future<semaphore_units> get_units(semaphore &, int);
class gate {
public:
  class holder {
  public:
    holder(holder &&) noexcept;
    ~holder();
  };
  holder hold();
};
} // namespace seastar
template <class T, class... A>
struct std::coroutine_traits<seastar::future<T>, A...> {
  struct promise_type : shapes::promise_base<std::suspend_never> {
    seastar::future<T> get_return_object();
    void return_void() {}
  };
};
seastar::future<> flush();
seastar::future<> guarded(seastar::semaphore &s, seastar::gate &g) {
  auto units = seastar::get_units(s, 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: 'units' is the awaitable, not the 'seastar::semaphore_units' that awaiting it gives: nothing waits until it is locked or held; write 'auto units = co_await seastar::get_units(s, 1)' [coro-missing-await]
  // CHECK-FIXES: auto units = co_await seastar::get_units(s, 1);
  auto right = co_await seastar::get_units(s, 1);
  auto holder = g.hold();
  (void)flush();
  co_await flush();
}

//===--- KJ, D++: they run, but a drop cancels them ---===//

namespace kj {
template <class T> class Promise {
public:
  Promise(Promise &&) noexcept;
  ~Promise();
  template <class F> Promise<void> then(F &&);
};
template <class T> shapes::awaiter<T> operator co_await(Promise<T> &&);
class TaskSet {
public:
  void add(Promise<void> &&);
};
} // namespace kj
template <class T, class... A>
struct std::coroutine_traits<kj::Promise<T>, A...> {
  struct promise_type : shapes::promise_base<std::suspend_never> {
    kj::Promise<T> get_return_object();
    void return_void() {}
  };
};
kj::Promise<void> pump();
kj::Promise<void> pumps(kj::TaskSet &tasks) {
  pump();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'pump' returns a task that nothing awaits: it is cancelled at its first suspension; write 'co_await pump()'
  // CHECK-FIXES: co_await pump();
  auto meanwhile = pump();
  tasks.add(pump());
  co_await pump();
}
namespace dpp {
template <class T = void> class task : public shapes::awaiter<T> {
public:
  using promise_type = shapes::promise<task, T, std::suspend_never>;
  task();
  task(task &&);
  ~task();
};
struct job {
  using promise_type = shapes::promise<job, void, std::suspend_never>;
};
} // namespace dpp
dpp::task<> reply();
dpp::job on_slash_command();
void bot() {
  reply();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'reply' returns a task that nothing awaits: it is cancelled at its first suspension
  // CHECK-MESSAGES: :[[@LINE-2]]:3: note: this function is no coroutine
  on_slash_command();
}

//===--- QCoro, C++/WinRT: made to be dropped ---===//

namespace QCoro {
template <class T = void> class Task : public shapes::awaiter<T> {
public:
  using promise_type = shapes::promise<Task, T, std::suspend_never>;
};
} // namespace QCoro
namespace winrt {
struct fire_and_forget {};
namespace Windows::Foundation {
struct IAsyncAction {
  void Cancel() const;
};
} // namespace Windows::Foundation
shapes::awaiter<void> operator co_await(Windows::Foundation::IAsyncAction);
struct background : shapes::awaiter<void> {};
background resume_background();
} // namespace winrt
template <class... A>
struct std::coroutine_traits<winrt::fire_and_forget, A...> {
  struct promise_type : shapes::promise_base<std::suspend_never> {
    winrt::fire_and_forget get_return_object() { return {}; }
    void return_void() {}
  };
};
QCoro::Task<> on_clicked();
winrt::Windows::Foundation::IAsyncAction save_async();
winrt::fire_and_forget started() {
  on_clicked();
  save_async();
  winrt::resume_background();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'resume_background' returns an awaitable that nothing awaits: the coroutine stays on the executor that it is on; write 'co_await winrt::resume_background()'
  // CHECK-FIXES: co_await winrt::resume_background();
  co_return;
}
void starts() { started(); }

//===--- concurrencpp: a transfer checks its argument and moves nobody ---===//

namespace concurrencpp {
struct executor;
struct resume_on_awaitable : std::suspend_always {};
[[noreturn]] void refuse();
inline resume_on_awaitable resume_on(executor *on) {
  if (!on)
    refuse();
  return {};
}
inline resume_on_awaitable counted(int &calls) {
  ++calls;
  return {};
}
} // namespace concurrencpp
seastar::future<> stays(concurrencpp::executor *background, int &calls) {
  co_await concurrencpp::resume_on(background);
  concurrencpp::resume_on(background);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'resume_on' returns an awaitable that nothing awaits: the coroutine stays on the executor that it is on; write 'co_await concurrencpp::resume_on(background)' [coro-missing-await]
  // CHECK-FIXES: co_await concurrencpp::resume_on(background);
  concurrencpp::counted(calls);
}

//===--- Boost.Cobalt ---===//

namespace boost::cobalt {
template <class T> class task : public shapes::awaiter<T> {
public:
  using promise_type = shapes::promise<task, T, std::suspend_always>;
};
template <class T> class promise : public shapes::awaiter<T> {
public:
  using promise_type = shapes::promise<promise, T, std::suspend_never>;
  promise &&operator+() &&;
  bool ready() const;
};
struct detached {
  using promise_type = shapes::promise<detached, void, std::suspend_never>;
};
template <class T> struct channel {
  struct read_op : shapes::awaiter<T> {
    void interrupt_await();
  };
  read_op read();
};
} // namespace boost::cobalt
boost::cobalt::promise<void> background();
boost::cobalt::detached forget();
boost::cobalt::task<void> reads(boost::cobalt::channel<int> &messages) {
  messages.read();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'channel::read' returns an awaitable that nothing awaits: the operation never starts, and what follows runs without it; write 'co_await messages.read()'
  // CHECK-FIXES: co_await messages.read();
  +background();
  background();
  forget();
  co_await messages.read();
}

//===--- Senders ---===//

namespace stdexec {
struct sender_t {};
template <class T> struct just_sender {
  using sender_concept = sender_t;
  T value;
};
template <class S, class F> struct then_sender {
  using sender_concept = sender_t;
  S sender;
  F function;
};
struct then_t {
  template <class S, class F> then_sender<S, F> operator()(S s, F f) const {
    return {s, f};
  }
};
struct just_t {
  template <class T> just_sender<T> operator()(T) const;
};
struct start_detached_t {
  template <class S> void operator()(S) const;
};
struct ensure_started_t {
  template <class S> then_sender<S, int> operator()(S) const;
};
inline constexpr then_t then{};
inline constexpr just_t just{};
inline constexpr start_detached_t start_detached{};
inline constexpr ensure_started_t ensure_started{};
} // namespace stdexec
void senders() {
  stdexec::then(stdexec::just(1), [](int) {});
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'then' returns an awaitable that nothing awaits: the operation never starts, and what follows runs without it
  // CHECK-MESSAGES: :[[@LINE-2]]:3: note: this function is no coroutine
  auto work = stdexec::just(2);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'work' holds an awaitable that nothing awaits
  // CHECK-MESSAGES: :[[@LINE-2]]:15: note: this function is no coroutine
  stdexec::start_detached(stdexec::just(3));
  stdexec::ensure_started(stdexec::just(4));
  auto composed = stdexec::then(stdexec::just(5), [](int) {});
  stdexec::start_detached(std::move(composed));
}

//===--- The author says so ---===//

class [[nodiscard("you must co_await or fork it")]] spawned
    : public shapes::awaiter<void> {
public:
  spawned &with_priority(int) &;
  void fork() &&;
};
spawned spawn(int);
class [[nodiscard]] ticket : public shapes::awaiter<void> {
public:
  bool done() const;
};
ticket submit();
void builders() {
  spawn(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'spawn' returns an awaitable that nothing awaits: the operation never starts
  // CHECK-MESSAGES: :[[@LINE-2]]:3: note: this function is no coroutine
  spawn(2).fork();
  submit();
}

//===--- One type, several promises: the parameters of a coroutine choose
//---===//

struct on_pool {};
template <class T> class outcome : public shapes::awaiter<T> {
public:
  T get();
};
template <class T, class... A> struct std::coroutine_traits<outcome<T>, A...> {
  using promise_type = shapes::promise<outcome<T>, T, std::suspend_never>;
};
template <class T, class... A>
struct std::coroutine_traits<outcome<T>, on_pool, A...> {
  using promise_type = shapes::promise<outcome<T>, T, std::suspend_always>;
};
outcome<int> queued(on_pool) { co_return 1; }
outcome<int> inline_now() { co_return 2; }
outcome<char> elsewhere();
void several() { elsewhere(); }

//===--- folly: awaited by the promise, which also takes errors by yield ---===//

namespace folly {
namespace coro {
struct co_error {};
template <class T> class Task;
template <class T> struct TaskPromise {
  Task<T> get_return_object();
  std::suspend_always initial_suspend() noexcept { return {}; }
  std::suspend_always final_suspend() noexcept { return {}; }
  void unhandled_exception();
  std::suspend_always yield_value(co_error);
  template <class Awaitable>
  auto await_transform(Awaitable &&a) -> decltype(a.viaIfAsync(1));
  template <class U> shapes::awaiter<U> await_transform(Task<U>);
  void return_value(T);
};
template <> struct TaskPromise<void> {
  Task<void> get_return_object();
  std::suspend_always initial_suspend() noexcept { return {}; }
  std::suspend_always final_suspend() noexcept { return {}; }
  void unhandled_exception();
  std::suspend_always yield_value(co_error);
  template <class Awaitable>
  auto await_transform(Awaitable &&a) -> decltype(a.viaIfAsync(1));
  template <class U> shapes::awaiter<U> await_transform(Task<U>);
  void return_void();
};
template <class T> class Task {
public:
  using promise_type = TaskPromise<T>;
  Task(Task &&) noexcept;
  ~Task();
  template <class Executor> int scheduleOn(Executor) &&;
};
template <class Mutex> struct scoped_lock {
  explicit scoped_lock(Mutex &);
  ~scoped_lock();
};
class Mutex {
  template <class Awaiter> class LockOperation {
  public:
    template <class Executor> Awaiter viaIfAsync(Executor) const;
  };

public:
  [[nodiscard]] LockOperation<shapes::awaiter<scoped_lock<Mutex>>>
  co_scoped_lock();
  [[nodiscard]] LockOperation<shapes::awaiter<void>> co_lock();
  void unlock();
};
} // namespace coro
} // namespace folly

folly::coro::Task<int> folly_work(int);
folly::coro::Task<void> folly_user(folly::coro::Mutex &m) {
  (void)folly_work(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'folly_work' returns a lazy task that nothing awaits: its body never runs
  auto kept = folly_work(2);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'kept' holds a lazy task that nothing awaits: its body never runs
  auto guard = m.co_scoped_lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: 'guard' is the awaitable, not the '{{.*}}scoped_lock<{{.*}}Mutex>' that awaiting it gives: nothing is locked or held here
  (void)m.co_lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'Mutex::co_lock' returns an awaitable that nothing awaits
  co_return;
}
folly::coro::Task<int> folly_lookalikes(folly::coro::Mutex &m) {
  auto lock = co_await m.co_scoped_lock();
  co_await folly_work(3);
  auto later = folly_work(4);
  co_await std::move(later);
  folly_work(5).scheduleOn(1);
  co_await m.co_lock();
  m.unlock();
  co_yield folly::coro::co_error();
}

//===--- An awaitable that is constructed, not returned ---===//

namespace seastar {
namespace coroutine {
class maybe_yield {
public:
  shapes::awaiter<void> operator co_await();
};
struct pause {
  int rounds;
  shapes::awaiter<void> operator co_await();
};
// It is there for its life-time, or does something by itself.
class announced {
public:
  explicit announced(int);
  ~announced();
  shapes::awaiter<void> operator co_await();
};
} // namespace coroutine
} // namespace seastar
seastar::future<> yields(bool often) {
  seastar::coroutine::maybe_yield();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this 'maybe_yield' is an awaitable that nothing awaits: the operation never starts, and what follows runs without it; write 'co_await seastar::coroutine::maybe_yield()' [coro-missing-await]
  seastar::coroutine::pause{3};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this 'pause' is an awaitable that nothing awaits
  co_await seastar::coroutine::maybe_yield();
  seastar::coroutine::announced here(1);
  seastar::coroutine::maybe_yield kept;
  if (often)
    co_await kept;
  auto two = seastar::coroutine::pause{2};
  co_await two;
}
