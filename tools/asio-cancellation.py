#!/usr/bin/env python3
# Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Derives the cancellation guarantees of Asio's and Beast's operations from their headers.

  asio-cancellation.py [--check] MODEL.yaml INCLUDE-DIR...

Every operation of these libraries states in its documentation comment which cancellation types it supports:

  * @par Per-Operation Cancellation
  * This asynchronous operation supports cancellation for the following
  * boost::asio::cancellation_type values:
  * @li @c cancellation_type::terminal
  * @li @c cancellation_type::partial

The strongest of them is its guarantee. The rows are written between the two marker lines of MODEL.yaml; with --check
nothing is written, and the exit status says whether the file is what it would be. Where several releases state
different types, the weakest guarantee counts, since a model has to be right for all of them.
"""
import argparse
import difflib
import re
import sys
from pathlib import Path

BEGIN = "# BEGIN of the rows from the headers (tools/asio-cancellation.py)"
END = "# END of the rows from the headers"
STRENGTH = ["terminal", "partial", "total"]

COMMENT = re.compile(r"/\*\*.*?\*/", re.DOTALL)
CLASS = re.compile(r"^(?:class|struct)\s+(?:[A-Z_]+\s+)?(\w+)[^;{]*\{", re.MULTILINE)
OPERATION = re.compile(r"\b(async_\w+)\s*\(")
NAMESPACE = re.compile(r"^\s*(?:inline\s+)?namespace\s+(\w+)\s*\{|^\}[^\n]*//\s*(?:namespace\s+)?(\w+)", re.MULTILINE)

# What the names say, and no comment does in a form that a program could read.
PAYLOAD = [
    (re.compile(r"^async_(read|receive|accept)"), "consumes"),
    (re.compile(r"^async_(write|send)"), "commits"),
    (re.compile(r"^async_(wait|resolve)"), "readiness"),
]
# A buffer that these fill or drain may note how far they came.
RECORDED = {"async_read", "async_read_until", "async_write"}


# What Beast says about an object after a terminal cancellation, which is the only one that a coroutine passes on.
RUINED = re.compile(r"leaves the stream in an undefined state|may close the underlying socket")


def payload(name: str) -> str:
    if name.endswith("_at"):
        return ""  # nothing is taken out of a file that is read at an offset
    return next((kind for pattern, kind in PAYLOAD if pattern.match(name)), "")


def namespaces(text: str, at: int) -> list[str]:
    """The namespaces that are open at an offset. Only named ones are closed with a comment in these headers."""
    open_: list[str] = []
    for found in NAMESPACE.finditer(text, 0, at):
        if found[1]:
            open_.append(found[1])
        elif found[2] in open_:
            while open_.pop() != found[2]:
                pass
    return open_


def enclosing_class(text: str, at: int) -> str:
    """The class whose braces are open at an offset, or nothing. Both libraries start classes at a line's beginning
    and end them with '};' there."""
    name = ""
    for found in CLASS.finditer(text, 0, at):
        if "\n};" not in text[found.end():at]:
            name = found[1]
    return name


def operations(folder: Path) -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    for header in sorted(folder.rglob("*.hpp")):
        if {"detail", "impl"} & set(header.relative_to(folder).parts):
            continue
        text = header.read_text(errors="replace")
        for comment in COMMENT.finditer(text):
            _, heading, section = comment[0].partition("Per-Operation Cancellation")
            types = set(re.findall(r"@li @c (?:\w+::)*cancellation_type::(\w+)", section))
            # Some overloads are declared twice, for the documentation and for the compiler; both follow the comment.
            name = OPERATION.search(text, comment.end())
            if not heading or not types or not name:
                continue
            operation, owner = name[1], enclosing_class(text, comment.start())
            scope = [n for n in namespaces(text, comment.start())]
            full = "::".join(scope + ([owner] if owner else []) + [operation])
            # Models spell Asio without Boost: its row is valid for both.
            full = re.sub(r"^boost::asio::", "asio::", full)
            guarantee = max(types & set(STRENGTH), key=STRENGTH.index)
            if RUINED.search(section):
                guarantee = "terminal"
            row = {"cancel": guarantee}
            if kind := payload(operation):
                row["payload"] = kind
            row["object"] = "this" if owner else "0"
            if not owner and operation in RECORDED and guarantee == "partial":
                row["progress"] = "1"
            merge(rows, full, row)
    return rows


def merge(rows: dict[str, dict[str, str]], name: str, row: dict[str, str]) -> None:
    if name in rows:
        row["cancel"] = min(row["cancel"], rows[name]["cancel"], key=STRENGTH.index)
    rows[name] = row


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only compare")
    parser.add_argument("model", type=Path)
    parser.add_argument("headers", type=Path, nargs="+")
    options = parser.parse_args()

    rows: dict[str, dict[str, str]] = {}
    for folder in options.headers:
        if not folder.is_dir():
            print(f"{folder}: no such folder", file=sys.stderr)
            return 2
        for name, row in operations(folder).items():
            merge(rows, name, row)
    lines = []
    for name, row in sorted(rows.items()):
        facts = ", ".join(f"{key}: {value}" for key, value in row.items())
        lines += [f"  - name: {name}", f"    operation: {{{facts}}}"]

    text = options.model.read_text()
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        print(f"{options.model}: the marker lines are missing", file=sys.stderr)
        return 2
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    generated = head + BEGIN + "\n" + "\n".join(lines) + "\n  " + END + tail
    if generated == text:
        return 0
    if options.check:
        sys.stdout.writelines(difflib.unified_diff(text.splitlines(True), generated.splitlines(True),
                                                   str(options.model), "what the headers say"))
        return 1
    options.model.write_text(generated)
    return 0


if __name__ == "__main__":
    sys.exit(main())
