// RUN: %check_coro_tidy %s coro-suggest-offload %t
// The library's own transfer is named: a form that moves.
#include "asio.h"

template <class T> struct list {
  unsigned size() const;
  const T &operator[](unsigned) const;
};
asio::awaitable<list<double>> receive();
asio::awaitable<void> send(double);

asio::awaitable<void> product() {
  list<double> left = co_await receive();
  list<double> right = co_await receive();
  double sum = 0;
  for (unsigned i = 0; i < left.size(); ++i)
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this takes O(left.size()·right.size()) without a suspension: nothing else runs on the executor of this coroutine meanwhile; if the data can be large, move it: 'co_await asio::post(asio::bind_executor(pool, asio::use_awaitable))' [coro-suggest-offload]
    // CHECK-MESSAGES: :[[@LINE-2]]:28: note: a loop over 'left.size()'
    // CHECK-MESSAGES: :[[@LINE+1]]:30: note: a loop over 'right.size()'
    for (unsigned k = 0; k < right.size(); ++k)
      sum += left[i] * right[k];
  co_await send(sum);
}

// --- silent

// With a turn for others in each round.
asio::awaitable<void> yields() {
  list<double> left = co_await receive();
  list<double> right = co_await receive();
  for (unsigned i = 0; i < left.size(); ++i) {
    double sum = 0;
    for (unsigned k = 0; k < right.size(); ++k)
      sum += left[i] * right[k];
    co_await send(sum);
  }
}
