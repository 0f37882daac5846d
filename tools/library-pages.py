#!/usr/bin/env python3
"""Writes the tables of docs/libraries/*.md, what the models know of each library.

    library-pages.py [--check]     with --check: only says whether they are up to date

The text of a page is written by hand; what stands between its two comments `models: …` and `end of models` is
written here. The first comment names the libraries, as the key `library` of the models does.
"""
import argparse
import importlib.util
import re
import sys

import checklist

ROOT = checklist.ROOT
BLOCK = re.compile(r"(<!-- models: ([\w ,.-]+) -->\n).*?(<!-- end of models -->)", re.DOTALL)
TASKS = {"awaits": "wait for the tasks that they are given", "runs": "run a task to its end, and block until then",
         "spawns": "start a task that goes on by itself", "stores": "keep a task for later"}
CALLABLES = {"keeps": "keep the closure for as long as its coroutine runs",
             "drops-early": "drop the closure before its coroutine ends",
             "runs-elsewhere": "run the closure on another thread, where it may block"}


def table_module():
    spec = importlib.util.spec_from_file_location("guarantee_table", ROOT / "tools" / "guarantee-table.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows_of(libraries: set[str]) -> list[dict]:
    parse = table_module().parse
    rows: list[dict] = []
    for file in sorted((ROOT / "models").glob("*.yaml")):
        # Both sections have the same form.
        head, found = parse(re.sub(r"^types:", "functions:", file.read_text(), flags=re.MULTILINE))
        if head["library"] in libraries:
            rows += found
    return rows


def names(rows: list[dict]) -> str:
    return ", ".join(f"`{name}`" for name in sorted({row["name"].strip("'\"") for row in rows if "name" in row}))


def block(libraries: set[str]) -> str:
    rows = rows_of(libraries)
    lines = ["| fact | of |", "|---|---|"]

    def add(fact: str, chosen: list[dict]) -> None:
        if any("name" in row for row in chosen):
            lines.append(f"| {fact} | {names(chosen)} |")

    for start in ("lazy", "eager"):
        add(f"are {start}", [r for r in rows if r.get("start") == start])
    add("may be dropped", [r for r in rows if r.get("may-discard") == "true"])
    for facts, key in ((TASKS, "task"), (CALLABLES, "callable")):
        for value, text in facts.items():
            add(text, [r for r in rows if r.get(key) == value])
    add("end with the first of several", [r for r in rows if isinstance(r.get("select"), dict)])
    add("move the coroutine to another executor",
        [r for r in rows if isinstance(r.get("transfer"), dict) and r["transfer"].get("moves") == "true"])
    add("start work that belongs to a scope", [r for r in rows if r.get("scope") == "starts"])
    add("wait for the work of a scope", [r for r in rows if r.get("scope") == "joins"])
    add("may be held over a suspension", [r for r in rows if r.get("coroutine-aware") == "true"])
    blocking: dict[str, list[dict]] = {}
    for row in rows:
        if isinstance(row.get("blocks"), dict):
            blocking.setdefault(row["blocks"].get("kind", "other"), []).append(row)
    for kind, chosen in sorted(blocking.items()):
        add(f"block ({kind})", chosen)
    operations = [r for r in rows if isinstance(r.get("operation"), dict)]
    if operations:
        lines.append(f"| have a cancellation guarantee | {len(operations)} operations, in [the table](../guarantees.md) |")
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    stale = []
    for page in sorted((ROOT / "docs" / "libraries").glob("*.md")):
        old = page.read_text()
        new = BLOCK.sub(lambda m: m[1] + block({name.strip() for name in m[2].split(",")}) + m[3], old)
        if new != old:
            stale.append(page.name)
            if not options.check:
                page.write_text(new)
    if options.check and stale:
        sys.exit(f"docs/libraries: {', '.join(stale)}: not what models/ say: run ./dev docs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
