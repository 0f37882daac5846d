#!/usr/bin/env python3
"""Runs the tool on broken code, made from good code with a fixed seed.

    mutants.py --tool build/llvm-22/bin/coro-tidy [--count 20000] [--seed 1] [FILE or FOLDER...]

Each input (by default all tests and examples) is cut at tokens, and loses, doubles, swaps and exchanges
tokens and statements. Every mutant goes through `coro-tidy check` with all checks at the lowest confidence;
the tool's processes isolate a crash, so hundreds are analysed in one run. Almost all of the time goes to the
headers of the inputs: they are precompiled, and an input gets the more mutants the less one of them costs.

Prints what crashed, ran out of time or of memory, and keeps those mutants below --work. Where the compiler
alone (`clang++ -fsyntax-only`) fails in the same way, the fault is the compiler's and is counted apart.
The exit status is 1 if anything else failed, or if the inputs themselves could not be analysed.

What is done stands in progress.jsonl below --work, batch by batch; --resume goes on behind it. A mutant depends
on the seed, its input and the other inputs alone: the same words with --resume give the same run.
"""
import argparse
import hashlib
import json
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import checklist

ROOT = checklist.ROOT
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|R"\((?:.|\n)*?\)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|\w+|'
                   r'::|->|<=>|<<|>>|&&|\|\||[-+*/&|<>=!]=|\+\+|--|\.\.\.|\S', re.DOTALL)
# What the mutants of every input may gain: the words that make or break a coroutine.
WORDS = ["co_await", "co_yield", "co_return", "{", "}", "(", ")", ";", ",", "<", ">", "&", "&&", "*", "auto", "this", "[", "]",
         "[=]", "[&]", "return", "if", "for", "while", "do", "switch", "case 0:", "default:", "goto here", "here:", "try",
         "catch (...)", "throw", "template <class T>", "requires", "concept", "static", "const", "constexpr", "struct", "union",
         "enum", "namespace", "using", "operator", "0", "nullptr", "void", "int", "...", "::", "noexcept", "virtual", "friend",
         "decltype(auto)", "new", "delete", "sizeof", "typename", "asm", "#if 1\n", "#endif\n", "mutable", "if constexpr (",
         "[[clang::coro_wrapper]]", "= default", "= delete", "= 0", "co_await co_await", "this auto", "consteval", "thread_local"]
FAILURES = {"crash", "timeout", "out-of-memory"}


class Input:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = re.sub(r"// (RUN|CHECK[\w-]*|REQUIRES):[^\n]*", "//", path.read_text())
        lines = self.text.splitlines(keepends=True)
        last = max((n for n, line in enumerate(lines, 1) if line.startswith("#include")), default=0)
        self.head, body = "".join(lines[:last]), "".join(lines[last:])
        self.prelude = self.precompilable()
        self.body = body
        self.tokens = [m.span() for m in TOKEN.finditer(body) if not m.group().startswith(("//", "/*"))]
        self.statements = [m.span() for m in re.finditer(r"[^;{}]*[;{}]", body)]

    def precompilable(self) -> str:
        """The headers and the macros before them. A header is included once, and so may stand in the text again."""
        if re.search(r"^\s*#\s*(if|undef)", self.head, re.MULTILINE):
            return ""
        return "".join(re.findall(r"^#(?:include|define) .*\n", self.head, re.MULTILINE))

    @property
    def cost(self) -> float:
        """How much a mutant costs, beside one of an input with no header but our own: measured."""
        if "boost/" in self.head or "<asio" in self.head or "qcoro" in self.head:
            return 12
        return 3 if "#include <" in self.head else 1

    def token(self, span: tuple[int, int]) -> str:
        return self.body[span[0]:span[1]]


def edit(chance: random.Random, one: Input, other: Input, body: str) -> str:
    """One change at a token or a statement of ONE; BODY is its text so far."""
    spans = one.tokens if chance.random() < 0.75 else one.statements
    begin, end = chance.choice(spans)
    begin, end = min(begin, len(body)), min(end, len(body))
    what = chance.randrange(7)
    if what == 0:
        return body[:begin] + body[end:]
    if what == 1:
        return body[:end] + " " + body[begin:end] + body[end:]
    if what == 2:
        left, right = sorted([(begin, end), chance.choice(spans)])
        if left[1] <= right[0] and right[1] <= len(body):
            return body[:left[0]] + body[right[0]:right[1]] + body[left[1]:right[0]] + body[left[0]:left[1]] + body[right[1]:]
        return body[:begin]
    if what == 3:
        return body[:begin] + " " + chance.choice(WORDS) + " " + body[begin:]
    if what == 4:
        return body[:begin] + " " + chance.choice(WORDS) + " " + body[end:]
    if what == 5:
        return body[:begin] + " " + one.token(chance.choice(one.tokens)) + " " + body[end:]
    at = chance.choice(other.statements)
    return body[:end] + other.body[at[0]:at[1]] + body[end:]


def mutants(one: Input, others: list[Input], count: int, cut_every: int, chance: random.Random):
    """The cuts at every CUT_EVERY-th token, and COUNT edits.

    Without CUT_EVERY a third of COUNT is cut, at tokens spread evenly; if there are fewer tokens, at each.
    """
    cuts = min(len(one.tokens), -(-count // 3))
    if cut_every:
        cuts = -(-len(one.tokens) // cut_every)
        count += cuts
    for n in range(cuts):
        begin, _ = one.tokens[n * len(one.tokens) // cuts]
        yield "cut", one.head + one.body[:begin] + "\n"
    for _ in range(count - cuts):
        body = one.body
        for _ in range(chance.choice([1, 1, 1, 2, 3, 8])):
            body = edit(chance, one, chance.choice(others), body)
        yield "edit", one.head + body


class Runner:
    def __init__(self, options) -> None:
        self.options = options
        self.work = Path(options.work).resolve()
        if not options.resume:
            shutil.rmtree(self.work, ignore_errors=True)
        (self.work / "found").mkdir(parents=True, exist_ok=True)
        self.config = self.work / "config.yaml"
        settings = {"MinConfidence": "low", **{f"{c.id}.Enable": "true" for c in checklist.read()}}
        self.config.write_text(json.dumps({"CheckOptions": settings}))
        self.headers: dict[tuple, list[str]] = {}
        self.total = self.cuts = self.broken = self.findings = self.of_compiler = 0
        self.failed: list[str] = []
        self.progress = self.work / "progress.jsonl"
        self.done: set[tuple[str, int]] = set()
        for line in self.progress.read_text().splitlines() if self.progress.exists() else []:
            batch = json.loads(line)
            self.done.add((batch["input"], batch["begin"]))
            self.failed += batch["failed"]
            for name in self.COUNTS:
                setattr(self, name, getattr(self, name) + batch[name])

    COUNTS = ("total", "cuts", "broken", "findings", "of_compiler")

    def batch(self, one: Input, begin: int, texts: list[tuple[str, str]], index: bool) -> None:
        name = str(one.path.relative_to(ROOT) if ROOT in one.path.parents else one.path)
        if (name, begin) in self.done:
            return
        before, failed = {n: getattr(self, n) for n in self.COUNTS}, len(self.failed)
        used = cpu_time()
        self.run(one, texts, index)
        self.cuts += sum(kind == "cut" for kind, _ in texts)
        with self.progress.open("a") as out:
            print(json.dumps({"input": name, "begin": begin, **{n: getattr(self, n) - before[n] for n in self.COUNTS},
                              "failed": self.failed[failed:], "seconds": round(cpu_time() - used, 2)}), file=out)

    def flags(self, one: Input) -> list[str]:
        flags = ["-w", f"-I{ROOT}/test/Inputs", f"-I{one.path.parent}", f"-I{ROOT}/include",
                 f"-I{ROOT}/test/proofs", *self.options.flag]
        if not any(f.startswith("-std=") for f in flags):
            flags.append("-std=c++20")
        return flags + self.precompiled(one.prelude, flags)

    def precompiled(self, prelude: str, flags: list[str]) -> list[str]:
        """The headers of an input are parsed once."""
        key = (prelude, *flags)
        if prelude and key not in self.headers:
            name = self.work / hashlib.sha1(repr(key).encode()).hexdigest()[:12]
            name.with_suffix(".h").write_text(prelude)
            # What the headers themselves need of templates would else be made again for each mutant.
            made = subprocess.run([self.options.clang, "-x", "c++-header", "-fpch-instantiate-templates", *flags, f"{name}.h",
                                   "-o", f"{name}.pch"], stderr=subprocess.DEVNULL)
            self.headers[key] = ["-include-pch", f"{name}.pch"] if made.returncode == 0 else []
        return self.headers.get(key, [])

    def run(self, one: Input, texts: list[tuple[str, str]], index: bool) -> None:
        folder = self.work / "now"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        suffix = one.path.suffix
        for n, (_, text) in enumerate(texts):
            (folder / f"{n}{suffix}").write_text(text, errors="surrogateescape")
        flags = self.flags(one)
        tool = [self.options.tool, "check", f"-j{self.options.jobs}", "--no-cache", "--no-shared-headers", "--format", "json",
                "--config-file", str(self.config), "--timeout", str(30 * self.options.timeout), "--memory",
                str(self.options.memory), "--fail-on", "never", "-q", *([] if index else ["--no-index"])]
        names = [f"{n}{suffix}" for n in range(len(texts))]
        # A busy machine makes everything slow: time that passes proves little, time that is used does. Each process has its own.
        limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (self.options.timeout, self.options.timeout + 5))
        ended = subprocess.run([*tool, *names, "--", *flags], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               preexec_fn=limit)
        try:
            report = json.loads(ended.stdout)
        except ValueError:
            self.keep(one, folder, "", "the driver itself", f"exit status {ended.returncode}: "
                      + ended.stderr.decode(errors="replace")[-600:])
            return
        self.total += len(texts)
        self.findings += len(report["findings"])
        for problem in report["problems"]:
            kind, name = problem["kind"], Path(problem["file"]).name
            if kind not in FAILURES:
                self.broken += kind == "does-not-compile"
                if kind != "does-not-compile":
                    self.keep(one, folder, name, kind, problem["message"])
                continue
            if f"(signal {signal.SIGXCPU.value})" in problem["message"]:
                kind = "timeout"
            if self.compiler_fails(folder / name, flags):
                self.of_compiler += 1
            else:
                self.keep(one, folder, name, kind, problem["message"] + "\n    coro-tidy check --no-isolate FILE -- "
                          + " ".join(flags))

    def compiler_fails(self, file: Path, flags: list[str]) -> bool:
        try:
            ended = subprocess.run([self.options.clang, "-fsyntax-only", "-fno-crash-diagnostics", *flags, str(file)],
                                   stderr=subprocess.PIPE, timeout=self.options.timeout)
        except subprocess.TimeoutExpired:
            return True
        return ended.returncode not in (0, 1)

    def keep(self, one: Input, folder: Path, name: str, kind: str, message: str) -> None:
        target = self.work / "found" / f"{len(self.failed)}-{one.path.stem}{one.path.suffix}"
        if name:
            shutil.copy(folder / name, target)
        else:
            shutil.copytree(folder, target)
        self.failed.append(kind)
        print(f"{kind}: {target}: {message}", flush=True)


def cpu_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def inputs(paths: list[str]) -> list[Input]:
    files: list[Path] = []
    for path in map(Path, paths):
        files += sorted(path.rglob("*.cpp")) if path.is_dir() else [path]
    result = [Input(f.resolve()) for f in files if "unit" not in f.parts]
    return sorted((i for i in result if len(i.tokens) > 20 and i.statements), key=lambda i: i.cost)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", default=[str(ROOT / "test"), str(ROOT / "examples")])
    parser.add_argument("--tool", required=True)
    parser.add_argument("--clang", default="clang++-22", help="of the tool's release")
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--cut-every", type=int, default=0, metavar="N",
                        help="cut at every N-th token of each input, beside --count edits (default: a third of --count is cuts)")
    parser.add_argument("--costly-cut-every", type=int, metavar="N", help="the same for inputs with headers of libraries")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=150)
    parser.add_argument("--jobs", "-j", type=int, default=1)
    parser.add_argument("--timeout", type=int, default=20, help="seconds of processor time for one mutant")
    parser.add_argument("--memory", type=int, default=4000, help="MiB for one mutant; 0: no limit")
    parser.add_argument("--flag", action="append", default=[], help="one for the compiler; may be given several times")
    parser.add_argument("--work", default="build/mutants", help="a folder, emptied first")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --work")
    options = parser.parse_args()
    options.tool = str(Path(options.tool).resolve())
    seeds = inputs(options.paths)
    runner = Runner(options)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run(options, runner, seeds)
    except KeyboardInterrupt:
        print("stopped early; so far: ", end="")
    print(f"{runner.total} texts of {len(seeds)} inputs, {runner.cuts} of them cut: {runner.broken} did not compile, {runner.findings} findings, "
          f"{runner.of_compiler} failures of the compiler, {len(runner.failed)} failures", flush=True)
    return 1 if runner.failed or not runner.total else 0


def shares(options, seeds: list[Input]) -> list[int]:
    """COUNT, spread over the inputs by what a mutant of each costs."""
    whole = sum(1 / i.cost for i in seeds)
    result = [int(options.count / i.cost / whole) for i in seeds]
    for n in range(options.count - sum(result)):
        result[n] += 1
    return result


def run(options, runner: Runner, seeds: list[Input]) -> None:
    for n, (one, share) in enumerate(zip(seeds, shares(options, seeds))):
        chance = random.Random(f"{options.seed}/{one.path.name}")
        every = options.cut_every if one.cost == 1 else options.costly_cut_every or options.cut_every
        made = [("whole", one.text), *mutants(one, seeds, share, every, chance)]
        for begin in range(0, len(made), options.batch):
            runner.batch(one, begin, made[begin:begin + options.batch], index=n % 4 == 0)
        if sys.stderr.isatty():
            print(f"\r{n + 1}/{len(seeds)} inputs, {runner.total} mutants", end="", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
