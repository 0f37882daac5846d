#include "server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <charconv>
#include <exception>
#include <iostream>
#include <string_view>

namespace {

struct Options {
  std::uint16_t port = 7300;
  std::filesystem::path config = "gateway.conf";
};

bool parse(int argc, char **argv, Options &options) {
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc)
      return false;
    std::string_view name = argv[i], value = argv[i + 1];
    if (name == "--config") {
      options.config = value;
    } else if (name == "--port") {
      auto end = value.data() + value.size();
      auto parsed = std::from_chars(value.data(), end, options.port);
      if (parsed.ec != std::errc{} || parsed.ptr != end)
        return false;
    } else {
      return false;
    }
  }
  return true;
}

} // namespace

int main(int argc, char **argv) {
  Options options;
  if (!parse(argc, argv, options)) {
    std::cerr << "usage: gateway [--port PORT] [--config FILE]\n";
    return 2;
  }
  try {
    boost::asio::io_context io(1);
    gateway::Server server(io.get_executor(), options.config, options.port);
    std::cout << "listening on 127.0.0.1:" << server.port() << std::endl;
    boost::asio::co_spawn(
        io, [&server] { return server.run(); },
        [](std::exception_ptr failure) {
          if (failure)
            std::rethrow_exception(failure);
        });
    io.run();
    server.journal().drain();
    std::cout << "stopped" << std::endl;
  } catch (const std::exception &e) {
    std::cerr << "gateway: " << e.what() << '\n';
    return 1;
  }
  return 0;
}
