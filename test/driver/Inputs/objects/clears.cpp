#include "stage.h"

task<> tick();
task<> clears(open_stage &one) {
  co_await tick();
  one.set({});
}
