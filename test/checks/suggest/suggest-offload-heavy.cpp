// RUN: %check_coro_tidy %s coro-suggest-offload %t
// RUN: %clang_tidy --quiet --checks=-*,coro-suggest-offload --config="{CheckOptions: {MinConfidence: low}}" %s -- -std=c++20 -I%inputs | FileCheck %s --check-prefix=LOW --implicit-check-not=warning:
#include "task.h"
#include <algorithm>
#include <array>
#include <string>
#include <vector>

extern "C" {
int EVP_PBE_scrypt(const char *, unsigned long, const unsigned char *,
                   unsigned long, unsigned long, unsigned long, unsigned long,
                   unsigned long, unsigned char *, unsigned long);
unsigned char *SHA256(const unsigned char *, unsigned long, unsigned char *);
int compress(unsigned char *, unsigned long *, const unsigned char *,
             unsigned long);
}
task<std::string> receive();
task<std::vector<int>> receive_numbers();
task<> send(const void *);

// Slow on purpose: it always matters.
task<> login() {
  std::string password = co_await receive();
  unsigned char key[32];
  EVP_PBE_scrypt(password.data(), password.size(), nullptr, 0, 16384, 8, 1, 0, key, 32);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this derives a key slowly on purpose, and that without a suspension: nothing else runs on the executor of this coroutine meanwhile; move it to a thread pool [coro-suggest-offload]
  // CHECK-MESSAGES: :[[@LINE-2]]:3: note: this call derives a key slowly on purpose
  // LOW: :[[@LINE-3]]:3: warning: this derives a key slowly on purpose
  co_await send(key);
}

// Through a function.
static void derive(const std::string &password, unsigned char *key) {
  EVP_PBE_scrypt(password.data(), password.size(), nullptr, 0, 16384, 8, 1, 0, key, 32);
}
task<> sign_up() {
  unsigned char key[32];
  derive(co_await receive(), key);
  std::string again = co_await receive();
  derive(again, key);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this derives a key slowly on purpose, and that without a suspension: nothing else runs on the executor of this coroutine meanwhile; move it to a thread pool [coro-suggest-offload]
  // CHECK-MESSAGES: :[[@LINE-2]]:3: note: calls 'derive', which derives a key slowly on purpose
  // CHECK-MESSAGES: :[[@LINE-9]]:3: note: this call derives a key slowly on purpose
  // LOW: :[[@LINE-4]]:3: warning: this derives a key slowly on purpose
  co_await send(key);
}

// How large the data are is not known: only when asked for.
task<> sorts() {
  std::vector<int> numbers = co_await receive_numbers();
  std::sort(numbers.begin(), numbers.end());
  // LOW: :[[@LINE-1]]:3: warning: this takes O(n log n) without a suspension
  co_await send(&numbers);
}
task<> hashes() {
  std::string text = co_await receive();
  unsigned char digest[32];
  SHA256(reinterpret_cast<const unsigned char *>(text.data()), text.size(), digest);
  // LOW: :[[@LINE-1]]:3: warning: this takes O(size of the data) without a suspension
  co_await send(digest);
}

// Too small to matter, whatever is asked for.
task<> small() {
  std::array<int, 16> numbers{};
  std::sort(numbers.begin(), numbers.end());
  unsigned char digest[32], block[64] = {};
  SHA256(block, sizeof block, digest);
  co_await send(digest);
}
