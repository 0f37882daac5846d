// RUN: %check_coro_tidy %s coro-missing-await %t
// A friend that is a class is found where it is declared. A template that
// befriends its own specialisations leads back to itself.
#include "task.h"

task<> work();

template <typename T> struct Peer {
  template <typename> friend struct Peer;
  friend task<> hidden(Peer) {
    work();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'work' returns a lazy task that nothing awaits
    // CHECK-FIXES: co_await work();
    co_return;
  }
  task<> method() {
    work();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'work' returns a lazy task that nothing awaits
    // CHECK-FIXES: co_await work();
    co_return;
  }
};

task<> both(Peer<int> A, Peer<char> B) {
  co_await hidden(A);
  co_await A.method();
  co_await hidden(B);
  co_await B.method();
}
