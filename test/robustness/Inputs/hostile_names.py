"""hostile_names.py TOOL TASK-HEADERS: names and texts that are commands to a terminal, a browser or a CI server.

A file name may hold any byte but a slash and the null; a source any at all. None may reach what reads the
output as anything but text.
"""
import json
import os
import pty
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

tool, headers = sys.argv[1:3]
ESCAPES = "\x1b]0;title\x07\x1b[2J\x7f\u009b31m\u202e"
NAMES = ["::error ::by name.cpp", "  ::add-mask::x.cpp", "##[add-path]x.cpp", "##vso[task.complete]x.cpp",
         "a\n::error ::second line.cpp", "%0A::error ::x.cpp", "<script>alert(1)<!--.cpp", "]]>&amp;\"'.cpp",
         "[text](javascript:alert(1)).cpp", "`code` |.cpp", f"{ESCAPES}.cpp", "\ufffe.cpp", "{{data}}.cpp",
         "\u2028\u2029x.cpp", "--fix=x.cpp", "-o.cpp", os.fsdecode(b"\xff\xc3\x28\xed\xa0\x80.cpp"), "$(id)`id`;id.cpp",
         "x.cpp\n--- y\n+++ y\n@@ -1 +1 @@\n-y\n+z\n.cpp"]
SOURCE = ('#include "task.h"\ntask<> work(const char *);\nstruct {{ task<> at(int); }} table;\ntask<> all() {{\n'
          '  work("{text}"); // ##[add-mask]x ##vso[task.complete] ::error ::x\n'
          '  auto [x] = table; table.at(1); /* [text](javascript:alert(1)) {text} */\n  co_return;\n}}\n'
          'task<> \u00fcber() {{ work("</script><script>alert(1)</script>"); co_return; }}\n')
FORMATS = ["text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "rdjson", "checkstyle", "sonarqube",
           "markdown"]
# ESC and other controls, as bytes and as C1 characters; marks that reorder text.
CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]")
COMMAND = re.compile(rb"^\s*::|##[a-z]*\[", re.MULTILINE)

for name in NAMES:
    Path(name).write_text(SOURCE.format(text=ESCAPES.replace("\x00", "")))
BY_LINE = ('#include "task.h"\ntask<> work();\n#line 7 "\\033[31mx\\n::error ::y.cpp"\nstruct s { task<> explained(); };\n'
           "task<> s::explained() { co_await work(); }\n")
Path("explained.cpp").write_text(BY_LINE)
# A unit that fails has another way out, and so has a flag that nobody knows.
Path("::error ::broken.cpp").write_text(f"#include <coroutine>\n#error {ESCAPES} ::error ::x ##[add-mask]x\n")
plain = lambda name: "./" + name if name.startswith("-") else name
entries = [{"directory": os.getcwd(), "file": plain(name), "arguments": ["c++", "-std=c++20", f"-I{headers}", "-c", plain(name)]}
           for name in [*NAMES, "::error ::broken.cpp", f"{ESCAPES}gone.cpp", "explained.cpp"]]
entries[0]["arguments"].insert(1, f"-gencode\x1b[31m")
Path("compile_commands.json").write_text(json.dumps(entries))

outputs = [word for f in FORMATS for word in ("-o", f"{f}:out.{f}")]
ended = subprocess.run([tool, "check", "--no-cache", "--fail-on", "never", "--color", "never", *outputs],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
failed = []
texts = {"stdout": ended.stdout, "stderr": ended.stderr, **{f: Path(f"out.{f}").read_bytes() for f in FORMATS}}
Path(".clang-tidy").write_text('Checks: "coro-*,coro-x\\e[31m\\n::error ::x*"\nCheckOptions:\n  "coro-\\e[31m.y": 1\n  MinConfidence: "\\e[31m\\n::error ::x"\n')
Path("known.json").write_text(json.dumps({"version": 2, "findings": [
    {part: ESCAPES + "\n::error ::x" for part in ("file", "check", "function", "statement")}]}))
Path("named\x1b[31m\n::error ::x").mkdir()
Path("named\x1b[31m\n::error ::x/compile_commands.json").write_text("[]")
Path("build-\x1b[31m\n::error ::x").mkdir()
# What cannot be read is named in the error.
Path("theirs\x1b[31m\n::error ::x").write_text("{")
for command in (["map", "-q", "--format", "html", "-o", "out.html"], ["map", "--format", "text"], ["map", "--format", "json"],
                ["doctor"], ["explain-cancellation", "all"], ["explain-cancellation", "explained"],
                ["explain-cancellation", f"{ESCAPES}.cpp:5"], ["check", "-q", "--baseline", "known.json"],
                ["check", "--baseline", "theirs\x1b[31m\n::error ::x"], ["merge", "theirs\x1b[31m\n::error ::x"],
                ["check", "-p", "named\x1b[31m\n::error ::x"], ["check", "named\x1b[31m\n::error ::x"],
                ["doctor", "-p", "named\x1b[31m\n::error ::x"], ["map", "-p", "named\x1b[31m\n::error ::x"],
                ["check", "-q", "--index", "theirs\x1b[31m\n::error ::x"], ["link", "-o", "x", "theirs\x1b[31m\n::error ::x"],
                ["index", "-o", "named\x1b[31m\n::error ::x"], ["check", "-q", "-o", "json:no\x1b[31m\n::error ::x/x"],
                ["map", "-o", "no\x1b[31m\n::error ::x/x"], ["index", "-q", "-o", "/dev/null/\x1b[31m\n::error ::x"],
                ["explain", "x\x1b[31m\n::error ::x"], ["no\x1b[31m\n::error ::x"], ["check", "--no\x1b[31m\n::error ::x"],
                ["check", "--changed=\x1b[31m\n::error ::x"], ["check", "-q", "--config-file", "no\x1b[31m\n::error ::x"],
                ["check", "-q", "--baseline", "new\x1b[31m\n::error ::x", "--create-baseline"],
                ["cache", "--cache-dir", "no\x1b[31m\n::error ::x"], ["list"], ["explain", "coro-missing-await"]):
    done = subprocess.run([tool, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    texts[" ".join(command)] = done.stdout + done.stderr
texts["html"] = Path("out.html").read_bytes()
for where, text in texts.items():
    if found := CONTROL.search(text):
        failed.append(f"{where}: a control character: {text[max(0, found.start() - 60):found.end() + 20]!r}")
    commands = [m for m in COMMAND.finditer(text)
                if not (where == "github" and re.match(rb"::(notice|warning|error) (file|title)=", text[m.start():]))]
    # What is not written for people is read by a parser, not by the log of a CI server.
    if commands and where not in ("json", "jsonl", "sarif", "gitlab", "junit", "rdjson", "checkstyle", "sonarqube", "html",
                                  "map --format json"):
        at = commands[0].start()
        failed.append(f"{where}: a command: {text[max(0, at - 60):at + 60]!r}")
for name in ("json", "sarif", "gitlab", "rdjson", "sonarqube"):
    json.loads(texts[name])
for line in texts["jsonl"].splitlines():
    json.loads(line)
for name in ("junit", "checkstyle"):
    ElementTree.fromstring(texts[name])
sarif = json.loads(texts["sarif"])["runs"][0]
for result in sarif["results"]:
    if re.search(r"\[[^]]*\]\(", result["message"]["text"]):
        failed.append(f"sarif: a link: {result['message']['text']}")
if not len(sarif["results"]) >= len(NAMES):
    failed.append(f"only {len(sarif['results'])} findings in {len(NAMES)} files:\n{texts['stderr'].decode(errors='replace')}")
page = texts["html"]
inside = re.search(rb'<script[^>]*application/json[^>]*>(.*?)</script>', page, re.DOTALL)
if not inside or b"<" in inside[1]:
    failed.append("html: the data of the map is not sealed")
else:
    json.loads(inside[1])
if page.count(b"<script") != page.count(b"</script"):
    failed.append("html: another script")
if b"explained (" not in texts["explain-cancellation explained"] or b"\\x1b[31mx" not in texts["explain-cancellation explained"]:
    failed.append(f"explain-cancellation: {texts['explain-cancellation explained']!r}")

# A patch is the one output that holds sources as they are; its headers name the files that it is for, and no others.
Path(".clang-tidy").unlink()
patch = subprocess.run([tool, "check", "-q", "--diff"], stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout
heads = [line for line in patch.split(b"\n") if line.startswith((b"--- ", b"+++ "))]
# A name that is no text goes through no report, and so no edit to that file.
NAMED = [name for name in NAMES if name == name.encode(errors="replace").decode()]
if len(heads) != 2 * len(NAMED) or any(CONTROL.search(line) for line in heads):
    failed.append(f"patch: {len(heads)} headers for {len(NAMED)} files: {heads}")
subprocess.run(["git", "apply", "--check", "-"], input=patch, check=True)
Path("x.patch").write_bytes(patch)
subprocess.run(["git", "apply", "x.patch"], check=True)
for name in NAMED:
    if b"co_await work(" not in Path(name).read_bytes():
        failed.append(f"patch: {name!r} was not changed")
    Path(name).write_text(SOURCE.format(text=ESCAPES.replace("\x00", "")))

# Where a person looks on, nothing but our own colours, links and progress comes through.
OWN = re.compile(rb"\x1b\[[0-9;]*[mK]|\x1b\]8;;(https://[!-~]*)?\x1b\\|[\r\n]")
environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {"TERM": "xterm-256color"}
for command in (["check", "--no-cache"], ["check", "--no-cache", "--diff"], ["check", "--format", "concise"], ["map", "--format", "text"],
                ["doctor"], ["explain-cancellation", "explained"]):
    shown, terminal = pty.openpty()
    process = subprocess.Popen([tool, *command], stdout=terminal, stderr=terminal, env=environment)
    os.close(terminal)
    text = b""
    try:
        while part := os.read(shown, 65536):
            text += part
    except OSError:
        pass
    process.wait()
    os.close(shown)
    if not text or (found := CONTROL.search(OWN.sub(b"", text))):
        plain = OWN.sub(b"", text)
        failed.append(f"terminal: {command}: {plain[max(0, found.start() - 60):found.end() + 20] if text else text!r}")
for one in failed:
    print(one)
sys.exit(1 if failed else 0)
