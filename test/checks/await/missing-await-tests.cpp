// Tests and main programs: a task that is made there and never run.
// RUN: %check_coro_tidy %s coro-missing-await %t
#include "task.h"

namespace testing {
struct Test {};
} // namespace testing
#define TEST_F(fixture, name)                                                  \
  struct fixture##_##name : fixture {                                          \
    void TestBody();                                                           \
  };                                                                           \
  void fixture##_##name::TestBody()
#define EXPECT_TRUE(condition)                                                 \
  if (condition)                                                               \
    ;                                                                          \
  else                                                                         \
    fail()
#define EXPECT_THROW(statement, exception)                                     \
  try {                                                                        \
    statement;                                                                 \
    fail();                                                                    \
  } catch (const exception &) {                                                \
  }
#define BOOST_CHECK_THROW(expression, exception)                               \
  do {                                                                         \
    try {                                                                      \
      static_cast<void>(expression);                                           \
      fail();                                                                  \
    } catch (const exception &) {                                              \
    }                                                                          \
  } while (false)
void fail();

struct error {};
struct server : testing::Test {
  task<> serves();
  bool served = false;
};
task<> run();
template <class T> T sync_wait(task<T> &&);

TEST_F(server, answers) {
  serves();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'server::serves' returns a lazy task that nothing awaits: its body never runs [coro-missing-await]
  // CHECK-MESSAGES: :[[@LINE-2]]:3: note: this function is no coroutine
  auto second = serves();
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'second' holds a lazy task that nothing awaits
  // CHECK-MESSAGES: :[[@LINE-2]]:17: note: this function is no coroutine
  EXPECT_TRUE(served);
}
TEST_F(server, in_lambda) {
  auto scenario = [&]() -> task<> {
    serves();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'server::serves' returns a lazy task that nothing awaits: its body never runs; write 'co_await serves()'
    // CHECK-FIXES: co_await serves();
    co_return;
  };
  sync_wait(scenario());
}

int main(int argc, char **) {
  run();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'run' returns a lazy task that nothing awaits
  // CHECK-MESSAGES: :[[@LINE-2]]:3: note: this function is no coroutine
  if (argc > 1)
    sync_wait(run());
}

//===--- Silent ---===//

TEST_F(server, waits) {
  sync_wait(serves());
  auto later = serves();
  sync_wait(std::move(later));
  EXPECT_TRUE(served);
}
// It is made to see that it cannot be made.
template <class F> void throws(F f) {
  try {
    f();
    fail();
  } catch (const error &) {
  }
}
TEST_F(server, throws_early) {
  EXPECT_THROW(serves(), error);
  BOOST_CHECK_THROW(serves(), error);
  throws([&] { serves(); });
}
// Made to see what its end, or an assignment, does.
TEST_F(server, lifetime) {
  {
    auto never_run = serves();
    EXPECT_TRUE(!served);
  }
  EXPECT_TRUE(!served);
  task<> first = serves();
  task<> second = serves();
  first = std::move(second);
  sync_wait(std::move(first));
}
