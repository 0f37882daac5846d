#include "farm.h"

void spawn(task<>);

int main() {
  farm f;
  spawn(f.run());
  market m;
  for (int day = 0; day < 3; ++day)
    spawn(m.run());
}
