//===- SuggestSeparateIoComputeCheck.cpp - Split IO from computing --------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/suggest/SuggestSeparateIoComputeCheck.h"
#include "analysis/compute/Extraction.h"
#include "clang/AST/ASTContext.h"

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

/// What the region only reads.
static std::string inputs(const ComputeRegion &Region) {
  std::vector<RegionValue> Read;
  for (const RegionValue &In : Region.LiveIns)
    if (!In.Mutated || !In.UsedAfter)
      Read.push_back(In);
  return Read.empty() ? "" : "read " + names(Read) + " and ";
}

/// What the region does to what flows out of it.
static std::string effects(const ComputeRegion &Region) {
  std::vector<RegionValue> Made, Changed;
  for (const RegionValue &Out : Region.LiveOuts)
    (Out.DeclaredInside ? Made : Changed).push_back(Out);
  std::string Text;
  if (!Made.empty())
    Text += "produce " + names(Made);
  if (!Changed.empty())
    Text += (Text.empty() ? "update " : " and update ") + names(Changed);
  return Text;
}

void SuggestSeparateIoComputeCheck::analyze(Unit &U) {
  const SourceManager &SM = U.ast().getSourceManager();
  RegionLimits Limits;
  Limits.MinWeight = MinStatements;
  Limits.MaxIns = MaxInputs;
  Limits.MaxOuts = MaxOutputs;
  std::vector<ComputeRegion> All;
  llvm::DenseSet<SourceLocation> Seen; // instantiations of one template
  for (const Coroutine *C : U.coroutines()) {
    if (isAllowed(C->Function))
      continue;
    for (ComputeRegion &Region : findComputeRegions(*C, U, Limits))
      if (Seen.insert(Region.begin()).second)
        All.push_back(std::move(Region));
  }
  // The best of each file.
  llvm::sort(All, [](const ComputeRegion &A, const ComputeRegion &B) {
    return std::make_tuple(B.sure(), B.score(), A.begin().getRawEncoding()) <
           std::make_tuple(A.sure(), A.score(), B.begin().getRawEncoding());
  });
  llvm::DenseMap<FileID, unsigned> InFile;
  llvm::StringSet<> Taken;
  for (const ComputeRegion &Region : All) {
    FileID File = SM.getFileID(SM.getExpansionLoc(Region.begin()));
    if (InFile.lookup(File) >= MaxPerFile)
      continue;
    ProposedFunction Function = proposeFunction(Region, U, Taken);
    if (Function.Signature.empty())
      continue;
    ++InFile[File];
    emit(report(Region, Function, SM));
  }
}

Report SuggestSeparateIoComputeCheck::report(const ComputeRegion &Region,
                                             const ProposedFunction &Function,
                                             const SourceManager &SM) {
  Report R;
  R.Where = Region.begin();
  R.Sure = Region.sure();
  R.Highlights = {SourceRange(Region.begin(), Region.end())};
  R.Message =
      "lines " + std::to_string(SM.getExpansionLineNumber(Region.begin())) +
      " to " + std::to_string(SM.getExpansionLineNumber(Region.end())) +
      " of this coroutine only compute: they " + inputs(Region) +
      effects(Region) +
      "; as a plain function they can be tested and moved to another thread: "
      "'" +
      Function.Signature + "'";
  // What a function in between loops over says nothing here.
  if (Region.Taken.degree() && Region.Taken.Chain.empty())
    R.Notes.push_back({Region.Taken.Factors.front().Where,
                       "they take " + Region.Taken.text()});
  if (!Function.Definition.empty() || !Function.Declaration.empty()) {
    ReportNote Note;
    Note.Where = SourceRange(Region.begin());
    Note.Message = "extract it: '" + Function.Call + "'";
    if (!Function.Declaration.empty())
      Note.Fixes.push_back(
          FixItHint::CreateInsertion(Function.InClass, Function.Declaration));
    if (!Function.Definition.empty())
      Note.Fixes.push_back(
          FixItHint::CreateInsertion(Function.Above, Function.Definition));
    Note.Fixes.push_back(
        FixItHint::CreateReplacement(Function.Replaced, Function.Call));
    R.Notes.push_back(std::move(Note));
  }
  return R;
}
