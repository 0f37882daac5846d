//===- main.cpp - coro-clangd ---------------------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// clangd with our checks linked in: a thin seam, since clangd may learn to load
// modules itself.
//
//===----------------------------------------------------------------------===//

// Its header is not installed; this is the whole of it.
namespace clang::clangd {
int clangdMain(int argc, char *argv[]);
} // namespace clang::clangd

int main(int argc, char *argv[]) {
  return clang::clangd::clangdMain(argc, argv);
}
