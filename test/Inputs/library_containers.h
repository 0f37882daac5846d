// The names of libraries' containers, and so their models, with members that
// many of them have.
#ifndef TEST_LIBRARY_CONTAINERS_H
#define TEST_LIBRARY_CONTAINERS_H

// What the containers have in common.
template <class T> struct iterator {
  T &operator*() const;
  T *operator->() const;
  iterator &operator++();
  bool operator==(const iterator &) const;
};
struct entry {
  int first;
  int second;
};
struct hash_map {
  iterator<entry> find(int);
  iterator<entry> end();
  int &operator[](int);
  int &at(int);
  void insert(entry);
  void reserve(unsigned long);
  void rehash(unsigned long);
  void erase(int);
  void clear();
};
struct sequence {
  iterator<int> begin();
  iterator<int> end();
  int &operator[](unsigned long);
  int &front();
  int &back();
  void push_back(int);
  void push_front(int);
  void pop_back();
  void insert(int);
  void clear();
};

namespace absl {
template <class K, class V> struct flat_hash_map : hash_map {};
template <class K, class V> struct node_hash_map : hash_map {};
template <class K, class V> struct btree_map : hash_map {};
template <class T, int N> struct InlinedVector : sequence {};
} // namespace absl

namespace boost {
namespace container {
template <class K, class V> struct flat_map : hash_map {};
template <class K, class V> struct map : hash_map {};
template <class T, int N> struct static_vector : sequence {};
template <class T> struct devector : sequence {};
template <class T> struct deque : sequence {};
} // namespace container
namespace unordered {
template <class K, class V> struct unordered_flat_map : hash_map {};
template <class K, class V> struct unordered_node_map : hash_map {};
} // namespace unordered
template <class T> struct circular_buffer : sequence {};
template <class T> struct ptr_vector : sequence {};
namespace multi_index {
template <class T> struct multi_index_container : hash_map {
  void modify(iterator<entry>, int);
};
} // namespace multi_index
} // namespace boost

namespace folly {
template <class K, class V> struct F14ValueMap : hash_map {};
template <class K, class V> struct F14FastMap : hash_map {};
template <class K, class V> struct F14NodeMap : hash_map {};
template <class T> struct fbvector : sequence {};
template <class K, class V> struct sorted_vector_map : hash_map {};
} // namespace folly

template <class K, class V> struct QHash : hash_map {};
template <class K, class V> struct QMap : hash_map {};
template <class T> struct QList : sequence {};
template <class T> struct QQueue : QList<T> {
  void enqueue(T);
  T dequeue();
};
template <class T> struct QSet {
  iterator<T> begin();
  iterator<T> end();
  iterator<T> find(T);
  QSet &subtract(const QSet &);
};

namespace llvm {
template <class Derived> struct DenseMapBase : hash_map {};
template <class K, class V>
struct DenseMap : DenseMapBase<DenseMap<K, V>> {};
template <class V> struct StringMap : hash_map {};
template <class K, class V> struct MapVector : hash_map {};
template <class T> struct SmallVectorTemplateBase : sequence {};
template <class T> struct SmallVectorImpl : SmallVectorTemplateBase<T> {
  T pop_back_val();
  void truncate(unsigned long);
};
template <class T, unsigned N> struct SmallVector : SmallVectorImpl<T> {};
} // namespace llvm

#endif // TEST_LIBRARY_CONTAINERS_H
