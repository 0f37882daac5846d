//===- Index.cpp - What is known about the whole project ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/index/Index.h"
#include "analysis/index/IndexFormat.h"
#include "analysis/index/SummaryCodec.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace coro {

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

Expected<std::shared_ptr<const Index>> Index::open(StringRef Path) {
  auto Fail = [&](const Twine &What) {
    return createStringError(
        inconvertibleErrorCode(),
        ("the index '" + Path + "' " + What).str().c_str());
  };
  // A name may come from a repository: to read a pipe might never end.
  if (sys::fs::exists(Path) && !sys::fs::is_regular_file(Path))
    return Fail("is not a regular file");
  auto File = MemoryBuffer::getFile(Path, /*IsText=*/false,
                                    /*RequiresNullTerminator=*/false);
  if (!File)
    return Fail("cannot be read: " + File.getError().message());
  StringRef Bytes = (*File)->getBuffer();
  if (!Bytes.starts_with(IndexMagic))
    return Fail("is no index of coro-tidy");
  if (Bytes.size() < heading::End)
    return Fail("is cut off");
  auto At = [&](size_t Offset) {
    return support::endian::read64le(Bytes.data() + Offset);
  };
  if (support::endian::read32le(Bytes.data() + heading::Version) !=
      IndexVersion)
    return Fail("was written by another version of coro-tidy");
  if (At(heading::Checksum) != xxh3_64bits(Bytes.take_front(heading::Checksum)))
    return Fail("is damaged");
  if (At(heading::Size) != Bytes.size())
    return Fail("is cut off");

  auto Result = std::make_shared<Index>();
  Result->TextBegin = At(heading::TextBegin);
  Result->TextEnd = At(heading::TextEnd);
  Result->Table = At(heading::Table);
  constexpr uint64_t CountsSize = 16;
  if (Result->TextBegin > Result->TextEnd || Result->TextEnd > Bytes.size() ||
      Result->Table > Bytes.size() - CountsSize)
    return Fail("is damaged");
  Result->Buckets = At(Result->Table);
  Result->Entries = At(Result->Table + 8);
  if (!isPowerOf2_64(Result->Buckets) ||
      Result->Buckets > (Bytes.size() - Result->Table - CountsSize) / 8)
    return Fail("is damaged");
  uint64_t RootText = At(heading::Root);
  Result->Buffer = std::move(*File);
  std::string Root;
  if (!Result->text(RootText, Root))
    return Fail("is damaged");
  SmallString<256> Absolute(Path);
  sys::fs::make_absolute(Absolute);
  Result->File = Absolute.str().str();
  sys::path::remove_filename(Absolute);
  if (sys::path::is_absolute(Root))
    Absolute = Root;
  else
    sys::path::append(Absolute, Root);
  sys::path::remove_dots(Absolute, /*remove_dot_dot=*/true);
  Result->Root = Absolute.str().str();
  return Result;
}

bool Index::text(uint64_t Offset, std::string &To) const {
  if (Offset >= TextEnd - TextBegin)
    return false;
  StringRef Texts = Buffer->getBuffer().slice(TextBegin, TextEnd);
  SummaryReader R(Texts.drop_front(Offset),
                  [](uint64_t, std::string &) { return false; });
  uint64_t Length = 0;
  R.number(Length);
  StringRef Sum = R.bytes(4), Text = R.bytes(Length);
  if (R.failed() || support::endian::read32le(Sum.data()) != checksum(Text))
    return false;
  To = Text.str();
  return true;
}

std::optional<Index::Record> Index::find(Facet What, StringRef Key,
                                         bool &Damaged) const {
  StringRef File = Buffer->getBuffer();
  std::string Wanted = tableKey(What, Key);
  uint64_t Hash = xxh3_64bits(StringRef(Wanted));
  uint64_t At = support::endian::read64le(File.data() + Table + 16 +
                                          8 * (Hash & (Buckets - 1)));
  if (At == 0)
    return std::nullopt;
  auto Has = [&](uint64_t Length) {
    if (At <= File.size() && Length <= File.size() - At)
      return true;
    Damaged = true;
    return false;
  };
  if (!Has(2))
    return std::nullopt;
  unsigned Items = support::endian::read16le(File.data() + At);
  At += 2;
  for (; Items > 0; --Items) {
    if (!Has(16))
      return std::nullopt;
    uint64_t Theirs = support::endian::read64le(File.data() + At);
    uint64_t KeyLength = support::endian::read32le(File.data() + At + 8);
    uint64_t DataLength = support::endian::read32le(File.data() + At + 12);
    At += 16;
    if (!Has(KeyLength + DataLength))
      return std::nullopt;
    if (Theirs == Hash && File.substr(At, KeyLength) == Wanted) {
      StringRef Data = File.substr(At + KeyLength, DataLength);
      if (Data.size() < 12 || support::endian::read32le(Data.data()) !=
                                  checksum(Wanted + Data.drop_front(4).str())) {
        Damaged = true;
        return std::nullopt;
      }
      return Record{support::endian::read64le(Data.data() + 4),
                    Data.drop_front(12)};
    }
    At += KeyLength + DataLength;
  }
  return std::nullopt;
}

uint64_t Index::answer(Facet What, StringRef Key) const {
  bool Damaged = false;
  std::optional<Record> Found = find(What, Key, Damaged);
  return Found ? Found->Answer : 0;
}

template <typename T>
std::optional<T> Index::read(Facet What, StringRef Key, bool &Damaged) const {
  std::optional<Record> Found = find(What, Key, Damaged);
  if (!Found)
    return std::nullopt;
  auto Text = [&](uint64_t Offset, std::string &To) {
    return text(Offset, To);
  };
  SummaryReader R(Found->Bytes, Text);
  T Result;
  describe(R, Result);
  if (R.failed()) {
    Damaged = true;
    return std::nullopt;
  }
  return Result;
}

std::optional<IndexedFunction> Index::effects(StringRef Key,
                                              bool &Damaged) const {
  return read<IndexedFunction>(Facet::Effects, Key, Damaged);
}

std::optional<IndexedOverriders> Index::overriders(StringRef Key,
                                                   bool &Damaged) const {
  return read<IndexedOverriders>(Facet::Overriders, Key, Damaged);
}

std::optional<IndexedInvalidators> Index::invalidators(StringRef Key,
                                                       bool &Damaged) const {
  return read<IndexedInvalidators>(Facet::Invalidators, Key, Damaged);
}

std::optional<IndexedCallers> Index::callers(StringRef Key,
                                             bool &Damaged) const {
  return read<IndexedCallers>(Facet::Callers, Key, Damaged);
}

std::optional<TaskSummary> Index::task(StringRef Key, bool &Damaged) const {
  return read<TaskSummary>(Facet::Tasks, Key, Damaged);
}

std::optional<CostSummary> Index::cost(StringRef Key, bool &Damaged) const {
  return read<CostSummary>(Facet::Costs, Key, Damaged);
}

std::optional<TellingSummary> Index::telling(StringRef Key,
                                             bool &Damaged) const {
  return read<TellingSummary>(Facet::Telling, Key, Damaged);
}

std::optional<FactSummary> Index::fact(Facet What, StringRef Key,
                                       bool &Damaged) const {
  return read<FactSummary>(What, Key, Damaged);
}

//===----------------------------------------------------------------------===//
// As one unit sees it
//===----------------------------------------------------------------------===//

IndexView::IndexView(std::shared_ptr<const Index> Known,
                     const clang::SourceManager &SM)
    : Known(std::move(Known)),
      Keys(this->Known ? this->Known->root() : "", SM) {}
IndexView::~IndexView() = default;

template <typename T, typename Get>
const T *IndexView::look(Cache<T> &In, Facet What, StringRef Key, Get From) {
  auto [It, New] = In.try_emplace(Key);
  if (New) {
    if (std::optional<T> Found = From())
      It->second = std::make_unique<T>(std::move(*Found));
    Asked[{What, Key.str()}] = Known->answer(What, Key);
  }
  return It->second.get();
}

const IndexedFunction *IndexView::effects(StringRef Key) {
  if (!Known)
    return nullptr;
  return look(Functions, Facet::Effects, Key,
              [&] { return Known->effects(Key, Damaged); });
}

const IndexedFunction *IndexView::effects(const clang::FunctionDecl *Function) {
  return Known ? effects(Keys.key(Function)) : nullptr;
}

const IndexedOverriders *
IndexView::overriders(const clang::CXXMethodDecl *Method) {
  if (!Known)
    return nullptr;
  std::string Key = Keys.key(Method);
  return look(Overriding, Facet::Overriders, Key,
              [&] { return Known->overriders(Key, Damaged); });
}

const IndexedInvalidators *
IndexView::invalidators(const clang::NamedDecl *Holder) {
  std::string Key = Known ? Keys.holder(Holder) : "";
  if (Key.empty())
    return nullptr;
  return look(Ending, Facet::Invalidators, Key,
              [&] { return Known->invalidators(Key, Damaged); });
}

const IndexedCallers *IndexView::callers(const clang::FunctionDecl *Function) {
  if (!Known || !Function->isExternallyVisible())
    return nullptr;
  std::string Key = Keys.key(Function);
  return look(Calling, Facet::Callers, Key,
              [&] { return Known->callers(Key, Damaged); });
}

const TaskSummary *IndexView::task(const clang::FunctionDecl *Function) {
  if (!Known || !Function->isExternallyVisible())
    return nullptr;
  std::string Key = Keys.key(Function);
  return look(Tasks, Facet::Tasks, Key,
              [&] { return Known->task(Key, Damaged); });
}

const CostSummary *IndexView::cost(const clang::FunctionDecl *Function) {
  if (!Known || !Function->isExternallyVisible())
    return nullptr;
  std::string Key = Keys.key(Function);
  return look(Taking, Facet::Costs, Key,
              [&] { return Known->cost(Key, Damaged); });
}

const TellingSummary *IndexView::telling(const clang::FunctionDecl *Function) {
  if (!Known || !Function->isExternallyVisible())
    return nullptr;
  std::string Key = Keys.key(Function);
  return look(Asking, Facet::Telling, Key,
              [&] { return Known->telling(Key, Damaged); });
}

bool IndexView::isMade(const clang::CXXRecordDecl *Class) {
  std::string Key = Known ? Keys.holder(Class) : "";
  return !Key.empty() && look(Making, Facet::Made, Key, [&] {
    return Known->fact(Facet::Made, Key, Damaged);
  });
}

bool IndexView::runsOnce(StringRef Key) {
  return Known && look(Beginning, Facet::OnceInMain, Key, [&] {
           return Known->fact(Facet::OnceInMain, Key, Damaged);
         });
}

bool IndexView::isCalledOnNewObjects(StringRef Key) {
  return Known && look(Configuring, Facet::OnNewObject, Key, [&] {
           return Known->fact(Facet::OnNewObject, Key, Damaged);
         });
}

std::vector<IndexView::Question> IndexView::asked() const {
  std::vector<Question> Result;
  for (const auto &[What, Answer] : Asked)
    Result.push_back({What.first, What.second, Answer});
  return Result;
}

std::string IndexView::problem() const {
  if (!Damaged)
    return {};
  return "the index '" + Known->file() +
         "' is damaged; what it says about some functions is missing";
}

std::string findIndex(StringRef Option, StringRef MainFile) {
  if (sys::path::is_absolute(Option))
    return Option.str();
  SmallString<256> Folder(MainFile);
  sys::fs::make_absolute(Folder);
  while (sys::path::has_parent_path(Folder)) {
    sys::path::remove_filename(Folder);
    SmallString<256> Candidate(Folder);
    sys::path::append(Candidate, Option);
    if (sys::fs::exists(Candidate))
      return Candidate.str().str();
  }
  return Option.str();
}

} // namespace coro
