// REQUIRES: boost-asio
// RUN: %check_coro_tidy %s coro-reference-across-suspend %t
// What the operations of real containers do to references and iterators.
#include "task.h"
#include <boost/circular_buffer.hpp>
#include <boost/container/flat_map.hpp>
#include <boost/container/map.hpp>
#include <boost/container/small_vector.hpp>
#include <boost/container/stable_vector.hpp>
#include <boost/container/static_vector.hpp>
#include <boost/intrusive/list.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/unordered_map.hpp>

task<> later();
template <class T> void use(const T &);
struct flat_map_inserts {
  boost::container::flat_map<int, int> all_;
  void change() { all_.try_emplace(1, 1); }
  task<> run() {
    auto &e = all_.begin()->second;
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'flat_map_inserts::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'flat_map_inserts::change' may end it meanwhile
  }
};
struct map_inserts {
  boost::container::map<int, int> all_;
  void change() { all_.try_emplace(1, 1); }
  task<> run() {
    auto it = all_.find(1);
    co_await later();
    use(it->second);
  }
};
struct map_erases {
  boost::container::map<int, int> all_;
  void change() { all_.erase(1); }
  task<> run() {
    auto it = all_.find(1);
    co_await later();
    use(it->second);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'map_erases::change' may remove elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'map_erases::change' may end it meanwhile
  }
};
struct hashed_rehashes {
  boost::unordered_map<int, int> all_;
  void change() { all_.emplace(1, 1); }
  task<> run() {
    auto it = all_.find(1);
    co_await later();
    use(it->second);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'hashed_rehashes::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'hashed_rehashes::change' may end it meanwhile
  }
};
struct hashed_keeps {
  boost::unordered_map<int, int> all_;
  void change() { all_.emplace(1, 1); }
  task<> run() {
    auto &e = all_.begin()->second;
    co_await later();
    use(e);
  }
};
struct small_grows {
  boost::container::small_vector<int, 4> all_;
  void change() { all_.push_back(1); }
  task<> run() {
    auto &e = all_.front();
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'small_grows::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'small_grows::change' may end it meanwhile
  }
};
struct static_stays {
  boost::container::static_vector<int, 4> all_;
  void change() { all_.push_back(1); }
  task<> run() {
    auto &e = all_.front();
    co_await later();
    use(e);
  }
};
struct stable_stays {
  boost::container::stable_vector<int> all_;
  void change() { all_.push_back(1); }
  task<> run() {
    auto &e = all_.front();
    co_await later();
    use(e);
  }
};
struct ring_overwrites {
  boost::circular_buffer<int> all_;
  void change() { all_.push_back(1); }
  task<> run() {
    auto &e = all_.front();
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'ring_overwrites::change' may remove elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'ring_overwrites::change' may end it meanwhile
  }
};
struct node : boost::intrusive::list_base_hook<> {
  int n = 0;
};
struct intrusive_unlinks {
  boost::intrusive::list<node> all_;
  void change() { all_.pop_front(); }
  task<> run() {
    auto it = all_.begin();
    co_await later();
    use(it->n);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'intrusive_unlinks::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'intrusive_unlinks::change' may end it meanwhile
  }
};
struct intrusive_keeps {
  boost::intrusive::list<node> all_;
  void change() { all_.pop_front(); }
  task<> run() {
    auto &e = all_.front();
    co_await later();
    use(e.n);
  }
};
struct json_inserts {
  boost::json::object all_;
  void change() { all_.emplace("x", 1); }
  task<> run() {
    auto &e = all_.at("y");
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'json_inserts::change' may move the elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'json_inserts::change' may end it meanwhile
  }
};
struct json_erases {
  boost::json::array all_;
  void change() { all_.clear(); }
  task<> run() {
    auto &e = all_.at(1);
    co_await later();
    use(e);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: {{'(it|e)' may dangle .*'json_erases::change' may remove elements of 'all_'}}
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'json_erases::change' may end it meanwhile
  }
};
