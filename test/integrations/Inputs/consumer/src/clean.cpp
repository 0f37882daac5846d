#include "work.h"

task<> run_all() { co_await save(); }
