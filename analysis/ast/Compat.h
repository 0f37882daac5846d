//===- Compat.h - The only place that knows LLVM releases -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Every `#if LLVM_VERSION_MAJOR` of the project stands here.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_AST_COMPAT_H
#define CORO_ANALYSIS_AST_COMPAT_H

#include "clang/AST/TypeLoc.h"
#include "llvm/Config/llvm-config.h"

// clang-tidy's module header took over the registry in 22; the old one is
// removed in 24 and warns before that.
#if LLVM_VERSION_MAJOR >= 22
#define CORO_CLANG_TIDY_MODULE_HEADER "clang-tidy/ClangTidyModule.h"
#else
#define CORO_CLANG_TIDY_MODULE_HEADER "clang-tidy/ClangTidyModuleRegistry.h"
#endif

// The table of the compiler driver's options moved out of clang::driver in 22.
#if LLVM_VERSION_MAJOR >= 22
#define CORO_CLANG_OPTIONS_HEADER "clang/Options/Options.h"
#define CORO_OPTIONS clang::options
#define CORO_DRIVER_OPTIONS clang::getDriverOptTable
#else
#define CORO_CLANG_OPTIONS_HEADER "clang/Driver/Options.h"
#define CORO_OPTIONS clang::driver::options
#define CORO_DRIVER_OPTIONS clang::driver::getDriverOptTable
#endif

// CORO_DIAGNOSTICS_ENGINE(Name, Context, Consumer) declares the engine that the
// checks of a ClangTidyContext report to. Who owns its options changed in 21.
#if LLVM_VERSION_MAJOR >= 21
#define CORO_DIAGNOSTICS_ENGINE(Name, Context, Consumer)                       \
  auto Name##Options = std::make_unique<clang::DiagnosticOptions>();           \
  clang::DiagnosticsEngine Name(clang::DiagnosticIDs::create(),                \
                                *Name##Options, Consumer,                      \
                                /*ShouldOwnClient=*/false);                    \
  (Context).setDiagnosticsEngine(std::move(Name##Options), &Name)
#else
#define CORO_DIAGNOSTICS_ENGINE(Name, Context, Consumer)                       \
  clang::DiagnosticsEngine Name(                                               \
      llvm::makeIntrusiveRefCnt<clang::DiagnosticIDs>(),                       \
      llvm::makeIntrusiveRefCnt<clang::DiagnosticOptions>(), Consumer,         \
      /*ShouldOwnClient=*/false);                                              \
  (Context).setDiagnosticsEngine(&Name)
#endif

namespace coro {

/// A type as it is written, without the `struct` or the qualifier before its
/// name: until 21 those were a node of their own.
inline clang::TypeLoc withoutElaboration(clang::TypeLoc Type) {
#if LLVM_VERSION_MAJOR < 22
  while (auto Elaborated = Type.getAs<clang::ElaboratedTypeLoc>())
    Type = Elaborated.getNamedTypeLoc();
#endif
  return Type;
}

} // namespace coro

// LLVM 19 reads no unsigned numbers from JSON.
#if LLVM_VERSION_MAJOR < 22
#include "llvm/Support/JSON.h"
namespace llvm::json {
inline bool fromJSON(const Value &From, unsigned &To, Path Where) {
  int64_t Number = 0;
  if (!fromJSON(From, Number, Where))
    return false;
  if (Number < 0 || Number > UINT32_MAX) {
    Where.report("expected an unsigned integer");
    return false;
  }
  To = static_cast<unsigned>(Number);
  return true;
}
} // namespace llvm::json
#endif

#endif // CORO_ANALYSIS_AST_COMPAT_H
