//===- Compat.h - The only place that knows LLVM releases
//-------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Every `#if LLVM_VERSION_MAJOR` of the project stands here.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_COMPAT_H
#define CORO_ANALYSIS_COMPAT_H

#include "llvm/Config/llvm-config.h"

// clang-tidy's module header took over the registry in 22; the old one is
// removed in 24 and warns before that.
#if LLVM_VERSION_MAJOR >= 22
#define CORO_CLANG_TIDY_MODULE_HEADER "clang-tidy/ClangTidyModule.h"
#else
#define CORO_CLANG_TIDY_MODULE_HEADER "clang-tidy/ClangTidyModuleRegistry.h"
#endif

#endif // CORO_ANALYSIS_COMPAT_H
