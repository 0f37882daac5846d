#include "loop.h"

int loop::call(std::future<int> &result) { return is_here() ? 0 : result.get(); }
int loop::call_when_busy(std::future<int> &result) { return is_idle() ? 0 : result.get(); }

task<> asks(loop &on, std::future<int> &result) {
  on.call(result);
  on.call_when_busy(result);
  co_return;
}
