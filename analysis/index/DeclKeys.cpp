//===- DeclKeys.cpp - Names that mean the same in every unit --------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/index/DeclKeys.h"
#include "clang/AST/Decl.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Index/USRGeneration.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace clang;
namespace path = llvm::sys::path;

namespace coro {

std::string relativePath(llvm::StringRef Path, llvm::StringRef Root) {
  auto P = path::begin(Path), PathEnd = path::end(Path);
  auto R = path::begin(Root), RootEnd = path::end(Root);
  unsigned Common = 0;
  for (; P != PathEnd && R != RootEnd && *P == *R; ++P, ++R)
    ++Common;
  // The root of the file system alone is no common ground.
  if (Common < 2)
    return path::convert_to_slash(Path);
  std::string Result;
  for (; R != RootEnd; ++R)
    if (*R != ".")
      Result += "../";
  for (; P != PathEnd; ++P)
    Result += (Result.empty() || Result.back() == '/' ? "" : "/") + P->str();
  if (!Result.empty() && Result.back() == '/')
    Result.pop_back();
  return Result;
}

DeclKeys::DeclKeys(std::string Root, const SourceManager &SM)
    : Root(std::move(Root)), SM(SM), Main(fileName(SM.getMainFileID())) {}

std::string DeclKeys::fileName(FileID File) const {
  auto [It, New] = Files.try_emplace(File);
  if (!New)
    return It->second;
  auto Entry = SM.getFileEntryRefForID(File);
  if (!Entry)
    return {};
  llvm::SmallString<256> Real(Entry->getFileEntry().tryGetRealPathName());
  if (Real.empty()) {
    Real = Entry->getName();
    SM.getFileManager().makeAbsolutePath(Real);
  }
  // The file manager's "real" paths may still have symbolic links in them.
  llvm::SmallString<256> Resolved;
  if (!llvm::sys::fs::real_path(Real, Resolved))
    Real = Resolved;
  return It->second = relativePath(Real, Root);
}

SourcePlace DeclKeys::place(SourceLocation Location) const {
  SourcePlace P;
  if (Location.isInvalid())
    return P;
  auto [File, Offset] = SM.getDecomposedExpansionLoc(Location);
  P.File = fileName(File);
  if (P.File.empty())
    return {};
  P.Line = SM.getLineNumber(File, Offset);
  P.Column = SM.getColumnNumber(File, Offset);
  return P;
}

std::string DeclKeys::key(const NamedDecl *Declaration) const {
  Declaration = cast<NamedDecl>(Declaration->getCanonicalDecl());
  llvm::SmallString<128> USR;
  bool Nameless = index::generateUSRForDecl(Declaration, USR);
  const auto *Method = dyn_cast<CXXMethodDecl>(Declaration);
  bool Local = Declaration->getParentFunctionOrMethod() ||
               (Method && (Method->getParent()->isLambda() ||
                           Method->getParent()->isLocalClass()));
  if (!Nameless && !Local && Declaration->isExternallyVisible())
    return USR.str().str();
  // Within the unit the place tells apart what has the same USR, or none.
  SourcePlace At = place(Declaration->getLocation());
  return Main + "|" + At.File + ":" + std::to_string(At.Line) + ":" +
         std::to_string(At.Column) + "|" + USR.str().str();
}

std::string DeclKeys::holder(const NamedDecl *Declaration) const {
  Declaration = cast<NamedDecl>(Declaration->getCanonicalDecl());
  if (const auto *Class = dyn_cast<CXXRecordDecl>(Declaration)) {
    if (!Class->isExternallyVisible() || Class->isLocalClass())
      return {};
  } else if (const auto *Field = dyn_cast<FieldDecl>(Declaration)) {
    const RecordDecl *Class = Field->getParent();
    if (!Class->isExternallyVisible() || Class->getParentFunctionOrMethod())
      return {};
  } else {
    const auto *Variable = dyn_cast<VarDecl>(Declaration);
    if (!Variable || !Variable->hasGlobalStorage() ||
        Variable->isStaticLocal() || !Variable->isExternallyVisible())
      return {};
  }
  llvm::SmallString<128> USR;
  SourcePlace At = place(Declaration->getLocation());
  if (!At || SM.isInMainFile(SM.getExpansionLoc(Declaration->getLocation())) ||
      index::generateUSRForDecl(Declaration, USR))
    return {};
  return USR.str().str() + "|" + At.File + ":" + std::to_string(At.Line) + ":" +
         std::to_string(At.Column);
}

SourceLocation locate(const SourcePlace &Place, llvm::StringRef Root,
                      SourceManager &SM) {
  if (!Place || Place.File.empty())
    return {};
  llvm::SmallString<256> Path(Place.File);
  if (!path::is_absolute(Path)) {
    Path = Root;
    path::append(Path, Place.File);
    path::remove_dots(Path, /*remove_dot_dot=*/true);
  }
  OptionalFileEntryRef File =
      SM.getFileManager().getOptionalFileRef(Path, /*OpenFile=*/true);
  if (!File)
    return {};
  FileID Id = SM.getOrCreateFileID(*File, SrcMgr::C_User);
  if (Id.isInvalid())
    return {};
  return SM.translateLineCol(Id, Place.Line, Place.Column);
}

} // namespace coro
