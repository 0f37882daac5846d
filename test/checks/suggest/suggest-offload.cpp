// RUN: %check_coro_tidy %s coro-suggest-offload %t
#include "task.h"

template <class T> struct list {
  unsigned size() const;
  const T &operator[](unsigned) const;
  const T *begin() const;
  const T *end() const;
};
struct row;
task<> wait();
task<list<double>> receive();
task<> send(double);

task<> product() {
  list<double> left = co_await receive();
  list<double> right = co_await receive();
  double sum = 0;
  for (double a : left)
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this takes O(left·right.size()) without a suspension: nothing else runs on the executor of this coroutine meanwhile; if the data can be large, move it to a thread pool [coro-suggest-offload]
    // CHECK-MESSAGES: :[[@LINE-2]]:19: note: a loop over 'left'
    // CHECK-MESSAGES: :[[@LINE+1]]:30: note: a loop over 'right.size()'
    for (unsigned i = 0; i < right.size(); ++i)
      sum += a * right[i];
  co_await send(sum);
}

double sumOf(const list<double> &values) {
  double sum = 0;
  for (double v : values)
    // CHECK-MESSAGES: :[[@LINE+8]]:3: warning: this takes O(keys·values) without a suspension: nothing else runs on the executor of this coroutine meanwhile; if the data can be large, move it to a thread pool [coro-suggest-offload]
    // CHECK-MESSAGES: :[[@LINE+8]]:12: note: calls 'sumOf', which takes O(values)
    // CHECK-MESSAGES: :[[@LINE+6]]:19: note: a loop over 'keys'
    // CHECK-MESSAGES: :[[@LINE-4]]:19: note: a loop over 'values'
    sum += v;
  return sum;
}
task<> throughACall(list<double> keys, list<double> values) {
  for (double k : keys)
    (void)(sumOf(values) * k);
  co_await wait();
}

// A `break` that leaves a switch goes on with the loop.
task<> throughASwitch(list<double> keys, list<double> values) {
  for (double k : keys)
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this takes O(keys·values) without a suspension: nothing else runs on the executor of this coroutine meanwhile; if the data can be large, move it to a thread pool [coro-suggest-offload]
    // CHECK-MESSAGES: :[[@LINE+4]]:7: note: calls 'sumOf', which takes O(values)
    // CHECK-MESSAGES: :[[@LINE-3]]:19: note: a loop over 'keys'
    switch (int(k)) {
    case 0: {
      sumOf(values);
      break;
    }
    }
  // CHECK-MESSAGES: :[[@LINE-26]]:19: note: a loop over 'values'
  co_await wait();
}

// --- silent

// What ends the loop runs once.
task<> once(list<double> keys, list<double> values) {
  for (double k : keys) {
    if (k > 0) {
      sumOf(values);
      break;
    }
  }
  co_await wait();
}
double first(const list<double> &keys, const list<double> &values) {
  for (double k : keys)
    for (double other : keys)
      if (k == -other) {
        double sum = sumOf(values);
        return sum;
      }
  throw 0;
}
task<> onceByReturn(list<double> values) {
  list<double> few;
  for (double k : few)
    if (k > 0) {
      sumOf(values);
      co_return;
    }
  co_await wait();
}

// Linear in what was received.
task<> linear() {
  list<double> values = co_await receive();
  double sum = 0;
  for (double v : values)
    sum += v;
  co_await send(sum);
}

// Constant bounds.
task<> constant() {
  int grid[8][8] = {};
  for (int i = 0; i < 8; ++i)
    for (int k = 0; k < 8; ++k)
      grid[i][k] = i * k;
  co_await send(grid[3][3]);
}

// It suspends in the loop: others get their turn.
task<> yields(list<double> left, list<double> right) {
  for (double a : left)
    for (double b : right) {
      co_await send(a * b);
    }
}

// A lambda that is handed on runs elsewhere.
void elsewhere(void (*)(list<double>));
task<> handed() {
  elsewhere(+[](list<double> values) {
    for (double a : values)
      for (double b : values)
        (void)(a * b);
  });
  co_await wait();
}

// No coroutine.
double plain(list<double> left, list<double> right) {
  double sum = 0;
  for (double a : left)
    for (double b : right)
      sum += a * b;
  return sum;
}

// All parts of a whole are no more than the whole.
task<> parts(list<list<double>> rows) {
  double sum = 0;
  for (const list<double> &row : rows)
    for (double cell : row)
      sum += cell;
  for (unsigned i = 0; i < rows.size(); ++i)
    for (unsigned k = 0; k < rows[i].size(); ++k)
      sum += rows[i][k];
  co_await send(sum);
}

// The inner loop goes on where it stopped.
task<> scanner(list<double> values) {
  unsigned i = 0, words = 0;
  while (i < values.size()) {
    while (i < values.size() && values[i] != 0)
      ++i;
    while (i < values.size() && values[i] == 0)
      ++i;
    ++words;
  }
  co_await send(words);
}

// As many rounds as a number has digits.
task<> digits(list<double> values, unsigned n) {
  double sum = 0;
  for (double v : values) {
    unsigned k = n;
    while (k > 0) {
      sum += v;
      k /= 10;
    }
  }
  co_await send(sum);
}

// What many statements come to is said once.
void log_slowly(const list<double> &keys, const list<double> &values) {
  double sum = 0;
  for (double k : keys)
    // CHECK-MESSAGES: :[[@LINE+9]]:3: warning: this takes O(keys·values) without a suspension
    // CHECK-MESSAGES: :[[@LINE+8]]:3: note: calls 'log_slowly', which takes O(keys·values)
    // CHECK-MESSAGES: :[[@LINE-3]]:19: note: a loop over 'keys'
    // CHECK-MESSAGES: :[[@LINE+2]]:21: note: a loop over 'values'
    // CHECK-MESSAGES: :[[@LINE+1]]:21: note: 3 more statements of coroutines in this unit come to this
    for (double v : values)
      sum += k * v;
}
task<> logs_all_the_time(list<double> keys, list<double> values) {
  log_slowly(keys, values);
  co_await wait();
  log_slowly(keys, values);
  co_await wait();
  log_slowly(keys, values);
  co_await wait();
  log_slowly(keys, values);
}
