//===- IndexDemand.cpp - Which unparsed units the index needs -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/IndexDemand.h"
#include "driver/CompileDatabase.h"
#include "driver/KeywordScan.h"
#include "clang/Basic/CharInfo.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace coro {

/// Stands for the destructor of any class: those that override each other have
/// different names.
static constexpr StringLiteral AnyDestructor = "~";

std::vector<std::string> namesInKey(StringRef Key) {
  std::vector<std::string> Result;
  auto [Before, Rest] = Key.split("@F@");
  if (!Rest.empty()) {
    StringRef Name = Rest.take_until([](char C) { return C == '#'; });
    if (Name.consume_front("~"))
      Result.push_back(AnyDestructor.str());
    else
      // "operator==", "operator int".
      Result.push_back(Name.take_while([](char C) {
                             return clang::isAsciiIdentifierContinue(C);
                           })
                           .str());
    return Result;
  }
  // In the key of a function template, "@FT@>1#Tname#", kinds of parameters
  // stand before the name.
  std::tie(Before, Rest) = Key.split("@FT@");
  SmallVector<StringRef, 8> Pieces;
  Rest.split(Pieces, '#', -1, /*KeepEmpty=*/false);
  for (StringRef Piece : Pieces)
    for (StringRef Name : {Piece, Piece.drop_front()})
      if (!Name.empty())
        Result.push_back(Name.str());
  return Result;
}

void IndexDemand::add(Facet What, StringRef Key) {
  // What the standard library declares is nobody else's to define.
  if (!Key.starts_with("c:") || Key.starts_with("c:@N@std@"))
    return;
  switch (What) {
  case Facet::Effects:
  case Facet::Overriders:
  case Facet::Costs:
  case Facet::OnceInMain:
  case Facet::OnNewObject:
  case Facet::Telling:
    Functions.insert(Key);
    for (std::string &Name : namesInKey(Key))
      Names.insert(Name);
    break;
  case Facet::Invalidators:
  case Facet::Made: {
    // "USR|file:line:column".
    auto [Usr, At] = Key.rsplit('|');
    StringRef File = At.rsplit(':').first.rsplit(':').first;
    std::string Path = canonicalPath(File, Root);
    StringRef Name = Usr.rsplit('@').second;
    bool IsValue = Usr.contains("@FI@") || !Usr.contains("@S@");
    if (IsValue)
      Holders[Path].insert(Name);
    else
      Classes.insert(Path);
    break;
  }
  case Facet::Callers:
  case Facet::Tasks:
    // Whoever names or defines a task is parsed anyway.
    break;
  }
}

const StringSet<> &IndexDemand::wordsOf(StringRef File) {
  auto [It, IsNew] = Read.try_emplace(File);
  if (!IsNew)
    return It->second;
  auto Text = MemoryBuffer::getFile(File, /*IsText=*/false,
                                    /*RequiresNullTerminator=*/false);
  if (Text) {
    collectWords((*Text)->getBuffer(), It->second);
    if ((*Text)->getBuffer().contains('~'))
      It->second.insert(AnyDestructor);
  }
  return It->second;
}

bool IndexDemand::mentions(StringRef File, const StringSet<> &Words) {
  const StringSet<> &Here = wordsOf(File);
  return any_of(Words,
                [&](const auto &Word) { return Here.contains(Word.getKey()); });
}

bool IndexDemand::needs(ArrayRef<std::string> Files,
                        ArrayRef<std::string> Own) {
  auto MentionsAny = [&](const StringSet<> &Words) {
    return any_of(
        Own, [&](const std::string &File) { return mentions(File, Words); });
  };
  if (MentionsAny(Names))
    return true;
  return any_of(Files, [&](const std::string &File) {
    if (Classes.contains(File))
      return true;
    auto Declared = Holders.find(File);
    return Declared != Holders.end() && MentionsAny(Declared->second);
  });
}

} // namespace coro
