// RUN: %check_coro_tidy %s coro-this-after-suspend %t
// The destructor cancels the task: before it goes on it learns that its object
// is gone.
#include "stopping.h"
#include <memory>
#include <utility>

namespace folly {
class CancellationSource {
public:
  CancellationToken getToken() const;
  bool requestCancellation() const;
  bool isCancellationRequested() const;
};
CancellationToken merge(CancellationToken, CancellationToken);
} // namespace folly
using folly::coro::co_withCancellation;
using folly::coro::co_withExecutor;

folly::coro::Task<int> receive();

struct Stops : std::enable_shared_from_this<Stops> {
  folly::CancellationSource source_;
  folly::Executor *executor_ = nullptr;
  int received_ = 0;

  ~Stops() { cleanUp(); }
  void cleanUp() {
    if (!source_.isCancellationRequested()) {
      source_.requestCancellation();
    }
  }
  folly::coro::Task<void> run() {
    int n = co_await receive();
    received_ += n;
  }
  void start(folly::CancellationToken other) {
    co_withExecutor(executor_, co_withCancellation(source_.getToken(), run()))
        .start();
    auto both = folly::merge(source_.getToken(), other);
    co_withExecutor(executor_, co_withCancellation(std::move(both), run()))
        .start();
  }
  // That token is somebody else's.
  void startFor(folly::CancellationToken other) {
    co_withExecutor(executor_, co_withCancellation(other, run())).start();
    // CHECK-MESSAGES: :[[@LINE-1]]:59: warning: the task of 'Stops::run' is left to itself, and nothing keeps its object
    // CHECK-MESSAGES: note: started here
    // CHECK-MESSAGES: note: it suspends here
    // CHECK-MESSAGES: note: and uses the object here
  }
};

// Not by the destructor, which only asks.
struct StopsElsewhere : std::enable_shared_from_this<StopsElsewhere> {
  folly::CancellationSource source_;
  folly::Executor *executor_ = nullptr;
  int received_ = 0;

  ~StopsElsewhere() {
    bool stopped = source_.isCancellationRequested();
    received_ = stopped;
  }
  void stop() { source_.requestCancellation(); }
  folly::coro::Task<void> run() {
    int n = co_await receive();
    received_ += n;
  }
  void start() {
    co_withExecutor(executor_, co_withCancellation(source_.getToken(), run()))
        // CHECK-MESSAGES: :[[@LINE-1]]:72: warning: the task of 'StopsElsewhere::run' is left to itself, and nothing keeps its object
        // CHECK-MESSAGES: note: started here
        // CHECK-MESSAGES: note: it suspends here
        // CHECK-MESSAGES: note: and uses the object here
        .start();
  }
};
