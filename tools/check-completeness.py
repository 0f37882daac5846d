#!/usr/bin/env python3
"""Says which parts of the house are missing or in the wrong place.

    check-completeness.py [--root DIR] [--clang-tidy CLANG-TIDY --module MODULE.so]

Every check of checks/CheckList.def has its sources, a page, lit tests with both
halves (what is reported and what is not) and a proof; and nothing of that is
there without a check. The sources keep the rules of the house, and the links of
the pages lead somewhere. With a clang-tidy and the module, every option is on
the page of its check and can be set.
"""
import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

import checklist

# Every check has these; docs/concepts/options.md describes them.
COMMON_OPTIONS = {"MinConfidence", "Enable", "Allowed", "Models", "Index"}
LONGEST_CHECK = 300
# The folders of analysis/, each with those that it may include.
UNIT = ["ast", "facts", "index", "unit"]
ANALYSIS_LAYERS = {
    "ast": ["ast"],
    "facts": ["ast", "facts"],
    "index": ["ast", "facts", "index"],
    "unit": UNIT,
    "await": [*UNIT, "await"],
    "blocking": [*UNIT, "blocking"],
    "lifetime": [*UNIT, "lifetime"],
    "cancel": [*UNIT, "lifetime", "cancel"],
    "compute": [*UNIT, "blocking", "compute"],
    "summarise": [*UNIT, "blocking", "lifetime", "cancel", "compute", "summarise"],
}
# What somebody looks for who got a report; other sections may stand between them.
SECTIONS = ["Why", "Bad", "Good", "What it knows", "Options", 'How to say "I meant it"', "Known false alarms and misses", "Proof"]
# A drawing is read in a terminal, and at a glance.
WIDEST_DRAWING, LONGEST_DRAWING = 78, 15
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')


def silent_functions(text: str) -> int:
    """The functions at the left margin in which nothing is reported."""
    count, body = 0, None
    for line in text.splitlines():
        if body is None and re.match(r"[\w:<>&*,\s\[\]]+ [\w:&*]+\(.*\{", line) and not line.startswith((" ", "//")):
            body = []
        if body is not None:
            body.append(line)
            if line.startswith("}") or (len(body) == 1 and line.rstrip().endswith("}")):
                count += not any("CHECK-MESSAGES" in part for part in body)
                body = None
    return count


def anchors(page: str) -> set[str]:
    """What GitHub and MkDocs call the headings of a page."""
    names: set[str] = set()
    for heading in re.findall(r"^#+ +(.*?) *$", re.sub(r"^```.*?^```", "", page, flags=re.DOTALL | re.MULTILINE), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w -]", "", plain).strip().replace(" ", "-")
        number = next(n for n in range(len(names) + 1) if (f"{name}-{n}" if n else name) not in names)
        names.add(f"{name}-{number}" if number else name)
    return names


def code_of(section: str) -> str:
    return "".join(re.findall(r"^```cpp\n(.*?)^```$", section, re.DOTALL | re.MULTILINE))


def wrong_in_drawing(page: str, goes_wrong: bool) -> str:
    """What is wrong with the drawing below "Why", as docs/concepts/suspension-and-the-frame.md describes them."""
    sections = {part.split("\n", 1)[0]: part for part in re.split(r"^## ", page, flags=re.MULTILINE)}
    drawing = re.search(r"^```\n(\S.*\n)(─[─ ]*\n)(.*?)^```$", sections.get("Why", ""), re.DOTALL | re.MULTILINE)
    if not drawing:
        return "does not draw below 'Why' what happens: a head for each column, a line of ─, and time going down"
    lanes = [rule.start() for rule in re.finditer("─+", drawing[2])]
    lines = drawing[3].splitlines()
    if len(lanes) < 2:
        return "its drawing has one column: who else takes part?"
    if len(lines) + 2 > LONGEST_DRAWING or max(map(len, (drawing[1], *lines))) > WIDEST_DRAWING:
        return f"its drawing is to have at most {LONGEST_DRAWING} lines of {WIDEST_DRAWING} columns"
    for line in lines:
        for bar in re.finditer("[█▀▒]", line):
            if bar.start() not in lanes:
                return f"in its drawing a bar does not stand below the head of a column: {line}"
    if not re.search(r"[█▒]|(?:^| ):(?: |$)", drawing[3], re.MULTILINE):
        return "its drawing shows nothing that lives (█), is suspended (:) or keeps the thread (▒)"
    if goes_wrong and "×" not in drawing[3]:
        return "its drawing does not show what goes wrong (×)"
    names = set(re.findall(r"[A-Za-z_]\w{2,}", drawing[1] + drawing[3]))
    shared = names & set(re.findall(r"\w+", code_of(sections.get("Bad", "")))) - {"co_await", "co_return", "std"}
    if len(shared) < 3:
        return "its drawing is of something else than the example below 'Bad': they have no three names in common"
    return ""


class House:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.checks = checklist.read(root)
        self.problems: list[str] = []

    def require(self, condition: bool, problem: str) -> None:
        if not condition:
            self.problems.append(problem)

    def sources(self, *folders: str) -> list[Path]:
        return sorted(f for folder in folders for f in (self.root / folder).rglob("*")
                      if f.suffix in (".h", ".cpp", ".def"))

    def parts_of(self, check: checklist.Check) -> None:
        for suffix in (".h", ".cpp"):
            source = self.root / "checks" / check.family / f"{check.cls}{suffix}"
            self.require(source.exists(), f"{check.id}: no {source.relative_to(self.root)}")
            if suffix == ".cpp" and source.exists():
                length = len(source.read_text().splitlines())
                self.require(length <= LONGEST_CHECK, f"{check.id}: {source.name} has {length} lines; a check is a "
                             f"shell of at most {LONGEST_CHECK}, the thinking belongs to analysis/")
        self.require(check.summary[:1].islower() and not check.summary.endswith("."),
                     f"{check.id}: the summary starts in lower case and has no full stop")

        page = self.root / "docs" / "checks" / f"{check.id}.md"
        if page.exists():
            text = page.read_text()
            self.require(text.startswith(f"# {check.id}\n"), f"{page.name}: does not start with '# {check.id}'")
            self.require(text.count("```cpp") >= 2, f"{page.name}: does not show bad and good code (```cpp)")
            self.require("NOLINT" in text, f"{page.name}: does not tell how to say \"I meant it\" (NOLINT)")
            found = [heading for heading in re.findall(r"^## (.*)$", text, re.MULTILINE) if heading in SECTIONS]
            self.require(found == SECTIONS, f"{page.name}: its sections are {', '.join(found)}; they are to be, in this order, "
                         + ", ".join(SECTIONS))
            wrong = wrong_in_drawing(text, goes_wrong=check.family != "suggest")
            self.require(not wrong, f"{page.name}: {wrong}")
            self.require(f"(../../test/proofs/{check.id})" in text, f"{page.name}: does not lead to its proof")
        else:
            self.problems.append(f"{check.id}: no page docs/checks/{check.id}.md")

        folder = self.root / "test" / "checks" / check.family
        texts = [f.read_text() for f in sorted(folder.glob("*.cpp")) if re.search(rf"\b{check.id}\b", f.read_text())]
        self.require(any(re.search(rf"CHECK-MESSAGES: .*(warning|error): .*\[{check.id}[\],]", t) for t in texts),
                     f"{check.id}: no lit test in test/checks/{check.family}/ expects a report")
        self.require(any("--expect-clean" in t or silent_functions(t) for t in texts),
                     f"{check.id}: no lit test in test/checks/{check.family}/ shows code that is not reported")

        proofs = self.root / "test" / "proofs" / check.id
        for name in ("bad.cpp", "good.cpp"):
            self.require((proofs / name).exists(), f"{check.id}: no proof test/proofs/{check.id}/{name}")

        sources = self.root / "checks" / check.family
        for part in [*sources.glob(f"{check.cls}.*"), page, folder / f"{check.name}.cpp", *proofs.glob("*.cpp")]:
            self.require(not part.exists() or "replace_me" not in part.read_text(),
                         f"{part.relative_to(self.root)}: replace what new-check wrote (replace_me)")

    def orphans(self) -> None:
        ids = {check.id for check in self.checks}
        classes = {(check.family, check.cls) for check in self.checks}
        for page in sorted((self.root / "docs" / "checks").glob("coro-*.md")):
            self.require(page.stem in ids | {checklist.UNUSED_NOLINT}, f"docs/checks/{page.name}: there is no such check")
        for proof in sorted((self.root / "test" / "proofs").glob("coro-*")):
            self.require(proof.name in ids, f"test/proofs/{proof.name}: there is no such check")
        for source in sorted((self.root / "checks").glob("*/*Check.h")):
            self.require((source.parent.name, source.stem) in classes,
                         f"{source.relative_to(self.root)}: not in checks/CheckList.def")

    def rules(self) -> None:
        """Includes point one way; libraries stand in models/; releases of LLVM in Compat.h."""
        forbidden = {"analysis": "clang-tidy|clangd|checks|driver|editor", "checks": "driver|editor",
                     "driver": "editor", "editor": "driver"}
        for folder, above in forbidden.items():
            for file in self.sources(folder):
                for number, line in enumerate(file.read_text().splitlines(), 1):
                    if re.match(rf'\s*#\s*include ["<](\.\./)*({above})/', line):
                        self.problems.append(f"{file.relative_to(self.root)}:{number}: includes point one way: models <- "
                                             f"analysis <- checks <- driver, editor: {line.strip()}")
                    if (inner := re.match(r'\s*#\s*include "analysis/(\w+)/', line)) and folder == "analysis":
                        own = file.relative_to(self.root / folder).parts[0]
                        if inner[1] not in ANALYSIS_LAYERS.get(own, []):
                            self.problems.append(f"{file.relative_to(self.root)}:{number}: analysis/{own} builds on "
                                                 f"{', '.join(ANALYSIS_LAYERS.get(own, [])) or 'nothing'} only: {line.strip()}")
                    if re.match(r"\s*#\s*(el)?if.*LLVM_VERSION", line) and file.name != "Compat.h":
                        self.problems.append(f"{file.relative_to(self.root)}:{number}: belongs in analysis/ast/Compat.h: "
                                             f"{line.strip()}")
        # The language itself looks up names in "std", and "coro::" begins our own annotations.
        names = "|".join(sorted(self.library_names()))
        named = re.compile(rf'"(?:[^"]*\b)?(?:std::|(?:{names})(?:::|/))|"(?:{names})"')
        for file in self.sources("analysis", "checks"):
            for number, line in enumerate(file.read_text().splitlines(), 1):
                if line.lstrip().startswith(("#include", "//")):
                    continue
                for literal in STRING.findall(line):
                    if named.match(literal):
                        self.problems.append(f"{file.relative_to(self.root)}:{number}: a library's name; what is known "
                                             f"about libraries stands in models/: {literal}")

    def links(self) -> None:
        """Every link of a page to a file, or to a heading, leads somewhere; addresses of other sites are well formed."""
        pages = {page.resolve(): page.read_text()
                 for page in [*self.root.glob("*.md"), *(self.root / "docs").rglob("*.md"), *(self.root / "examples").rglob("*.md")]}
        for page, text in sorted(pages.items()):
            prose = re.sub(r"^ *```.*?^ *```|`[^`\n]*`", "", text, flags=re.DOTALL | re.MULTILINE)
            for link in re.findall(r"\]\(([^)\s]*)\)", prose):
                file, _, anchor = link.partition("#")
                wrong = ""
                if ":" in file:
                    wrong = "" if re.fullmatch(r"https?://[\w-]+(\.[\w-]+)+(/[\w./?=&%+~-]*)?|mailto:[\w.+-]+@[\w.-]+", file) \
                        else "is no address"
                elif file and not (page.parent / file).exists():
                    wrong = "leads nowhere"
                else:
                    target = (page.parent / file).resolve() if file else page
                    if anchor and anchor not in anchors(pages.get(target, "")):
                        wrong = "has no such heading"
                self.require(not wrong, f"{page.relative_to(self.root)}: {wrong}: {link}")
        # Nobody finds a page that the entry does not name; the checks have an index of their own.
        entry = (self.root / "docs" / "README.md").read_text()
        for page in sorted((self.root / "docs").rglob("*.md")):
            name = str(page.relative_to(self.root / "docs"))
            self.require(name == "README.md" or name.startswith("checks/coro-") or f"]({name})" in entry,
                         f"docs/README.md: does not name {name}")

    def model_keys(self) -> None:
        """The guide has every key of a model, and every word that one takes."""
        source = (self.root / "analysis" / "facts" / "ModelFile.cpp").read_text()
        guide = (self.root / "docs" / "guides" / "writing-a-model.md").read_text()
        told = set(re.findall(r"`([\w-]+)`", guide)) | set(re.findall(r"\b([\w-]+):", guide))
        words = re.findall(r'(?:map(?:Optional|Required)\("|enumCase\(Value, ")([\w-]+)"', source)
        for word in sorted({*words} - told):
            self.problems.append(f"docs/guides/writing-a-model.md: does not tell of '{word}' (analysis/facts/ModelFile.cpp)")

    def library_names(self) -> set[str]:
        names = set()
        for file in (self.root / "models").glob("*.yaml"):
            text = file.read_text()
            names.update(re.findall(r"^library: *([\w.-]+)", text, re.MULTILINE))
            block = re.search(r"^namespaces:\n((?:[ #].*\n)*)", text, re.MULTILINE)
            names.update(re.findall(r"[\w:]+\w", re.sub(r"#.*", "", block[1])) if block else [])
        return {re.escape(name) for name in names if len(name) > 1 and name not in ("std", "coro")}


class Options:
    """The options that the module itself shows."""

    def __init__(self, house: House, clang_tidy: str, module: str) -> None:
        self.house = house
        self.command = [clang_tidy, f"--load={module}", "--checks=-*,coro-*", "--dump-config"]

    def dump(self, settings: dict[str, str] | None = None) -> dict[str, str]:
        options = json.dumps({"CheckOptions": settings or {}})
        ended = subprocess.run([*self.command, f"--config={options}", "x.cpp"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
        shown = re.findall(r"^ *(coro-[\w.-]+): *(.*?) *$", ended.stdout, re.MULTILINE)
        return {key: value.strip("'\"") for key, value in shown}

    def check(self) -> None:
        defaults = self.dump()
        ids = {key.split(".")[0] for key in defaults}
        for check in self.house.checks:
            self.house.require(check.id in ids, f"{check.id}: --dump-config shows no option of it")
        # One option may have several spellings of "another value": try them one after the other.
        open_values = {key: self.other_values(key, value) for key, value in defaults.items()}
        for attempt in range(max((len(v) for v in open_values.values()), default=0)):
            settings = {key: values[attempt] for key, values in open_values.items() if attempt < len(values)}
            shown = self.dump(settings)
            open_values = {key: values for key, values in open_values.items()
                           if key not in settings or shown.get(key) != settings[key]}
        for key, values in open_values.items():
            self.house.problems.append(f"{key}: is '{defaults[key]}' also after it was set to {' or '.join(values)}")
        for key in defaults:
            check, option = key.split(".", 1)
            page = self.house.root / "docs" / "checks" / f"{check}.md"
            if option not in COMMON_OPTIONS and page.exists():
                self.house.require(f"`{option}`" in page.read_text(), f"{page.name}: does not mention the option `{option}`")

    def other_values(self, key: str, value: str) -> list[str]:
        if value in ("true", "false"):
            return ["false" if value == "true" else "true"]
        if re.fullmatch(r"-?\d+", value):
            return [str(int(value) + 1)]
        if key.endswith(".MinConfidence"):
            return ["low"]
        # An enumeration takes only its own words: those that its page names.
        page = self.house.root / "docs" / "checks" / f"{key.split('.')[0]}.md"
        words = re.findall(r"`([\w-]+)`", page.read_text()) if page.exists() else []
        return ["other;value"] + [word for word in dict.fromkeys(words) if word != value]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=checklist.ROOT)
    parser.add_argument("--clang-tidy")
    parser.add_argument("--module")
    arguments = parser.parse_args()
    house = House(arguments.root.resolve())
    for check in house.checks:
        house.parts_of(check)
    house.orphans()
    house.rules()
    house.links()
    house.model_keys()
    if arguments.module:
        Options(house, arguments.clang_tidy, arguments.module).check()
    for problem in house.problems:
        print(problem)
    print(f"{len(house.checks)} checks, {len(house.problems)} problems")
    return 1 if house.problems else 0


if __name__ == "__main__":
    sys.exit(main())
