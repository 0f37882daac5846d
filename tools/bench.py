#!/usr/bin/env python3
"""Measures what the checks cost beside a parse, on the units of examples/gateway.

    bench.py [-p BUILD_DIR]     another compile database

For each unit: clang -fsyntax-only, and the tool with all checks. With both, the machine should have nothing else to do.
"""
import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3


def seconds(command: list[str], folder: str) -> float:
    """The processor time of one run, the least of several."""
    times = []
    for _ in range(ROUNDS):
        before = os.times()
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        after = os.times()
        times.append(after.children_user - before.children_user + after.children_system - before.children_system)
    return min(times)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-p", dest="build", type=Path, default=ROOT / "build" / "demo" / "gateway")
    options = parser.parse_args()
    database = options.build / "compile_commands.json"
    if not database.exists():
        sys.exit(f"{database} is missing: name a folder with a compile database by -p")
    tool = str(ROOT / "build" / "llvm-22" / "bin" / "coro-tidy")
    ratios = []
    print(f"{'parse':>8} {'check':>8} {'ratio':>6}  unit")
    for unit in json.loads(database.read_text()):
        words = unit.get("arguments") or shlex.split(unit["command"])
        output = words.index("-o") if "-o" in words else len(words)
        parse = ["clang++-22", "-fsyntax-only", "-w", *words[1:output], *words[output + 2:]]
        check = [tool, "check", "--quiet", "-j1", "-p", str(options.build), unit["file"]]
        plain, checked = seconds(parse, unit["directory"]), seconds(check, unit["directory"])
        ratios.append(checked / plain)
        print(f"{plain:7.2f}s {checked:7.2f}s {ratios[-1]:6.2f}  {Path(unit['file']).name}", flush=True)
    print(f"median ratio {statistics.median(ratios):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
