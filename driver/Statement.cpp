//===- Statement.cpp - The statement at a place, whatever its layout ------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/Statement.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;
using namespace llvm;

namespace coro {

namespace {

/// Longer statements are told apart by their beginning.
constexpr size_t MaxTokens = 100;

/// The tokens of a file from its beginning, without directives.
class Tokens {
public:
  Tokens(StringRef Text, unsigned Place)
      : Text(Text), Place(Place), Options(options()),
        Raw(SourceLocation(), Options, Text.begin(), Text.begin(), Text.end()) {
    advance();
  }

  bool atEnd() const { return Next.is(tok::eof); }
  unsigned begin() const { return End - length(); }
  unsigned end() const { return End; }
  tok::TokenKind kind() const { return Next.getKind(); }
  StringRef spelling() const { return Text.substr(begin(), length()); }
  /// Was the place in a directive that was skipped?
  bool placeIsInDirective() const { return InDirective; }

  void advance() {
    lex();
    while (Next.is(tok::hash) && Next.isAtStartOfLine()) {
      unsigned From = begin(), To;
      do {
        To = end();
        lex();
      } while (!atEnd() && !Next.isAtStartOfLine());
      InDirective |= From <= Place && Place < To;
    }
  }

private:
  static LangOptions options() {
    LangOptions Result;
    Result.CPlusPlus = Result.CPlusPlus11 = Result.CPlusPlus14 =
        Result.CPlusPlus17 = Result.CPlusPlus20 = true;
    Result.LineComment = Result.RawStringLiterals = true;
    return Result;
  }

  void lex() {
    Raw.LexFromRawLexer(Next);
    End = Raw.getCurrentBufferOffset();
  }

  unsigned length() const { return Next.is(tok::eof) ? 0 : Next.getLength(); }

  StringRef Text;
  unsigned Place;
  LangOptions Options;
  Lexer Raw;
  Token Next;
  unsigned End = 0;
  bool InDirective = false;
};

struct Word {
  tok::TokenKind Kind;
  StringRef Spelling;
};

bool opens(tok::TokenKind Kind) {
  return Kind == tok::l_paren || Kind == tok::l_square || Kind == tok::l_brace;
}

bool closes(tok::TokenKind Kind) {
  return Kind == tok::r_paren || Kind == tok::r_square || Kind == tok::r_brace;
}

/// Can a brace behind \p Before be that of a block? Otherwise it begins an
/// initializer.
bool beginsBlock(const Word &Before) {
  static constexpr llvm::StringLiteral Words[] = {
      "else",     "do",    "try",      "const",   "constexpr",
      "noexcept", "final", "override", "mutable", "consteval"};
  return Before.Kind == tok::r_paren || Before.Kind == tok::r_square ||
         is_contained(Words, Before.Spelling);
}

/// What may follow the brace that ends an initializer or a lambda, and nothing
/// that begins a statement.
bool continuesExpression(const Tokens &T) {
  switch (T.kind()) {
  case tok::semi:
  case tok::comma:
  case tok::period:
  case tok::question:
  case tok::arrow:
  case tok::plus:
  case tok::equalequal:
  case tok::pipe:
  case tok::pipepipe:
  case tok::ampamp:
    return true;
  case tok::l_paren: // of a lambda that is called
    return true;
  default:
    return closes(T.kind()) && T.kind() != tok::r_brace;
  }
}

} // namespace

static std::string joined(ArrayRef<Word> Words) {
  std::string Result;
  for (const Word &W : Words.take_front(MaxTokens)) {
    if (!Result.empty())
      Result += ' ';
    Result += W.Spelling;
  }
  return Result;
}

/// \p Words from the beginning of a statement, without what is inside of its
/// braces, up to its end.
static std::vector<Word> cut(ArrayRef<Word> Words) {
  std::vector<Word> Result;
  unsigned Depth = 0, Hidden = 0;
  for (const Word &W : Words) {
    if (Hidden) {
      if (W.Kind == tok::l_brace)
        ++Hidden;
      else if (W.Kind == tok::r_brace && --Hidden == 0)
        Result.push_back(W);
      continue;
    }
    if (W.Kind == tok::l_brace) {
      if (Depth == 0 && (Result.empty() || beginsBlock(Result.back())))
        break;
      Hidden = 1;
    } else if (opens(W.Kind)) {
      ++Depth;
    } else if (closes(W.Kind)) {
      if (Depth == 0)
        break;
      --Depth;
    } else if (W.Kind == tok::semi && Depth == 0) {
      break;
    }
    Result.push_back(W);
  }
  return Result;
}

std::string statementAt(const SourceText &Text, unsigned Offset) {
  auto TextOfLine = [&] {
    SmallVector<StringRef, 16> Words;
    SplitString(Text.line(Text.position(Offset).first), Words);
    return join(Words, " ");
  };
  std::vector<Word> Words;
  size_t Start = 0;
  struct Bracket {
    tok::TokenKind Kind;
    size_t Start; ///< of the statement that it is part of
  };
  SmallVector<Bracket, 16> Open;
  Tokens T(Text.all(), Offset);
  // Up to the token at the place.
  for (; !T.atEnd() && T.end() <= Offset;) {
    tok::TokenKind Kind = T.kind();
    Words.push_back({Kind, T.spelling()});
    T.advance();
    if (opens(Kind)) {
      Open.push_back({Kind, Start});
      if (Kind == tok::l_brace)
        Start = Words.size();
    } else if (closes(Kind) && !Open.empty()) {
      Bracket Last = Open.pop_back_val();
      if (Kind == tok::r_brace)
        Start = continuesExpression(T) ? Last.Start : Words.size();
    } else if (Kind == tok::semi &&
               (Open.empty() || Open.back().Kind != tok::l_paren)) {
      Start = Words.size();
    }
  }
  if (T.atEnd() || T.placeIsInDirective())
    return TextOfLine();
  // The rest of the statement; a block behind it is of no interest.
  int Depth = 0;
  for (const Word &W : ArrayRef(Words).drop_front(Start))
    Depth += opens(W.Kind) - closes(W.Kind);
  for (size_t Limit = Start + 4 * MaxTokens; !T.atEnd() && Words.size() < Limit;
       T.advance()) {
    Words.push_back({T.kind(), T.spelling()});
    Depth += opens(T.kind()) - closes(T.kind());
    if (T.kind() == tok::semi && Depth <= 0)
      break;
  }
  return joined(cut(ArrayRef(Words).drop_front(Start)));
}

} // namespace coro
