//===- LockStateAnalysis.h - The data flow behind LockState -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Private to LockState.cpp, which follows locks through a function, and to
// LockBeginnings.cpp, which tells what a guard holds when its life begins.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_BLOCKING_LOCKSTATEANALYSIS_H
#define CORO_ANALYSIS_BLOCKING_LOCKSTATEANALYSIS_H

#include "analysis/blocking/LockState.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/DenseSet.h"
#include <deque>
#include <map>

namespace coro {

/// The expression that makes an object: \p E without what only wraps it.
const clang::Expr *makerOf(const clang::Expr *E);

/// The locks of one function.
class LockState::Analysis {
public:
  /// What may be true of a lock at a point. A lock without an entry is free.
  enum : uint8_t {
    IsHeld = 1,
    IsFree = 2,
    IsUnsure = 4, ///< somebody else, or a condition, decided
  };

  struct Entry {
    unsigned Lock = 0;
    uint8_t Bits = 0;
    const clang::Stmt *Taken = nullptr;
  };

  struct State {
    /// Sorted by lock.
    llvm::SmallVector<Entry, 2> Entries;

    Entry *find(unsigned Lock) {
      for (Entry &E : Entries)
        if (E.Lock == Lock)
          return &E;
      return nullptr;
    }
    void set(Entry New) {
      if (Entry *Old = find(New.Lock))
        *Old = New;
      else
        Entries.insert(llvm::upper_bound(Entries, New,
                                         [](const Entry &A, const Entry &B) {
                                           return A.Lock < B.Lock;
                                         }),
                       New);
    }
    void clear(unsigned Lock) {
      llvm::erase_if(Entries, [&](const Entry &E) { return E.Lock == Lock; });
    }

    bool join(const State &Other) {
      bool Changed = false;
      for (Entry &Mine : Entries) {
        const auto *Theirs = llvm::find_if(
            Other.Entries, [&](const Entry &E) { return E.Lock == Mine.Lock; });
        uint8_t Bits =
            Mine.Bits |
            (Theirs == Other.Entries.end() ? uint8_t(IsFree) : Theirs->Bits);
        Changed |= Bits != Mine.Bits;
        Mine.Bits = Bits;
        // The earlier of two places is named, whatever the order of blocks.
        if (Theirs != Other.Entries.end() && Theirs->Taken &&
            (!Mine.Taken || Theirs->Taken->getBeginLoc().getRawEncoding() <
                                Mine.Taken->getBeginLoc().getRawEncoding())) {
          Mine.Taken = Theirs->Taken;
          Changed = true;
        }
      }
      for (const Entry &Theirs : Other.Entries)
        if (!find(Theirs.Lock)) {
          set({Theirs.Lock, uint8_t(Theirs.Bits | IsFree), Theirs.Taken});
          Changed = true;
        }
      return Changed;
    }
  };

  /// How a guard begins its life.
  struct Beginning {
    uint8_t Bits = IsHeld;
    const clang::Stmt *Taken = nullptr;
    llvm::SmallVector<LockPath, 1> Mutexes = {};
    std::string MutexText = {};
  };

  Analysis(Unit &U, const Flow &F) : U(U), Types(U.shared<LockTypes>()), F(F) {}

  void run();

  State entry();
  void transfer(State &S, const clang::CFGElement &Element,
                const clang::CFGBlock &Block);
  void edge(State &S, const clang::CFGBlock &From, unsigned Successor);

  Unit &U;
  LockTypes &Types;
  const Flow &F;
  std::deque<Lock> Locks;
  llvm::DenseMap<const clang::Stmt *, llvm::SmallVector<HeldLock, 1>> Held;
  /// Where locks are given back.
  std::vector<std::pair<unsigned, const clang::Expr *>> Releases;
  /// Locals that were made with a reference to another one.
  llvm::DenseMap<const clang::VarDecl *,
                 llvm::SmallVector<const clang::Expr *, 1>>
      Inits;

  bool mentions(const clang::Expr *Root, const Lock &L, unsigned Depth) const;

private:
  bool prepare();
  const GuardType *guardOf(const clang::VarDecl *Variable);
  Lock &lockFor(const clang::VarDecl *Variable, const GuardType *Guard);
  Lock &lockFor(const clang::Expr *Temporary, const GuardType *Guard);
  Lock *lockFor(const LockOperation &Operation);
  Lock *findGuard(const clang::Expr *Object);
  Beginning begin(const clang::Expr *Init, const GuardType &Guard, State &S,
                  unsigned Depth = 0);
  Beginning beginConstructed(const clang::CXXConstructExpr *Construct,
                             const GuardType &Guard, State &S, unsigned Depth);
  void start(State &S, Lock &L, const clang::Expr *Init);
  void stop(State &S, unsigned Lock);
  void take(State &S, const LockOperation &Operation, const clang::Expr *Call);
  void call(State &S, const clang::Expr *Call);
  bool isConsumed(const clang::Expr *Construct) const;
  bool isInScope(const Lock &L, const clang::Stmt *At) const;
  bool mayRelease(const clang::FunctionDecl *Callee, unsigned Parameter);
  void test(State &S, const clang::Expr *Condition, bool Outcome,
            unsigned Depth);

  std::map<const void *, unsigned> ByKey;
  std::map<llvm::SmallVector<const clang::ValueDecl *, 4>, unsigned> ByPath;
  llvm::DenseSet<const clang::CXXBindTemporaryExpr *> Destroyed;
  /// The statement that a local is declared in.
  llvm::DenseMap<const clang::VarDecl *, const clang::Stmt *> Scopes;
};

} // namespace coro

#endif // CORO_ANALYSIS_BLOCKING_LOCKSTATEANALYSIS_H
