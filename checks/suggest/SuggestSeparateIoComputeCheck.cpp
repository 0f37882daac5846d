//===- SuggestSeparateIoComputeCheck.cpp - Split IO from computing --------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/suggest/SuggestSeparateIoComputeCheck.h"
#include "analysis/Regions.h"
#include "clang/AST/ASTContext.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace coro;

static constexpr llvm::StringLiteral MinStatementsOption = "MinStatements";
static constexpr llvm::StringLiteral MaxInputsOption = "MaxInputs";
static constexpr llvm::StringLiteral MaxOutputsOption = "MaxOutputs";
static constexpr llvm::StringLiteral MaxPerFileOption = "MaxPerFile";

SuggestSeparateIoComputeCheck::SuggestSeparateIoComputeCheck(
    llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : CoroCheck(Name, Context),
      MinStatements(Options.get(MinStatementsOption, 8U)),
      MaxInputs(Options.get(MaxInputsOption, 4U)),
      MaxOutputs(Options.get(MaxOutputsOption, 2U)),
      MaxPerFile(Options.get(MaxPerFileOption, 3U)) {}

void SuggestSeparateIoComputeCheck::storeOptions(
    tidy::ClangTidyOptions::OptionMap &Opts) {
  CoroCheck::storeOptions(Opts);
  Options.store(Opts, MinStatementsOption, MinStatements);
  Options.store(Opts, MaxInputsOption, MaxInputs);
  Options.store(Opts, MaxOutputsOption, MaxOutputs);
  Options.store(Opts, MaxPerFileOption, MaxPerFile);
}

static std::string names(llvm::ArrayRef<RegionValue> Values) {
  std::string Text;
  for (const RegionValue &Value : Values)
    Text += (Text.empty() ? "'" : ", '") +
            Value.Declaration->getNameAsString() + "'";
  return Text;
}

void SuggestSeparateIoComputeCheck::analyze(Unit &U) {
  const SourceManager &SM = U.ast().getSourceManager();
  std::vector<ComputeRegion> All;
  llvm::DenseSet<SourceLocation> Seen; // instantiations of one template
  for (const Coroutine *C : U.coroutines())
    for (ComputeRegion &Region :
         findComputeRegions(*C, U, MinStatements, MaxInputs, MaxOutputs))
      if (!isAllowed(C->Function) &&
          Seen.insert(Region.Statements.front()->getBeginLoc()).second)
        All.push_back(std::move(Region));
  // The best of each file.
  llvm::sort(All, [](const ComputeRegion &A, const ComputeRegion &B) {
    unsigned OfA = A.Weight + 6 * A.LoopDepth, OfB = B.Weight + 6 * B.LoopDepth;
    return OfA != OfB ? OfA > OfB
                      : A.Statements.front()->getBeginLoc() <
                            B.Statements.front()->getBeginLoc();
  });
  llvm::DenseMap<FileID, unsigned> InFile;
  for (const ComputeRegion &Region : All) {
    SourceLocation Begin = Region.Statements.front()->getBeginLoc();
    SourceLocation End = Region.Statements.back()->getEndLoc();
    if (InFile[SM.getFileID(SM.getExpansionLoc(Begin))]++ >= MaxPerFile)
      continue;
    ProposedFunction Function = proposeFunction(Region, U);
    if (Function.Signature.empty())
      continue;
    std::string Lines = "lines " +
                        std::to_string(SM.getExpansionLineNumber(Begin)) +
                        " to " + std::to_string(SM.getExpansionLineNumber(End));
    Report R;
    R.Where = Begin;
    R.Sure = Confidence::Medium;
    R.Highlights = {Region.Statements.front()->getSourceRange()};
    R.Message = Lines + " of this coroutine only compute: they read " +
                (Region.LiveIns.empty() ? std::string("nothing")
                                        : names(Region.LiveIns)) +
                " and produce " + names(Region.LiveOuts) +
                "; as a plain function they can be tested and moved to "
                "another thread: '" +
                Function.Signature + "'";
    if (!Function.Definition.empty()) {
      ReportNote Note;
      Note.Where = SourceRange(Begin, Begin);
      Note.Message = "extract it: '" + Function.Call + "'";
      std::optional<Token> Next =
          Lexer::findNextToken(End, SM, U.ast().getLangOpts());
      SourceLocation Last = Next && Next->is(tok::semi) &&
                                    !isa<CompoundStmt>(Region.Statements.back())
                                ? Next->getLocation()
                                : End;
      Note.Fixes = {
          FixItHint::CreateInsertion(Region.In->Function->getBeginLoc(),
                                     Function.Definition),
          FixItHint::CreateReplacement(
              CharSourceRange::getTokenRange(Begin, Last), Function.Call)};
      R.Notes.push_back(std::move(Note));
    }
    emit(std::move(R));
  }
}
