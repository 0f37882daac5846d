//===- main.cpp - coro-tidy -----------------------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/Driver.h"
#include "llvm/Support/Process.h"

int main(int argc, const char **argv) {
  // A file that is opened must not take the place of an output that was closed.
  if (llvm::sys::Process::FixupStandardFileDescriptors())
    return coro::Failed;
  return coro::driverMain(llvm::ArrayRef(argv, argc));
}
