#include "net.h"
#include <netinet/in.h>
#include <sys/socket.h>

static int attempt(int fd, const sockaddr *to, socklen_t size) {
  return connect(fd, to, size);
}

int dial(const char *, int port) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_port = htons(port);
  return attempt(fd, reinterpret_cast<sockaddr *>(&to), sizeof to);
}
