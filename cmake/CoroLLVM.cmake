# Finds one LLVM release and says how our objects are compiled against it.
#
# Debian installs every major in its own prefix, so the prefix is asked for by
# major: the version file of LLVM accepts only an equal major and minor.

set(_prefixes "${CORO_LLVM_PREFIX}" "/usr/lib/llvm-${CORO_LLVM_MAJOR}")
find_package(LLVM REQUIRED CONFIG PATHS ${_prefixes} NO_DEFAULT_PATH)
find_package(Clang REQUIRED CONFIG PATHS ${_prefixes} NO_DEFAULT_PATH)
if(NOT LLVM_VERSION_MAJOR EQUAL CORO_LLVM_MAJOR)
  message(FATAL_ERROR "found LLVM ${LLVM_VERSION}, but CORO_LLVM_MAJOR is "
                      "${CORO_LLVM_MAJOR}: install llvm-${CORO_LLVM_MAJOR}-dev and "
                      "libclang-${CORO_LLVM_MAJOR}-dev, or set CORO_LLVM_PREFIX")
endif()
message(STATUS "LLVM ${LLVM_VERSION} in ${LLVM_INSTALL_PREFIX}")

add_library(coro_llvm INTERFACE)
# Debian puts libc++abi's cxxabi.h next to LLVM's headers: behind the system's
# own folders it does not shadow libstdc++'s.
target_compile_options(coro_llvm INTERFACE "SHELL:-idirafter ${LLVM_INCLUDE_DIR}")
target_include_directories(coro_llvm INTERFACE "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}")
target_compile_definitions(coro_llvm INTERFACE ${LLVM_DEFINITIONS_LIST} CORO_VERSION="${PROJECT_VERSION}")
target_compile_options(coro_llvm INTERFACE -fno-exceptions -fno-rtti -fvisibility-inlines-hidden
                       -Wall -Wextra -Wno-unused-parameter)
if(CORO_SANITIZE)
  # Not optimised: it is built in half the time, and nothing is optimised away before it is looked at.
  target_compile_options(coro_llvm INTERFACE -fsanitize=address,undefined -fno-sanitize=vptr -fno-omit-frame-pointer -g1
                         -O0)
  target_link_options(coro_llvm INTERFACE -fsanitize=address,undefined)
  # For executables: a program's own options, so that nobody has to know them.
  add_library(coro_sanitizer_options OBJECT "${CMAKE_SOURCE_DIR}/cmake/SanitizerOptions.cpp")
endif()

# The headers of clang are most of the compile time: one precompiled header for
# all of our objects.
set(_pch "${CMAKE_BINARY_DIR}/coro_pch.cpp")
file(CONFIGURE OUTPUT "${_pch}" CONTENT "// The translation unit that owns the precompiled header.\n")
add_library(coro_pch OBJECT "${_pch}")
target_link_libraries(coro_pch PUBLIC coro_llvm)
target_precompile_headers(coro_pch PRIVATE
  <clang/AST/ASTContext.h> <clang/AST/RecursiveASTVisitor.h> <clang/AST/ExprCXX.h> <clang/AST/StmtCXX.h>
  <clang/AST/ParentMap.h> <clang/Analysis/CFG.h> <clang/Basic/SourceManager.h> <clang/Lex/Lexer.h>
  <clang-tidy/ClangTidyCheck.h> <llvm/ADT/StringMap.h> <llvm/ADT/BitVector.h>
  <llvm/Support/raw_ostream.h> <map> <memory> <optional> <string> <vector>)

# coro_objects(NAME SOURCE...): objects that every product shares.
function(coro_objects name)
  add_library(${name} OBJECT ${ARGN})
  target_link_libraries(${name} PUBLIC coro_llvm)
  target_precompile_headers(${name} REUSE_FROM coro_pch)
endfunction()

# What a product needs to be a clang-tidy by itself: its static archives, and
# clang and LLVM as shared libraries. The archives' own dependencies name clang
# libraries that libclang-cpp already contains; linking both would run static
# set-up twice, so they are dropped.
set(CORO_CLANG_TIDY_ARCHIVES clangTidyMain clangTidy clangTidyUtils)
foreach(_module Abseil Altera Android Boost Bugprone CERT Concurrency CppCoreGuidelines Custom Darwin Fuchsia
                Google HICPP LinuxKernel LLVM LLVMLibc Misc Modernize MPI ObjC OpenMP Performance Portability
                Readability Zircon)
  if(TARGET clangTidy${_module}Module)
    list(APPEND CORO_CLANG_TIDY_ARCHIVES clangTidy${_module}Module)
  endif()
endforeach()
foreach(_archive clangIncludeCleaner clangQuery clangDynamicASTMatchers)
  if(EXISTS "${LLVM_LIBRARY_DIR}/lib${_archive}.a")
    list(APPEND CORO_CLANG_TIDY_ARCHIVES ${_archive})
  endif()
endforeach()
function(coro_archive_paths result)
  set(paths)
  foreach(archive IN LISTS ARGN)
    list(APPEND paths "${LLVM_LIBRARY_DIR}/lib${archive}.a")
  endforeach()
  set(${result} "${paths}" PARENT_SCOPE)
endfunction()
coro_archive_paths(_paths ${CORO_CLANG_TIDY_ARCHIVES})
add_library(coro_clang_tidy INTERFACE)
target_link_libraries(coro_clang_tidy INTERFACE -Wl,--start-group ${_paths} -Wl,--end-group clang-cpp LLVM)
if(CORO_SANITIZE)
  target_link_libraries(coro_clang_tidy INTERFACE coro_sanitizer_options $<TARGET_OBJECTS:coro_sanitizer_options>)
endif()
