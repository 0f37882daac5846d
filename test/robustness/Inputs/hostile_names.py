"""hostile_names.py TOOL TASK-HEADERS: names and texts that are commands to a terminal, a browser or a CI server.

A file name may hold any byte but a slash and the null; a source any at all. None may reach what reads the
output as anything but text.
"""
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

tool, headers = sys.argv[1:3]
ESCAPES = "\x1b]0;title\x07\x1b[2J\x7f\u009b31m\u202e"
NAMES = ["::error ::by name.cpp", "  ::add-mask::x.cpp", "##[add-path]x.cpp", "##vso[task.complete]x.cpp",
         "a\n::error ::second line.cpp", "%0A::error ::x.cpp", "<script>alert(1)<!--.cpp", "]]>&amp;\"'.cpp",
         "[text](javascript:alert(1)).cpp", "`code` |.cpp", f"{ESCAPES}.cpp", "\ufffe.cpp", "{{data}}.cpp"]
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
# A unit that fails has another way out, and so has a flag that nobody knows.
Path("::error ::broken.cpp").write_text(f"#include <coroutine>\n#error {ESCAPES} ::error ::x ##[add-mask]x\n")
entries = [{"directory": os.getcwd(), "file": name, "arguments": ["c++", "-std=c++20", f"-I{headers}", "-c", name]}
           for name in [*NAMES, "::error ::broken.cpp", f"{ESCAPES}gone.cpp"]]
entries[0]["arguments"].insert(1, f"-gencode\x1b[31m")
Path("compile_commands.json").write_text(json.dumps(entries))

outputs = [word for f in FORMATS for word in ("-o", f"{f}:out.{f}")]
ended = subprocess.run([tool, "check", "--no-cache", "--fail-on", "never", "--color", "never", *outputs],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
failed = []
texts = {"stdout": ended.stdout, "stderr": ended.stderr, **{f: Path(f"out.{f}").read_bytes() for f in FORMATS}}
for command in (["map", "-q", "--format", "html", "-o", "out.html"], ["map", "--format", "text"], ["map", "--format", "json"],
                ["doctor"], ["explain-cancellation", "all"]):
    done = subprocess.run([tool, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    texts[" ".join(command)] = done.stdout + done.stderr
texts["html"] = Path("out.html").read_bytes()
for where, text in texts.items():
    if found := CONTROL.search(text):
        failed.append(f"{where}: a control character: {text[max(0, found.start() - 60):found.end() + 20]!r}")
    commands = [m for m in COMMAND.finditer(text)
                if not (where == "github" and re.match(rb"::(notice|warning|error) (file|title)=", text[m.start():]))]
    # What is not written for people is read by a parser, not by the log of a CI server.
    if commands and where in ("stdout", "stderr", "text", "concise", "github", "markdown", "map --format text", "doctor",
                              "explain-cancellation all"):
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
for one in failed:
    print(one)
sys.exit(1 if failed else 0)
