//===- IndexFormat.h - The layout of an index file ------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
//   heading    see below
//   texts      each: length (ULEB128), checksum (4 bytes), bytes; a text's
//              number in a record is its offset from the first
//   table      llvm::OnDiskChainedHashTableGenerator's; a key is a facet (one
//              byte) and the key of the declaration, a value is a checksum of
//              key and rest (4 bytes), the answer's number (8 bytes), a record
//
// All numbers of fixed size have their least significant byte first.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_INDEX_INDEXFORMAT_H
#define CORO_ANALYSIS_INDEX_INDEXFORMAT_H

#include "analysis/index/Index.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/xxhash.h"

namespace coro {

constexpr llvm::StringLiteral IndexMagic = "coro-tidy index\n";
constexpr uint32_t IndexVersion = 4;

/// Offsets of the fields of the heading.
namespace heading {
constexpr size_t Version = IndexMagic.size(); // 4 bytes, as many unused
constexpr size_t Size = Version + 8;          // of the file
constexpr size_t TextBegin = Size + 8;
constexpr size_t TextEnd = TextBegin + 8;
constexpr size_t Table = TextEnd + 8;
constexpr size_t Root = Table + 8; // the number of a text
constexpr size_t Checksum = Root + 8;
constexpr size_t End = Checksum + 8;
} // namespace heading

inline uint32_t checksum(llvm::StringRef Bytes) {
  return static_cast<uint32_t>(llvm::xxh3_64bits(Bytes));
}

inline std::string tableKey(Facet What, llvm::StringRef Key) {
  return std::string(1, static_cast<char>(What)) + Key.str();
}

} // namespace coro

#endif // CORO_ANALYSIS_INDEX_INDEXFORMAT_H
