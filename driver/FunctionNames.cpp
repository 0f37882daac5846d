//===- FunctionNames.cpp - Which function a place is in -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/FunctionNames.h"
#include "driver/UserCodeConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclFriend.h"
#include "clang/AST/DeclTemplate.h"

using namespace clang;
using namespace llvm;

namespace coro {

void FunctionNames::collect(ASTContext &AST) {
  for (const Decl *D : AST.getTraversalScope())
    visit(D, AST.getSourceManager());
}

void FunctionNames::visit(const Decl *D, const SourceManager &Sources) {
  if (const auto *Template = dyn_cast<TemplateDecl>(D)) {
    if (const NamedDecl *Pattern = Template->getTemplatedDecl())
      visit(Pattern, Sources);
  } else if (const auto *Friend = dyn_cast<FriendDecl>(D)) {
    if (const NamedDecl *Named = Friend->getFriendDecl())
      visit(Named, Sources);
  } else if (const auto *Function = dyn_cast<FunctionDecl>(D)) {
    if (Function->doesThisDeclarationHaveABody())
      note(Function, Sources);
  } else if (const auto *Variable = dyn_cast<VarDecl>(D)) {
    if (Variable->hasInit())
      note(Variable, Sources);
  } else if (isa<TranslationUnitDecl, NamespaceDecl, RecordDecl,
                 LinkageSpecDecl, ExportDecl>(D)) {
    for (const Decl *Member : cast<DeclContext>(D)->decls())
      visit(Member, Sources);
  }
}

void FunctionNames::note(const NamedDecl *D, const SourceManager &Sources) {
  CharSourceRange Range = Sources.getExpansionRange(D->getSourceRange());
  auto [File, Begin] = Sources.getDecomposedLoc(Range.getBegin());
  auto [EndFile, End] = Sources.getDecomposedLoc(Range.getEnd());
  auto Entry = Sources.getFileEntryRefForID(File);
  if (File == EndFile && Entry)
    Files[pathOf(*Entry)].push_back(
        {Begin, End, D->getQualifiedNameAsString()});
}

void FunctionNames::renameFiles(
    function_ref<std::string(StringRef Path)> NameOf) {
  StringMap<std::vector<Range>> Renamed;
  for (auto &Entry : Files)
    llvm::append_range(Renamed[NameOf(Entry.getKey())],
                       std::move(Entry.getValue()));
  Files = std::move(Renamed);
}

StringRef FunctionNames::at(StringRef File, unsigned Offset) const {
  auto It = Files.find(File);
  if (It == Files.end())
    return "";
  // The closest beginning, should a macro make several of one place.
  const Range *Best = nullptr;
  for (const Range &R : It->second)
    if (R.Begin <= Offset && Offset <= R.End &&
        (!Best || Best->Begin <= R.Begin))
      Best = &R;
  return Best ? StringRef(Best->Name) : "";
}

} // namespace coro
