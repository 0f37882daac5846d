#include "wire.h"

int wire::join(const sockaddr *to) { return ::connect(fd, to, sizeof(sockaddr)) < 0 && !in_progress() ? -1 : 0; }
int bare_wire::join(const sockaddr *to) { return ::connect(fd, to, sizeof(sockaddr)) < 0 && was_refused() ? -1 : 0; }
int set_wire::join(const sockaddr *to) { return ::connect(fd, to, sizeof(sockaddr)); }

task<int> join_all(wire &asks, bare_wire &blocks, set_wire &set, const sockaddr *to) {
  int left = asks.join(to);
  left += blocks.join(to);
  left += set.join(to);
  co_return left;
}
