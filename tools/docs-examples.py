#!/usr/bin/env python3
"""Checks the examples of the documentation against the tool.

    docs-examples.py --tool build/llvm-22/bin/coro-tidy [--update] [PAGE...]
    docs-examples.py --tested PAGE NUMBER [--shown-by FILE]

Every block of code in README.md, CONTRIBUTING.md, SECURITY.md and docs/**/*.md is of one of these kinds; the comment that says
which stands on the line above it.

 1. `<!-- example: NAME [COMPILER FLAGS] -->`: a whole file, NAME.cpp. What is said about it must be the block after
    `<!-- output: NAME -->`; with --update that block is written anew. Without an output block nothing may be said. A block
    after `<!-- file: NAME -->` is a file beside it.
 2. `<!-- piece: NAME -->`: a piece of C++. What it needs to compile stands in test/docs/preludes/NAME.txt. Its lines with a
    comment that begins with "reported" must be reported, and no others.
 3. On the page of a check, which people read in a terminal, too, no comment is needed. Blocks without a language are
    drawings. Of those in C++, the blocks below `## Bad` must be reported by it, each of them, at
    whatever confidence, those below `## Good` must not, at the default, and the others must be reported unless the prelude
    has `//--- silent Other 1: REASON`. The prelude, test/docs/preludes/CHECK.txt, has parts that begin with a line each:
    `//--- common`, `//--- before Bad 1`, `//--- after Bad 1` (or `Good 2`, `Other 1`), or `//--- after` for all; what
    follows `//--- split` stands at the first empty line of the block. `//--- skip Good 2: REASON` leaves a block out.
 4. YAML and JSON, without a comment: it must be valid, a model (`library:`) without an error, and the checks and options of a
    .clang-tidy must be there.
 5. `sh` and lines that begin with `$`, without a comment: the commands and options of coro-tidy must be there.
 6. `<!-- session: NAME [FILE...] -->`: a terminal. The commands behind each `$ ` are run one after the other in a copy of
    test/docs/Inputs/sessions/NAME, where `setup` has run first; sessions of one NAME on a page go on in one folder. What each prints,
    its errors last, must be what stands below it. A line `…` stands for any lines, a `…` in a line for any text, a number of
    seconds for any other; the folder is called /home/me/server, and empty lines do not count. It is left out where FILE is not there, which
    stands in the folder of the build if it has no leading slash.
 7. `<!-- tested: TEST -->`: for what needs another program. TEST reads the block by `--tested PAGE NUMBER`, the first of the
    page is 1: without --shown-by it is printed, with it FILE must have its lines, as in 6.
 8. `<!-- drawing -->`; `<!-- unchecked: REASON -->`.

In all C++ the code must compile. In prose, what stands in `backquotes` and begins with "coro-tidy " is looked at as in 5.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import checklist

ROOT = checklist.ROOT
BLOCK = re.compile(r"(?:^ *<!-- ([\w]+)(?:: (.*?))? -->\n)?^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:^|[|;&'(] *)coro-tidy +([a-z][\w-]*)([^|;&#]*)")
EXAMPLE = re.compile(r"<!-- example: (\S+) *(.*?) *-->\n```cpp\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"<!-- file: (\S+) -->\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# docs/concepts/options.md describes them.
COMMON_OPTIONS = {"MinConfidence", "Enable", "Allowed", "Models", "Index"}
PRELUDES = ROOT / "test" / "docs" / "preludes"
SESSIONS = ROOT / "test" / "docs" / "Inputs" / "sessions"


def shows(shown: str, said: str, whole: bool = True) -> bool:
    """Whether that is said, with what a page leaves out."""
    pattern = "" if whole else "(?:.*\n)*?"
    for line in filter(str.strip, shown.splitlines()):
        if line.strip() == "…":
            pattern += "(?:.*\n)*?"
            continue
        text = re.escape(line.rstrip()).replace("…", ".*")
        text = re.sub(r"\d+\\\.\d+((?:\\ )?s\b)", r"\\d+\\.\\d+\1", text)
        pattern += re.sub(r"\d\d:\d\d:\d\d\\\.\d+", r"\\d\\d:\\d\\d:\\d\\d\\.\\d+", text) + "\n"
    lines = "".join(line.rstrip() + "\n" for line in said.splitlines() if line.strip())
    return bool((re.fullmatch if whole else re.match)(pattern, lines))


def tested_block(page: Path, number: int) -> str:
    blocks = [code for marker, _, _, _, code in BLOCK.findall(page.read_text()) if marker == "tested"]
    return blocks[number - 1]


class Examples:
    def __init__(self, tool: str, update: bool, work: Path) -> None:
        self.tool, self.update, self.work = str(Path(tool).resolve()), update, work
        self.failed: list[str] = []
        self.checked = self.skipped = 0
        self.helps: dict[str, set[str] | None] = {}

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

    def prelude(self, page: Path, name: str) -> dict[str, str]:
        prelude = PRELUDES / f"{name}.txt"
        if not prelude.exists():
            self.failed.append(f"{page}: what its examples need is to stand in {prelude.relative_to(ROOT)}")
            return {"missing": ""}
        return {head.strip(): body for head, body in
                re.findall(r"^//--- (.*)\n((?:(?!//--- ).*\n)*)", prelude.read_text(), re.MULTILINE)}

    def pieces(self, page: Path) -> None:
        check = page.stem
        parts = self.prelude(page, check)
        if "missing" in parts:
            return
        named = {word: {head.removeprefix(word).strip().split(":")[0] for head in parts if head.startswith(f"{word} ")}
                 for word in ("skip", "silent")}
        codes: dict[str, list[str]] = {"Bad": [], "Good": [], "Other": []}
        for section in re.split(r"^## ", page.read_text(), flags=re.MULTILINE):
            kind = next((k for k in ("Bad", "Good") if section.startswith(k)), "Other")
            codes[kind] += [code for _, _, _, lang, code in BLOCK.findall(section) if lang == "cpp"]
        for kind, blocks in codes.items():
            for number, code in enumerate(blocks, 1):
                which = f"{kind} {number}"
                if which in named["skip"]:
                    continue
                if "split" in parts and kind != "Other" and "\n\n" in code:
                    code = code.replace("\n\n", "\n" + parts["split"] + "\n", 1)
                elif "split" in parts and kind != "Other":
                    code += parts["split"]
                after = parts.get(f"after {which}", parts.get("after", "") if kind != "Other" else "")
                report = self.reported(page, which, check, kind == "Good", parts.get("common", "")
                                       + parts.get(f"before {which}", "") + f"#line 1\n{code}" + after)
                found = [f"{f['location']['line']}: {f['message']}" for f in report["findings"]]
                if kind == "Good" or which in named["silent"]:
                    if found:
                        self.failed.append(f"{page}: {which} is reported:\n    " + "\n    ".join(found))
                elif not found and not report["problems"]:
                    self.failed.append(f"{page}: {which}: nothing is reported")

    def reported(self, page: Path, which: str, select: str, default: bool, code: str) -> dict:
        """What is said about code, and that it compiles."""
        self.checked += 1
        file = self.work / f"{page.stem}-{which.replace(' ', '-').lower()}.cpp"
        file.write_text(code)
        ended = self.run(file, ["--format", "json", "--config-file", str(self.settings(select, default)), "--select", select],
                         [])
        report = json.loads(ended.stdout)
        for problem in report["problems"]:
            self.failed.append(f"{page}: {which}: {problem['message']}: "
                               + "; ".join(f"{e['location']['line']}: {e['message']}" for e in problem.get("errors", [])[:5]))
        return report

    def marked_piece(self, page: Path, name: str, code: str) -> None:
        parts = self.prelude(page, name)
        if "missing" in parts:
            return
        report = self.reported(page, name, "coro-*", True, parts.get("common", "") + f"#line 1\n{code}" + parts.get("after", ""))
        before = parts.get("common", "").count("\n") + 1
        found = {f["location"]["line"] - before: f["message"] for f in report["findings"]}
        meant = {number for number, line in enumerate(code.splitlines(), 1) if re.search(r"// reported", line)}
        for line in sorted(meant - set(found)):
            self.failed.append(f"{page}: {name}: line {line} is not reported")
        for line in sorted(set(found) - meant):
            self.failed.append(f"{page}: {name}: line {line} is reported: {found[line]}")

    def session(self, page: Path, name: str, needs: list[str], shown: str) -> None:
        built = Path(self.tool).parent.parent
        if not all((built / file).exists() for file in needs):
            self.skipped += 1
            return
        folder = self.work / f"{page.stem}-session-{name}"
        environment = {**os.environ, "NO_COLOR": "1", "CORO_TIDY_CACHE_DIR": "", "LC_ALL": "C.UTF-8", "HOME": str(folder),
                       "LD_LIBRARY_PATH": str(built / "lib"), "PATH": f"{built / 'bin'}:{os.environ['PATH']}",
                       "ROOT": str(ROOT), "XDG_CONFIG_HOME": str(folder)}

        def bash(words: list[str]) -> str:
            ended = subprocess.run(["bash", *words], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            return ended.stdout + ended.stderr

        if not folder.exists():
            shutil.copytree(SESSIONS / name, folder)
            wrong = bash(["-e", "setup"])
            if wrong:
                self.failed.append(f"{page}: session {name}: its setup says:\n{wrong}")
        for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.sub(r"\\\n", " ", shown), re.MULTILINE):
            self.checked += 1
            said = bash(["-c", command]).replace(str(folder), "/home/me/server")
            if not shows(expected, said):
                self.failed.append(f"{page}: session {name}: `{command}` says:\n{said}")
        if not shown.startswith("$ "):
            self.failed.append(f"{page}: session {name}: it begins with a command behind `$ `")

    def options_of(self, command: str) -> set[str] | None:
        """The options of a command, None if there is no such command."""
        if command not in self.helps:
            ended = subprocess.run([self.tool, "help", command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            self.helps[command] = None if ended.returncode else set(re.findall(r"(?<![\w-])--?[A-Za-z][\w-]*", ended.stdout))
        return self.helps[command]

    def commands(self, page: Path, line: str) -> None:
        for command, rest in COMMAND.findall(line):
            options = self.options_of(command)
            if options is None:
                self.failed.append(f"{page}: there is no command 'coro-tidy {command}': {line}")
                continue
            for option in re.findall(r"(?<=\s)--?[A-Za-z][\w-]*", re.sub(r"\$\(.*", "", rest.split(" -- ")[0])):
                if option not in options:
                    self.failed.append(f"{page}: 'coro-tidy {command}' has no option {option}: {line}")

    def settings_block(self, page: Path, lang: str, code: str) -> None:
        self.checked += 1
        if lang == "json":
            try:
                json.loads(code)
            except ValueError as error:
                self.failed.append(f"{page}: this is no JSON: {error}\n{code}")
            return
        if re.search(r"^library:", code, re.MULTILINE):
            folder = self.work / "model"
            folder.mkdir(exist_ok=True)
            (folder / ".coro-models.yaml").write_text(code)
            # Models are read for what has coroutines.
            (folder / "coroutine.cpp").write_text('#include "task.h"\ntask<> coroutine() { co_return; }\n')
            ended = self.run(folder / "coroutine.cpp", ["--color", "never"], [])
            for error in re.findall(r"^error: .*", ended.stdout + ended.stderr, re.MULTILINE):
                self.failed.append(f"{page}: {error}\n{code}")
        if re.search(r"^(Checks|CheckOptions):", code, re.MULTILINE):
            for check, option in re.findall(r"(?<![\w./])(coro-[a-z-]+)(?:\.(\w+))?\b", re.sub(r"#.*", "", code)):
                text = (ROOT / "docs" / "checks" / f"{check}.md")
                if not check.endswith("-") and not text.exists():
                    self.failed.append(f"{page}: there is no check {check}")
                elif option and option not in COMMON_OPTIONS and f"`{option}`" not in text.read_text():
                    self.failed.append(f"{page}: {check} has no option {option}")

    def blocks(self, page: Path, is_check: bool) -> None:
        text = page.read_text()
        self.tested = 0
        for marker, about, indent, lang, code in BLOCK.findall(text):
            code = textwrap.dedent(code) if indent else code
            if marker == "piece":
                self.marked_piece(page, about, code)
            elif marker == "session":
                self.session(page, *about.split()[:1], about.split()[1:], code)
            elif marker == "tested":
                self.tested += 1
                reads = f"--tested %source_root/{page.resolve().relative_to(ROOT)} {self.tested}\\b"
                if not (ROOT / about).exists():
                    self.failed.append(f"{page}: there is no {about}")
                elif not re.search(reads, (ROOT / about).read_text()):
                    self.failed.append(f"{page}: {about} does not read this block ({reads}):\n{code}")
            elif marker in ("example", "output", "drawing") or (marker == "unchecked" and about) \
                    or (is_check and (lang == "cpp" or not lang)):
                pass
            elif lang in ("yaml", "json"):
                self.settings_block(page, lang, code)
            elif lang == "sh" or all(line.startswith("$ ") for line in code.splitlines()):
                pass
            else:
                self.failed.append(f"{page}: say of this block what it is (docs-examples.py --help):\n{code}")
            if lang in ("sh", "groovy") or code.startswith("$ "):
                for line in re.sub(r"\\\n", " ", code).splitlines():
                    if lang or line.startswith("$ "):
                        self.commands(page, line.removeprefix("$ "))
        for span in re.findall(r"`(coro-tidy [^`\n]*)`", re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)):
            if not re.match(r"coro-tidy (COMMAND|help)", span):
                self.commands(page, span)

    def settings(self, check: str, default: bool) -> Path:
        config = self.work / "config.yaml"
        # What is around a piece, and unknown here, takes evidence away.
        confidence = {} if default else {"MinConfidence": "low"}
        enable = {} if "*" in check else {f"{check}.Enable": "true"}
        config.write_text(json.dumps({"CheckOptions": {**enable, **confidence}}))
        return config


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument("--tool")
    parser.add_argument("--tested", nargs=2, metavar=("PAGE", "NUMBER"))
    parser.add_argument("--shown-by", type=Path, metavar="FILE")
    parser.add_argument("--update", action="store_true", help="write the shown outputs anew")
    options = parser.parse_args()
    if options.tested:
        block = tested_block(Path(options.tested[0]), int(options.tested[1]))
        if not options.shown_by:
            print(block, end="")
        elif not shows(re.sub(r"^\$ .*\n", "", block, flags=re.MULTILINE), options.shown_by.read_text(), whole=False):
            sys.exit(f"{options.tested[0]}: this is not what is said:\n{block}\nbut:\n{options.shown_by.read_text()}")
        return 0
    if not options.tool:
        parser.error("--tool is needed")
    pages = options.pages or sorted([*(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY")), *(ROOT / "docs").rglob("*.md")])
    ids = {c.id for c in checklist.read()}
    with tempfile.TemporaryDirectory() as work:
        examples = Examples(options.tool, options.update, Path(work))
        for page in pages:
            examples.whole_files(page)
            examples.blocks(page, page.stem in ids | {checklist.UNUSED_NOLINT})
            if page.stem in ids:
                examples.pieces(page)
    for one in examples.failed:
        print(one)
    skipped = f", {examples.skipped} sessions left out" if examples.skipped else ""
    print(f"{examples.checked} examples, {len(examples.failed)} problems{skipped}")
    return 1 if examples.failed or not examples.checked else 0


if __name__ == "__main__":
    sys.exit(main())
