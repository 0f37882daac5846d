#pragma once

#include <exception>
#include <iostream>

namespace gateway {

// Completion handler for a coroutine that nobody waits for.
inline auto log_failure(const char *task) {
  return [task](std::exception_ptr failure) {
    if (!failure)
      return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception &e) {
      std::cerr << task << ": " << e.what() << '\n';
    }
  };
}

} // namespace gateway
