#include "task.h"
task<> before();
#include "not/there.h"
