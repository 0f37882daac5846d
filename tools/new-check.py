#!/usr/bin/env python3
"""Creates a check with all of its parts: sources, page, lit test, proof, and its line in the list.

    new-check.py NAME [--family FAMILY] [--summary TEXT] [--root DIR]

NAME is like coro-missing-await (the `coro-` may be left out). What is written builds and passes its
lit test, and every part has a `replace_me` that the completeness test asks for until it is gone.
"""
import argparse
import re
import subprocess
import sys
from pathlib import Path

import checklist

HEAD = """\
//===- {file} - {what} {dashes}===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
"""

HEADER = """\
#ifndef CORO_CHECKS_{GUARD}_H
#define CORO_CHECKS_{GUARD}_H

#include "checks/CoroCheck.h"

namespace coro {{

/// Finds replace_me.
/// User page: docs/checks/{id}.md
class {cls} : public CoroCheck {{
public:
  using CoroCheck::CoroCheck;

protected:
  void analyze(Unit &U) override;
}};

}} // namespace coro

#endif // CORO_CHECKS_{GUARD}_H
"""

SOURCE = """\
#include "checks/{family}/{cls}.h"

using namespace coro;

void {cls}::analyze(Unit &U) {{
  for (const Coroutine *C : U.coroutines())
    if (C->Function->getNameAsString() == "replace_me")
      emit({{C->Function->getLocation(), "this is replaced", Confidence::High}});
}}
"""

PAGE = """\
# {id}

{summary_sentence}

## Why

replace_me: what nobody thinks of. The drawing shows the example below (docs/concepts/suspension-and-the-frame.md has its signs).

```
replace_me(o)      object o         who else runs
─────────────────  ───────────────  ─────────────
co_await others()  █
:                  ▀ ◄───────────── ends it
use(o) ──────────► × freed memory
```

## Bad

```cpp
task<> replace_me(object &o) {{
  co_await others();
  use(o);
}}
```

## Good

```cpp
task<> replaced() {{
  co_return;
}}
```

## What it knows

replace_me: from what it decides, which facts come from models, and what makes a report less sure.

## Options

Those of [every check](../concepts/options.md).

## How to say "I meant it"

- `// NOLINT({id})` on the line of the report.
- The option `Allowed`: qualified names, separated by `;`.

## Known false alarms and misses

replace_me

## Proof

[`test/proofs/{id}`](../../test/proofs/{id}): replace_me (what happens in `bad.cpp`, and why not in `good.cpp`).
"""

TEST = """\
// RUN: %check_coro_tidy %s {id} %t
#include "task.h"

// What is reported.

task<> replace_me() {{
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this is replaced [{id}]
  co_return;
}}

// What looks similar and is not.

task<> replaced() {{ co_return; }}
"""

PRELUDE = """\
//--- common
#include "task.h"
struct object {};
void use(object &);
task<> others();
"""

PROOF = """\
// PROOF-FLAGS: -std=c++20 -fsanitize=address
{fails}#include "loop.h"

proof::task<> run() {{
  co_await proof::yield();
  proof::require({condition}, "replace_me");
}}

int main() {{
  proof::spawn(run());
  proof::loop::current().run();
}}
"""


def camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--family", metavar="FAMILY", help="the folder under checks/")
    parser.add_argument("--summary", default="replace_me", metavar="TEXT", help="one line, lower case, no full stop")
    parser.add_argument("--root", type=Path, default=checklist.ROOT)
    options = parser.parse_args()

    name = options.name.removeprefix("coro-")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        sys.exit(f"'{options.name}' is no name for a check: use words of lower case with hyphens, as in missing-await")
    checks = checklist.read(options.root)
    families = sorted({check.family for check in checks})
    family = options.family or ("suggest" if name.startswith("suggest-") else None)
    if not family or not re.fullmatch(r"[a-z]+", family):
        sys.exit(f"name the family of the check with --family: {', '.join(families)}, or a new one (lower case)")
    if any(check.id == f"coro-{name}" for check in checks):
        sys.exit(f"there is a check coro-{name} already")
    if '"' in options.summary:
        sys.exit("the summary stands in a C++ string: leave out the quotes")
    words = {"id": f"coro-{name}", "cls": camel(name) + "Check", "family": family, "summary": options.summary,
             "summary_sentence": options.summary[:1].upper() + options.summary[1:] + ".",
             "GUARD": f"{family}_{camel(name)}Check".upper()}

    def head(file: str) -> str:
        line = f"//===- {file} - {words['id']} "
        return HEAD.format(file=file, what=words["id"], dashes="-" * max(3, 75 - len(line)))

    test = f"test/checks/{family}/{name}.cpp"
    proofs = f"test/proofs/{words['id']}"
    files = {
        f"checks/{family}/{words['cls']}.h": head(f"{words['cls']}.h") + HEADER.format(**words),
        f"checks/{family}/{words['cls']}.cpp": head(f"{words['cls']}.cpp") + SOURCE.format(**words),
        f"docs/checks/{words['id']}.md": PAGE.format(**words),
        test: TEST.format(**words),
        f"test/docs/preludes/{words['id']}.txt": PRELUDE,
        f"{proofs}/bad.cpp": PROOF.format(fails="// PROOF-FAILS: proof failed: replace_me\n", condition="false"),
        f"{proofs}/good.cpp": PROOF.format(fails="", condition="true"),
    }
    for file in files:
        if (options.root / file).exists():
            sys.exit(f"{file} is there already")
    for file, text in files.items():
        (options.root / file).parent.mkdir(parents=True, exist_ok=True)
        (options.root / file).write_text(text)
        print(f"created {file}")

    # The list is grouped by family: after the last check of the same one.
    listed = options.root / "checks" / "CheckList.def"
    lines = listed.read_text().splitlines()
    level = "Suggestion" if family == "suggest" else "Warning"
    own = f'CORO_CHECK({words["cls"]}, "{words["id"]}", {family}, {level}, Low, "{options.summary}")'
    after = [i for i, line in enumerate(lines) if f", {family}, " in line]
    lines.insert(after[-1] + 1 if after else len(lines), own)
    listed.write_text("\n".join(lines) + "\n")
    print("added   a line to checks/CheckList.def")
    subprocess.run([sys.executable, options.root / "tools" / "docs-index.py"], check=True)
    print("written docs/checks/README.md")
    print(f"\nnext: ./dev test {test}\nthen replace every `replace_me`, test first; CONTRIBUTING.md shows the way, and\n"
          "tools/check-completeness.py what is left")
    return 0


if __name__ == "__main__":
    sys.exit(main())
