// REQUIRES: qt6
// RUN: %check_coro_tidy %s coro-reference-across-suspend %t -- -- -fPIC -isystem /usr/include/x86_64-linux-gnu/qt6 -isystem /usr/include/x86_64-linux-gnu/qt6/QtCore
// What the operations of real containers do to references and iterators.
#include "task.h"
#include <QtCore/QCache>
#include <QtCore/QHash>
#include <QtCore/QList>
#include <QtCore/QMap>
#include <QtCore/QQueue>
#include <QtCore/QString>

task<> later();
template <class T> void use(const T &);
struct map_inserts {
  QMap<int, int> all_;
  void change() { all_.insert(1, 1); }
  task<> run() {
    auto it = all_.find(1);
    co_await later();
    use(it.value());
  }
};
struct map_removes {
  QMap<int, int> all_;
  void change() { all_.remove(1); }
  task<> run() {
    auto it = all_.find(1);
    co_await later();
    use(it.value());
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'map_removes::change' may remove elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'map_removes::change' may end it meanwhile
  }
};
struct hash_inserts {
  QHash<int, int> all_;
  void change() { all_.insert(1, 1); }
  task<> run() {
    auto it = all_.find(1);
    co_await later();
    use(it.value());
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'hash_inserts::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'hash_inserts::change' may end it meanwhile
  }
};
struct list_appends {
  QList<int> all_;
  void change() { all_.append(1); }
  task<> run() {
    auto &e = all_.first();
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'list_appends::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'list_appends::change' may end it meanwhile
  }
};
struct list_takes {
  QList<int> all_;
  void change() { all_.takeFirst(); }
  task<> run() {
    auto &e = all_[0];
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'list_takes::change' may remove elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'list_takes::change' may end it meanwhile
  }
};
struct queue_takes {
  QQueue<int> all_;
  void change() { all_.dequeue(); }
  task<> run() {
    auto &e = all_.head();
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'queue_takes::change' may remove elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'queue_takes::change' may end it meanwhile
  }
};
struct cache_inserts {
  QCache<int, int> all_;
  void change() { all_.insert(1, new int); }
  task<> run() {
    int *e = all_.object(2);
    co_await later();
    use(*e);
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: {{'(it|e)' may dangle .*'cache_inserts::change' may remove elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'cache_inserts::change' may end it meanwhile
  }
};
struct string_changes {
  QString all_;
  void change() { all_.append(u'x'); }
  task<> run() {
    const QChar *e = all_.constData();
    co_await later();
    use(*e);
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: {{'(it|e)' may dangle .*'string_changes::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'string_changes::change' may end it meanwhile
  }
};
