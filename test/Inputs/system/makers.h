// How a library makes objects; the driver sees no bodies of it.
#pragma once
#include <memory>

namespace makers {
template <class T, class... A> std::shared_ptr<T> make(A &&...);
template <class T, class U> std::shared_ptr<T> cast(const std::shared_ptr<U> &);
struct registry {
  template <class T> std::shared_ptr<T> get();
};
} // namespace makers
