#include "log.h"

void prepare() { log_line("prepared"); }
