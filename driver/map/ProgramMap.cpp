//===- ProgramMap.cpp - The map of a program ------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/map/ProgramMap.h"
#include "analysis/ast/Compat.h"
#include "analysis/facts/EmbeddedFile.h"
#include "driver/SourceText.h"
#include "driver/output/Writer.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace coro {

json::Value toJSON(const HotSpot &Spot) {
  return json::Object{{"kind", Spot.Kind},           {"reason", Spot.Reason},
                      {"signature", Spot.Signature}, {"line", Spot.Line},
                      {"endLine", Spot.EndLine},     {"score", Spot.Score}};
}

json::Value toJSON(const FunctionPortrait &Picture) {
  return json::Object{{"id", Picture.Id},
                      {"name", Picture.Name},
                      {"file", Picture.File},
                      {"line", Picture.Line},
                      {"endLine", Picture.EndLine},
                      {"kind", toString(Picture.Kind)},
                      {"coroutine", Picture.IsCoroutine},
                      {"statements", Picture.Statements},
                      {"io", Picture.Io},
                      {"separable", Picture.Separable},
                      {"calls", Picture.Calls},
                      {"hotSpots", Picture.HotSpots}};
}

bool fromJSON(const json::Value &V, HotSpot &Spot, json::Path Path) {
  json::ObjectMapper M(V, Path);
  return M && M.map("kind", Spot.Kind) && M.map("reason", Spot.Reason) &&
         M.map("signature", Spot.Signature) && M.map("line", Spot.Line) &&
         M.map("endLine", Spot.EndLine) && M.map("score", Spot.Score);
}

bool fromJSON(const json::Value &V, FunctionPortrait &Picture,
              json::Path Path) {
  json::ObjectMapper M(V, Path);
  std::string Kind;
  if (!M || !M.map("id", Picture.Id) || !M.map("name", Picture.Name) ||
      !M.map("file", Picture.File) || !M.map("line", Picture.Line) ||
      !M.map("endLine", Picture.EndLine) || !M.map("kind", Kind) ||
      !M.map("coroutine", Picture.IsCoroutine) ||
      !M.map("statements", Picture.Statements) || !M.map("io", Picture.Io) ||
      !M.map("separable", Picture.Separable) ||
      !M.map("calls", Picture.Calls) || !M.map("hotSpots", Picture.HotSpots))
    return false;
  for (FunctionKind One : {FunctionKind::AsyncIo, FunctionKind::Compute,
                           FunctionKind::Mixed, FunctionKind::Blocking})
    if (Kind == toString(One)) {
      Picture.Kind = One;
      return true;
    }
  Path.field("kind").report("no kind of function");
  return false;
}

void ProgramMap::add(std::vector<FunctionPortrait> Pictures) {
  for (FunctionPortrait &One : Pictures)
    if (Known.try_emplace(One.Id, Functions.size()).second)
      Functions.push_back(std::move(One));
}

void ProgramMap::finish() {
  llvm::sort(
      Functions, [](const FunctionPortrait &A, const FunctionPortrait &B) {
        return std::tie(A.File, A.Line, A.Id) < std::tie(B.File, B.Line, B.Id);
      });
  Known.clear();
  for (unsigned I = 0; I < Functions.size(); ++I)
    Known[Functions[I].Id] = I;
}

ProgramMap::Totals ProgramMap::totals() const {
  Totals Sum;
  for (const FunctionPortrait &One : Functions)
    if (One.IsCoroutine) {
      ++Sum.Coroutines;
      Sum.Statements += One.Statements;
      Sum.Io += One.Io;
      Sum.Separable += One.Separable;
    }
  return Sum;
}

std::string ProgramMap::displayed(StringRef File) const {
  StringRef Rest = File;
  return Rest.consume_front(Root) && Rest.consume_front("/") ? Rest.str()
                                                             : File.str();
}

/// The lines of a hot spot, with one before and after, without the indentation
/// that all of them share.
static json::Object excerpt(const SourceText &Text, const HotSpot &Spot) {
  constexpr unsigned Longest = 60;
  unsigned First = std::max(1u, Spot.Line - 1);
  unsigned Last =
      std::min({Spot.EndLine + 1, Text.lineCount(), First + Longest});
  size_t Indent = StringRef::npos;
  for (unsigned I = First; I <= Last; ++I)
    if (StringRef Line = Text.line(I); !Line.trim().empty())
      Indent = std::min(Indent, Line.find_first_not_of(" \t"));
  json::Array Lines;
  for (unsigned I = First; I <= Last; ++I) {
    StringRef Line = Text.line(I);
    Lines.push_back(json::fixUTF8(Line.drop_front(
        std::min(Indent == StringRef::npos ? 0 : Indent, Line.size()))));
  }
  return json::Object{{"first", First}, {"lines", std::move(Lines)}};
}

json::Value ProgramMap::json() const {
  Totals Sum = totals();
  SourceTexts Sources;
  json::Array Files;
  for (size_t I = 0; I < Functions.size();) {
    const std::string &File = Functions[I].File;
    json::Array Inside;
    for (; I < Functions.size() && Functions[I].File == File; ++I) {
      const FunctionPortrait &One = Functions[I];
      json::Array Calls, Spots;
      for (const std::string &Id : One.Calls)
        if (auto It = Known.find(Id); It != Known.end())
          Calls.push_back(It->second);
      for (const HotSpot &Spot : One.HotSpots) {
        json::Object Out{{"kind", Spot.Kind},
                         {"line", Spot.Line},
                         {"endLine", Spot.EndLine},
                         {"score", Spot.Score},
                         {"reason", json::fixUTF8(Spot.Reason)},
                         {"code", excerpt(Sources.get(File), Spot)}};
        if (!Spot.Signature.empty())
          Out["signature"] = json::fixUTF8(Spot.Signature);
        Spots.push_back(std::move(Out));
      }
      Inside.push_back(json::Object{{"index", I},
                                    {"name", json::fixUTF8(One.Name)},
                                    {"line", One.Line},
                                    {"endLine", One.EndLine},
                                    {"kind", toString(One.Kind)},
                                    {"coroutine", One.IsCoroutine},
                                    {"statements", One.Statements},
                                    {"io", One.Io},
                                    {"separable", One.Separable},
                                    {"calls", std::move(Calls)},
                                    {"hotSpots", std::move(Spots)}});
    }
    Files.push_back(json::Object{{"path", json::fixUTF8(displayed(File))},
                                 {"functions", std::move(Inside)}});
  }
  return json::Object{
      {"version", 1},
      {"tool", "coro-tidy " CORO_VERSION},
      {"project", json::fixUTF8(sys::path::filename(Root))},
      {"units", Units},
      {"failed", Failed},
      {"coroutines", json::Object{{"count", Sum.Coroutines},
                                  {"statements", Sum.Statements},
                                  {"io", Sum.Io},
                                  {"separable", Sum.Separable},
                                  {"separablePercent",
                                   static_cast<double>(static_cast<int64_t>(
                                       Sum.share() * 10 + 0.5)) /
                                       10}}},
      {"files", std::move(Files)}};
}

void ProgramMap::writeText(raw_ostream &OS) const {
  unsigned ByKind[4] = {};
  std::vector<std::pair<const HotSpot *, const FunctionPortrait *>> Spots;
  for (const FunctionPortrait &One : Functions) {
    ++ByKind[static_cast<unsigned>(One.Kind)];
    for (const HotSpot &Spot : One.HotSpots)
      Spots.emplace_back(&Spot, &One);
  }
  Totals Sum = totals();
  OS << Functions.size() << " functions, " << Sum.Coroutines
     << " of them coroutines: " << ByKind[0] << " async IO, " << ByKind[1]
     << " compute, " << ByKind[2] << " mixed, " << ByKind[3] << " blocking\n"
     << "Of " << Sum.Statements << " statements in coroutines " << Sum.Io
     << " do IO, and " << Sum.Separable
     << " could stand in plain functions: " << format("%.1f", Sum.share())
     << " %\n";
  llvm::sort(Spots, [](const auto &A, const auto &B) {
    return std::tie(B.first->Score, A.second->File, A.first->Line,
                    A.first->Reason) < std::tie(A.first->Score, B.second->File,
                                                B.first->Line, B.first->Reason);
  });
  constexpr size_t Shown = 20;
  if (!Spots.empty())
    OS << "\nHot spots\n";
  for (const auto &[Spot, Function] : ArrayRef(Spots).take_front(Shown)) {
    OS << "  " << shownPath(displayed(Function->File)) << ':' << Spot->Line
       << ": " << printable(Function->Name) << ": " << printable(Spot->Reason)
       << '\n';
    if (!Spot->Signature.empty())
      OS << "      " << printable(Spot->Signature) << '\n';
  }
  if (Spots.size() > Shown)
    OS << "  and " << Spots.size() - Shown << " more\n";
}

void ProgramMap::writeHtml(raw_ostream &OS) const {
  std::string Data = jsonText(json());
  // Nothing in a name or in code may end the element that holds the data.
  std::string Safe;
  Safe.reserve(Data.size());
  for (char C : Data) {
    if (C == '<')
      Safe += "\\u003c";
    else if (C == '>')
      Safe += "\\u003e";
    else if (C == '&')
      Safe += "\\u0026";
    else
      Safe += C;
  }
  auto Part = [](StringRef Name) {
    for (const EmbeddedFile &File : embeddedMapPage())
      if (File.Name == Name)
        return File.Text;
    return StringRef();
  };
  // The page names its parts in the order of what is written.
  StringRef Page = Part("page.html");
  while (!Page.empty()) {
    auto [Before, Rest] = Page.split("{{");
    OS << Before;
    auto [Name, After] = Rest.split("}}");
    if (Name == "data")
      OS << Safe;
    else if (!Name.empty())
      OS << Part(Name);
    Page = After;
  }
}

} // namespace coro
