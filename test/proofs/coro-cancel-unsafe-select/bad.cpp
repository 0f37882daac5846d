// PROOF-FLAGS: -std=c++20 -O2 -pthread
// PROOF-FAILS: proof failed: \d{1,2} of 200 records and [0-4]?\d{1,2} of 500
// Records of four bytes are read with an idle timeout. When the timeout ends
// the select, the bytes that async_read has taken out of the socket are gone.
// Messages are received with a timer beside it. When both are
// ready, the message has left the channel, and the select drops it.
#include "../loop.h"
#include <array>
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using namespace asio::experimental::awaitable_operators;
using socket_type = asio::local::stream_protocol::socket;
using channel =
    asio::experimental::channel<void(boost::system::error_code, unsigned)>;

constexpr unsigned count = 200, messages_sent = 500;
unsigned whole = 0, received = 0;

awaitable<void> write_records(socket_type socket) {
  asio::steady_timer pause(socket.get_executor());
  for (unsigned i = 0; i < count; ++i) {
    std::array<unsigned char, 4> record;
    record.fill(static_cast<unsigned char>(i));
    // A peer or a network may cut a record anywhere.
    co_await asio::async_write(socket, asio::buffer(record.data(), 1 + i % 3),
                               use_awaitable);
    pause.expires_after(std::chrono::microseconds(i % 7 * 100));
    co_await pause.async_wait(use_awaitable);
    co_await asio::async_write(
        socket, asio::buffer(record.data() + 1 + i % 3, 3 - i % 3),
        use_awaitable);
  }
}

awaitable<void> read_records(socket_type socket) {
  asio::steady_timer idle(socket.get_executor());
  std::array<unsigned char, 4> record;
  try {
    for (;;) {
      idle.expires_after(std::chrono::microseconds(200));
      auto result = co_await (
          asio::async_read(socket, asio::buffer(record), use_awaitable) ||
          idle.async_wait(use_awaitable));
      if (result.index() == 1)
        continue; // nothing happened for a while: say so, go on
      if (record[0] == record[1] && record[1] == record[2] &&
          record[2] == record[3] && record[0] == whole % 256)
        ++whole;
    }
  } catch (const std::exception &) {
    // the end of the stream
  }
}

// Sends at the moment at which the receiver's timer expires.
asio::steady_timer::time_point moment;

awaitable<void> send_messages(channel &messages) {
  asio::steady_timer pause(co_await asio::this_coro::executor);
  for (unsigned i = 0; i < messages_sent; ++i) {
    pause.expires_at(moment);
    co_await pause.async_wait(use_awaitable);
    co_await messages.async_send(boost::system::error_code(), i, use_awaitable);
  }
  messages.close();
}

awaitable<void> receive_messages(channel &messages) {
  asio::steady_timer tick(co_await asio::this_coro::executor);
  while (messages.is_open()) {
    tick.expires_after(std::chrono::microseconds(50));
    moment = tick.expiry();
    auto result = co_await (messages.async_receive(use_awaitable) ||
                            tick.async_wait(use_awaitable));
    if (result.index() == 0)
      ++received;
  }
}

int main() {
  asio::io_context context;
  socket_type a(context), b(context);
  asio::local::connect_pair(a, b);
  co_spawn(context, write_records(std::move(a)), asio::detached);
  co_spawn(context, read_records(std::move(b)), asio::detached);
  channel messages(context);
  co_spawn(context, send_messages(messages), asio::detached);
  co_spawn(context, receive_messages(messages), asio::detached);
  context.run_for(std::chrono::seconds(1));
  char text[96];
  std::snprintf(text, sizeof text,
                "%u of %u records and %u of %u messages arrived", whole, count,
                received, messages_sent);
  proof::require(whole == count && received == messages_sent, text);
}
