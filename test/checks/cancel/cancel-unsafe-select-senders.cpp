// RUN: %check_coro_tidy %s coro-cancel-unsafe-select %t -- --config="{CheckOptions: {coro-cancel-unsafe-select.MinConfidence: medium}}"
// Senders that stop each other.
#include "library_tasks.h"
#include <chrono>
#include <coroutine>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace std::chrono_literals;
void log(const std::string &);
using text_or_nothing = std::variant<std::string, std::monostate>;

// A queue that all of them can wait for: its coroutine takes a message out of
// a channel and gives it back at once.
#include "asio.h"
using channel =
    asio::experimental::channel<void(asio::error_code, std::string)>;


//===----------------------------------------------------------------------===//
// libunifex: the trigger stops the source
//===----------------------------------------------------------------------===//

namespace unifex {
TASK(task);
namespace _stop_when_cpo {
struct _fn {
  template <typename Source, typename Trigger>
  task<text_or_nothing> operator()(Source &&, Trigger &&) const;
};
} // namespace _stop_when_cpo
inline constexpr _stop_when_cpo::_fn stop_when{};
task<void> schedule_after(std::chrono::milliseconds);
} // namespace unifex

unifex::task<std::string> record(asio::ip::tcp::socket &socket) {
  std::array<char, 8> bytes;
  co_await asio::async_read(socket, asio::buffer(bytes));
  co_return std::string(bytes.data(), 8);
}
unifex::task<void> stops(asio::ip::tcp::socket &socket) {
  for (;;) {
    auto result =
        co_await unifex::stop_when(record(socket), unifex::schedule_after(1s));
    // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: when another branch ends this select, 'record' is cancelled in the middle of 'async_read': what it has taken out of 'socket' is lost, and 'socket' is read from again
    // CHECK-MESSAGES: :[[@LINE-8]]:12: note: 'async_read' is started here on 'socket'
    // CHECK-MESSAGES: :[[@LINE-3]]:36: note: 'socket' is used again here, in the next round
    if (result.index() == 0)
      log(std::get<0>(result));
  }
}
unifex::task<void> stops_and_closes(asio::ip::tcp::socket &socket) {
  auto result =
      co_await unifex::stop_when(record(socket), unifex::schedule_after(1s));
  if (result.index() == 0)
    log(std::get<0>(result));
  else
    socket.close();
}

//===----------------------------------------------------------------------===//
// stdexec: when_any
//===----------------------------------------------------------------------===//

namespace stdexec {}
namespace exec {
TASK(task);
struct when_any_t {
  template <typename... Senders>
  task<text_or_nothing> operator()(Senders &&...) const;
};
inline constexpr when_any_t when_any{};
task<void> schedule_after(std::chrono::milliseconds);
} // namespace exec

exec::task<std::string> next_record(asio::ip::tcp::socket &socket) {
  std::array<char, 8> bytes;
  co_await asio::async_read(socket, asio::buffer(bytes));
  co_return std::string(bytes.data(), 8);
}
exec::task<void> any(asio::ip::tcp::socket &socket) {
  for (;;) {
    auto result =
        co_await exec::when_any(next_record(socket), exec::schedule_after(1s));
    // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: when another branch ends this select, 'next_record' is cancelled in the middle of 'async_read': what it has taken out of 'socket' is lost, and 'socket' is read from again
    // CHECK-MESSAGES: :[[@LINE-8]]:12: note: 'async_read' is started here on 'socket'
    // CHECK-MESSAGES: :[[@LINE-3]]:33: note: 'socket' is used again here, in the next round
    if (result.index() == 0)
      log(std::get<0>(result));
  }
}
exec::task<void> any_once(asio::ip::tcp::socket &socket) {
  auto result =
      co_await exec::when_any(next_record(socket), exec::schedule_after(1s));
  if (result.index() == 0)
    log(std::get<0>(result));
}
