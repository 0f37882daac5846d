// PROOF-FLAGS: -std=c++20 -O2
// PROOF-FAILS: 100 idle sessions hold [0-9]{7} bytes of frames
#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <exception>

static std::size_t held = 0;

// A session that counts what its frame takes.
struct session {
  struct promise_type {
    static void *operator new(std::size_t size) {
      held += size;
      return std::malloc(size);
    }
    static void operator delete(void *frame, std::size_t size) {
      held -= size;
      std::free(frame);
    }
    session get_return_object() {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  bool await_ready() const noexcept { return frame.done(); }
  void await_suspend(std::coroutine_handle<>) {}
  void await_resume() {}
  std::coroutine_handle<promise_type> frame;
};

// Nobody has sent anything yet.
struct read {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  char await_resume() const noexcept { return 'x'; }
};

// Nobody who uses it sees how large it is.
struct parser {
  parser();
  void feed(char c) { line[length++] = c; }
  std::size_t length;
  char line[65536];
};
[[gnu::noinline]] parser::parser() : length(0) { line[0] = '\0'; }

static void handle(const char *data, std::size_t size) {
  std::fwrite(data, 1, size, stdout);
}

static session serve() {
  parser p;
  p.feed(co_await read{});
  handle(p.line, p.length);
}

int main() {
  for (int i = 0; i < 100; ++i)
    serve();
  if (held > 100'000) {
    std::fprintf(stderr, "100 idle sessions hold %zu bytes of frames\n", held);
    return 1;
  }
}
