// PROOF-FLAGS: -std=c++20 -O2 -pthread
// The send is awaited by itself; what was taken is handed over before the next
// suspension; bytes are kept beside the select: 10000 rounds lose nothing.
#include "../loop.h"
#include <array>
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <string>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using boost::system::error_code;
using channel = asio::experimental::channel<void(error_code, std::string)>;
using socket_type = asio::local::stream_protocol::socket;

constexpr unsigned count = 10'000;
unsigned sent = 0, taken = 0, frames = 0;

awaitable<void> sends(channel &out) {
  for (unsigned i = 0; i < count; ++i)
    co_await out.async_send(error_code(), "message " + std::to_string(i),
                            use_awaitable);
}
awaitable<void> receives(channel &out) {
  while (sent < count) {
    co_await out.async_receive(use_awaitable);
    ++sent;
  }
}

// The value goes to where it is kept as soon as it is there; both results of
// the group are seen.
awaitable<void> takes(channel &in) {
  asio::steady_timer tick(co_await asio::this_coro::executor);
  while (taken < count) {
    tick.expires_after(std::chrono::microseconds(taken % 3));
    auto [order, failed, message, stopped] =
        co_await asio::experimental::make_parallel_group(
            in.async_receive(asio::experimental::deferred),
            tick.async_wait(asio::experimental::deferred))
            .async_wait(asio::experimental::wait_for_one(), use_awaitable);
    if (!failed)
      ++taken;
  }
}
awaitable<void> feeds(channel &in) {
  for (unsigned i = 0; i < count; ++i)
    co_await in.async_send(error_code(), std::to_string(i), use_awaitable);
}

awaitable<void> reads(socket_type socket) {
  asio::steady_timer idle(socket.get_executor());
  std::string received;
  while (frames < count) {
    idle.expires_after(std::chrono::microseconds(frames % 3));
    auto ready =
        co_await (socket.async_wait(socket_type::wait_read, use_awaitable) ||
                  idle.async_wait(use_awaitable));
    if (ready.index() == 1)
      continue;
    std::array<char, 64> chunk;
    received.append(chunk.data(), co_await socket.async_read_some(
                                      asio::buffer(chunk), use_awaitable));
    for (; received.size() >= 4; received.erase(0, 4))
      if (received[2] == received[3])
        ++frames;
  }
}
awaitable<void> writes(socket_type socket) {
  for (unsigned i = 0; i < count; ++i) {
    std::array<char, 4> frame{0, 0, static_cast<char>(i), static_cast<char>(i)};
    co_await asio::async_write(socket, asio::buffer(frame.data(), 2),
                               use_awaitable);
    co_await asio::post(socket.get_executor(), use_awaitable);
    co_await asio::async_write(socket, asio::buffer(frame.data() + 2, 2),
                               use_awaitable);
  }
}

int main() {
  asio::io_context context;
  channel out(context), in(context);
  socket_type a(context), b(context);
  asio::local::connect_pair(a, b);
  co_spawn(context, sends(out), asio::detached);
  co_spawn(context, receives(out), asio::detached);
  co_spawn(context, takes(in), asio::detached);
  co_spawn(context, feeds(in), asio::detached);
  co_spawn(context, writes(std::move(a)), asio::detached);
  co_spawn(context, reads(std::move(b)), asio::detached);
  context.run_for(8s);
  proof::require(sent == count, "a message was not sent");
  proof::require(taken == count, "a message was lost");
  proof::require(frames == count, "a frame was lost");
}
