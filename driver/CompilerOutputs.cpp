//===- CompilerOutputs.cpp - Nothing is written by a parse ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/CompilerOutputs.h"
#include "clang/Driver/Driver.h"
#include "clang/Frontend/CompilerInvocation.h"

using namespace clang;
using namespace llvm;

namespace coro {

void forbidOutputs(CompilerInvocation &Invocation) {
  Invocation.getDependencyOutputOpts() = DependencyOutputOptions();

  DiagnosticOptions &Diagnostics = Invocation.getDiagnosticOpts();
  Diagnostics.DiagnosticLogFile.clear();
  Diagnostics.DiagnosticSerializationFile.clear();

  FrontendOptions &Frontend = Invocation.getFrontendOpts();
  Frontend.OutputFile.clear();
  Frontend.StatsFile.clear();
  Frontend.TimeTracePath.clear();
  Frontend.ModuleOutputPath.clear();
  Frontend.SymbolGraphOutputDir.clear();
  Frontend.Plugins.clear();
  Frontend.AddPluginActions.clear();
  Frontend.PluginArgs.clear();

  HeaderSearchOptions &Headers = Invocation.getHeaderSearchOpts();
  SmallString<256> Modules;
  if (!Headers.ModuleCachePath.empty() &&
      clang::driver::Driver::getDefaultModuleCachePath(Modules))
    Headers.ModuleCachePath = Modules.str().str();
  Headers.ModuleUserBuildPath.clear();
}

bool AnalysisActionFactory::runInvocation(
    std::shared_ptr<CompilerInvocation> Invocation, FileManager *Files,
    std::shared_ptr<PCHContainerOperations> PCHContainerOps,
    DiagnosticConsumer *DiagConsumer) {
  forbidOutputs(*Invocation);
  return FrontendActionFactory::runInvocation(
      std::move(Invocation), Files, std::move(PCHContainerOps), DiagConsumer);
}

} // namespace coro
