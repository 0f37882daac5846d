"""hostile.py CORO-TIDY: reports with names and texts that want to be more than text.

What a repository of others calls its files, and what a report that is merged says, goes to terminals, pages and services. In the
current folder is out.json, the report of a run with a path of several steps and suppressed findings; its texts are replaced, and the merge
is written in every format.
"""
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

tool = sys.argv[1]
EVIL = "a\x1b]0;title\x07\x1b[2J\r\n::error file=x::y\n##[error]z <script>alert(1)</script> <!-- --> ]]> \"'&amp; `b` | [l](http://e) \u202egnp.h \x9b1m"
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]")


def poisoned(value: object, key: str = "") -> object:
    """Every text is EVIL after what it was; those that are words of the format stay."""
    if isinstance(value, dict):
        return {k: poisoned(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [poisoned(v, key) for v in value]
    if isinstance(value, str) and key in ("file", "message", "function", "text", "summary", "reproduce", "log"):
        return value + EVIL
    return value


report = json.loads(Path("out.json").read_text())
assert report["findings"] and report["problems"] and report["findings"][0]["function"], report
hostile = {**report, **{kind: poisoned(report[kind]) for kind in ("findings", "problems", "suppressed") if kind in report}}
Path("evil.json").write_text(json.dumps(hostile))
FORMATS = ["text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "rdjson", "checkstyle", "sonarqube", "markdown"]
outputs = [word for name in FORMATS for word in ("-o", f"{name}:evil.{name}")]
ran = subprocess.run([tool, "merge", "evil.json", "--statistics", *outputs], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                     text=True, encoding="utf-8")
assert ran.returncode == 2, ran
texts = {name: Path(f"evil.{name}").read_text(encoding="utf-8") for name in FORMATS}
texts["standard output"], texts["standard error"] = ran.stdout, ran.stderr
for name, text in texts.items():
    found = CONTROL.search(text)
    assert not found, f"{name}: a raw {found[0]!r} in {text[max(0, found.start() - 60):found.end() + 20]!r}"
    for line in text.splitlines():
        if name != "github":
            assert not line.lstrip().startswith(("::", "##[")), f"{name}: a command of a CI service: {line}"

# Names of checks are never anything but names.
report["findings"][0]["check"] += EVIL
Path("named.json").write_text(json.dumps(report))
refused = subprocess.run([tool, "merge", "named.json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
assert refused.returncode == 2 and "is no report of coro-tidy" in refused.stderr and not refused.stdout, refused

# What is structured still is, and says what it was given.
for name in ("json", "sarif", "gitlab", "rdjson", "sonarqube"):
    json.loads(texts[name])
assert json.loads(texts["json"])["findings"][0]["function"].endswith(EVIL), "json changed a text"
for line in texts["jsonl"].splitlines():
    json.loads(line)
for name in ("junit", "checkstyle"):
    tree = xml.fromstring(texts[name])
    assert not tree.findall(".//script"), name

# One command a line for GitHub, and none that a text has smuggled in.
for line in texts["github"].splitlines():
    assert re.match(r"::(error|warning|notice) (file=[^,]*,)?", line), line
    assert line.count("::") >= 2 and "::y" not in line.split("::", 2)[1], line

# Markdown shows markup, and makes none.
plain = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", texts["markdown"])
plain = re.sub(r"\\.", "", plain)
assert not re.search(r"[<`\[|]", plain), re.search(r".{40}[<`\[|].{20}", plain)
for result in json.loads(texts["sarif"])["runs"][0]["results"]:
    for where in result["locations"]:
        assert not re.search(r"[\s<>\"`|]", where["physicalLocation"]["artifactLocation"]["uri"]), where
    assert "](" not in result["message"]["text"], result["message"]
