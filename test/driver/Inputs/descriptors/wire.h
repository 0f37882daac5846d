#include "task.h"
#include <sys/socket.h>

bool in_progress();
bool was_refused();
void set_mode(int fd);

struct wire {
  int join(const sockaddr *to);
  int fd = -1;
};
struct bare_wire {
  int join(const sockaddr *to);
  int fd = -1;
};
struct set_wire {
  explicit set_wire(int fd) : fd(fd) { set_mode(fd); }
  int join(const sockaddr *to);
  int fd = -1;
};
