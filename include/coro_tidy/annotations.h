/* Annotations that coro-tidy understands, for any compiler and for C and C++.
 * Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Write them before a declaration:
 *
 *     CORO_BLOCKING std::string read_all(const char *path);
 *     struct CORO_MUST_NOT_SUSPEND transaction { ... };
 *
 * They change no code. Compilers other than clang do not see them. What is
 * written by hand does the same: [[clang::annotate("coro::blocking")]].
 */
#ifndef CORO_TIDY_ANNOTATIONS_H
#define CORO_TIDY_ANNOTATIONS_H

#if defined(__clang__)
#define CORO_TIDY_ANNOTATE(fact) __attribute__((annotate("coro::" fact)))
#else
#define CORO_TIDY_ANNOTATE(fact)
#endif

/* A function: it blocks the thread that calls it, whatever its body shows. */
#define CORO_BLOCKING CORO_TIDY_ANNOTATE("blocking")

/* A function: it does not block, or for so short a time that it is meant. */
#define CORO_NONBLOCKING CORO_TIDY_ANNOTATE("nonblocking")

/* An operation: nothing is lost when it is cancelled. */
#define CORO_CANCEL_SAFE CORO_TIDY_ANNOTATE("cancel_safe")

/* An operation: when it was cancelled, its object can only be closed. */
#define CORO_CANCEL_UNSAFE CORO_TIDY_ANNOTATE("cancel_unsafe")

/* A type: none of its objects may live across a suspension. */
#define CORO_MUST_NOT_SUSPEND CORO_TIDY_ANNOTATE("must_not_suspend")

/* A task type, or a function that returns a task: nobody has to await it. */
#define CORO_FIRE_AND_FORGET CORO_TIDY_ANNOTATE("fire_and_forget")

/* A function: it keeps the callable that it is given until the coroutine which
 * the callable makes has ended. */
#define CORO_LAMBDA_OWNER CORO_TIDY_ANNOTATE("lambda_owner")

#endif /* CORO_TIDY_ANNOTATIONS_H */
