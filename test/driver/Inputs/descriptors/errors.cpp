#include "wire.h"
#include <cerrno>
#include <fcntl.h>

bool in_progress() { return errno == EINPROGRESS || errno == EAGAIN; }
bool was_refused() { return errno == ECONNREFUSED; }
void set_mode(int fd) { ::fcntl(fd, F_SETFL, O_NONBLOCK); }
