#include "store.h"
#include <unistd.h>

struct Disk : Store {
  void flush() override { sleep(1); }
};
struct Poll : Wait {
  void until_done() override { sleep(2); }
};
void pause_here() { sleep(3); }
void run_now(void (*f)()) { twice(f); }
static void (*kept)();
void run_later(void (*f)()) { kept = f; }
void either() { sleep(4); }
