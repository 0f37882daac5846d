// Locks of libraries in the shapes that they really have, for tests.
#ifndef TEST_LOCKS_H
#define TEST_LOCKS_H

#include <mutex>
#include <pthread.h>

namespace absl {
class __attribute__((capability("mutex"))) Mutex {
public:
  void Lock() __attribute__((acquire_capability()));
  void Unlock() __attribute__((release_capability()));
};
class __attribute__((scoped_lockable)) MutexLock {
public:
  explicit MutexLock(Mutex *mu) __attribute__((acquire_capability(mu)));
  ~MutexLock() __attribute__((release_capability()));
};
class __attribute__((scoped_lockable)) ReleasableMutexLock {
public:
  explicit ReleasableMutexLock(Mutex *mu)
      __attribute__((acquire_capability(mu)));
  ~ReleasableMutexLock() __attribute__((release_capability()));
  void Release() __attribute__((release_capability()));
};
} // namespace absl

class QMutex {
public:
  void lock();
  void unlock();
  bool tryLock(int timeout = 0);
};
template <class Mutex> class QMutexLocker {
public:
  explicit QMutexLocker(Mutex *);
  ~QMutexLocker();
  void unlock();
  void relock();
};

namespace boost {
class mutex {
public:
  void lock();
  void unlock();
  bool try_lock();
};
template <class Mutex> class unique_lock {
public:
  explicit unique_lock(Mutex &);
  ~unique_lock();
  void lock();
  void unlock();
};
} // namespace boost

namespace folly {
template <bool ReaderPriority> class SharedMutexImpl {
public:
  void lock();
  void unlock();
};
using SharedMutex = SharedMutexImpl<false>;
template <class Synchronized> class LockedPtr {
public:
  explicit LockedPtr(Synchronized *);
  LockedPtr(LockedPtr &&) noexcept;
  ~LockedPtr();
  explicit operator bool() const;
  typename Synchronized::DataType *operator->() const;
  typename Synchronized::DataType &operator*() const;
  void unlock();
};
template <class Subclass> class SynchronizedBase {
public:
  LockedPtr<Subclass> wlock();
  LockedPtr<Subclass> tryWLock();
};
template <class T, class Mutex = SharedMutex>
class Synchronized : public SynchronizedBase<Synchronized<T, Mutex>> {
public:
  using DataType = T;
};
} // namespace folly

#endif // TEST_LOCKS_H
