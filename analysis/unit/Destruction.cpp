//===- Destruction.cpp - What destroying an object may do -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/unit/Destruction.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/Stmt.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace coro {

namespace {
class Destruction {
public:
  explicit Destruction(Unit &U) : U(U) {}

  bool mayWait(const CXXRecordDecl *Class) {
    if (!Seen.insert(Class->getCanonicalDecl()).second ||
        (Class->hasDefinition() && Class->hasTrivialDestructor()))
      return false;
    const CXXDestructorDecl *Destructor =
        Class->hasDefinition() ? Class->getDestructor() : nullptr;
    if (Destructor)
      if (const FunctionModel *Model = U.models().function(Destructor);
          Model && Model->Blocks)
        return true;
    // Those of the standard library do what their elements do. They need not be
    // instantiated.
    if (Class->isInStdNamespace()) {
      const auto *Special = dyn_cast<ClassTemplateSpecializationDecl>(Class);
      return Special && anyOf(Special->getTemplateArgs().asArray());
    }
    if (const TypeModel *Model = U.models().type(Class);
        Model &&
        (Model->IoObject || !Model->Pointer.empty() || Model->Container))
      return false;
    if (!Class->hasDefinition())
      return true;
    if (Destructor && Destructor->isUserProvided()) {
      const FunctionDecl *Definition = nullptr;
      const auto *Body =
          Destructor->hasBody(Definition)
              ? dyn_cast_or_null<CompoundStmt>(Definition->getBody())
              : nullptr;
      if (!Body || !Body->body_empty())
        return true;
    }
    Class = Class->getDefinition();
    for (const FieldDecl *Field : Class->fields())
      if (mayWait(Field->getType()))
        return true;
    for (const CXXBaseSpecifier &Base : Class->bases())
      if (mayWait(Base.getType()))
        return true;
    return false;
  }

private:
  bool mayWait(QualType Type) {
    const CXXRecordDecl *Class =
        Type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
    return Class && mayWait(Class);
  }

  bool anyOf(llvm::ArrayRef<TemplateArgument> Arguments) {
    for (const TemplateArgument &Argument : Arguments)
      if (Argument.getKind() == TemplateArgument::Pack
              ? anyOf(Argument.pack_elements())
              : Argument.getKind() == TemplateArgument::Type &&
                    mayWait(Argument.getAsType()))
        return true;
    return false;
  }

  Unit &U;
  llvm::SmallPtrSet<const CXXRecordDecl *, 8> Seen;
};
} // namespace

bool mayWaitWhenDestroyed(const CXXRecordDecl *Class, Unit &U) {
  return Destruction(U).mayWait(Class);
}

} // namespace coro
