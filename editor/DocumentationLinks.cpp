//===- DocumentationLinks.cpp - Our checks have our pages -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// clangd takes every check of clang-tidy for one of LLVM's own and gives its
// diagnostics a link to LLVM's site, where there is no page of ours. The
// linker's --wrap puts a stream between clangd and the editor, which looks at
// each message for such a link, and names the installed page instead. Where no
// page is installed the link is left out.
//
//===----------------------------------------------------------------------===//
#include "checks/CheckList.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>
#include <vector>

using namespace llvm;

/// What clangd makes of "coro-missing-await".
static constexpr StringLiteral LinkStart =
    "https://clang.llvm.org/extra/clang-tidy/checks/coro/";
static constexpr StringLiteral LinkEnd = ".html";

/// The address of the installed page of \p Check, or nothing.
static std::string pageOf(StringRef Check) {
  std::string Program = sys::fs::getMainExecutable(
      nullptr, reinterpret_cast<void *>(&coro::findCheck));
  SmallString<256> Path(
      sys::path::parent_path(sys::path::parent_path(Program)));
  sys::path::append(Path, CORO_DOC_FOLDER, "checks", Check + ".md");
  return sys::fs::exists(Path) ? ("file://" + Path).str() : std::string();
}

/// Puts our links into all diagnostics below \p V.
static void rewrite(json::Value &V) {
  if (json::Array *List = V.getAsArray()) {
    for (json::Value &Element : *List)
      rewrite(Element);
    return;
  }
  json::Object *Object = V.getAsObject();
  if (!Object)
    return;
  if (json::Object *Description = Object->getObject("codeDescription")) {
    StringRef Link = Description->getString("href").value_or("");
    if (Link.consume_front(LinkStart) && Link.consume_back(LinkEnd)) {
      std::string Page = pageOf(("coro-" + Link).str());
      if (Page.empty())
        Object->erase("codeDescription");
      else
        (*Description)["href"] = std::move(Page);
    }
  }
  for (auto &Member : *Object)
    rewrite(Member.second);
}

namespace {

/// Passes on messages of the language server protocol, each as a whole: a
/// header with the length of the body, an empty line, the body.
class LinkRewriter : public raw_ostream {
public:
  explicit LinkRewriter(raw_ostream &Out)
      : raw_ostream(/*Unbuffered=*/true), Out(Out) {}

private:
  static constexpr StringLiteral LengthField = "Content-Length: ";
  static constexpr StringLiteral HeaderEnd = "\r\n\r\n";

  void write_impl(const char *Text, size_t Size) override {
    Position += Size;
    Pending.append(Text, Size);
    while (passOne())
      ;
  }

  /// Is there a whole message? It is passed on. What is no message at all (as
  /// clangd's --lit-test prints) is passed on as it is.
  bool passOne() {
    StringRef Rest = Pending;
    if (Rest.empty() || LengthField.starts_with(Rest))
      return false;
    size_t Header = Rest.find(HeaderEnd), Length = 0;
    if (Rest.starts_with(LengthField) && Header == StringRef::npos)
      return false;
    if (!Rest.consume_front(LengthField) || Rest.consumeInteger(10, Length) ||
        !Rest.starts_with(HeaderEnd)) {
      Out << Pending;
      Out.flush();
      Pending.clear();
      return false;
    }
    Rest = Rest.drop_front(HeaderEnd.size());
    if (Rest.size() < Length)
      return false;
    passBody(Rest.take_front(Length));
    Pending.erase(0, Header + HeaderEnd.size() + Length);
    return true;
  }

  void passBody(StringRef Body) {
    std::string Changed;
    if (Body.contains(LinkStart)) {
      if (Expected<json::Value> Message = json::parse(Body)) {
        rewrite(*Message);
        raw_string_ostream(Changed) << *Message;
        Body = Changed;
      } else {
        consumeError(Message.takeError());
      }
    }
    Out << LengthField << Body.size() << HeaderEnd << Body;
    Out.flush();
  }

  uint64_t current_pos() const override { return Position; }

  raw_ostream &Out;
  std::string Pending;
  uint64_t Position = 0;
};

} // namespace

// clangd's header is not installed. What it makes is only passed on here, so
// that its type need not be known: a pointer that nobody in this file deletes.
namespace clang::clangd {
class Transport;
enum JSONStreamStyle : int;
} // namespace clang::clangd
struct NeverDeletes {
  void operator()(clang::clangd::Transport *) const {}
};
using TransportPtr = std::unique_ptr<clang::clangd::Transport, NeverDeletes>;

TransportPtr
newTransport(std::FILE *In, raw_ostream &Out, raw_ostream *Mirror, bool Pretty,
             clang::clangd::JSONStreamStyle
                 Style) __asm__("__real__ZN5clang6clangd16newJSONTransportEP8_"
                                "IO_FILERN4llvm11raw_"
                                "ostreamEPS4_bNS0_15JSONStreamStyleE");
TransportPtr newRewritingTransport(
    std::FILE *In, raw_ostream &Out, raw_ostream *Mirror, bool Pretty,
    clang::clangd::JSONStreamStyle
        Style) __asm__("__wrap__ZN5clang6clangd16newJSONTransportEP8_IO_"
                       "FILERN4llvm11raw_"
                       "ostreamEPS4_bNS0_15JSONStreamStyleE");

TransportPtr newRewritingTransport(std::FILE *In, raw_ostream &Out,
                                   raw_ostream *Mirror, bool Pretty,
                                   clang::clangd::JSONStreamStyle Style) {
  // The stream lives as long as whatever writes to it.
  static std::vector<std::unique_ptr<LinkRewriter>> Streams;
  Streams.push_back(std::make_unique<LinkRewriter>(Out));
  return newTransport(In, *Streams.back(), Mirror, Pretty, Style);
}
