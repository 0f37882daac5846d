#include "net/session.h"
#include <vector>

// The text "</script><script>throw 1</script>" must stay a text.
task<> decode() {
  std::string text = co_await receive();
  std::vector<std::string> words;
  std::string word;
  for (char c : text) {
    if (c == '<' || c == '>') { // </script><img src=x onerror=throw(1)>
      words.push_back(word);
      word.clear();
    } else if (c != '&') {
      word += c;
    }
  }
  if (!word.empty())
    words.push_back(word);
  co_await send(std::to_string(words.size()));
}
