#pragma once
struct Store {
  virtual ~Store() = default;
  virtual void flush() = 0;
};
struct Wait {
  virtual ~Wait() = default;
  virtual void until_done() = 0;
};
Store &store();
Wait &waiter();

template <typename F> void twice(F f) {
  f();
  f();
}
void run_now(void (*f)());
void run_later(void (*f)());
