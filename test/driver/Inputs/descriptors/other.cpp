#include "wire.h"
// Another program: its function of the same name does something else.
bool in_progress() { return false; }
