#ifndef WIRE_H
#define WIRE_H
#include "asio.h"

asio::awaitable<std::string> read_frame(asio::ip::tcp::socket &socket);
asio::awaitable<void> pause_a_while(asio::steady_timer &timer);
asio::awaitable<void> pause_twice(asio::steady_timer &timer);
#endif
