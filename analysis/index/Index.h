//===- Index.h - What is known about the whole project --------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The linked summaries of all units (Summary.h), in one file that is mapped
// and looked up by key. It has the layout of llvm::OnDiskChainedHashTable; the
// reader is our own, since that one trusts its file, and this one may have been
// cut off or overwritten: every offset is tested, and every record and string
// has a checksum. The cost of a look-up does not depend on the size.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_INDEX_INDEX_H
#define CORO_ANALYSIS_INDEX_INDEX_H

#include "analysis/index/DeclKeys.h"
#include "analysis/index/Summary.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include <map>
#include <memory>

namespace clang {
class CXXMethodDecl;
class CXXRecordDecl;
class FunctionDecl;
class NamedDecl;
} // namespace clang

namespace coro {

/// What kind of fact about a key. The numbers are part of the file format.
enum class Facet : uint8_t {
  Effects = 1,
  Overriders = 2,
  Invalidators = 3,
  Callers = 4,
  Tasks = 5,
  Costs = 6,
  Made = 7,
  OnceInMain = 8,
  Telling = 9,
  OnNewObject = 10,
};

/// One step of the way by which a function comes to block.
struct IndexedStep {
  Confidence Sure = Confidence::High;
  BlockingKind Kind = BlockingKind::Wait;
  unsigned Length = 1;
  CallPlace At;
  CallRelation Leads = CallRelation::Direct;
  std::string Next; ///< the key of the function that goes on; empty at the end
  std::optional<BlockingEnd> End;
};

/// The effects of a function of the project.
struct IndexedFunction {
  std::string Shown, Name;
  SourcePlace Where;
  uint64_t CallsParameter = 0;
  std::vector<IndexedStep> Blocks; ///< at most one of each kind
};

/// Who overrides a virtual function, at any distance.
struct IndexedOverriders {
  /// There are more than anybody looks at.
  bool Many = false;
  std::vector<std::string> Keys;
};

/// One index file. Immutable; may be read by several threads.
class Index {
public:
  /// Maps \p Path. The error is one sentence that names the file.
  static llvm::Expected<std::shared_ptr<const Index>>
  open(llvm::StringRef Path);

  /// The record of \p Key, or nothing; nothing and \p Damaged when the file is
  /// not what was written.
  std::optional<IndexedFunction> effects(llvm::StringRef Key,
                                         bool &Damaged) const;
  std::optional<IndexedOverriders> overriders(llvm::StringRef Key,
                                              bool &Damaged) const;

  std::optional<IndexedInvalidators> invalidators(llvm::StringRef Key,
                                                  bool &Damaged) const;
  std::optional<IndexedCallers> callers(llvm::StringRef Key,
                                        bool &Damaged) const;
  std::optional<TaskSummary> task(llvm::StringRef Key, bool &Damaged) const;
  std::optional<CostSummary> cost(llvm::StringRef Key, bool &Damaged) const;
  std::optional<TellingSummary> telling(llvm::StringRef Key,
                                        bool &Damaged) const;
  /// Facet::Made, Facet::OnceInMain and Facet::OnNewObject: is it so?
  std::optional<FactSummary> fact(Facet What, llvm::StringRef Key,
                                  bool &Damaged) const;

  /// A number that is the same as long as what the index says about \p Key is;
  /// 0 when it says nothing.
  uint64_t answer(Facet What, llvm::StringRef Key) const;

  /// The folder that paths are relative to.
  const std::string &root() const { return Root; }
  const std::string &file() const { return File; }
  uint64_t size() const { return Entries; }

private:
  struct Record {
    uint64_t Answer;
    llvm::StringRef Bytes;
  };
  std::optional<Record> find(Facet What, llvm::StringRef Key,
                             bool &Damaged) const;
  template <typename T>
  std::optional<T> read(Facet What, llvm::StringRef Key, bool &Damaged) const;
  bool text(uint64_t Offset, std::string &To) const;

  std::unique_ptr<llvm::MemoryBuffer> Buffer;
  std::string File, Root;
  uint64_t TextBegin = 0, TextEnd = 0, Table = 0, Buckets = 0, Entries = 0;
};

/// The index as the analyses of one unit see it: remembers what it was asked,
/// since that is what their results depend on. Without an index it knows
/// nothing.
class IndexView {
public:
  IndexView(std::shared_ptr<const Index> Known, const clang::SourceManager &SM);
  ~IndexView();

  explicit operator bool() const { return Known != nullptr; }
  const std::string &root() const { return Known->root(); }

  const IndexedFunction *effects(const clang::FunctionDecl *Function);
  const IndexedFunction *effects(llvm::StringRef Key);
  const IndexedOverriders *overriders(const clang::CXXMethodDecl *Method);
  /// Who ends borrows from a member or variable, this unit's own operations
  /// among them.
  const IndexedInvalidators *invalidators(const clang::NamedDecl *Holder);
  /// The calls from units that do not have the body of \p Function.
  const IndexedCallers *callers(const clang::FunctionDecl *Function);
  /// What the unit that has the body of \p Function, whose result is a task,
  /// says of it.
  const TaskSummary *task(const clang::FunctionDecl *Function);
  /// What calling \p Function, a plain one, takes.
  const CostSummary *cost(const clang::FunctionDecl *Function);
  /// What the body of \p Function tells of descriptors.
  const TellingSummary *telling(const clang::FunctionDecl *Function);
  /// Does a unit make objects of \p Class, or of one derived from it? Told of
  /// classes that have a member coroutine which is detached.
  bool isMade(const clang::CXXRecordDecl *Class);
  /// Does main(), in another unit, call the plain function \p Key, once and in
  /// no loop, and nobody else?
  bool runsOnce(llvm::StringRef Key);
  /// Is the member function \p Key called, and only ever on an object that its
  /// caller has just made?
  bool isCalledOnNewObjects(llvm::StringRef Key);

  SourcePlace place(clang::SourceLocation Location) const {
    return Keys.place(Location);
  }
  std::string key(const clang::NamedDecl *Declaration) const {
    return Keys.key(Declaration);
  }
  std::string holder(const clang::NamedDecl *Declaration) const {
    return Keys.holder(Declaration);
  }

  /// Everything that was asked, with the answer that it got.
  struct Question {
    Facet What;
    std::string Key;
    uint64_t Answer;
  };
  std::vector<Question> asked() const;

  /// One sentence when the file turned out to be damaged; empty otherwise.
  std::string problem() const;

private:
  template <typename T> using Cache = llvm::StringMap<std::unique_ptr<T>>;
  template <typename T, typename Get>
  const T *look(Cache<T> &In, Facet What, llvm::StringRef Key, Get From);

  std::shared_ptr<const Index> Known;
  DeclKeys Keys;
  Cache<IndexedFunction> Functions;
  Cache<IndexedOverriders> Overriding;
  Cache<IndexedInvalidators> Ending;
  Cache<IndexedCallers> Calling;
  Cache<TaskSummary> Tasks;
  Cache<CostSummary> Taking;
  Cache<FactSummary> Making, Beginning, Configuring;
  Cache<TellingSummary> Asking;
  std::map<std::pair<Facet, std::string>, uint64_t> Asked;
  bool Damaged = false;
};

/// Makes an index from summaries.
class IndexBuilder {
public:
  IndexBuilder();
  ~IndexBuilder();

  /// Adds one unit. The result depends on the order: of several definitions at
  /// one place the first counts. Of a function that is defined in several
  /// places nothing is known.
  void add(const UnitSummary &Summary);

  /// Solves the graph, and writes the file. \p Root is the folder that paths
  /// are relative to, absolute or as seen from the folder of the file.
  void write(llvm::raw_ostream &OS, llvm::StringRef Root);

private:
  struct Impl;
  std::unique_ptr<Impl> Made;
};

/// Where \p Option, the value of the option `Index`, leads for the main file
/// \p MainFile: an absolute path is taken as it is, another one is looked for
/// in the folder of the file and those above. The path as it was given when
/// there is no such file.
std::string findIndex(llvm::StringRef Option, llvm::StringRef MainFile);

} // namespace coro

#endif // CORO_ANALYSIS_INDEX_INDEX_H
