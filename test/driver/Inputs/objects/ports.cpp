#include "mouse.h"

void plugged_in() { (new mouse)->run(); }
