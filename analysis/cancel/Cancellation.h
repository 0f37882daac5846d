//===- Cancellation.h - What is left of a cancelled operation -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The cancellation guarantee of awaited operations. Those of libraries have it
// from the models; a coroutine has it from its body, by a forward data flow
// over what was taken and is not handed over yet:
//
//   terminal  an operation that is cut off in the middle and of whose progress
//             nobody learns is awaited; or the coroutine took something, still
//             holds it in its frame, and suspends
//   partial   something was taken, and recorded where the caller sees it
//   total     none of these, and every awaited operation is known
//   unknown   everything else, recursion included
//
// The definitions of the four levels are Asio's (cancellation_type); that a
// value which was taken and is held in the frame at an await is lost is the
// rule of thumb of tokio's documentation on cancel safety.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_CANCEL_CANCELLATION_H
#define CORO_ANALYSIS_CANCEL_CANCELLATION_H

#include "analysis/ast/ObjectPath.h"
#include "analysis/facts/Vocabulary.h"
#include "analysis/unit/Unit.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <map>

namespace coro {

/// An object as a function's callers can name it.
struct SummaryObject : CallersObject {
  int Parameter = None; ///< index, or one of the constants
  const clang::ValueDecl *Variable = nullptr; ///< for Outer
  llvm::SmallVector<std::string, 4> Members;
  bool Exact = true;
};

struct SummaryUse {
  SummaryObject Object;
  ObjectUse Use = ObjectUse::Unknown;
};

/// A step of the explanation of a guarantee, outermost first.
struct CancellationStep {
  clang::SourceRange Where;
  std::string Message;
};

/// Everything that a caller needs to know about a function, for this unit or,
/// without Steps and objects of kind Outer, for an index.
struct CancellationSummary {
  Guarantee Cancel = Guarantee::Unknown;
  Loss How = Loss::None;
  Payload Data = Payload::None; ///< of the operation that loses
  SummaryObject Object;         ///< of the operation that loses
  std::string Operation;        ///< its name
  bool Awaitable = false;       ///< the function is a coroutine
  /// Its result is a message that was taken out of From and exists once.
  bool ReturnsMessage = false;
  SummaryObject From;
  /// The parameters that it puts into To as a message, and nowhere else.
  llvm::SmallVector<int, 2> Sends;
  SummaryObject To;
  /// It has a result that takes more than one suspension to make, so that one
  /// who begins it anew does all of it again.
  bool Composed = false;
  /// It can end by returning: false for an endless loop.
  bool MayReturn = true;
  std::vector<SummaryUse> Uses;
  std::vector<CancellationStep> Steps; ///< to what is lost
  std::vector<CancellationStep> Why;   ///< why the guarantee is no other
};

/// An awaited expression, with objects as the awaiting function names them.
struct AwaitedOperation {
  Guarantee Cancel = Guarantee::Unknown;
  Loss How = Loss::None;
  Payload Data = Payload::None;
  ObjectPath Object;
  std::string Operation;
  const clang::FunctionDecl *Callee = nullptr;
  const clang::CallExpr *Call = nullptr;
  /// Its result is a message that was taken out of From.
  bool ReturnsMessage = false;
  ObjectPath From;
  /// What it puts into To as a message, as the awaiting function wrote it.
  llvm::SmallVector<const clang::Expr *, 2> Sent;
  ObjectPath To;
  /// Cancelled, it loses its place in a queue of waiters.
  bool Queues = false;
  /// Begun anew, it does again what took more than one suspension.
  bool Composed = false;
  /// It is a single step: what it takes becomes its result.
  bool SingleShot = false;
  /// The buffer that remembers how far a partial operation came.
  ObjectPath Buffer;
  /// A deadline or another wait that takes nothing.
  bool WaitsOnly = false;
  bool MayReturn = true;
  std::vector<CancellationStep> Steps;
};

/// One use of an object by a call.
struct CallUse {
  ObjectPath Object;
  ObjectUse Use = ObjectUse::Unknown;
};

/// The summaries of a unit, each computed once, on demand. Cost: one data flow
/// for a coroutine, with the default budget; when it runs out the guarantee is
/// unknown.
class Cancellations {
public:
  /// \p Alone: for a summary of the unit, which holds whatever other units
  /// contain. Their coroutines are taken for total then, see needs().
  explicit Cancellations(Unit &U, bool Alone = false) : U(U), Alone(Alone) {}

  const CancellationSummary &of(const clang::FunctionDecl *Function);

  /// What \p Awaitable, an operand of an await or of a combinator, does when
  /// it is cancelled.
  AwaitedOperation describe(const clang::Expr *Awaitable);

  /// What \p Object, as a callee names it, is called where \p Call stands.
  ObjectPath atCall(const SummaryObject &Object, const clang::CallExpr *Call);

  /// What \p Call does to objects that its caller can name.
  llvm::SmallVector<CallUse, 4> uses(const clang::CallExpr *Call);

  using Functions = llvm::SmallPtrSet<const clang::FunctionDecl *, 4>;
  /// The functions of other units that of(\p Function) took for total.
  const Functions &needs(const clang::FunctionDecl *Function) {
    return Needed[Function];
  }

private:
  class Body;

  CancellationSummary compute(const clang::FunctionDecl *Function);
  /// Of a function whose body is in another unit, by the index.
  CancellationSummary elsewhere(const clang::FunctionDecl *Function);

  Unit &U;
  llvm::DenseMap<const clang::FunctionDecl *,
                 std::unique_ptr<CancellationSummary>>
      Known;
  unsigned Depth = 0; ///< how many summaries are being made, each for another
  const bool Alone;
  /// The function whose summary is being made, and what each relies upon.
  const clang::FunctionDecl *Current = nullptr;
  std::map<const clang::FunctionDecl *, Functions> Needed;
};

/// The variable that \p Await initialises or is assigned to, or null. Of a
/// structured binding it is the whole.
const clang::ValueDecl *
resultVariable(const Flow &F, const clang::CoroutineSuspendExpr *Await);

/// The variables that the completion token of \p Op puts its error into.
llvm::SmallVector<const clang::VarDecl *, 2>
errorVariables(const AwaitedOperation &Op);

/// Is \p Result what an operation gives that returns its error: the error, or
/// a tuple that begins with it?
bool holdsError(clang::QualType Result);

/// Does awaiting \p Op return its error, instead of throwing it?
bool returnsErrors(const clang::CoroutineSuspendExpr *Await,
                   const AwaitedOperation &Op);

/// Could the coroutine learn, after \p Op was cancelled, how far it came? It
/// can if the operation returns its error instead of throwing it, and does if
/// what comes with the error is looked at.
bool progressIsSeen(const Flow &F, const clang::CoroutineSuspendExpr *Await,
                    const AwaitedOperation &Op);

/// The argument of \p Call with that index, without the object of a member
/// operator; null when there is none.
const clang::Expr *argument(const clang::CallExpr *Call, unsigned Index);

/// The argument, or object, of \p Call that a model names with "this" or an
/// index; null when there is none.
const clang::Expr *modelledArgument(const clang::CallExpr *Call,
                                    llvm::StringRef Object);

/// The call that \p E, an awaited expression, is the result of: looks through
/// moves and local variables. Null when there is none.
const clang::CallExpr *operationCall(const clang::Expr *E, unsigned Depth = 0);

/// The task that \p Call, of a library's function, gives back in another form:
/// with an executor, a token, its errors as values. Null when it does not.
const clang::Expr *handedOnTask(Unit &U, const clang::CallExpr *Call);

/// The object that a model names with "this" or an index.
ObjectPath modelledObject(const clang::CallExpr *Call, llvm::StringRef Object);

} // namespace coro

#endif // CORO_ANALYSIS_CANCEL_CANCELLATION_H
