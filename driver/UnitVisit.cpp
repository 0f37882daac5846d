//===- UnitVisit.cpp - A parse of one translation unit, without checks ----===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/UnitVisit.h"
#include "driver/CompileDatabase.h"
#include "driver/CompilerOutputs.h"
#include "driver/UserCodeConsumer.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Frontend/MultiplexConsumer.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/Support/FileSystem.h"

using namespace clang;
using namespace llvm;

namespace coro {

namespace {

using Visitor = function_ref<void(ASTContext &)>;

/// Hands a parsed unit on.
class VisitAction : public ASTFrontendAction {
public:
  VisitAction(const AnalysisOptions &Options, Visitor Visit)
      : Options(Options), Visit(Visit) {}

  bool BeginInvocation(CompilerInstance &Compiler) override {
    prepareForAnalysis(Compiler, Options);
    return true;
  }

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &Compiler,
                                                 StringRef) override {
    struct Last : ASTConsumer {
      explicit Last(Visitor Visit) : Visit(Visit) {}
      void HandleTranslationUnit(ASTContext &AST) override { Visit(AST); }
      Visitor Visit;
    };
    std::vector<std::unique_ptr<ASTConsumer>> Parts;
    Parts.push_back(std::make_unique<UserCodeConsumer>(
        Compiler.getSourceManager(), Options.External));
    Parts.push_back(std::make_unique<Last>(Visit));
    return std::make_unique<MultiplexConsumer>(std::move(Parts));
  }

private:
  const AnalysisOptions &Options;
  Visitor Visit;
};

class VisitFactory : public AnalysisActionFactory {
public:
  VisitFactory(const AnalysisOptions &Options, Visitor Visit)
      : Options(Options), Visit(Visit) {}
  std::unique_ptr<FrontendAction> create() override {
    return std::make_unique<VisitAction>(Options, Visit);
  }

private:
  const AnalysisOptions &Options;
  Visitor Visit;
};

/// Keeps the first error.
class FirstError : public DiagnosticConsumer {
public:
  void HandleDiagnostic(DiagnosticsEngine::Level Level,
                        const Diagnostic &Info) override {
    DiagnosticConsumer::HandleDiagnostic(Level, Info);
    if (Level < DiagnosticsEngine::Error || !Text.empty())
      return;
    SmallString<128> Message;
    Info.FormatDiagnostic(Message);
    Text = Message.str().str();
  }
  std::string Text;
};

} // namespace

std::string visitUnit(const tooling::CompileCommand &Command,
                      const AnalysisOptions &Options, Visitor Visit) {
  if (!Command.Directory.empty() && !sys::fs::is_directory(Command.Directory))
    return "the folder that the compile database names for it does not exist";
  OneCommand Database(commandForAnalysis(Command, Options));
  tooling::ClangTool Tool(Database,
                          {absolutePath(Command.Filename, Command.Directory)});
  Tool.setPrintErrorMessage(false);
  FirstError Errors;
  Tool.setDiagnosticConsumer(&Errors);
  VisitFactory Factory(Options, Visit);
  if (Tool.run(&Factory) && Errors.Text.empty())
    return "the unit could not be parsed";
  return Errors.Text;
}

} // namespace coro
