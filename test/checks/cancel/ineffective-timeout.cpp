// RUN: %check_coro_tidy %s coro-ineffective-timeout %t
#include "asio.h"
#include "stopping.h"

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using resolver = asio::ip::basic_resolver<tcp>;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

void use(int);
int digest(int);

//===----------------------------------------------------------------------===//
// It cannot be stopped
//===----------------------------------------------------------------------===//

awaitable<void> resolves(resolver &names, asio::steady_timer &limit) {
  limit.expires_after(2s);
  auto result = co_await (names.async_resolve("example.org", "80") ||
                          limit.async_wait(use_awaitable));
  // CHECK-MESSAGES: :[[@LINE-2]]:27: warning: this time limit does not end 'basic_resolver::async_resolve': a thread waits for the name server, and the operation cannot be cancelled, so that it is waited for, however late; let it go on by itself with what it owns, and wait for its result [coro-ineffective-timeout]
  if (result.index() == 1)
    use(0);
}

// In a coroutine.
awaitable<void> connect(tcp::socket &socket, const std::string &host) {
  resolver names(co_await asio::this_coro::executor);
  auto found = co_await names.async_resolve(host, "80", use_awaitable);
  co_await socket.async_connect(1, use_awaitable);
}
awaitable<void> open(tcp::socket &socket) {
  co_await connect(socket, "example.org");
}
awaitable<void> connects(tcp::socket &socket, asio::steady_timer &limit) {
  co_await (limit.async_wait() || open(socket));
  // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: this time limit does not end 'open', which awaits 'basic_resolver::async_resolve': a thread waits for the name server, and the operation cannot be cancelled, so that it is waited for, however late; let it go on by itself with what it owns, and wait for its result [coro-ineffective-timeout]
  // CHECK-MESSAGES: :[[@LINE-5]]:12: note: 'connect' is awaited here
  // CHECK-MESSAGES: :[[@LINE-10]]:25: note: 'basic_resolver::async_resolve' is awaited here
}

// A token in vain.
awaitable<void> with_token(resolver &names, asio::cancellation_signal &stop) {
  co_await names.async_resolve(
      // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: this token does not end 'basic_resolver::async_resolve': a thread waits for the name server, and the operation cannot be cancelled, so that it is waited for, however late; let it go on by itself with what it owns, and wait for its result [coro-ineffective-timeout]
      "example.org", "80",
      asio::bind_cancellation_slot(stop.slot(), use_awaitable));
}

//===----------------------------------------------------------------------===//
// There is nothing to stop
//===----------------------------------------------------------------------===//

awaitable<int> digests(int rounds) {
  int sum = 0;
  for (int i = 0; i < rounds; ++i)
    sum += digest(i);
  co_return sum;
}
awaitable<int> indirectly(int rounds) { co_return co_await digests(rounds); }
awaitable<void> computes(asio::steady_timer &limit) {
  limit.expires_after(2s);
  auto result = co_await (indirectly(1'000'000) || limit.async_wait());
  // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'indirectly' never suspends: it has run to its end before this time limit can do anything; let it look at the time itself, or run it on a pool [coro-ineffective-timeout]
}

//===----------------------------------------------------------------------===//
// It is abandoned, and goes on
//===----------------------------------------------------------------------===//

seastar::future<> wait_for_data();
seastar::future<int> fill(std::string &buffer) {
  co_await wait_for_data();
  buffer.push_back('x');
  co_return 1;
}
seastar::future<int> fills(std::chrono::steady_clock::time_point limit) {
  std::string buffer;
  co_return co_await seastar::with_timeout(limit, fill(buffer));
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: when the time is up, 'fill' is not stopped but goes on, with 'buffer', which dies with this frame; use the operation's own time limit or abort source [coro-ineffective-timeout]
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: 'buffer' lives in this frame
  // CHECK-MESSAGES: :[[@LINE-8]]:3: note: 'fill' uses it here, after it was suspended
}

// Its object.
struct Reader {
  int count = 0;
  seastar::future<int> read() {
    co_await wait_for_data();
    ++count;
    co_return count;
  }
};
seastar::future<int> reads(std::chrono::steady_clock::time_point limit) {
  Reader reader;
  co_return co_await seastar::with_timeout(limit, reader.read());
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: when the time is up, 'Reader::read' is not stopped but goes on, with 'reader', which dies with this frame; use the operation's own time limit or abort source [coro-ineffective-timeout]
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: 'reader' lives in this frame
  // CHECK-MESSAGES: :[[@LINE-9]]:7: note: 'Reader::read' uses it here, after it was suspended
}

folly::coro::Task<void> append(std::string &text) {
  co_await folly::coro::sleep(1s);
  text += "x";
}
folly::coro::Task<void> detaches() {
  std::string text;
  co_await folly::coro::detachOnCancel(append(text));
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: when it is not waited for any longer, 'append' is not stopped but goes on, with 'text', which dies with this frame; make the operation stop when its token is cancelled, and await it [coro-ineffective-timeout]
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: 'text' lives in this frame
  // CHECK-MESSAGES: :[[@LINE-7]]:3: note: 'append' uses it here, after it was suspended
}

//===----------------------------------------------------------------------===//
// These limits work
//===----------------------------------------------------------------------===//

awaitable<void> reads_some(tcp::socket &socket, asio::steady_timer &limit) {
  std::string data;
  limit.expires_after(2s);
  co_await (socket.async_read_some(asio::buffer(data), use_awaitable) ||
            limit.async_wait(use_awaitable));
}

// `||` waits for the losers: references to this frame are fine.
awaitable<void> fills_from(tcp::socket &socket, std::string &data) {
  co_await socket.async_read_some(asio::buffer(data), use_awaitable);
  data.clear();
}
awaitable<void> joins_the_loser(tcp::socket &socket,
                                asio::steady_timer &limit) {
  std::string data;
  co_await (fills_from(socket, data) || limit.async_wait(use_awaitable));
}

// No limit at all.
awaitable<void> unlimited(resolver &names) {
  auto found = co_await names.async_resolve("example.org", "80");
}

// A body elsewhere.
awaitable<void> elsewhere(tcp::socket &socket);
awaitable<void> unknown(tcp::socket &socket, asio::steady_timer &limit) {
  co_await (elsewhere(socket) || limit.async_wait(use_awaitable));
}

// Two branches, neither of which is a time limit.
awaitable<void> both(resolver &names, tcp::socket &socket) {
  co_await (names.async_resolve("example.org", "80") || elsewhere(socket));
}

// What is abandoned owns what it uses.
seastar::future<int> own(std::string buffer) {
  co_await wait_for_data();
  buffer.push_back('x');
  co_return 1;
}
seastar::future<int> owns(std::chrono::steady_clock::time_point limit) {
  std::string buffer;
  co_return co_await seastar::with_timeout(limit, own(std::move(buffer)));
}

// It is used up to the first suspension of an eager body only.
seastar::future<int> look(const std::string &name) {
  use(name.size());
  co_await wait_for_data();
  co_return 1;
}
seastar::future<int> looks(std::chrono::steady_clock::time_point limit) {
  std::string name = "x";
  co_return co_await seastar::with_timeout(limit, look(name));
}

// What it refers to outlives the frame.
struct Client {
  std::string buffer_;
  seastar::future<int> fills_member(std::chrono::steady_clock::time_point at) {
    co_return co_await seastar::with_timeout(at, fill(buffer_));
  }
};

seastar::future<int> given(std::string &buffer,
                           std::chrono::steady_clock::time_point limit) {
  co_return co_await seastar::with_timeout(limit, fill(buffer));
}

// It suspends in a virtual function's other bodies, perhaps.
struct Job {
  virtual awaitable<int> run() { co_return 1; }
};
awaitable<void> virtual_call(Job &job, asio::steady_timer &limit) {
  co_await (job.run() || limit.async_wait(use_awaitable));
}

// It does nothing that takes long.
awaitable<int> trivial() { co_return 1; }
awaitable<void> limits_it(asio::steady_timer &limit) {
  co_await (trivial() || limit.async_wait());
}
