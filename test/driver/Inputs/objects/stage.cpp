#include "stage.h"

task<> tick();
void use(int);

void stage::set(std::vector<int> to) { lamps = std::move(to); }
void open_stage::set(std::vector<int> to) { lamps = std::move(to); }
void late_stage::set(std::vector<int> to) { lamps = std::move(to); }

task<> stage::plays() {
  int &first = lamps.front();
  co_await tick();
  use(first);
}
task<> open_stage::plays() {
  int &first = lamps.front();
  co_await tick();
  use(first);
}
task<> late_stage::plays() {
  int &first = lamps.front();
  co_await tick();
  use(first);
}
