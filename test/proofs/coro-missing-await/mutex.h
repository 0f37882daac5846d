// An asynchronous mutex whose lock is awaited, for these proofs.
#ifndef PROOFS_MUTEX_H
#define PROOFS_MUTEX_H

#include "../loop.h"

namespace proof_mutex {

class mutex {
public:
  class guard {
  public:
    explicit guard(mutex &m) : m_(&m) {}
    guard(guard &&other) noexcept : m_(std::exchange(other.m_, nullptr)) {}
    ~guard() {
      if (m_)
        m_->unlock();
    }

  private:
    mutex *m_;
  };

  struct lock_operation {
    mutex &m;
    bool await_ready() { return !std::exchange(m.locked_, true); }
    void await_suspend(std::coroutine_handle<> waiter) {
      m.waiters_.push_back(waiter);
    }
    guard await_resume() { return guard(m); }
  };
  lock_operation scoped_lock() { return {*this}; }

private:
  void unlock() {
    if (waiters_.empty()) {
      locked_ = false;
      return;
    }
    proof::loop::current().post(waiters_.front());
    waiters_.pop_front();
  }

  bool locked_ = false;
  std::deque<std::coroutine_handle<>> waiters_;
};

} // namespace proof_mutex

#endif // PROOFS_MUTEX_H
