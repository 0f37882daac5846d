#!/usr/bin/env python3
"""What the tool says about real code, and what a change of the tool changes there.

    lintcheck.py run --tool build/llvm-22/bin/coro-tidy -o before.json NAME=SOURCES[,BUILD]...
    lintcheck.py diff before.json after.json
    lintcheck.py page [--check]

`run` analyses code bases with compile databases: NAME is yours, SOURCES the folder that paths are relative to, BUILD
where compile_commands.json is (default: searched in SOURCES). The file that it writes holds no code but the reported
lines, is sorted, and is the same wherever the code lies. All confidences are in it with `--lowest`.

`diff` tells what is new, gone and changed; a finding is the same when its code base, file, check and the text of its
line are, so that lines may move. The exit status is 1 if there is a difference.

`page` writes the tables of docs/evaluation.md from docs/evaluation.json, the judgements: for each check how many reports
were read, and what they were, in code by which the checks were made and in code that they had not seen. With --check it
only says whether the page is up to date.
"""
import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import checklist

ROOT = checklist.ROOT
KEY = ("base", "file", "check", "text", "number")
TABLE = re.compile(r"(<!-- judgements: (\w+) -->\n).*?(<!-- end of judgements -->)", re.DOTALL)


def line_of(cache: dict[str, list[str]], path: Path, number: int) -> str:
    if str(path) not in cache:
        cache[str(path)] = path.read_text(errors="replace").splitlines() if path.is_file() else []
    lines = cache[str(path)]
    return " ".join(lines[number - 1].split()) if 0 < number <= len(lines) else ""


def relative(path: str, root: Path) -> str:
    """Relative to the code base; of a file elsewhere (an installed library) only its name is the same everywhere."""
    whole = root / path
    return str(whole.relative_to(root)) if whole.is_relative_to(root) else f"elsewhere/{whole.name}"


def analyse(options, name: str, sources: Path, build: Path | None, config: Path | None) -> dict:
    command = [options.tool, "check", "-q", "--format", "json", "--fail-on", "never", f"-j{options.jobs}",
               "--timeout", str(options.timeout), *(["-p", str(build)] if build else []),
               *(["--config-file", str(config)] if config else []), *options.arg]
    ended = subprocess.run(command, cwd=sources, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        report = json.loads(ended.stdout)
    except ValueError:
        sys.exit(f"{name}: the run failed with exit status {ended.returncode}:\n{ended.stderr[-2000:]}")
    cache: dict[str, list[str]] = {}
    seen: Counter = Counter()
    findings = []
    for finding in report["findings"]:
        where = finding["location"]
        one = {"base": name, "file": relative(where["file"], sources), "check": finding["check"],
               "text": line_of(cache, sources / where["file"], where["line"])}
        place = tuple(one.values())
        one["number"] = seen[place]
        seen[place] += 1
        one |= {"severity": finding["severity"], "line": where["line"], "message": finding["message"],
                "notes": [note["message"] for note in finding.get("notes", [])], "fixable": bool(finding.get("fix"))}
        findings.append(one)
    problems = [{"base": name, "file": relative(p["file"], sources), "kind": p["kind"]} for p in report["problems"]]
    return {"units": report["files"], "findings": findings, "problems": problems}


def run(options) -> int:
    options.tool = str(Path(options.tool).resolve())
    whole: dict = {"version": 1, "bases": {}, "findings": [], "problems": []}
    with tempfile.TemporaryDirectory() as folder:
        config = None
        if options.lowest:
            config = Path(folder) / "config.yaml"
            config.write_text(json.dumps({"CheckOptions": {"MinConfidence": "low",
                                                           **{f"{c.id}.Enable": "true" for c in checklist.read()}}}))
        for base in options.bases:
            name, _, where = base.partition("=")
            sources, _, build = where.partition(",")
            if not Path(sources).is_dir():
                sys.exit(f"'{base}': write NAME=SOURCES or NAME=SOURCES,BUILD; '{sources}' is no folder")
            one = analyse(options, name, Path(sources).resolve(), Path(build).resolve() if build else None, config)
            whole["bases"][name] = {"units": one["units"], "findings": len(one["findings"]), "problems": len(one["problems"])}
            whole["findings"] += one["findings"]
            whole["problems"] += one["problems"]
            print(f"{name}: {one['units']} units, {len(one['findings'])} findings, {len(one['problems'])} not analysed", flush=True)
    whole["findings"].sort(key=lambda f: [str(f[k]) for k in KEY])
    whole["problems"].sort(key=lambda p: (p["base"], p["file"], p["kind"]))
    Path(options.output).write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
    return 0


def show(mark: str, f: dict, why: str = "") -> None:
    print(f"{mark} {f['base']}: {f['file']}:{f['line']}: {f['message']} [{f['check']}]{why}\n      {f['text']}")


def diff(options) -> int:
    old, new = (json.loads(Path(p).read_text()) for p in (options.old, options.new))
    by_key = [{tuple(f[k] for k in KEY): f for f in side["findings"]} for side in (old, new)]
    before, after = by_key
    tally: dict[str, Counter] = {"new": Counter(), "gone": Counter(), "changed": Counter()}
    # A file that one of both could not analyse has no findings there, whatever the tool thinks of it.
    missing = [{(p["base"], p["file"]) for p in side["problems"]} for side in (old, new)]

    def in_order(keys: set, side: dict) -> list:
        return sorted(keys, key=lambda key: (key[0], key[1], side[key]["line"], key[2], key[4]))

    for key in in_order(after.keys() - before.keys(), after):
        tally["new"][after[key]["check"]] += 1
        show("+", after[key], " (the file was not analysed before)" if key[:2] in missing[0] else "")
    for key in in_order(before.keys() - after.keys(), before):
        tally["gone"][before[key]["check"]] += 1
        show("-", before[key], " (the file is not analysed now)" if key[:2] in missing[1] else "")
    for key in in_order(before.keys() & after.keys(), after):
        a, b = before[key], after[key]
        parts = [part for part in ("severity", "message", "notes", "fixable") if a[part] != b[part]]
        if parts:
            tally["changed"][b["check"]] += 1
            show("~", b)
            for part in parts:
                print(f"      {part}: {a[part]}\n      {' ' * len(part)}→ {b[part]}")
    counts = [Counter((p["base"], p["file"], p["kind"]) for p in side["problems"]) for side in (old, new)]
    problems = [("+", p) for p in (counts[1] - counts[0]).elements()] + [("-", p) for p in (counts[0] - counts[1]).elements()]
    for mark, (base, file, kind) in sorted(problems):
        print(f"{mark} {base}: {file}: {kind}")
    for name in sorted({*tally["new"], *tally["gone"], *tally["changed"]}):
        print(f"{name}: " + ", ".join(f"{counter[name]} {kind}" for kind, counter in tally.items()))
    total = {kind: sum(counter.values()) for kind, counter in tally.items()}
    print(f"{total['new']} new, {total['gone']} gone, {total['changed']} changed, {len(problems)} in what could not be analysed")
    return 1 if any(total.values()) or problems else 0


def tables(judged: dict) -> str:
    names = ("read", "true", "arguable", "false")
    rows = []
    for check, row in sorted(judged["checks"].items(), key=lambda item: (-item[1]["true"] - item[1]["arguable"] - item[1]["false"],
                                                                        item[0])):
        row = {**row, "read": row["true"] + row["arguable"] + row["false"]}
        rows.append((check, row))
    rows.append(("all", {n: sum(row[n] for _, row in rows) for n in names}))
    table = "\n".join(["| check | read | true | arguable | false |", "|---|---|---|---|---|",
                       *(f"| {check} | " + " | ".join(str(row[n]) for n in names) + " |" for check, row in rows)]) + "\n"
    causes = "".join(f"| {cause['check']} | {cause['cause']} |\n" for cause in judged["causes"])
    return table + "\nThe causes of what was false, mended where it does not say open:\n\n| check | what it was |\n|---|---|\n" + causes


def page(options) -> int:
    judged = json.loads((ROOT / "docs" / "evaluation.json").read_text())
    file = ROOT / "docs" / "evaluation.md"
    old = file.read_text()
    new = TABLE.sub(lambda m: m[1] + tables(judged[m[2]]) + m[3], old)
    if new == old:
        return 0
    if options.check:
        print("docs/evaluation.md is not what docs/evaluation.json says: run ./dev docs")
        return 1
    file.write_text(new)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("run")
    one.add_argument("bases", nargs="+", metavar="NAME=SOURCES[,BUILD]")
    one.add_argument("--tool", required=True)
    one.add_argument("-o", "--output", required=True)
    one.add_argument("-j", "--jobs", type=int, default=2)
    one.add_argument("--timeout", type=int, default=300)
    one.add_argument("--lowest", action="store_true", help="all checks, at the lowest confidence")
    one.add_argument("--arg", action="append", default=[], help="one for coro-tidy check; may be given several times")
    two = commands.add_parser("diff")
    two.add_argument("old")
    two.add_argument("new")
    three = commands.add_parser("page")
    three.add_argument("--check", action="store_true")
    options = parser.parse_args()
    return {"run": run, "diff": diff, "page": page}[options.command](options)


if __name__ == "__main__":
    sys.exit(main())
