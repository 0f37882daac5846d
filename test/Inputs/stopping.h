// The parts of libraries that have to do with being stopped: tokens, scopes,
// timeouts, guards. For tests; with the shapes of the real ones.
#ifndef TEST_STOPPING_H
#define TEST_STOPPING_H

#include <chrono>
#include <coroutine>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace stopping {
template <class Task, class T, class Start> struct promise {
  Task get_return_object();
  Start initial_suspend() noexcept;
  std::suspend_always final_suspend() noexcept;
  void unhandled_exception();
  void return_value(T);
};
template <class Task, class Start> struct promise<Task, void, Start> {
  Task get_return_object();
  Start initial_suspend() noexcept;
  std::suspend_always final_suspend() noexcept;
  void unhandled_exception();
  void return_void();
};
template <class T> struct awaiter {
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};
} // namespace stopping

namespace folly {
struct OperationCancelled : std::exception {};
struct Unit {};
class CancellationToken {
public:
  bool isCancellationRequested() const;
};
struct Executor {};
template <class T> class Try {
public:
  bool hasException() const;
  T value() &&;
};
template <class T> class SemiFuture {
public:
  SemiFuture(SemiFuture &&);
  ~SemiFuture();
};
namespace coro {
template <class T> class [[nodiscard]] Task;
template <class T> class [[nodiscard]] TaskWithExecutor {
public:
  TaskWithExecutor(TaskWithExecutor &&);
  ~TaskWithExecutor();
  SemiFuture<T> start() &&;
};
template <class T> class [[nodiscard]] Task : public stopping::awaiter<T> {
public:
  using promise_type = stopping::promise<Task, T, std::suspend_always>;
  Task(Task &&) noexcept;
  ~Task();
};
template <class T> TaskWithExecutor<T> co_withExecutor(Executor *, Task<T>);
template <class T> Task<T> co_withCancellation(CancellationToken, Task<T>);
template <class T> stopping::awaiter<Try<T>> co_awaitTry(Task<T>);
template <class T> Task<T> detachOnCancel(Task<T>);
Task<void> sleep(std::chrono::milliseconds);
struct current_token_t {
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>);
  const CancellationToken &await_resume();
};
inline constexpr struct {
} co_current_cancellation_token_tag;
extern current_token_t co_current_cancellation_token;
class AsyncScope {
public:
  AsyncScope();
  ~AsyncScope();
  template <class T> void add(T &&);
  Task<void> joinAsync();
};
class CancellableAsyncScope {
public:
  CancellableAsyncScope();
  ~CancellableAsyncScope();
  template <class T> void add(T &&);
  Task<void> joinAsync();
  Task<void> cancelAndJoinAsync();
};
} // namespace coro
} // namespace folly

namespace cppcoro {
struct operation_cancelled : std::exception {};
class cancellation_token {
public:
  bool is_cancellation_requested() const;
  void throw_if_cancellation_requested() const;
};
template <class T = void> class task : public stopping::awaiter<T> {
public:
  using promise_type = stopping::promise<task, T, std::suspend_always>;
  task(task &&) noexcept;
  ~task();
};
class io_service {
public:
  task<> schedule_after(std::chrono::milliseconds);
  task<> schedule_after(std::chrono::milliseconds, cancellation_token);
};
class async_scope {
public:
  ~async_scope();
  template <class T> void spawn(T &&);
  task<> join();
};
} // namespace cppcoro

namespace seastar {
template <class T = void> class future : public stopping::awaiter<T> {
public:
  using promise_type = stopping::promise<future, T, std::suspend_never>;
  future(future &&) noexcept;
  ~future();
};
struct timed_out_error : std::exception {};
class abort_source {
public:
  bool abort_requested() const noexcept;
  void request_abort();
};
class gate {
public:
  gate();
  ~gate();
  class holder {
  public:
    ~holder();
  };
  void enter();
  holder hold();
  future<> close();
};
template <class T>
future<T> with_timeout(std::chrono::steady_clock::time_point, future<T>);
template <class F> auto with_gate(gate &, F &&f) -> decltype(f()) {
  return f();
}
future<> sleep(std::chrono::milliseconds);
future<> sleep_abortable(std::chrono::milliseconds);
future<> sleep_abortable(std::chrono::milliseconds, abort_source &);
template <class T> class input_stream {
public:
  future<T> read_exactly(std::size_t);
};
} // namespace seastar

namespace boost::scope {
template <class F> class scope_exit {
public:
  explicit scope_exit(F) {}
  ~scope_exit() {}
  void release();
};
template <class F> class scope_fail {
public:
  explicit scope_fail(F) {}
  ~scope_fail() {}
};
template <class F> class scope_success {
public:
  explicit scope_success(F) {}
  ~scope_success() {}
};
} // namespace boost::scope

namespace kj {
template <class T = void> class Promise : public stopping::awaiter<T> {
public:
  using promise_type = stopping::promise<Promise, T, std::suspend_never>;
  Promise(Promise &&) noexcept;
  ~Promise();
  template <class F> void detach(F &&);
};
class UnwindDetector {
public:
  UnwindDetector();
  bool isUnwinding() const;
};
namespace _ {
template <class F> class Deferred {
public:
  Deferred(F) {}
  ~Deferred() {}
};
} // namespace _
template <class F> _::Deferred<F> defer(F f) { return f; }
} // namespace kj

#endif // TEST_STOPPING_H
