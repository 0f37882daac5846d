#include "coro_tidy/annotations.h"
#include "task.h"

CORO_FIRE_AND_FORGET task<> log_line();
task<> save();
