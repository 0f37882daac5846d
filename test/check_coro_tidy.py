#!/usr/bin/env python3
"""Runs one check on a test file and compares everything that it says.

  %check_coro_tidy [OPTION...] %s CHECK %t [-- CLANG-TIDY-ARG... [-- COMPILER-ARG...]]

The file says what must be reported, in the manner of clang-tidy's own tests:

  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: … [coro-x]
  // CHECK-MESSAGES: :[[@LINE-5]]:8: note: …
  // CHECK-FIXES: the line after the fix-its were applied

Every warning, error and note must be named by a CHECK-MESSAGES line, in order;
any other fails the test. Without CHECK-FIXES lines no fix-it may be offered.
A fixed file must compile, and applying the fix-its again must change nothing.

Options:
  --std=c++20[,c++23]  the language modes to run, one after the other (default c++20)
  --allow-errors       the code is meant not to compile
  --expect-clean       there must be no CHECK-MESSAGES line at all
  --fix-notes          apply the fix-its of notes, too
  --clean-when-fixed   nothing may be reported any more after the fix-its were applied
"""
import argparse
import difflib
import re
import subprocess
import sys
from pathlib import Path


def fail(message: str) -> None:
    print(message, file=sys.stderr)
    sys.exit(1)


def run(command: list[str]) -> subprocess.CompletedProcess:
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")


def main() -> None:
    own, tidy_args, compiler_args = sys.argv[1:], [], []
    if "--" in own:
        at = own.index("--")
        own, tidy_args = own[:at], own[at + 1:]
    if "--" in tidy_args:
        at = tidy_args.index("--")
        tidy_args, compiler_args = tidy_args[:at], tidy_args[at + 1:]
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ["clang-tidy", "tools", "inputs"]:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--load", help="the module; without it, the clang-tidy knows the checks by itself")
    parser.add_argument("--std", default="c++20")
    parser.add_argument("--allow-errors", action="store_true")
    parser.add_argument("--expect-clean", action="store_true")
    parser.add_argument("--fix-notes", action="store_true")
    parser.add_argument("--clean-when-fixed", action="store_true")
    parser.add_argument("source")
    parser.add_argument("check")
    parser.add_argument("temp")
    options = parser.parse_args(own)
    for std in options.std.split(","):
        check(options, std, tidy_args, compiler_args)


def check(options, std: str, tidy_args: list[str], compiler_args: list[str]) -> None:
    source = Path(options.source)
    text = source.read_text()
    has_messages, has_fixes = "CHECK-MESSAGES" in text, "CHECK-FIXES" in text
    if options.expect_clean == has_messages:
        fail(f"{source}: a file without CHECK-MESSAGES lines needs --expect-clean, and no other may have it")

    # The expectations must not become part of what is analysed or fixed, and
    # lines must keep their numbers.
    work = Path(f"{options.temp}.{std.replace('+', 'p')}{source.suffix}")
    work.parent.mkdir(parents=True, exist_ok=True)
    original = re.sub(r"//\s*CHECK-(MESSAGES|FIXES)[^\n]*", "//", text)
    work.write_text(original)

    if not any(a.startswith("--config") for a in tidy_args):
        tidy_args = ["--config={}"] + tidy_args
    flags = [f"-std={std}", "-nostdinc++" if "-nostdinc++" in compiler_args else "-Wno-everything",
             f"-I{options.inputs}", f"-I{source.parent}"]
    load = [f"--load={options.load}"] if options.load else []
    base = [options.clang_tidy, *load, "--quiet", f"--checks=-*,{options.check}"] + tidy_args
    tail = ["--"] + flags + compiler_args

    result = run(base + [str(work)] + tail)
    if result.returncode < 0:
        fail(f"clang-tidy died with signal {-result.returncode}\n{result.stderr}")
    output = result.stdout.replace(str(work), "FILE")
    log = Path(f"{work}.msg")
    log.write_text(output)
    if not options.allow_errors and re.search(r"\berror: .*\[clang-diagnostic", output):
        fail(f"{source} does not compile with -std={std}:\n{output}")
    if has_messages:
        found = run([f"{options.tools}/FileCheck", f"--input-file={log}", str(source), "--check-prefix=CHECK-MESSAGES",
                     "--implicit-check-not={{warning|error|note}}:", "--dump-input-context=8"])
        if found.returncode:
            fail(f"{found.stderr}\n--- what was said (-std={std}):\n{output}")
    elif re.search(r"(warning|error|note): ", output):
        fail(f"nothing may be reported with -std={std}, but this was:\n{output}")

    fix = base + ["--fix-notes" if options.fix_notes else "--fix"]
    run(fix + [str(work)] + tail)
    fixed = work.read_text()
    if not has_fixes:
        if fixed != original:
            change = "".join(difflib.unified_diff(original.splitlines(True), fixed.splitlines(True)))
            fail(f"a fix-it was offered, but the test has no CHECK-FIXES line:\n{change}")
        return
    if fixed == original:
        fail("CHECK-FIXES lines are there, but no fix-it was offered")
    found = run([f"{options.tools}/FileCheck", f"--input-file={work}", str(source), "--check-prefix=CHECK-FIXES",
                 "--match-full-lines", "--implicit-check-not=@@never@@"])
    if found.returncode:
        fail(f"{found.stderr}\n--- the fixed file:\n{fixed}")
    compiled = run([f"{options.tools}/clang++", "-fsyntax-only", "-w"] + flags + compiler_args + [str(work)])
    if compiled.returncode:
        fail(f"the fixed file does not compile:\n{compiled.stderr}\n{fixed}")
    run(fix + [str(work)] + tail)
    if work.read_text() != fixed:
        fail(f"applying the fix-its twice changes the file again:\n{work.read_text()}")
    if options.clean_when_fixed:
        again = run(base + [str(work)] + tail).stdout
        if re.search(r"(warning|error): ", again):
            fail(f"the fixed file is not clean:\n{again}\n{fixed}")


if __name__ == "__main__":
    main()
