// RUN: %check_coro_tidy %s coro-blocking-call %t
// What blocks in each library, and what its own coroutines write instead.
#include "library_tasks.h"
#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

namespace folly {
namespace coro {
TASK(Task);
template <typename T> void blockingWait(T &&);
} // namespace coro
template <typename T> struct SemiFuture {
  T get() &&;
  bool isReady() const;
};
} // namespace folly
folly::coro::Task<> folly_other();
folly::coro::Task<> with_folly(folly::SemiFuture<int> future, folly::SemiFuture<int> tested) {
  std::this_thread::sleep_for(1s);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use 'co_await folly::coro::sleep(delay)'
  folly::coro::blockingWait(folly_other());
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'blockingWait' waits until the whole task is done, and no other coroutine of this thread runs meanwhile; use 'co_await' on the task itself
  std::move(future).get();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'SemiFuture::get' waits until the result is there, and no other coroutine of this thread runs meanwhile; use 'co_await' on a 'folly::coro::Baton' or on the future itself
  if (tested.isReady())
    std::move(tested).get();
  co_await folly_other();
}
// Behind a semaphore that counts the elements: there is one.
namespace folly {
template <typename T> struct UnboundedQueue {
  T dequeue();
};
namespace coro {
struct Semaphore {
  Task<> co_wait();
};
} // namespace coro
} // namespace folly
struct queue_of_coroutines {
  folly::UnboundedQueue<int> queue_;
  folly::coro::Semaphore available_;
  folly::coro::Task<int> dequeue() {
    co_await available_.co_wait();
    co_return queue_.dequeue();
  }
};

namespace cppcoro {
TASK(task);
template <typename T> void sync_wait(T &&);
} // namespace cppcoro
cppcoro::task<> cppcoro_other();
cppcoro::task<> with_cppcoro() {
  std::this_thread::sleep_for(1s);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use 'co_await io_service.schedule_after(delay)'
  cppcoro::sync_wait(cppcoro_other());
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sync_wait' waits until the whole task is done, and no other coroutine of this thread runs meanwhile; use 'co_await' on the task itself
  co_await cppcoro_other();
}

namespace coro {
namespace concepts {}
TASK(task);
template <typename T> void sync_wait(T &&);
} // namespace coro
coro::task<> libcoro_other();
coro::task<> with_libcoro() {
  std::this_thread::sleep_for(1s);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use 'co_await scheduler->yield_for(d)'
  coro::sync_wait(libcoro_other());
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sync_wait' waits until the whole task is done
  co_await libcoro_other();
}

namespace unifex {
TASK(task);
template <typename T> void sync_wait(T &&);
} // namespace unifex
unifex::task<> unifex_other();
unifex::task<> with_unifex() {
  std::this_thread::sleep_for(1s);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use 'co_await unifex::schedule_after(d)'
  unifex::sync_wait(unifex_other());
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sync_wait' waits until the sender is done
  co_await unifex_other();
}

namespace stdexec {
template <typename S> void sync_wait(S &&);
} // namespace stdexec
namespace exec {
TASK(task);
} // namespace exec
exec::task<> exec_other();
exec::task<> with_stdexec() {
  std::this_thread::sleep_for(1s);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use 'co_await exec::schedule_after(scheduler, d)'
  stdexec::sync_wait(exec_other());
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sync_wait' waits until the sender is done
  co_await exec_other();
}

namespace async_simple {
namespace coro {
TASK(Lazy);
template <typename T> void syncAwait(T &&);
} // namespace coro
} // namespace async_simple
async_simple::coro::Lazy<> async_simple_other();
async_simple::coro::Lazy<> with_async_simple() {
  std::this_thread::sleep_for(1s);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use 'co_await async_simple::coro::sleep(d)'
  async_simple::coro::syncAwait(async_simple_other());
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'syncAwait' waits until the whole task is done
  co_await async_simple_other();
}

namespace QCoro {
TASK(Task);
template <typename T> void waitFor(T &&);
} // namespace QCoro
QCoro::Task<> qcoro_other();
QCoro::Task<> with_qcoro() {
  std::this_thread::sleep_for(1s);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use 'co_await QCoro::sleepFor(d)'
  QCoro::waitFor(qcoro_other());
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'waitFor' runs a nested event loop until the task is done
  co_await qcoro_other();
}

namespace concurrencpp {
TASK(lazy_result);
template <typename T> struct result {
  T get();
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};
} // namespace concurrencpp
concurrencpp::lazy_result<> with_concurrencpp(concurrencpp::result<int> first, concurrencpp::result<int> second) {
  std::this_thread::sleep_for(1s);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use 'co_await' a delay object of a 'concurrencpp::timer_queue'
  first.get();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'result::get' waits until the result is there, and no other coroutine of this thread runs meanwhile; use 'co_await' in its place
  co_await second;
}

namespace drogon {
TASK(Task);
template <typename T> void sync_wait(T &&);
namespace orm {
struct DbClient {
  int execSqlSync(const char *);
};
} // namespace orm
} // namespace drogon
drogon::Task<> drogon_other();
drogon::Task<> with_drogon(drogon::orm::DbClient &client) {
  std::this_thread::sleep_for(1s);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use 'co_await drogon::sleepCoro(loop, d)'
  client.execSqlSync("select 1");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'DbClient::execSqlSync' waits until the database has answered, and no other coroutine of this thread runs meanwhile; use 'co_await client->execSqlCoro(…)' or a 'drogon::orm::CoroMapper'
  co_await drogon_other();
}

// C libraries, from anybody's coroutines.
extern "C" {
struct sqlite3_stmt;
struct PGconn;
struct MYSQL;
int sqlite3_step(sqlite3_stmt *);
void *PQexec(PGconn *, const char *);
int PQsendQuery(PGconn *, const char *);
int mysql_query(MYSQL *, const char *);
void *redisCommand(void *, const char *, ...);
int redisAsyncCommand(void *, void *, void *, const char *, ...);
int curl_easy_perform(void *);
int curl_multi_perform(void *, int *);
void g_main_loop_run(void *);
int SSL_connect(void *);
}
cppcoro::task<> c_libraries(sqlite3_stmt *statement, PGconn *postgres, MYSQL *mysql, void *handle, int *running) {
  sqlite3_step(statement);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sqlite3_step' runs the statement and waits for the disk
  PQexec(postgres, "select 1");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'PQexec' waits until the server has answered, and no other coroutine of this thread runs meanwhile; use 'PQsendQuery' and 'PQconsumeInput' with an awaited socket
  mysql_query(mysql, "select 1");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'mysql_query' waits until the server has answered
  redisCommand(handle, "GET x");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'redisCommand' waits until the server has answered, and no other coroutine of this thread runs meanwhile; use 'redisAsyncCommand'
  curl_easy_perform(handle);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'curl_easy_perform' waits until the whole transfer is done
  g_main_loop_run(handle);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'g_main_loop_run' runs the event loop until it is stopped
  PQsendQuery(postgres, "select 1");
  redisAsyncCommand(handle, nullptr, nullptr, "GET x");
  curl_multi_perform(handle, running);
  co_await cppcoro_other();
}

// The standard library's other waits, under the names that one writes.
cppcoro::task<> waits(std::barrier<> &barrier, std::atomic<int> &number, std::atomic_flag &flag,
                      std::shared_future<int> future, std::condition_variable_any &condition,
                      std::timed_mutex &mutex) {
  barrier.arrive_and_wait();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'barrier::arrive_and_wait' waits until all threads of the phase have arrived
  number.wait(0);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'atomic::wait' waits until another thread changes the value and notifies
  flag.wait(false);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'atomic_flag::wait' waits until another thread changes the flag and notifies
  future.wait();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'shared_future::wait' waits until the result is there
  std::unique_lock lock(mutex);
  condition.wait(lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'condition_variable_any::wait' waits until another thread notifies it
  lock.unlock();
  co_await cppcoro_other();
}

// What is handed to a library's own coroutine cannot be mended where that calls it.
namespace cppcoro {
inline void pause() { std::this_thread::sleep_for(1s); }
template <typename Handler> task<> entry_point(Handler handler) {
  co_await cppcoro_other();
  handler();
  pause();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'pause' leads to 'sleep_for', which puts the thread to sleep,
  // CHECK-MESSAGES: :[[@LINE-6]]:23: note: 'pause' calls 'sleep_for', which puts the thread to sleep
}
} // namespace cppcoro
void handle() { std::this_thread::sleep_for(1s); }
cppcoro::task<> spawns() {
  co_await cppcoro::entry_point([] { handle(); });
  handle();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'handle' leads to 'sleep_for', which puts the thread to sleep,
  // CHECK-MESSAGES: :[[@LINE-5]]:17: note: 'handle' calls 'sleep_for', which puts the thread to sleep
}
