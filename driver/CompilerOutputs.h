//===- CompilerOutputs.h - Nothing is written by a parse ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A compile command says what its compiler writes besides an object file:
// dependencies, serialised diagnostics, statistics, modules. An analysis must
// write none of it: the build has written it, and a repository of others could
// name any file. The flags are many and have several spellings; what they set
// is one place each.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_COMPILEROUTPUTS_H
#define CORO_DRIVER_COMPILEROUTPUTS_H

#include "clang/Tooling/Tooling.h"

namespace coro {

/// Makes \p Invocation write nothing and load no plugin. Implicit modules are
/// kept where clang keeps them by itself, in the user's cache.
void forbidOutputs(clang::CompilerInvocation &Invocation);

/// The factory of every parse for an analysis.
class AnalysisActionFactory : public clang::tooling::FrontendActionFactory {
public:
  bool
  runInvocation(std::shared_ptr<clang::CompilerInvocation> Invocation,
                clang::FileManager *Files,
                std::shared_ptr<clang::PCHContainerOperations> PCHContainerOps,
                clang::DiagnosticConsumer *DiagConsumer) override;
};

} // namespace coro

#endif // CORO_DRIVER_COMPILEROUTPUTS_H
