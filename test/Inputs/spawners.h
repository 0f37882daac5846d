// Functions that take tasks and closures, with the shapes (and so the models) of
// libraries' own.
#ifndef TEST_SPAWNERS_H
#define TEST_SPAWNERS_H

#include "task.h"

namespace asio {
struct executor {};
struct detached_t {};
constexpr detached_t detached;
struct use_awaitable_t {};
constexpr use_awaitable_t use_awaitable;
struct io_context {
  executor get_executor();
  void run();
};
/// Keeps a function object that it is given, not the closure of one that was
/// called.
template <class F, class Token>
void co_spawn(executor, F &&, Token) {}
template <class T>
task<T> co_spawn(executor, task<T>, use_awaitable_t);
} // namespace asio

/// A container of tasks that is in no library.
template <class T> struct list {
  list();
  list(list &&);
  ~list();
  void push_back(T &&);
  T &operator[](int);
  T *begin();
  T *end();
};

template <class... Ts> task<> when_all(Ts...);
template <class T> task<> when_all(list<T>);

/// Runs a task to its end; nothing shows that.
template <class T> T wait_for(task<T>);

#endif // TEST_SPAWNERS_H
