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
unsigned mix(unsigned, unsigned);

// Of two results that have nothing to do with each other, one is enough; and
// what a function in another file loops over is not told.
struct options {
  unsigned version, command, port;
  unsigned user, password, flags;
};
unsigned length(const text &of) {
  unsigned end = 0;
  for (unsigned i = 0; i < of.size(); ++i)
    end += of[i];
  return end;
}
task<> open(channel &peer, const options &);
task<> unrelated(channel &peer, const text &scheme, const text &url) {
  co_await peer.send(1);
  options o{};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lines [[@LINE-1]] to [[@LINE+10]] of this coroutine only compute: they read 'url', 'scheme' and produce 'o'; as a plain function they can be tested and moved to another thread: 'options make_unrelated_o(const text &url, const text &scheme)' [coro-suggest-separate-io-compute]
  // CHECK-MESSAGES: :[[@LINE-2]]:3: note: extract it: 'auto o = make_unrelated_o(url, scheme);'
  o.user = length(url);
  o.password = url[1];
  o.command = 3;
  o.port = 21;
  o.flags = 1;
  if (scheme[0] == 's')
    o.version = 5;
  else if (scheme[1] == 't')
    o.version = 4;
  bool secure = url.size() > 3;
  if (scheme.size() > 5)
    secure = true;
  co_await open(peer, o);
  co_await peer.send(secure);
}

// A raw literal of several lines cannot be indented anew.
task<> raw_literal(channel &peer) {
  text bytes = co_await peer.receive();
  unsigned raw = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lines [[@LINE-1]] to [[@LINE+10]] of this coroutine only compute: they read 'bytes' and produce 'raw'; as a plain function they can be tested and moved to another thread: 'unsigned int compute_raw(const text &bytes)' [coro-suggest-separate-io-compute]
  // CHECK-MESSAGES: :[[@LINE+1]]:28: note: they take O(bytes.size())
  for (unsigned i = 0; i < bytes.size(); ++i) {
    for (unsigned k = 0; k < 4; ++k) {
      unsigned part = R"(a
    b)"[k];
      raw = mix(raw, part);
      if (raw > 99)
        raw -= 7;
    }
  }
  co_await peer.send(raw);
}
