#include "shared.h"

task<> second() { co_await work(); }
