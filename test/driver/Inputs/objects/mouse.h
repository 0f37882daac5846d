#pragma once
#include "task.h"

struct mouse {
  int clicks = 0;
  detached run();
};
