// RUN: %check_coro_tidy %s coro-suggest-separate-io-compute %t
#include "task.h"

struct text {
  text();
  text(const text &);
  ~text();
  unsigned size() const;
  unsigned char operator[](unsigned) const;
  void push_back(char);
};
struct channel {
  task<text> receive();
  task<> send(unsigned);
  int limit;
};
void log(const text &);
void tune(channel &, int);

task<> checksum(channel &peer) {
  text bytes = co_await peer.receive();
  unsigned crc = 0xffffffffu;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lines 22 to 33 of this coroutine only compute: they read 'bytes' and produce 'crc'; as a plain function they can be tested and moved to another thread: 'unsigned int compute_crc(const text &bytes)' [coro-suggest-separate-io-compute]
  // CHECK-MESSAGES: :[[@LINE+2]]:28: note: they take O(bytes.size())
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: extract it: 'auto crc = compute_crc(bytes);'
  for (unsigned i = 0; i < bytes.size(); ++i) {
    crc = crc ^ bytes[i];
    for (int k = 0; k < 8; ++k) {
      unsigned odd = crc & 1;
      crc = (crc >> 1) ^ (odd * 0xedb88320u);
    }
  }
  crc = ~crc;
  co_await peer.send(crc);
}

// --- silent

// Already separated.
static unsigned checksum_of(const text &bytes) {
  unsigned crc = 0xffffffffu;
  for (unsigned i = 0; i < bytes.size(); ++i) {
    crc = crc ^ bytes[i];
    for (int k = 0; k < 8; ++k) {
      unsigned odd = crc & 1;
      crc = (crc >> 1) ^ (odd * 0xedb88320u);
    }
  }
  return ~crc;
}
task<> separated(channel &peer) {
  text bytes = co_await peer.receive();
  co_await peer.send(checksum_of(bytes));
}

// Options of a connection, one after the other: set-up, not computing.
task<> setup(channel &peer) {
  int a = 1, b = 2, c = 3;
  tune(peer, a);
  tune(peer, b);
  tune(peer, c);
  tune(peer, a + b);
  tune(peer, b + c);
  peer.limit = a;
  co_await peer.send(1);
}

// Only logging.
task<> logs(channel &peer) {
  text bytes = co_await peer.receive();
  for (int i = 0; i < 8; ++i)
    log(bytes);
  log(bytes);
  log(bytes);
  co_await peer.send(0);
}

// IO in the midst of the loop.
task<> interleaved(channel &peer) {
  unsigned crc = 0;
  for (int i = 0; i < 8; ++i) {
    text bytes = co_await peer.receive();
    crc = crc ^ bytes[0];
    crc = crc << 1;
  }
  co_await peer.send(crc);
}

// Too short to be worth a function.
task<> shortOne(channel &peer) {
  text bytes = co_await peer.receive();
  unsigned sum = bytes[0];
  sum += bytes[1];
  co_await peer.send(sum);
}

// Too much flows in.
task<> entangled(channel &peer, int a, int b, int c, int d, int e) {
  text bytes = co_await peer.receive();
  unsigned sum = 0;
  for (unsigned i = 0; i < bytes.size(); ++i) {
    sum += a * bytes[i];
    sum += b;
    sum += c;
    sum += d;
    sum += e;
  }
  co_await peer.send(sum);
}

// It leaves the coroutine.
task<> leaves(channel &peer) {
  text bytes = co_await peer.receive();
  unsigned sum = 0;
  for (unsigned i = 0; i < bytes.size(); ++i) {
    sum += bytes[i];
    if (sum > 100)
      co_return;
    sum = sum * 3;
    sum = sum ^ 5;
  }
  co_await peer.send(sum);
}

// A closure that captures nothing is a function already.
task<> with_function(channel &peer) {
  text bytes = co_await peer.receive();
  auto sum_of = [](const text &from) {
    unsigned sum = 0;
    for (unsigned i = 0; i < from.size(); ++i) {
      for (unsigned k = 0; k < 8; ++k) {
        unsigned odd = from[i] >> k;
        sum = sum ^ odd;
        sum = sum * 31;
      }
    }
    return sum;
  };
  unsigned sum = sum_of(bytes);
  co_await peer.send(sum);
}

// How it is taken out stands in separate-io-compute-extraction.test, and how
// many are shown in separate-io-compute-most.cpp. Here: what has to be a private
// member, and that the signature is shown where no fix is safe.
struct session {
  task<> run(channel &peer);

private:
  struct hidden {
    unsigned value;
  };
  static unsigned mix(unsigned, unsigned);
};
task<> session::run(channel &peer) {
  text bytes = co_await peer.receive();
  hidden sum{0};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lines [[@LINE-1]] to [[@LINE+10]] of this coroutine only compute: they read 'bytes' and produce 'sum'; as a plain function they can be tested and moved to another thread: 'static session::hidden make_sum(const text &bytes)' [coro-suggest-separate-io-compute]
  // CHECK-MESSAGES: :[[@LINE+2]]:28: note: they take O(bytes.size())
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: extract it: 'auto sum = make_sum(bytes);'
  for (unsigned i = 0; i < bytes.size(); ++i) {
    for (unsigned k = 0; k < 4; ++k) {
      unsigned part = bytes[i] >> k;
      sum.value = mix(sum.value, part);
      if (sum.value > 99)
        sum.value -= 7;
    }
  }
  co_await peer.send(sum.value);
}

namespace bits {
unsigned mix(unsigned, unsigned);
}
task<> local_using(channel &peer) {
  using bits::mix;
  text bytes = co_await peer.receive();
  unsigned mixed = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lines [[@LINE-1]] to [[@LINE+9]] of this coroutine only compute: they read 'bytes' and produce 'mixed'; as a plain function they can be tested and moved to another thread: 'unsigned int compute_mixed(const text &bytes)' [coro-suggest-separate-io-compute]
  // CHECK-MESSAGES: :[[@LINE+1]]:28: note: they take O(bytes.size())
  for (unsigned i = 0; i < bytes.size(); ++i) {
    for (unsigned k = 0; k < 4; ++k) {
      unsigned part = bytes[i] >> k;
      mixed = mix(mixed, part);
      if (mixed > 99)
        mixed -= 7;
    }
  }
  co_await peer.send(mixed);
}
