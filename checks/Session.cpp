//===- Session.cpp - What the checks of one run share ---------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/Session.h"
#include "llvm/Support/Path.h"
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

Unit &Session::unit(ASTContext &AST, llvm::StringRef ModelFiles,
                    ErrorHandler OnError) {
  if (U && Current == &AST)
    return *U;
  const SourceManager &SM = AST.getSourceManager();
  std::vector<std::string> Files;
  if (auto Main = SM.getFileEntryRefForID(SM.getMainFileID()))
    Files = findUserModels(Main->getName());
  llvm::SmallVector<llvm::StringRef, 4> Named;
  ModelFiles.split(Named, ';', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef File : Named)
    Files.push_back(File.trim().str());
  U = std::make_unique<Unit>(AST, Models::withFiles(Files, OnError));
  Current = &AST;
  return *U;
}
