#pragma once
#include "task.h"

task<> fill(void *);
template <typename T> task<> send(int) {
  struct { T values[20000]; } buffer;
  co_await fill(&buffer);
}
