// PROOF-FLAGS: -std=c++20 -O2 -pthread
// PROOF-FAILS: \d{1,2}/200 sent, \d{1,2}/200 taken, \d{1,2}/200 frames
//
// A message that is moved into a send which loses is destroyed with it. A
// branch that takes a message and suspends before it hands it over loses it. A
// branch that reads a header and then a body loses the header.
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

constexpr unsigned count = 200;
unsigned sent = 0, taken = 0, frames = 0;

awaitable<void> pause(std::chrono::microseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(use_awaitable);
}

// payload-moved-in: the receiver is slower than the limit.
awaitable<void> sends(channel &out) {
  asio::steady_timer limit(co_await asio::this_coro::executor);
  for (unsigned i = 0; i < count; ++i) {
    std::string message = "a message that is not short " + std::to_string(i);
    limit.expires_after(100us);
    co_await (out.async_send(error_code(), std::move(message), use_awaitable) ||
              limit.async_wait(use_awaitable));
  }
  out.close();
}
awaitable<void> receives(channel &out) {
  try {
    for (;;) {
      co_await out.async_receive(use_awaitable);
      ++sent;
      co_await pause(1ms);
    }
  } catch (const std::exception &) {
  }
}

// payload-in-frame
awaitable<std::string> decoded(channel &in) {
  std::string message = co_await in.async_receive(use_awaitable);
  co_await pause(1ms); // decoding asks somebody else
  co_return message;
}
awaitable<void> takes(channel &in) {
  asio::steady_timer tick(co_await asio::this_coro::executor);
  while (in.is_open()) {
    tick.expires_after(300us);
    auto result = co_await (decoded(in) || tick.async_wait(use_awaitable));
    if (result.index() == 0)
      ++taken;
  }
}
awaitable<void> feeds(channel &in) {
  for (unsigned i = 0; i < count; ++i)
    co_await in.async_send(error_code(), std::to_string(i), use_awaitable);
  in.close();
}

// terminal-then-reused
awaitable<unsigned char> read_frame(socket_type &socket) {
  std::array<unsigned char, 2> header, body;
  co_await asio::async_read(socket, asio::buffer(header), use_awaitable);
  co_await asio::async_read(socket, asio::buffer(body), use_awaitable);
  co_return header[0] == 0xFF && body[0] == body[1] ? body[0] : 0xFF;
}
awaitable<void> reads(socket_type socket) {
  asio::steady_timer idle(socket.get_executor());
  try {
    for (;;) {
      idle.expires_after(200us);
      auto result =
          co_await (read_frame(socket) || idle.async_wait(use_awaitable));
      if (result.index() == 0 && std::get<0>(result) != 0xFF)
        ++frames;
    }
  } catch (const std::exception &) {
  }
}
awaitable<void> writes(socket_type socket) {
  for (unsigned i = 0; i < count; ++i) {
    std::array<unsigned char, 4> frame{0xFF, 0xFF,
                                       static_cast<unsigned char>(i % 200),
                                       static_cast<unsigned char>(i % 200)};
    co_await asio::async_write(socket, asio::buffer(frame.data(), 2),
                               use_awaitable);
    co_await pause(1ms);
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
  context.run_for(4s);
  char text[96];
  std::snprintf(text, sizeof text, "%u/%u sent, %u/%u taken, %u/%u frames",
                sent, count, taken, count, frames, count);
  proof::require(sent == count && taken == count && frames == count, text);
}
