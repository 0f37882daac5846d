// Runs a coroutine on an event loop of one thread, with a pool beside it, and
// looks on which of them its work is done.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdio>
#include <thread>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;

inline std::thread::id worker;

inline void work() {
  worker = std::this_thread::get_id();
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

inline int run(awaitable<void> (*request)(asio::thread_pool &)) {
  asio::io_context loop;
  asio::thread_pool pool(1);
  asio::co_spawn(loop, request(pool), asio::detached);
  loop.run();
  pool.join();
  if (worker != std::this_thread::get_id())
    return 0;
  std::fprintf(stderr, "the work ran on the thread of the event loop\n");
  return 1;
}
