// Tasks of libraries that differ in their names only.
#ifndef TEST_LIBRARY_TASKS_H
#define TEST_LIBRARY_TASKS_H

#include <coroutine>
#include <type_traits>

#define TASK(Name)                                                             \
  template <typename T = void> class [[nodiscard]] Name {                      \
  public:                                                                      \
    struct promise_base {                                                      \
      Name get_return_object();                                                \
      std::suspend_always initial_suspend() noexcept;                          \
      std::suspend_always final_suspend() noexcept;                            \
      void unhandled_exception();                                              \
    };                                                                         \
    template <typename U> struct promise_of : promise_base {                   \
      template <typename V> void return_value(V &&);                           \
    };                                                                         \
    using promise_type =                                                       \
        std::conditional_t<std::is_void_v<T>, promise_void<promise_base>,      \
                           promise_of<T>>;                                     \
    Name(Name &&) noexcept;                                                    \
    Name &operator=(Name &&) noexcept;                                         \
    bool await_ready() const noexcept;                                         \
    void await_suspend(std::coroutine_handle<>);                               \
    T await_resume();                                                          \
  }
template <typename Base> struct promise_void : Base { void return_void(); };

#endif // TEST_LIBRARY_TASKS_H
