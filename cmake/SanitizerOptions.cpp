//===- SanitizerOptions.cpp - What the sanitizers are told ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Linked into the programs of the preset `sanitize` only. The variables
// ASAN_OPTIONS and UBSAN_OPTIONS still have the last word.
//===----------------------------------------------------------------------===//

// detect_container_overflow=0: LLVM's libraries are not built with the
//   sanitizer; a std::vector that grew there has no marks of its end, or stale
//   ones, and what they do to ours would be reported here.
// allow_user_poisoning=0: an allocator of LLVM that is used from our code, too,
//   poisons a slab that it begins there; what the libraries then take from it
//   they do not unpoison.
// detect_leaks=0: clang frees no AST (DisableFree), and LLVM keeps its
//   registries until the process ends.
// detect_stack_use_after_return=0: clang keeps the stack's depth by addresses
//   of locals, which a fake stack has elsewhere: it would think that the stack
//   is exhausted.
// abort_on_error=1: ends by a signal, which the driver tells from an exit
//   status of its own.
extern "C" __attribute__((visibility("default"))) const char *
__asan_default_options() {
  return "detect_container_overflow=0:allow_user_poisoning=0:detect_leaks=0:"
         "detect_stack_use_after_return=0:abort_on_error=1:"
         "check_initialization_order=1:strict_string_checks=1";
}

extern "C" __attribute__((visibility("default"))) const char *
__ubsan_default_options() {
  return "halt_on_error=1:abort_on_error=1:print_stacktrace=1";
}
