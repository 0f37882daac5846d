//===- Session.cpp - What the checks of one run share ---------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/Session.h"
#include "analysis/index/Index.h"
#include "llvm/Support/FileSystem.h"
#include <mutex>

using namespace clang;
using namespace coro;

std::shared_ptr<Session> Session::of(tidy::ClangTidyContext *Context) {
  static std::mutex Guard;
  static std::map<tidy::ClangTidyContext *, std::weak_ptr<Session>> Sessions;
  std::lock_guard<std::mutex> Lock(Guard);
  for (auto It = Sessions.begin(); It != Sessions.end();)
    It = It->second.expired() ? Sessions.erase(It) : std::next(It);
  std::weak_ptr<Session> &Slot = Sessions[Context];
  std::shared_ptr<Session> Result = Slot.lock();
  if (!Result)
    Slot = Result = std::make_shared<Session>();
  return Result;
}

/// The index in \p Path. Mapped once a process, and again when the file is
/// another one: clangd analyses a file after each change to it.
static std::shared_ptr<const Index> openIndex(const std::string &Path,
                                              Session::ErrorHandler OnError) {
  struct Known {
    llvm::sys::fs::UniqueID Id;
    llvm::sys::TimePoint<> Changed;
    std::shared_ptr<const Index> Opened;
  };
  static std::mutex Guard;
  static std::map<std::string, Known> Open;
  std::lock_guard<std::mutex> Lock(Guard);
  llvm::sys::fs::file_status Status;
  bool Exists = !llvm::sys::fs::status(Path, Status);
  auto It = Open.find(Path);
  if (It != Open.end() && Exists && It->second.Id == Status.getUniqueID() &&
      It->second.Changed == Status.getLastModificationTime())
    return It->second.Opened;
  if (It != Open.end())
    Open.erase(It);
  llvm::Expected<std::shared_ptr<const Index>> Made = Index::open(Path);
  if (!Made) {
    OnError(toString(Made.takeError()) +
            "; only what this unit contains is known");
    return nullptr;
  }
  Open[Path] = {Status.getUniqueID(), Status.getLastModificationTime(), *Made};
  return *Made;
}

void Session::finished(ErrorHandler OnError) {
  std::string Problem = U ? U->index().problem() : "";
  if (!Problem.empty() && !std::exchange(SaidDamaged, true))
    OnError(Problem);
}

void Session::spareTraversal(ASTContext &AST) {
  Spared = &AST;
  Scope = AST.getTraversalScope();
  AST.setTraversalScope({});
}

Unit &Session::unit(ASTContext &AST, llvm::StringRef ModelFiles,
                    llvm::StringRef IndexFile, ErrorHandler OnError) {
  if (U && Current == &AST)
    return *U;
  if (Spared == &AST)
    AST.setTraversalScope(Scope);
  const SourceManager &SM = AST.getSourceManager();
  std::vector<std::string> Files;
  std::string MainFile;
  if (auto Main = SM.getFileEntryRefForID(SM.getMainFileID())) {
    MainFile = Main->getName().str();
    Files = findUserModels(MainFile);
  }
  llvm::SmallVector<llvm::StringRef, 4> Named;
  ModelFiles.split(Named, ';', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef File : Named)
    Files.push_back(File.trim().str());
  std::shared_ptr<const Index> Project;
  if (!IndexFile.empty())
    Project = openIndex(findIndex(IndexFile, MainFile), OnError);
  SaidDamaged = false;
  U = std::make_unique<Unit>(AST, Models::withFiles(Files, OnError),
                             std::move(Project));
  Current = &AST;
  return *U;
}
