#!/usr/bin/env python3
"""Measures how the checks grow with the size of one function, on generated ones.

    bench-scale.py [--select CHECKS] [--keep DIR]

Two shapes: a function with 2,000 statements, 500 suspensions and 500 borrows, beside the half of it, twice and four
times it, and one with loops nested 8 deep over containers with a suspension in each, beside 2 and 4. Printed is the processor time
beyond a parse, and how it grows against the smaller one: twice the statements should cost about twice the time. Times
of one run are compared with each other only.
"""
import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
PRELUDE = """#include "task.h"
#include <map>
task<> later();
void use(int);
struct Table {
  std::map<int, int> entries_;
  void remove(int id) { entries_.erase(id); }
  task<> run(int id);
};
task<> Table::run(int id) {
"""


def long_function(borrows: int) -> str:
    """Four statements for each borrow; half of the borrows live to the end."""
    lines = []
    for i in range(borrows):
        lines.append(f"  auto &b{i} = entries_[id + {i}];")
        lines.append("  co_await later();")
        lines.append(f"  if (id > {i})\n    use(b{i // 2});")
        lines.append(f"  use(id + {i});")
    return PRELUDE + "\n".join(lines) + "\n}\n"


def nested_loops(depth: int) -> str:
    lines = []
    for i in range(depth):
        pad = "  " * (i + 1)
        lines.append(f"{pad}for (auto &[k{i}, v{i}] : entries_) {{")
        lines.append(f"{pad}  auto it{i} = entries_.find(k{i} + id);")
        lines.append(f"{pad}  if (v{i} > id)\n{pad}    co_await later();")
        lines.append(f"{pad}  use(it{i}->second + v{i});")
    for i in reversed(range(depth)):
        lines.append("  " * (i + 1) + "}")
    return PRELUDE + "\n".join(lines) + "\n}\n"


def seconds(command: list[str]) -> float:
    """The processor time of one run, the least of several."""
    times = []
    for _ in range(ROUNDS):
        before = os.times()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600, check=False)
        after = os.times()
        times.append(after.children_user - before.children_user + after.children_system - before.children_system)
    return min(times)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--select", default="coro-*", help="the checks, by default all")
    parser.add_argument("--keep", type=Path, help="leave the generated sources there")
    options = parser.parse_args()
    module = ROOT / "build" / "llvm-22" / "lib" / "libcoro-tidy-22.so"
    if not module.exists():
        sys.exit(f"{module} is missing: run ./dev build")
    shapes = [("statements", {size * 4: long_function(size) for size in (250, 500, 1000, 2000)}),
              ("loops deep", {depth: nested_loops(depth) for depth in (2, 4, 8)})]
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for unit, sizes in shapes:
            before = None
            for size, text in sizes.items():
                source = folder / f"{unit.split()[0]}-{size}.cpp"
                source.write_text(text)
                flags = ["--", "-std=c++20", "-w", f"-I{ROOT / 'test' / 'Inputs'}"]
                tidy = ["clang-tidy-22", f"--load={module}", str(source)]
                plain = seconds([*tidy, "--checks=-*,coro-large-frame",
                                 "--config={CheckOptions: {coro-large-frame.Enable: false}}", *flags])
                checked = seconds([*tidy, f"--checks=-*,{options.select}", *flags])
                cost = max(checked - plain, 0.0)
                growth = f"{cost / before:5.1f} times" if before else ""
                print(f"{size:5} {unit}: {cost:6.2f} s beyond {plain:.2f} s {growth}", flush=True)
                before = cost or None
    return 0


if __name__ == "__main__":
    sys.exit(main())
