// The parts of Asio that tests need, with the shapes of the real ones.
#ifndef TEST_ASIO_H
#define TEST_ASIO_H

#include <array>
#include <chrono>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace asio {

struct error_code {
  explicit operator bool() const noexcept;
  friend bool operator==(const error_code &, const error_code &) noexcept;
};
struct system_error : std::exception {
  const error_code &code() const noexcept;
};
namespace error {
enum basic_errors { operation_aborted, eof, would_block };
error_code make_error_code(basic_errors);
bool operator==(const error_code &, basic_errors) noexcept;
bool operator!=(const error_code &, basic_errors) noexcept;
} // namespace error

struct any_io_executor {
  bool ready() const;
};

template <typename T, typename Executor = any_io_executor> class awaitable;

namespace detail {
template <typename Awaitable> struct frame_base {
  Awaitable get_return_object();
  std::suspend_always initial_suspend() noexcept;
  std::suspend_always final_suspend() noexcept;
  void unhandled_exception();
  template <typename T> T &&await_transform(T &&a) const;
};
template <typename Awaitable, typename T> struct frame : frame_base<Awaitable> {
  template <typename U> void return_value(U &&);
};
template <typename Awaitable>
struct frame<Awaitable, void> : frame_base<Awaitable> {
  void return_void();
};
} // namespace detail

template <typename T, typename Executor> class awaitable {
public:
  using executor_type = Executor;
  awaitable(awaitable &&) noexcept;
  ~awaitable();
  awaitable &operator=(awaitable &&) noexcept;
  bool await_ready() const noexcept;
  template <typename U> void await_suspend(std::coroutine_handle<U>);
  T await_resume();

private:
  awaitable() = default;
  template <typename A> friend struct detail::frame_base;
};

} // namespace asio

template <typename T, typename Executor, typename... Args>
struct std::coroutine_traits<asio::awaitable<T, Executor>, Args...> {
  using promise_type = asio::detail::frame<asio::awaitable<T, Executor>, T>;
};

namespace asio {

// Completion tokens.
template <typename Executor = any_io_executor> struct use_awaitable_t {};
inline constexpr use_awaitable_t<> use_awaitable{};
struct detached_t {};
inline constexpr detached_t detached{};
template <typename Token> struct as_tuple_t {};
template <typename Token> constexpr as_tuple_t<Token> as_tuple(Token) {
  return {};
}
template <typename Token> struct redirect_error_t {
  error_code &ec;
};
template <typename Token>
redirect_error_t<Token> redirect_error(Token, error_code &);

template <typename Token, typename Slot> class cancellation_slot_binder {
public:
  cancellation_slot_binder(Slot, Token);
};
template <typename Token> struct cancel_after_t {};
template <typename D, typename Token>
cancel_after_t<Token> cancel_after(D, Token);
template <typename Timer, typename D, typename Token>
cancel_after_t<Token> cancel_after(Timer &, D, Token);

namespace detail {
template <typename Token, typename... R> struct result;
template <typename T, typename S, typename... R>
struct result<cancellation_slot_binder<T, S>, R...> {
  using type = typename result<T, R...>::type;
};
template <typename E> struct result<use_awaitable_t<E>> {
  using type = awaitable<void>;
};
template <typename E, typename R> struct result<use_awaitable_t<E>, R> {
  using type = awaitable<R>;
};
template <typename T, typename... R> struct result<as_tuple_t<T>, R...> {
  using type = awaitable<std::tuple<error_code, R...>>;
};
template <typename T, typename... R> struct result<redirect_error_t<T>, R...> {
  using type = typename result<T, R...>::type;
};
template <typename T, typename... R> struct result<cancel_after_t<T>, R...> {
  using type = typename result<T, R...>::type;
};
template <typename... R> struct result<detached_t, R...> {
  using type = void;
};
template <typename Token, typename... R>
using result_t = typename result<std::decay_t<Token>, R...>::type;
} // namespace detail

// Buffers.
struct mutable_buffer {
  std::size_t size() const;
};
struct const_buffer {
  const_buffer(mutable_buffer);
  const_buffer();
};
template <typename T> mutable_buffer buffer(T &data);
template <typename T> mutable_buffer buffer(T &data, std::size_t);
const_buffer buffer(const std::string &data);
template <typename E, typename T, typename A> class dynamic_string_buffer {};
template <typename E, typename T, typename A>
dynamic_string_buffer<E, T, A> dynamic_buffer(std::basic_string<E, T, A> &);

class io_context {
public:
  using executor_type = any_io_executor;
  any_io_executor get_executor();
  void run();
};

// I/O objects.
template <typename Protocol> class basic_socket {
public:
  enum wait_type { wait_read, wait_write };
  any_io_executor get_executor();
  bool is_open() const;
  void close();
  void close(error_code &);
  void shutdown(int);
  void cancel();
  void connect(int endpoint);
  void non_blocking(bool);
  template <typename Token = use_awaitable_t<>>
  detail::result_t<Token> async_wait(wait_type, Token &&token = Token());
  template <typename Token = use_awaitable_t<>>
  detail::result_t<Token> async_connect(int endpoint, Token &&token = Token());
};
template <typename Protocol>
class basic_stream_socket : public basic_socket<Protocol> {
public:
  explicit basic_stream_socket(any_io_executor);
  basic_stream_socket(basic_stream_socket &&);
  basic_stream_socket &operator=(basic_stream_socket &&);
  template <typename Buffers, typename Token = use_awaitable_t<>>
  detail::result_t<Token, std::size_t> async_read_some(const Buffers &,
                                                       Token &&token = Token());
  template <typename Buffers, typename Token = use_awaitable_t<>>
  detail::result_t<Token, std::size_t>
  async_write_some(const Buffers &, Token &&token = Token());
};
template <typename Protocol> class basic_socket_acceptor {
public:
  void open(int protocol);
  void close();
  template <typename Token = use_awaitable_t<>>
  detail::result_t<Token, basic_stream_socket<Protocol>>
  async_accept(Token &&token = Token());
};
namespace ip {
class tcp {
public:
  using socket = basic_stream_socket<tcp>;
  using acceptor = basic_socket_acceptor<tcp>;
};
} // namespace ip

template <typename Clock> class basic_waitable_timer {
public:
  using duration = std::chrono::nanoseconds;
  explicit basic_waitable_timer(any_io_executor);
  basic_waitable_timer(any_io_executor, duration);
  std::size_t expires_after(duration);
  std::size_t cancel();
  template <typename Token = use_awaitable_t<>>
  detail::result_t<Token> async_wait(Token &&token = Token());
};
using steady_timer = basic_waitable_timer<std::chrono::steady_clock>;

// Composed operations.
template <typename Stream, typename Buffers, typename Token = use_awaitable_t<>>
detail::result_t<Token, std::size_t> async_read(Stream &s, const Buffers &,
                                                Token &&token = Token());
template <typename Stream, typename Buffers, typename Token = use_awaitable_t<>>
detail::result_t<Token, std::size_t>
async_read_until(Stream &s, Buffers &&, char, Token &&token = Token());
template <typename Stream, typename Buffers, typename Token = use_awaitable_t<>>
detail::result_t<Token, std::size_t> async_write(Stream &s, const Buffers &,
                                                 Token &&token = Token());

template <typename T, typename Token>
void co_spawn(any_io_executor, awaitable<T>, Token &&) {}
template <typename F, typename Token>
void co_spawn(any_io_executor, F &&, Token &&) {}
template <typename Token>
detail::result_t<Token> post(any_io_executor, Token &&);

class cancellation_slot {};
class cancellation_signal {
public:
  cancellation_slot slot();
};
template <typename Slot, typename Token>
cancellation_slot_binder<Token, Slot> bind_cancellation_slot(Slot, Token);
namespace ip {
struct tcp_results {};
template <typename Protocol> class basic_resolver {
public:
  explicit basic_resolver(any_io_executor);
  int resolve(const char *, const char *);
  void cancel();
  template <typename Token = use_awaitable_t<>>
  detail::result_t<Token, tcp_results> async_resolve(const std::string &host,
                                                     const std::string &port,
                                                     Token &&token = Token());
};
} // namespace ip

struct cancellation_filter {};
struct disable_cancellation {};
struct enable_total_cancellation {};
namespace this_coro {
struct executor_t {
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>) const;
  any_io_executor await_resume() const;
};
inline constexpr executor_t executor{};
struct reset_t {
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
template <typename Filter> reset_t reset_cancellation_state(Filter &&);
reset_t throw_if_cancelled(bool);
} // namespace this_coro

namespace experimental {
namespace detail {
template <typename Signature> class channel_send_functions;
template <typename... Args>
class channel_send_functions<void(error_code, Args...)> {
public:
  template <typename Token = use_awaitable_t<>>
  asio::detail::result_t<Token> async_send(error_code, Args...,
                                           Token &&token = Token());
};
} // namespace detail
template <typename... Signatures> class basic_channel;
template <typename... Args>
class basic_channel<void(error_code, Args...)>
    : public detail::channel_send_functions<void(error_code, Args...)> {
public:
  basic_channel(any_io_executor, std::size_t = 0);
  void close();
  void cancel();
  template <typename... Rest> bool try_send(Rest &&...);
  template <typename Token = use_awaitable_t<>>
  asio::detail::result_t<Token, Args...> async_receive(Token &&token = Token());
};
template <typename... Signatures> using channel = basic_channel<Signatures...>;

namespace awaitable_operators {
template <typename Executor>
awaitable<std::variant<std::monostate, std::monostate>, Executor>
operator||(awaitable<void, Executor>, awaitable<void, Executor>);
template <typename U, typename Executor>
awaitable<std::variant<std::monostate, U>, Executor>
operator||(awaitable<void, Executor>, awaitable<U, Executor>);
template <typename T, typename Executor>
awaitable<std::variant<T, std::monostate>, Executor>
operator||(awaitable<T, Executor>, awaitable<void, Executor>);
template <typename T, typename U, typename Executor>
awaitable<std::variant<T, U>, Executor> operator||(awaitable<T, Executor>,
                                                   awaitable<U, Executor>);
template <typename... T, typename Executor>
awaitable<std::variant<T..., std::monostate>, Executor>
operator||(awaitable<std::variant<T...>, Executor>, awaitable<void, Executor>);
template <typename... T, typename U, typename Executor>
awaitable<std::variant<T..., U>, Executor>
operator||(awaitable<std::variant<T...>, Executor>, awaitable<U, Executor>);
template <typename Executor>
awaitable<void, Executor> operator&&(awaitable<void, Executor>,
                                     awaitable<void, Executor>);
} // namespace awaitable_operators
} // namespace experimental

} // namespace asio

#endif // TEST_ASIO_H
