#!/usr/bin/env python3
"""Runs the tests of the builds in build/ and counts them.

    run-tests.py [PATH...]      with PATH, only those, lit tests with LLVM 22; a path in test/proofs names proof
                                programs, one in test/unit means all unit tests

Ends with a line `N passed, N failed`; the exit status is 0 if nothing failed.
"""
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
JOBS = str(os.cpu_count() or 2)


class Totals:
    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def add(self, name: str, passed: int, failed: int, note: str = "") -> None:
        self.passed += passed
        self.failed += failed
        print(f"  {name}: {passed} passed, {failed} failed{note}", flush=True)


def heading(text: str) -> None:
    print(f"\033[1m==> {text}\033[0m", flush=True)


def run_lit(totals: Totals, major: str, paths: list[str]) -> None:
    heading(f"lit tests, LLVM {major}")
    build = BUILD / f"llvm-{major}"
    results = build / "lit-results.json"
    results.unlink(missing_ok=True)
    # A path of the source tree names the tests in it.
    targets = [str(build / "test" / Path(p).relative_to(ROOT / "test")) for p in paths] or [str(build / "test")]
    subprocess.run(["python3", "/usr/lib/llvm-22/bin/lit", "-sv", f"-j{JOBS}", "--no-progress-bar",
                    "-o", str(results), *targets])
    if not results.exists():
        totals.add("lit", 0, 1, " (lit did not run)")
        return
    codes = [test["code"] for test in json.loads(results.read_text())["tests"]]
    passed = sum(code in ("PASS", "XFAIL", "FLAKYPASS") for code in codes)
    skipped = codes.count("UNSUPPORTED")
    totals.add(f"lit (LLVM {major})", passed, len(codes) - passed - skipped, f", {skipped} not for this build")


def run_unit(totals: Totals) -> None:
    heading("unit tests")
    results = BUILD / "llvm-22" / "unit-results.json"
    results.unlink(missing_ok=True)
    binary = BUILD / "llvm-22" / "bin" / "coro-unit-tests"
    ended = subprocess.run([str(binary), "--gtest_brief=1", f"--gtest_output=json:{results}"])
    if not results.exists():
        totals.add("unit", 0, 1, f" (ended with {ended.returncode})")
        return
    report = json.loads(results.read_text())
    totals.add("unit", report["tests"] - report["failures"], report["failures"])


def run_proofs(totals: Totals, names: list[str]) -> None:
    heading("proof programs")
    ended = subprocess.run([sys.executable, str(ROOT / "tools" / "run-proofs.py"), f"-j{JOBS}", *names],
                           stdout=subprocess.PIPE, text=True)
    print(ended.stdout, end="")
    last = re.search(r"^proofs: (\d+) passed, (\d+) failed$", ended.stdout, re.MULTILINE)
    totals.add("proofs", *(int(n) for n in last.groups()) if last else (0, 1))


def run_example(totals: Totals) -> None:
    """Both gateways build without a warning, and the mended one works."""
    heading("the example")
    for name in ("gateway", "gateway-fixed"):
        build = BUILD / "examples" / name
        configure = ["cmake", "-S", str(ROOT / "examples" / name), "-B", str(build), "-G", "Ninja",
                     "-DCMAKE_CXX_COMPILER=clang++-22", "-DCMAKE_CXX_FLAGS=-Werror"]
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        for command in (configure, ["ninja", "-C", str(build)]):
            ended = subprocess.run(command, **quiet)
            if ended.returncode:
                print(ended.stdout)
                break
        totals.add(f"{name} builds", int(ended.returncode == 0), int(ended.returncode != 0))
    talk = subprocess.run([sys.executable, str(ROOT / "examples" / "smoke_test.py"),
                           str(BUILD / "examples" / "gateway-fixed" / "gateway")], stdout=subprocess.PIPE, text=True)
    print(talk.stdout, end="")
    passed = len(re.findall(r" s  ok$", talk.stdout, re.MULTILINE))
    failed = len(re.findall(r" s  FAILED", talk.stdout))
    totals.add("smoke test", passed, failed or int(talk.returncode != 0))


def run_some(totals: Totals, paths: list[Path]) -> None:
    """What the paths name, each by the runner of its kind."""
    parts = [path.relative_to(ROOT / "test").parts for path in paths]
    lit = [str(path) for path, part in zip(paths, parts) if part[:1] not in (("proofs",), ("unit",))]
    if lit:
        run_lit(totals, "22", lit)
    if ("unit",) in (part[:1] for part in parts):
        run_unit(totals)
    proofs = [part[1:2] for part in parts if part[:1] == ("proofs",)]
    if proofs:
        run_proofs(totals, [] if () in proofs else sorted({name for (name,) in proofs}))


def main() -> int:
    began = time.monotonic()
    totals = Totals()
    paths = [Path(path).resolve() for path in sys.argv[1:]]
    for path in paths:
        if not path.exists() or (ROOT / "test") not in [path, *path.parents]:
            sys.exit(f"no such test: {path} (name a file or folder under test/)")
    if paths:
        run_some(totals, paths)
    else:
        run_unit(totals)
        run_lit(totals, "22", [])
        run_lit(totals, "19", [])
        run_proofs(totals, [])
        run_example(totals)
    heading(f"all tests, {time.monotonic() - began:.0f} s")
    print(f"{totals.passed} passed, {totals.failed} failed")
    return 1 if totals.failed or not totals.passed else 0


if __name__ == "__main__":
    sys.exit(main())
