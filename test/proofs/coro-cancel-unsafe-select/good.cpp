// PROOF-FLAGS: -std=c++20 -O2 -pthread
// What was read is kept where it outlives the select, and only the wait for
// more competes with the timeout: 10000 records, none of which is lost. The
// messages of a channel arrive, too, since both results of the group are seen.
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
using socket_type = asio::local::stream_protocol::socket;
using channel =
    asio::experimental::channel<void(boost::system::error_code, unsigned)>;

constexpr unsigned count = 10'000;
unsigned whole = 0, timeouts = 0, received = 0;

awaitable<void> write_records(socket_type socket) {
  for (unsigned i = 0; i < count; ++i) {
    std::array<unsigned char, 4> record;
    record.fill(static_cast<unsigned char>(i));
    co_await asio::async_write(socket, asio::buffer(record.data(), 1 + i % 3),
                               use_awaitable);
    for (unsigned k = 0; k < i % 5; ++k)
      co_await asio::post(socket.get_executor(), use_awaitable);
    co_await asio::async_write(
        socket, asio::buffer(record.data() + 1 + i % 3, 3 - i % 3),
        use_awaitable);
  }
}

awaitable<void> read_records(socket_type socket) {
  asio::steady_timer idle(socket.get_executor());
  std::string received;
  while (whole < count) {
    idle.expires_after(std::chrono::microseconds(whole % 3));
    auto result =
        co_await (socket.async_wait(socket_type::wait_read, use_awaitable) ||
                  idle.async_wait(use_awaitable));
    if (result.index() == 1) {
      ++timeouts;
      continue;
    }
    std::array<char, 7> chunk;
    auto size =
        co_await socket.async_read_some(asio::buffer(chunk), use_awaitable);
    received.append(chunk.data(), size);
    for (; received.size() >= 4; received.erase(0, 4))
      if (received.substr(0, 4) == std::string(4, static_cast<char>(whole)))
        ++whole;
  }
}

awaitable<void> send_messages(channel &messages) {
  for (unsigned i = 0; i < count; ++i)
    co_await messages.async_send(boost::system::error_code(), i, use_awaitable);
}

awaitable<void> receive_messages(channel &messages) {
  asio::steady_timer tick(co_await asio::this_coro::executor);
  while (received < count) {
    tick.expires_after(std::chrono::microseconds(received % 3));
    auto [order, failed, number, stopped] =
        co_await asio::experimental::make_parallel_group(
            messages.async_receive(asio::experimental::deferred),
            tick.async_wait(asio::experimental::deferred))
            .async_wait(asio::experimental::wait_for_one(), use_awaitable);
    if (!failed) // whoever came first
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
  context.run_for(std::chrono::seconds(8));
  proof::require(timeouts > 0, "the timeout never won");
  proof::require(whole == count, "a record was lost");
  proof::require(received == count, "a message was lost");
}
