#!/usr/bin/env python3
"""Checks the examples of the documentation against the tool.

    docs-examples.py --tool build/llvm-22/bin/coro-tidy [--update] [PAGE...]

Two kinds of examples are found in the pages (docs/**/*.md, README.md):

 1. A block of C++ after `<!-- example: NAME [COMPILER FLAGS] -->` is a whole file, NAME.cpp. It is analysed, and what
    is said must be the block after `<!-- output: NAME -->`; with --update that block is written anew. Without an
    output block nothing may be said. A block after `<!-- file: NAME -->` is a file beside it.
 2. On the page of a check, the blocks below `## Bad` must be reported by it, each of them, at whatever confidence, and
    those below `## Good` must not, at the default. They are pieces: what they need to compile stands in test/docs/preludes/CHECK.txt, in parts that begin
    with a line each: `//--- common`, `//--- before Bad 1`, `//--- after Bad 1`, or `//--- after` for all; what follows
    `//--- split` stands at the first empty line of the block. `//--- skip Good 2: REASON` leaves a block out.

In both, the code must compile.
"""
import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import checklist

ROOT = checklist.ROOT
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"<!-- example: (\S+) *(.*?) *-->\n```cpp\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"<!-- file: (\S+) -->\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PRELUDES = ROOT / "test" / "docs" / "preludes"


class Examples:
    def __init__(self, tool: str, update: bool, work: Path) -> None:
        self.tool, self.update, self.work = str(Path(tool).resolve()), update, work
        self.failed: list[str] = []
        self.checked = 0

    def run(self, file: Path, words: list[str], flags: list[str]) -> subprocess.CompletedProcess:
        return subprocess.run([self.tool, "check", "-q", "--no-cache", "--fail-on", "never", *words, file.name, "--",
                               "-std=c++20", f"-I{ROOT}/test/Inputs", f"-I{ROOT}/include", *flags],
                              cwd=file.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def whole_files(self, page: Path) -> None:
        text = page.read_text()
        folder = self.work / page.stem
        folder.mkdir(exist_ok=True)
        for name, content in FILE.findall(text):
            (folder / name).write_text(content)
        for name, flags, code in EXAMPLE.findall(text):
            self.checked += 1
            file = folder / f"{name}.cpp"
            file.write_text(code)
            ended = self.run(file, ["--color", "never"], flags.split())
            said = re.sub(r"[ \t]+$", "", ended.stdout, flags=re.MULTILINE).strip() + "\n"
            shown = re.search(rf"<!-- output: {name} -->\n```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
            if ended.returncode:
                self.failed.append(f"{page}: {name} does not compile:\n{said}{ended.stderr}")
            elif shown and said != shown[1] and self.update:
                text = text[:shown.start(1)] + said + text[shown.end(1):]
                page.write_text(text)
            elif said != (shown[1] if shown else "\n"):
                self.failed.append(f"{page}: {name}: this is said:\n{said}")

    def pieces(self, page: Path) -> None:
        check = page.stem
        prelude = PRELUDES / f"{check}.txt"
        if not prelude.exists():
            print(f"{page.name}: its examples are not checked: there is no {prelude.relative_to(ROOT)}")
            return
        parts = {head.strip(): body for head, body in
                 re.findall(r"^//--- (.*)\n((?:(?!//--- ).*\n)*)", prelude.read_text(), re.MULTILINE)}
        skipped = {head.removeprefix("skip ").split(":")[0] for head in parts if head.startswith("skip ")}
        sections = re.split(r"^## ", page.read_text(), flags=re.MULTILINE)
        for kind in ("Bad", "Good"):
            codes = [body for s in sections if s.startswith(kind) for lang, body in FENCE.findall(s) if lang == "cpp"]
            for number, code in enumerate(codes, 1):
                which = f"{kind} {number}"
                if which in skipped:
                    continue
                if "split" in parts and "\n\n" in code:
                    code = code.replace("\n\n", "\n" + parts["split"] + "\n", 1)
                elif "split" in parts:
                    code += parts["split"]
                self.piece(page, check, kind, which, parts.get("common", "") + parts.get(f"before {which}", "")
                           + f"#line 1\n{code}" + parts.get(f"after {which}", parts.get("after", "")))

    def piece(self, page: Path, check: str, kind: str, which: str, code: str) -> None:
        self.checked += 1
        file = self.work / f"{check}-{which.replace(' ', '-').lower()}.cpp"
        file.write_text(code)
        ended = self.run(file, ["--format", "json", "--config-file", str(self.settings(check, kind)), "--select", check], [])
        report = json.loads(ended.stdout)
        for problem in report["problems"]:
            self.failed.append(f"{page}: {which}: {problem['message']}: "
                               + "; ".join(f"{e['location']['line']}: {e['message']}" for e in problem.get("errors", [])[:5]))
        found = [f"{f['location']['line']}: {f['message']}" for f in report["findings"]]
        if kind == "Bad" and not found and not report["problems"]:
            self.failed.append(f"{page}: {which}: nothing is reported")
        if kind == "Good" and found:
            self.failed.append(f"{page}: {which} is reported:\n    " + "\n    ".join(found))

    def settings(self, check: str, kind: str) -> Path:
        config = self.work / "config.yaml"
        # What is around a piece, and unknown here, takes evidence away.
        confidence = {"MinConfidence": "low"} if kind == "Bad" else {}
        config.write_text(json.dumps({"CheckOptions": {f"{check}.Enable": "true", **confidence}}))
        return config


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--update", action="store_true", help="write the shown outputs anew")
    options = parser.parse_args()
    pages = options.pages or sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
    ids = {c.id for c in checklist.read()}
    with tempfile.TemporaryDirectory() as work:
        examples = Examples(options.tool, options.update, Path(work))
        for page in pages:
            examples.whole_files(page)
            if page.stem in ids:
                examples.pieces(page)
    for one in examples.failed:
        print(one)
    print(f"{examples.checked} examples, {len(examples.failed)} problems")
    return 1 if examples.failed or not examples.checked else 0


if __name__ == "__main__":
    sys.exit(main())
