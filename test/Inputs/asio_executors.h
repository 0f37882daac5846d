// The parts of Asio that move work to another executor, and its synchronous
// operations, with the shapes of the real ones.
#ifndef TEST_ASIO_EXECUTORS_H
#define TEST_ASIO_EXECUTORS_H

#include "asio.h"

namespace asio {

class thread_pool {
public:
  struct basic_executor_type {};
  explicit thread_pool(int = 1);
  ~thread_pool();
  basic_executor_type get_executor();
  void join();
};

template <typename Executor> class strand {
public:
  explicit strand(Executor);
};
template <typename Executor> strand<Executor> make_strand(Executor);

template <typename Token, typename Executor> struct executor_binder {};
template <typename Executor, typename Token>
executor_binder<Token, Executor> bind_executor(const Executor &, Token);

namespace detail {
template <typename Token, typename Executor, typename... R>
struct result<executor_binder<Token, Executor>, R...> : result<Token, R...> {};
} // namespace detail

template <typename Token> detail::result_t<Token> post(Token &&);
template <typename Executor, typename Token>
detail::result_t<Token> post(Executor &&, Token &&);
template <typename Token> detail::result_t<Token> dispatch(Token &&);
template <typename Executor, typename Token>
detail::result_t<Token> dispatch(Executor &&, Token &&);

template <typename T, typename Token>
detail::result_t<Token, T> co_spawn(thread_pool &, awaitable<T>, Token &&);
template <typename F, typename Token>
auto co_spawn(thread_pool &, F &&, Token &&)
    -> detail::result_t<Token> {
  return detail::result_t<Token>();
}
template <typename F, typename Token>
void co_spawn(thread_pool::basic_executor_type, F &&, Token &&) {}

// Synchronous operations.
template <typename Stream, typename Buffers>
std::size_t read(Stream &, const Buffers &);
template <typename Stream, typename Buffers>
std::size_t write(Stream &, const Buffers &);
template <typename Protocol>
class basic_datagram_socket : public basic_socket<Protocol> {
public:
  explicit basic_datagram_socket(any_io_executor);
  void non_blocking(bool);
  template <typename Buffers> std::size_t receive(const Buffers &);
};
namespace ip {
class udp {
public:
  using socket = basic_datagram_socket<udp>;
};
} // namespace ip

} // namespace asio

#endif // TEST_ASIO_EXECUTORS_H
