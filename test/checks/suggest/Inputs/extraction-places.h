#include "loop.h"
#include <string>
#include <vector>

namespace places {

// A class whose coroutine is defined elsewhere.
class reader {
public:
  proof::task<int> read(int n);

private:
  struct token {
    int kind = 0;
    int length = 0;
  };
  static int kind_of(char c) { return c < 'k' ? 1 : 2; }
};

} // namespace places
