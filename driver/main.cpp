//===- main.cpp - coro-tidy -----------------------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/Driver.h"

int main(int argc, const char **argv) {
  return coro::driverMain(llvm::ArrayRef(argv, argc));
}
