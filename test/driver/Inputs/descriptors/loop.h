#include "task.h"
#include <future>

struct loop {
  bool is_here() const;
  bool is_idle() const;
  int call(std::future<int> &result);
  int call_when_busy(std::future<int> &result);
};
