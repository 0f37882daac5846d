// A file with more stretches than are shown: the best three, in source order.
// RUN: %clang_tidy --quiet --checks=-*,coro-suggest-separate-io-compute %s -- -std=c++20 -I%inputs | FileCheck %s --implicit-check-not=warning:
// RUN: %clang_tidy --quiet --checks=-*,coro-suggest-separate-io-compute --config="{CheckOptions: {coro-suggest-separate-io-compute.MaxPerFile: 1}}" %s -- -std=c++20 -I%inputs | FileCheck %s --check-prefix=ONE --implicit-check-not=warning:
// RUN: %clang_tidy --quiet --checks=-*,coro-suggest-separate-io-compute --config="{CheckOptions: {coro-suggest-separate-io-compute.MaxPerFile: 9}}" %s -- -std=c++20 -I%inputs | grep -c warning: | FileCheck %s --check-prefix=ALL
// CHECK: :[[@LINE+34]]:3: warning: lines {{.*}} produce 'second'
// CHECK: :[[@LINE+48]]:3: warning: lines {{.*}} produce 'third'
// CHECK: :[[@LINE+77]]:3: warning: lines {{.*}} produce 'fifth'
// ONE: warning: {{.*}} produce 'third'
// ALL: 5
#include "task.h"

struct text {
  text();
  text(const text &);
  ~text();
  unsigned size() const;
  unsigned char operator[](unsigned) const;
};
struct channel {
  task<text> receive();
  task<> send(unsigned);
};

task<> one(channel &peer) {
  text bytes = co_await peer.receive();
  unsigned first = 1;
  for (unsigned i = 0; i < bytes.size(); ++i) {
    unsigned odd = bytes[i] & 1;
    first = first ^ odd;
    first = first * 31;
    if (first > 99)
      first = first - 7;
  }
  co_await peer.send(first);
}

task<> two(channel &peer) {
  text bytes = co_await peer.receive();
  unsigned second = 1;
  for (unsigned i = 0; i < bytes.size(); ++i) {
    for (unsigned k = 0; k < 8; ++k) {
      unsigned odd = bytes[i] >> k;
      second = second ^ odd;
      second = second * 31;
      if (second > 99)
        second = second - 7;
    }
  }
  co_await peer.send(second);
}

task<> three(channel &peer) {
  text bytes = co_await peer.receive();
  unsigned third = 1;
  for (unsigned i = 0; i < bytes.size(); ++i) {
    for (unsigned k = 0; k < 8; ++k) {
      for (unsigned n = 0; n < 4; ++n) {
        unsigned odd = bytes[i] >> k;
        third = third ^ odd;
        third = third * 31;
        if (third > 99)
          third = third - n;
      }
    }
  }
  co_await peer.send(third);
}

task<> four(channel &peer) {
  text bytes = co_await peer.receive();
  unsigned fourth = 1;
  for (unsigned i = 0; i < bytes.size(); ++i) {
    unsigned odd = bytes[i] & 1;
    fourth = fourth ^ odd;
    fourth = fourth * 31;
    if (fourth > 99)
      fourth = fourth - 7;
  }
  co_await peer.send(fourth);
}

task<> five(channel &peer) {
  text bytes = co_await peer.receive();
  unsigned fifth = 1;
  for (unsigned i = 0; i < bytes.size(); ++i) {
    for (unsigned k = 0; k < 8; ++k) {
      unsigned odd = bytes[i] >> k;
      fifth = fifth ^ odd;
      fifth = fifth * 33;
      if (fifth > 99)
        fifth = fifth - 7;
    }
  }
  co_await peer.send(fifth);
}
