#include "store.h"
#include <unistd.h>

struct Memory : Store {
  void flush() override {}
};
namespace {
struct Slow : Wait {
  void until_done() override { sleep(1); }
};
} // namespace
void either() {}
