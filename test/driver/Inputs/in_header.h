#pragma once
#include "task.h"

task<> work();
inline task<> drops() { work(); co_return; }
