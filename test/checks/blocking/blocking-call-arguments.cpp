// RUN: %check_coro_tidy %s coro-blocking-call %t -- --config="{CheckOptions: {coro-blocking-call.MinConfidence: low}}"
// The same function waits or does not, by what it is told; with the real
// declarations and constants.
#include "task.h"
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

task<> other();

task<> sockets(int fd, char *buffer, mmsghdr *messages) {
  sendto(fd, buffer, 1, 0, nullptr, 0);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sendto' waits until there is room in the socket's buffer,
  recvmmsg(fd, messages, 1, 0, nullptr);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'recvmmsg' waits until the other side has sent something,
  co_await other();
}
task<> sockets_that_do_not_wait(int fd, char *buffer, mmsghdr *messages) {
  sendto(fd, buffer, 1, MSG_DONTWAIT, nullptr, 0);
  sendto(fd, buffer, 1, MSG_NOSIGNAL | MSG_DONTWAIT, nullptr, 0);
  recvmmsg(fd, messages, 1, MSG_DONTWAIT, nullptr);
  co_await other();
}

task<> readiness(int fd, pollfd *fds, fd_set *set, epoll_event *events) {
  ppoll(fds, 1, nullptr, nullptr);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'ppoll' waits for one of the descriptors,
  pselect(1, set, nullptr, nullptr, nullptr, nullptr);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'pselect' waits for one of the descriptors,
  epoll_wait(fd, events, 1, -1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'epoll_wait' waits for one of the descriptors,
  co_await other();
}
task<> readiness_asked_for(int fd, pollfd *fds, fd_set *set, epoll_event *events) {
  timespec none{};
  ppoll(fds, 1, &none, nullptr);
  pselect(1, set, nullptr, nullptr, &none, nullptr);
  epoll_wait(fd, events, 1, 0);
  co_await other();
}

task<> file_locks(int fd, flock *range) {
  fcntl(fd, F_SETLKW, range);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'fcntl' waits until nobody else locks the file,
  fcntl(fd, F_OFD_SETLKW, range);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'fcntl' waits until nobody else locks the file,
  lockf(fd, F_LOCK, 0);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'lockf' waits until nobody else locks the file,
  co_await other();
}
task<> file_locks_tried(int fd, flock *range) {
  fcntl(fd, F_SETLK, range);
  fcntl(fd, F_OFD_SETLK, range);
  fcntl(fd, F_GETFL);
  lockf(fd, F_TLOCK, 0);
  lockf(fd, F_ULOCK, 0);
  co_await other();
}

task<> disks(int fd, void *memory, iovec *parts) {
  msync(memory, 1, MS_SYNC);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'msync' waits until the disk has everything,
  sync_file_range(fd, 0, 1, SYNC_FILE_RANGE_WAIT_AFTER);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sync_file_range' waits until the disk has the range,
  preadv2(fd, parts, 1, 0, 0);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'preadv2' reads from a file,
  co_await other();
}
task<> disks_not_waited_for(int fd, void *memory, iovec *parts) {
  msync(memory, 1, MS_ASYNC);
  sync_file_range(fd, 0, 1, SYNC_FILE_RANGE_WRITE);
  preadv2(fd, parts, 1, 0, RWF_NOWAIT);
  co_await other();
}

task<> queues(int queue, void *message) {
  msgrcv(queue, message, 1, 0, 0);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'msgrcv' waits for a message,
  msgsnd(queue, message, 1, 0);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'msgsnd' waits until there is room in the queue,
  co_await other();
}
task<> queues_tried(int queue, void *message) {
  msgrcv(queue, message, 1, 0, IPC_NOWAIT);
  msgsnd(queue, message, 1, IPC_NOWAIT);
  co_await other();
}

task<> names(gaicb **list) {
  getaddrinfo_a(GAI_WAIT, list, 1, nullptr);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'getaddrinfo_a' asks a name server and waits for the answer,
  co_await other();
}
task<> names_in_the_background(gaicb **list) {
  getaddrinfo_a(GAI_NOWAIT, list, 1, nullptr);
  co_await other();
}

task<> streams(FILE *file) {
  fputs("x", file);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'fputs' writes to a file,
  fprintf(file, "x");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'fprintf' writes to a file,
  co_await other();
}
task<> streams_of_the_console() {
  fputs("x", stderr);
  fprintf(stdout, "x");
  fflush(stdout);
  co_await other();
}

namespace asio {
namespace ip {
struct resolver_base {
  enum flags { numeric_host = AI_NUMERICHOST, numeric_service = AI_NUMERICSERV };
};
template <class Protocol> struct basic_resolver : resolver_base {
  int resolve(const char *host, const char *service);
  int resolve(const char *host, const char *service, flags);
};
} // namespace ip
struct thread_pool {
  void wait();
};
class io_context {
public:
  unsigned long run_for(int milliseconds);
};
} // namespace asio
task<> asio_operations(asio::ip::basic_resolver<int> &resolver, asio::io_context &context) {
  resolver.resolve("host", "80");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'basic_resolver::resolve' asks a name server and waits for the answer,
  resolver.resolve("host", "80", asio::ip::resolver_base::numeric_service);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'basic_resolver::resolve' asks a name server and waits for the answer,
  context.run_for(10);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'io_context::run_for' runs the event loop for a time,
  co_await other();
}
task<> asio_operations_that_return(asio::ip::basic_resolver<int> &resolver, asio::io_context &context) {
  resolver.resolve("127.0.0.1", "80", asio::ip::resolver_base::numeric_host);
  context.run_for(0);
  co_await other();
}

namespace drogon {
struct HttpClient {
  int sendRequest(int request, double timeout = 0);
  void sendRequest(int request, void (*callback)(int), double timeout = 0);
};
} // namespace drogon
task<> overloads(drogon::HttpClient &client) {
  client.sendRequest(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'HttpClient::sendRequest' waits until the server has answered,
  client.sendRequest(1, [](int) {});
  co_await other();
}

// A library whose sockets are non-blocking, and a class of the same shape.
namespace coro::concepts {}
namespace coro::net::tcp {
class client {
public:
  long recv(char *buffer) { return ::recv(fd_, buffer, 1, 0); }

private:
  int fd_ = -1;
};
} // namespace coro::net::tcp
class connection {
public:
  long recv(char *buffer) { return ::recv(fd_, buffer, 1, 0); }
  // CHECK-MESSAGES: :[[@LINE+8]]:3: warning: 'connection::recv' leads to 'recv', which waits until the other side has sent something,
  // CHECK-MESSAGES: :[[@LINE-2]]:36: note: 'connection::recv' calls 'recv', which waits until the other side has sent something

private:
  int fd_ = -1;
};
task<> wrappers(coro::net::tcp::client &client, connection &other_one, char *buffer) {
  client.recv(buffer);
  other_one.recv(buffer);
  co_await other();
}

// BIO_do_connect and its like are macros.
extern "C" long BIO_ctrl(void *bio, int command, long, void *);
#define BIO_C_DO_STATE_MACHINE 101
#define BIO_CTRL_PENDING 10
#define BIO_do_connect(b) BIO_ctrl(b, BIO_C_DO_STATE_MACHINE, 0, nullptr)
#define BIO_pending(b) BIO_ctrl(b, BIO_CTRL_PENDING, 0, nullptr)
task<> macros(void *bio) {
  BIO_do_connect(bio);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'BIO_ctrl' waits until the other side has accepted the connection,
  // CHECK-MESSAGES: :[[@LINE-5]]:27: note: expanded from macro 'BIO_do_connect'
  BIO_pending(bio);
  co_await other();
}

// The numbers that the models have.
static_assert(MSG_DONTWAIT == 0x40 && O_NONBLOCK == 0x800 && IPC_NOWAIT == 0x800);
static_assert(F_SETLKW == 7 && F_OFD_SETLKW == 38 && F_LOCK == 1);
static_assert(MS_SYNC == 4 && RWF_NOWAIT == 8 && SPLICE_F_NONBLOCK == 2);
static_assert(SYNC_FILE_RANGE_WAIT_BEFORE == 1 && SYNC_FILE_RANGE_WAIT_AFTER == 4);
static_assert(GAI_WAIT == 0 && NI_NUMERICHOST == 1 && AI_NUMERICHOST == 4);

// Who calls the wrapper asks whether the socket is still connecting.
class io_context {
public:
  int open(const sockaddr *address) {
    if (connect_to(fd_, address) < 0 && in_progress())
      return 0;
    return -1;
  }

private:
  static int connect_to(int fd, const sockaddr *address) { return ::connect(fd, address, sizeof(sockaddr)); }
  static bool in_progress() { return errno == EINPROGRESS; }
  int fd_ = -1;
};
class plain_context {
public:
  int open(const sockaddr *address) { return connect_to(fd_, address) < 0 && failed() ? -1 : 0; }
  // CHECK-MESSAGES: :[[@LINE+11]]:3: warning: 'plain_context::open' leads to 'connect', which waits until the other side has accepted the connection,
  // CHECK-MESSAGES: :[[@LINE-2]]:46: note: 'plain_context::open' calls 'plain_context::connect_to'
  // CHECK-MESSAGES: :[[@LINE+3]]:67: note: 'plain_context::connect_to' calls 'connect', which waits until the other side has accepted the connection

private:
  static int connect_to(int fd, const sockaddr *address) { return ::connect(fd, address, sizeof(sockaddr)); }
  static bool failed() { return errno == ECONNREFUSED; }
  int fd_ = -1;
};
task<> asks_whether_it_connects(io_context &asks, plain_context &plain, const sockaddr *address) {
  asks.open(address);
  plain.open(address);
  co_await other();
}

// What is asked is told of the descriptor, or of the error; what gets objects does something else.
class wire {
public:
  explicit wire(int fd) : fd_(fd) { set_mode(fd_, O_NONBLOCK); }
  long take(char *to) { return ::recv(fd_, to, 1, 0); }

private:
  static void set_mode(int fd, int mode) { ::fcntl(fd, F_SETFL, mode); }
  int fd_;
};
static void make_nonblocking(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }
class wrapped_wire {
public:
  explicit wrapped_wire(int fd) : fd_(fd) { make_nonblocking(fd_); }
  int join(const sockaddr *to) { return ::connect(fd_, to, sizeof(sockaddr)); }

private:
  int fd_;
};
class log_file {
public:
  void open() { fd = ::open("/dev/log", O_NONBLOCK); }
  int fd = -1;
};
static void prepare(log_file &log) { log.open(); }
static void open_log(log_file &log) { ::fcntl(log.fd, F_SETFL, O_NONBLOCK); }
class blocking_wire {
public:
  blocking_wire(int fd, log_file &log) : fd_(fd) {
    open_log(log);
    prepare(log);
  }
  int join(const sockaddr *to) { return ::connect(fd_, to, sizeof(sockaddr)); }
  // CHECK-MESSAGES: :[[@LINE+9]]:3: warning: 'blocking_wire::join' leads to 'connect', which waits until the other side has accepted the connection,
  // CHECK-MESSAGES: :[[@LINE-2]]:41: note: 'blocking_wire::join' calls 'connect', which waits until the other side has accepted the connection

private:
  int fd_;
};
task<> on_wires(wire &one, wrapped_wire &two, blocking_wire &three, const sockaddr *to, char *buffer) {
  one.take(buffer);
  two.join(to);
  three.join(to);
  co_await other();
}
