// RUN: %check_coro_tidy %s coro-detached-task %t -- --config='{CheckOptions: {coro-detached-task.Enable: true}}'
#include "asio.h"
#include "stopping.h"

using asio::awaitable;
using asio::ip::tcp;

awaitable<void> elsewhere();
awaitable<void> serve(tcp::socket socket) {
  std::string data;
  co_await socket.async_read_some(asio::buffer(data));
}
void log(std::exception_ptr);
void log(const char *);
kj::Promise<void> receive() { co_return; }

//===----------------------------------------------------------------------===//
// Nobody hears of it
//===----------------------------------------------------------------------===//

void starts(asio::any_io_executor executor, tcp::socket socket) {
  co_spawn(executor, serve(std::move(socket)), asio::detached);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: an exception that ends 'serve' is dropped, and nobody hears of it; give a handler that looks at it, or catch everything in the task [coro-detached-task]
}

void unknown_body(asio::any_io_executor executor) {
  asio::co_spawn(executor, elsewhere(), asio::detached);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: an exception that ends the task that is started here is dropped, and nobody hears of it; give a handler that looks at it, or catch everything in the task [coro-detached-task]
}

void with_a_lambda(asio::any_io_executor executor) {
  asio::co_spawn(
      // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: an exception that ends this lambda is dropped, and nobody hears of it; give a handler that looks at it, or catch everything in the task [coro-detached-task]
      executor, []() -> awaitable<void> { co_await elsewhere(); },
      asio::detached);
}

void looks_away(asio::any_io_executor executor) {
  asio::co_spawn(executor, elsewhere(), [](std::exception_ptr) { log("over"); });
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: an exception that ends the task that is started here is given to a handler that does not look at it, so that nobody hears of it; look at it there [coro-detached-task]
  // CHECK-MESSAGES: :[[@LINE-2]]:41: note: this handler does not look at what it is told
}

//===----------------------------------------------------------------------===//
// Somebody does
//===----------------------------------------------------------------------===//

void handled(asio::any_io_executor executor) {
  asio::co_spawn(executor, elsewhere(), [](std::exception_ptr error) {
    if (error)
      log(error);
  });
}

awaitable<void> catches_everything(tcp::socket &socket) {
  try {
    co_await serve(std::move(socket));
  } catch (const std::exception &error) {
    log(error.what());
  } catch (...) {
    log("?");
  }
}
void catches(asio::any_io_executor executor, tcp::socket &socket) {
  asio::co_spawn(executor, catches_everything(socket), asio::detached);
}

awaitable<void> awaited(asio::any_io_executor executor) {
  co_await elsewhere();
}

void with_a_named_handler(asio::any_io_executor executor,
                          void (*handler)(std::exception_ptr)) {
  asio::co_spawn(executor, elsewhere(), handler);
}
