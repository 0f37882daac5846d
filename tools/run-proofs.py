#!/usr/bin/env python3
"""Builds and runs the proof programs: what a page calls a bug really is one.

    run-proofs.py [--clang CLANGXX] [--cache DIR] [-j N] [NAME...]

test/proofs/NAME/bad.cpp shows the hazard and must fail, good.cpp shows the
way out and must not. Further pairs are bad-WHAT.cpp and good-WHAT.cpp. Their
first lines say how:

    // PROOF-FLAGS: -std=c++20 -fsanitize=address     (both)
    // PROOF-FAILS: regular expression                (bad)

A bad one must end with a status other than 0, and its output must match the
expression; a good one must end with 0. Each may run for 10 seconds. Programs whose
text, headers and flags have not changed since they passed are not run again.
"""
import argparse
import hashlib
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

PROOFS = Path(__file__).resolve().parent.parent / "test" / "proofs"
RUN_LIMIT = 10
BUILD_LIMIT = 300


@dataclass
class Outcome:
    source: Path
    error: str = ""
    cached: bool = False


def lines_of(source: Path, key: str) -> list[str]:
    return re.findall(rf"^// {key}: *(.*?) *$", source.read_text(), re.MULTILINE)


def last_lines(text: str, count: int = 15) -> str:
    return "\n".join("      " + line for line in text.strip().splitlines()[-count:])


class Runner:
    def __init__(self, clang: str, cache: Path) -> None:
        self.clang = clang
        self.cache = cache
        self.cache.mkdir(parents=True, exist_ok=True)
        version = subprocess.run([clang, "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
        # The headers that proofs share are few: a change of one runs all again.
        self.shared = version.encode() + b"".join(h.read_bytes() for h in sorted(PROOFS.glob("*.h")))

    def prove(self, source: Path) -> Outcome:
        flags, fails = lines_of(source, "PROOF-FLAGS"), lines_of(source, "PROOF-FAILS")
        if len(flags) != 1:
            return Outcome(source, "needs one line // PROOF-FLAGS: …")
        if len(fails) != (1 if source.name.startswith("bad") else 0):
            return Outcome(source, "a bad proof needs one line // PROOF-FAILS: …, and a good one none")

        own_headers = b"".join(h.read_bytes() for h in sorted(source.parent.glob("*.h")))
        key = hashlib.sha256(self.shared + own_headers + source.read_bytes()).hexdigest()[:32]
        stem = self.cache / f"{source.parent.name}-{source.stem}"
        passed = stem.with_suffix(".passed")
        if passed.exists() and passed.read_text() == key:
            return Outcome(source, cached=True)
        error = self.build_and_run(source, stem, shlex.split(flags[0]), fails[0] if fails else None)
        if not error:
            passed.write_text(key)
        return Outcome(source, error)

    def build_and_run(self, source: Path, binary: Path, flags: list[str], fails: str | None) -> str:
        command = [self.clang, *flags, "-g1", f"-I{PROOFS}", str(source), "-o", str(binary), "-pthread"]
        built = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               timeout=BUILD_LIMIT)
        if built.returncode:
            return f"does not build: {shlex.join(command)}\n{last_lines(built.stdout)}"
        try:
            ran = subprocess.run([str(binary)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True, errors="replace", timeout=RUN_LIMIT)
        except subprocess.TimeoutExpired:
            return f"runs for more than {RUN_LIMIT} s"
        finally:
            binary.unlink()
        if fails is None:
            return "" if ran.returncode == 0 else f"must pass, but ends with {ran.returncode}\n{last_lines(ran.stdout)}"
        if ran.returncode == 0:
            return f"must fail, but ends with 0\n{last_lines(ran.stdout)}"
        if not re.search(fails, ran.stdout):
            return f"fails ({ran.returncode}), but its output does not match '{fails}'\n{last_lines(ran.stdout)}"
        return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clang", default="clang++-22")
    parser.add_argument("--cache", type=Path, default=PROOFS.parent.parent / "build" / "proofs")
    parser.add_argument("-j", type=int, default=2, metavar="N")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()

    folders = [PROOFS / name for name in options.names] or sorted(p for p in PROOFS.iterdir() if p.is_dir())
    for folder in folders:
        if not folder.is_dir():
            sys.exit(f"no such proof: {folder.name} (name a folder of test/proofs/, such as coro-missing-await)")
    sources = [folder / name for folder in folders for name in ("bad.cpp", "good.cpp")]
    for folder in folders:
        bad, good = (sorted(p.stem.removeprefix(kind) for p in folder.glob(f"{kind}-*.cpp")) for kind in ("bad", "good"))
        sources += [folder / f"{kind}{what}.cpp" for what in sorted({*bad, *good}) for kind in ("bad", "good")]
    failed = [s for s in sources if not s.exists()]
    for source in failed:
        print(f"FAILED  {source.parent.name}/{source.name}: is missing")
    runner = Runner(options.clang, options.cache)
    with ThreadPoolExecutor(max_workers=options.j) as pool:
        for outcome in pool.map(runner.prove, [s for s in sources if s.exists()]):
            name = f"{outcome.source.parent.name}/{outcome.source.name}"
            if outcome.error:
                failed.append(outcome.source)
                print(f"FAILED  {name}: {outcome.error}")
            else:
                print(f"ok      {name}{' (unchanged)' if outcome.cached else ''}", flush=True)
    print(f"proofs: {len(sources) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
