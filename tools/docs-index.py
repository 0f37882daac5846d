#!/usr/bin/env python3
"""Writes docs/checks/README.md, the index of the checks, from checks/CheckList.def.

    docs-index.py [--check]     with --check: only says whether it is up to date
"""
import argparse
import sys
from itertools import groupby

import checklist

FAMILIES = {
    "await": "Awaits and awaiters",
    "lifetime": "Lifetimes across suspensions",
    "blocking": "Blocking the thread, and locks",
    "cancel": "Cancellation",
    "state": "Shared state",
    "suggest": "Suggestions",
}
LEVELS = {"Warning": "warning", "Suggestion": "advice", "OptIn": "opt-in"}


def index() -> str:
    checks = sorted(checklist.read(), key=lambda c: (list(FAMILIES).index(c.family) if c.family in FAMILIES else 99,
                                                     c.family, c.id))
    text = ["# Checks", "",
            "<!-- Written by `./dev docs` from checks/CheckList.def; edit that. -->", "",
            "*warning* and *advice* are on by default; *opt-in* speaks when its option `Enable` is set. How to read",
            "[the drawings](../concepts/suspension-and-the-frame.md#how-the-pages-of-the-checks-draw-it).", ""]
    for family, members in groupby(checks, key=lambda c: c.family):
        text += [f"## {FAMILIES.get(family, family.capitalize())}", "", "| check | level | what it says |", "|---|---|---|"]
        text += [f"| [{c.id}]({c.id}.md) | {LEVELS[c.level]} | {c.summary} |" for c in members]
        text.append("")
    text += ["## Said by `coro-tidy check` itself", "", "| check | level | what it says |", "|---|---|---|",
             f"| [{checklist.UNUSED_NOLINT}]({checklist.UNUSED_NOLINT}.md) | advice | a `NOLINT` comment that silences nothing |",
             ""]
    return "\n".join(text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    file = checklist.ROOT / "docs" / "checks" / "README.md"
    if not options.check:
        file.write_text(index())
    elif not file.exists() or file.read_text() != index():
        sys.exit(f"{file.relative_to(checklist.ROOT)} is not what checks/CheckList.def says: run ./dev docs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
