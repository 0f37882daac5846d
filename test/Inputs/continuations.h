// Eager futures with continuations, with the shapes (and so the models) of
// libraries' own: who drops a closure early, and who keeps it.
#ifndef TEST_CONTINUATIONS_H
#define TEST_CONTINUATIONS_H

#include "task.h"

namespace seastar {
template <class T = void> struct future {
  using promise_type = detail::promise<future, T, std::suspend_never>;
  future();
  future(future &&) noexcept;
  ~future();
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
  template <class F> future<> then(F &&) { return {}; }
  template <class F> future<> finally(F &&) { return {}; }
};
struct gate {};
template <class F> future<> with_gate(gate &, F &&) { return {}; }
template <class C, class F> future<> parallel_for_each(C &&, F &&) { return {}; }
namespace coroutine {
template <class... F> struct all {
  explicit all(F &&...) {}
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
template <class... F> all(F &&...) -> all<F...>;
template <class F> struct lambda {
  explicit lambda(F &&) {}
  template <class... A> auto operator()(A &&...) -> future<> { return {}; }
};
template <class C, class F> struct parallel_for_each {
  parallel_for_each(C &&, F &&) {}
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
template <class C, class F> parallel_for_each(C &&, F &&) -> parallel_for_each<C, F>;
} // namespace coroutine
} // namespace seastar

namespace kj {
template <class T = void> struct Promise {
  using promise_type = detail::promise<Promise, T, std::suspend_never>;
  Promise();
  Promise(Promise &&) noexcept;
  ~Promise();
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
  template <class F> Promise<> then(F &&) { return {}; }
};
template <class F> F coCapture(F &&f) { return static_cast<F &&>(f); }
template <class F> Promise<> evalLater(F &&) { return {}; }
} // namespace kj

#endif // TEST_CONTINUATIONS_H
