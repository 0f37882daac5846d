// Task types that nobody has heard of: what they are follows from their promise.
// RUN: %check_coro_tidy %s coro-missing-await %t
#include <coroutine>
#include <exception>
#include <memory>
#include <utility>

struct ends {
  std::suspend_always final_suspend() noexcept { return {}; }
  void return_void() {}
  void unhandled_exception() { std::terminate(); }
};
template <class T> struct awaits {
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};

// An initial awaiter of its own, with a deduced type.
struct errand : awaits<void> {
  struct promise_type : ends {
    struct gate {
      constexpr bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<>) const noexcept {}
      void await_resume() const noexcept {}
    };
    errand get_return_object() { return {}; }
    auto initial_suspend() noexcept { return gate{}; }
  };
};

// Foreign: a specialisation of coroutine_traits, and a free operator co_await.
namespace mail {
template <class T> class parcel {
public:
  parcel(parcel &&) noexcept;
  ~parcel();
};
template <class T> awaits<T> operator co_await(parcel<T> &&);
} // namespace mail
template <class T, class... A> struct std::coroutine_traits<mail::parcel<T>, A...> {
  struct promise_type {
    mail::parcel<T> get_return_object();
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_value(T);
    void unhandled_exception();
  };
};

// Only its promise can await it.
struct fiber {
  struct promise_type : ends {
    fiber get_return_object() { return {}; }
    std::suspend_always initial_suspend() { return {}; }
    awaits<void> await_transform(fiber);
  };
};

// Its constructor has given the task away.
struct sent {
  using promise_type = fiber::promise_type;
  sent(fiber);
};
sent send();
void sends() { send(); }

// Must be awaited where it is made.
struct immovable : awaits<int> {
  struct promise_type {
    immovable get_return_object();
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_value(int) {}
    void unhandled_exception() {}
  };
  immovable();
  immovable(immovable &&) = delete;
};

// Its promise is made from parts.
template <class Policy> struct promise_from : Policy, ends {
  std::unique_ptr<int> state;
};
struct waits_first {
  std::suspend_always initial_suspend() const { return {}; }
};
template <class T, class Policy = waits_first> struct [[nodiscard]] chore {
  struct promise_type : promise_from<Policy> {
    chore get_return_object() { return {}; }
  };
  awaits<T> operator co_await() &&;
};

errand run();
mail::parcel<int> deliver();
fiber weave();
immovable pin();
chore<void> clean() { co_return; }

errand drops() {
  run();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'run' returns a lazy task that nothing awaits: its body never runs; write 'co_await run()' [coro-missing-await]
  // CHECK-FIXES: co_await run();
  deliver();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'deliver' returns a lazy task that nothing awaits
  // CHECK-FIXES: co_await deliver();
  pin();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'pin' returns a lazy task that nothing awaits
  // CHECK-FIXES: co_await pin();
  (void)clean();
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'clean' returns a lazy task that nothing awaits
  // CHECK-FIXES: (void)co_await clean();
  auto later = clean();
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: 'later' holds a lazy task that nothing awaits
  co_return;
}
fiber drops_fiber() {
  weave();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'weave' returns a lazy task that nothing awaits: its body never runs; write 'co_await weave()'
  // CHECK-FIXES: co_await weave();
  co_await weave();
}

//===--- Silent ---===//

// Starts in the constructor of the task, whatever its promise says.
void enqueue(std::coroutine_handle<>);
struct started : awaits<void> {
  struct promise_type : ends {
    started get_return_object() {
      return started(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() { return {}; }
  };
  explicit started(std::coroutine_handle<promise_type> h) : handle(h) {
    enqueue(h);
  }
  std::coroutine_handle<promise_type> handle;
};
// Runs to its end when it is dropped.
template <class T> struct scoped : awaits<T> {
  struct promise_type : ends {
    scoped get_return_object() {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() { return {}; }
  };
  std::coroutine_handle<promise_type> handle;
  scoped(std::coroutine_handle<promise_type> h) : handle(h) {}
  ~scoped() {
    if (handle)
      handle.resume();
  }
};
// Whether it waits is known at run time.
struct maybe_lazy : awaits<void> {
  struct promise_type : ends {
    struct gate {
      bool ready;
      bool await_ready() const noexcept { return ready; }
      void await_suspend(std::coroutine_handle<>) const noexcept {}
      void await_resume() const noexcept {}
    };
    maybe_lazy get_return_object() { return {}; }
    gate initial_suspend() noexcept;
  };
};
struct goes_ahead {
  std::suspend_never initial_suspend() const { return {}; }
};
started start() { co_return; }
scoped<int> until_end() { co_return; }
maybe_lazy depends() { co_return; }
chore<void, goes_ahead> ahead() { co_return; }
// Lazy, but nothing that is awaited.
struct numbers {
  struct promise_type : ends {
    numbers get_return_object() { return {}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always yield_value(int) { return {}; }
  };
};
numbers count();
void by_themselves() {
  start();
  until_end();
  depends();
  (void)ahead();
  count();
}

// The handle of what was started has the promise for its result only: no coroutine returns it.
template <class T> struct running;
template <class T> struct startable : awaits<T> {
  struct promise_type : ends {
    startable get_return_object();
    std::suspend_always initial_suspend() { return {}; }
  };
  running<T> start() &&;
};
template <class T> struct running : awaits<T> {
  using promise_type = typename startable<T>::promise_type;
  running() = default;
  explicit running(std::coroutine_handle<promise_type>);
  running(running &&) noexcept;
  static std::pair<running, int> bridge();
  void detach() &&;
  std::coroutine_handle<promise_type> handle;
};
// One that is made from what the promise gives is returned by coroutines.
template <class T> struct dressed : awaits<T> {
  using promise_type = typename startable<T>::promise_type;
  dressed(startable<T> &&);
  dressed(dressed &&) noexcept;
};
startable<int> startable_one() { co_return; }
dressed<int> dressed_one();
void started_by_others() {
  auto going = startable_one().start();
  startable_one().start();
  auto [other, promise] = running<int>::bridge();
  startable_one();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'startable_one' returns a lazy task that nothing awaits: its body never runs
  // CHECK-MESSAGES: note: this function is no coroutine: return the task, hand it to something that runs it, or make this function a coroutine
  dressed_one();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'dressed_one' returns a lazy task that nothing awaits: its body never runs
  // CHECK-MESSAGES: note: this function is no coroutine: return the task, hand it to something that runs it, or make this function a coroutine
}
