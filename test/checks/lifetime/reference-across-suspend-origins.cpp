// RUN: %check_coro_tidy %s coro-reference-across-suspend %t
// How what is borrowed is followed: views and adaptors, tuples and pairs, gsl
// attributes, algorithms, getters, every kind of container.
#include "task.h"
#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

task<> later();
void use(int);
void use(const std::string &);
void use(std::string_view);
struct Entry { std::string name; int bytes = 0; std::vector<int> parts; task<> close(); };

template <class T> struct [[gsl::Pointer(T)]] Ref { Ref(T &t); T &get() const; T *operator->() const; T &operator*() const; };
template <class T> struct [[gsl::Owner(T)]] Box { T &operator*(); T *operator->(); T *get(); void reset(T *); Box &operator=(Box&&); };

const std::string &pick(const std::string &a [[clang::lifetimebound]], const std::string &b [[clang::lifetimebound]]);
std::string_view trim(std::string_view s [[clang::lifetimebound]]);
struct Cache { const Entry &get(int) const [[clang::lifetimebound]]; void drop(); };

std::map<int, Entry> global;
void erase_global() { global.clear(); }

struct T {
  std::map<int, Entry> map_;
  std::vector<Entry> vec_;
  std::vector<std::string> names_;
  std::string title_;
  std::deque<Entry> deq_;
  std::variant<int, Entry> var_;
  std::unique_ptr<Entry> up_;
  std::vector<std::unique_ptr<Entry>> ups_;
  std::map<int, std::map<int, Entry>> nested_;
  Box<Entry> box_;
  std::multimap<int, Entry> mm_;
  std::set<std::string> set_;

  void mutate() { map_.erase(1); vec_.push_back({}); names_.clear(); title_.clear(); deq_.pop_front(); var_ = 1; up_.reset(); ups_.clear(); nested_.clear(); box_.reset(nullptr); mm_.clear(); set_.clear(); }

  task<> global1() { for (auto &[k, e] : global) co_await e.close(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:42: warning: this loop holds an iterator into 'global' over the co_await
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'erase_global' may end it meanwhile
  task<> global2() { auto &e = global[1]; co_await later(); use(e.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:65: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'erase_global' may end it meanwhile
  task<> filter() { auto v = vec_ | std::views::filter([](const Entry &e) { return e.bytes > 0; }); co_await later(); for (auto &e : v) use(e.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:134: warning: 'v' may dangle after the co_await on line [[@LINE-1]]: 'T::mutate' may move the elements of 'vec_' meanwhile
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> filterloop() { for (auto &e : vec_ | std::views::filter([](const Entry &e) { return e.bytes > 0; })) co_await e.close(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:40: warning: this loop holds an iterator into 'vec_' over the co_await
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> transform() { for (auto n : vec_ | std::views::transform([](const Entry &e) { return e.bytes; })) { co_await later(); use(n); } }
  // CHECK-MESSAGES: :[[@LINE-1]]:38: warning: this loop holds an iterator into 'vec_' over the co_await
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> reverse() { for (auto &e : std::views::reverse(vec_)) co_await e.close(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:37: warning: this loop holds an iterator into 'vec_' over the co_await
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> values() { for (auto &e : map_ | std::views::values) co_await e.close(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:36: warning: this loop holds an iterator into 'map_' over the co_await
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> keys() { for (auto &k : std::views::keys(map_)) { co_await later(); use(k); } }
  // CHECK-MESSAGES: :[[@LINE-1]]:34: warning: this loop holds an iterator into 'map_' over the co_await
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> take() { for (auto &e : vec_ | std::views::drop(1) | std::views::take(3)) co_await e.close(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:34: warning: this loop holds an iterator into 'vec_' over the co_await
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> viewsall() { auto v = std::views::all(vec_); co_await later(); use(v[0].bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:77: warning: 'v' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> refview() { std::ranges::ref_view v(vec_); co_await later(); use(v[0].bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:75: warning: 'v' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> rangesfind() { auto it = std::ranges::find(names_, "x"); co_await later(); use(*it); }
  // CHECK-MESSAGES: :[[@LINE-1]]:90: warning: 'it' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> stdfind() { auto it = std::find(names_.begin(), names_.end(), "x"); co_await later(); use(*it); }
  // CHECK-MESSAGES: :[[@LINE-1]]:101: warning: 'it' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> findif() { auto it = std::find_if(vec_.begin(), vec_.end(), [](const Entry &e) { return e.bytes; }); co_await later(); use(it->bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:133: warning: 'it' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> subspan() { auto s = std::span(vec_).subspan(1); co_await later(); use(s[0].bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:81: warning: 's' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> substr() { auto s = std::string_view(title_).substr(1); co_await later(); use(s); }
  // CHECK-MESSAGES: :[[@LINE-1]]:88: warning: 's' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> boundf() { const auto &s = pick(names_[0], names_[1]); co_await later(); use(s); }
  // CHECK-MESSAGES: :[[@LINE-1]]:87: warning: 's' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> trimmed() { auto s = trim(title_); co_await later(); use(s); }
  // CHECK-MESSAGES: :[[@LINE-1]]:67: warning: 's' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> refgsl() { Ref<Entry> r(vec_[0]); co_await later(); use(r->bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:66: warning: 'r' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> owner() { auto &e = *box_; co_await later(); use(e.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:59: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> refwrap() { auto r = std::ref(vec_[0]); co_await later(); use(r.get().bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:72: warning: 'r' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> tuple1() { std::tuple<Entry &, int> t(vec_[0], 1); co_await later(); use(std::get<0>(t).bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:95: warning: 't' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> tie() { auto t = std::tie(vec_[0], vec_[1]); co_await later(); use(std::get<0>(t).bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:89: warning: 't' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> pair() { auto p = std::make_pair(map_.begin(), map_.end()); co_await later(); use(p.first->second.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:92: warning: 'p' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> equal_range() { auto [b, e] = mm_.equal_range(1); co_await later(); for (; b != e; ++b) use(b->second.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:85: warning: 'b' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> bindref() { auto &[k, e] = *map_.begin(); co_await later(); use(e.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:74: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> variant() { auto &e = std::get<Entry>(var_); co_await later(); use(e.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:77: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> getif() { auto *e = std::get_if<Entry>(&var_); co_await later(); use(e->bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:79: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> upget() { Entry *e = up_.get(); co_await later(); use(e->bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:64: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> ups() { for (auto &u : ups_) co_await u->close(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: this loop holds an iterator into 'ups_' over the co_await
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> ups2() { Entry *e = ups_[0].get(); co_await later(); use(e->bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:67: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> nested() { auto &e = nested_[1][2]; co_await later(); use(e.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:68: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> nestedfind() { auto it = nested_[1].find(2); co_await later(); use(it->second.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:77: warning: 'it' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> member() { auto &parts = vec_[0].parts; co_await later(); use(parts[0]); }
  // CHECK-MESSAGES: :[[@LINE-1]]:72: warning: 'parts' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> data() { auto *p = vec_.data(); co_await later(); use(p->bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:64: warning: 'p' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> front() { auto &e = deq_.front(); co_await later(); use(e.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:66: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> setit() { const std::string &s = *set_.begin(); co_await later(); use(s); }
  // CHECK-MESSAGES: :[[@LINE-1]]:80: warning: 's' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> lambdaby() { auto *e = &vec_[0]; auto f = [e] { use(e->bytes); }; co_await later(); f(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:94: warning: 'f' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> accumulate() { const Entry *best = nullptr; for (auto &e : vec_) if (!best || e.bytes > best->bytes) best = &e; co_await later(); use(best->bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:144: warning: 'best' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> maxel() { auto &e = *std::max_element(vec_.begin(), vec_.end(), [](auto &a, auto &b) { return a.bytes < b.bytes; }); co_await later(); use(e.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:149: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> iter3() { auto b = std::begin(vec_); co_await later(); use(b->bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:69: warning: 'b' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> ternary(bool x) { auto it = x ? map_.find(1) : map_.find(2); co_await later(); use(it->second.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:93: warning: 'it' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> aftertry() { auto &e = map_[1]; try { co_await later(); } catch (...) {} use(e.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:87: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> swit(int n) { auto &e = map_[1]; switch (n) { case 1: co_await later(); [[fallthrough]]; default: use(e.bytes); } }
  // CHECK-MESSAGES: :[[@LINE-1]]:112: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> dowh() { auto it = map_.begin(); do { co_await later(); ++it; } while (it != map_.end()); }
  // CHECK-MESSAGES: :[[@LINE-1]]:68: warning: 'it' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<int> retval() { auto &e = map_[1]; co_await later(); co_return e.bytes; }
  // CHECK-MESSAGES: :[[@LINE-1]]:71: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> passref(int) { auto &e = map_[1]; co_await later(); co_await take(e); }
  // CHECK-MESSAGES: :[[@LINE-1]]:76: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> take(Entry &);
  task<> ptrmember() { auto *self = this; auto &e = self->map_[1]; co_await later(); use(e.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:90: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> emplace() { auto it = map_.try_emplace(1).first; co_await later(); use(it->second.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:81: warning: 'it' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> emback() { auto &e = vec_.emplace_back(); co_await later(); use(e.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:74: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> extractor() { auto *e = &map_.at(1).name; co_await later(); use(*e); }
  // CHECK-MESSAGES: :[[@LINE-1]]:75: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> condinit() { if (auto it = map_.find(1); it != map_.end()) { co_await later(); use(it->second.bytes); } }
  // CHECK-MESSAGES: :[[@LINE-1]]:93: warning: 'it' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> whilecond() { while (auto *e = first()) { co_await later(); use(e->bytes); } }
  // CHECK-MESSAGES: :[[@LINE-1]]:74: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  Entry *first() { return vec_.empty() ? nullptr : &vec_.front(); }
  Entry *lookup(int id) { auto it = map_.find(id); if (it == map_.end()) return nullptr; return &it->second; }
  task<> lookedup() { auto *e = lookup(1); if (!e) co_return; co_await later(); use(e->bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:85: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  std::map<int, Entry> &map() { return map_; }
  task<> viagetter() { auto &e = map()[1]; co_await later(); use(e.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:66: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> viashared(std::shared_ptr<T> o) { auto &e = o->map_[1]; co_await later(); use(e.bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:88: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> viapublicgetter(std::shared_ptr<T> o) { auto *e = o->lookup(1); co_await later(); use(e->bytes); }
  // CHECK-MESSAGES: :[[@LINE-1]]:96: warning: 'e' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
  task<> ostr() { auto *p = names_[0].c_str(); co_await later(); use(p[0]); }
  // CHECK-MESSAGES: :[[@LINE-1]]:70: warning: 'p' may dangle after the co_await
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'T::mutate' may end it meanwhile
};
