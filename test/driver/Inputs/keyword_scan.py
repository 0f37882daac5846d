"""keyword_scan.py CORO-TIDY INCLUDES: a project in which most units can hold no coroutine, or only seem to.

Runs with and without the scan must say the same; how many units were left out is checked too.
"""
import json
import subprocess
import sys
from pathlib import Path

tool, includes = sys.argv[1:]
root = Path.cwd()
for folder in ("src", "lib", "src/links"):
    (root / folder).mkdir(parents=True)


def write(name: str, text: str) -> None:
    (root / name).write_text(text)


# What coroutines call, in units without any.
write("src/util.h", "#pragma once\nint plain_0();\nint plain_1();\nint naps();\nint passes_on();\n"
                    "struct Shape { virtual ~Shape(); virtual int area() = 0; };\n"
                    "template <typename T> int made(T); extern template int made<int>(int);\n"
                    "struct Session { int id; ~Session(); };\n"
                    "struct Table { Session *find(int); void drop_all(); Session *first_; Session *held_; };\n")
write("src/co.cpp", "#include \"util.h\"\n#include <task.h>\ntask<> later();\n"
                    "task<> run(Shape &shape) {\n  later();\n  passes_on();\n  shape.area();\n  made(1);\n  co_return;\n}\n")
write("src/naps.cpp", "#include \"util.h\"\n#include <unistd.h>\nint naps() { return sleep(1); }\n")
write("src/passes_on.cpp", "#include \"util.h\"\nint passes_on() { return naps(); }\n")
write("src/square.cpp", "#include \"util.h\"\n#include <unistd.h>\nstruct Square : Shape { int area() override { return sleep(2); } };\n"
                        "Shape *square() { return new Square; }\n")
write("src/made.cpp", "#include \"util.h\"\n#include <unistd.h>\ntemplate <typename T> int made(T) { return sleep(3); }\n"
                      "template int made<int>(int);\n")
NEEDED = ["naps", "passes_on", "square", "made"]
# Nobody asks for these, whatever they do.
write("src/other.cpp", "#include \"util.h\"\n#include <unistd.h>\nint unrelated() { return sleep(1) + plain_0(); }\n")
for n in range(2):
    write(f"src/plain_{n}.cpp", f"#include \"util.h\"\n#include <vector>\n#include <string>\n#include <map>\nint plain_{n}() {{ return {n}; }}\n")
write("src/c.c", "int c_function(void) { return 1; }\n")
write("src/linked.cpp", "#include \"links/there.h\"\nint linked() { return there; }\n")
write("lib/there.h", "#include \"beside.h\"\nconst int there = beside;\n")
write("src/links/beside.h", "const int beside = 1;\n")
(root / "src/links/there.h").symlink_to(root / "lib/there.h")
LEFT_OUT = ["other", "plain_0", "plain_1", "c", "linked"]

# No keyword in them, and something to find all the same.
HAZARD = "void twice_{n}() {{ auto once = start(); use(std::move(once)); use(std::move(once)); }}\n"
write("src/tasks.h", "#pragma once\n#include <task.h>\ntask<> start();\nvoid use(task<>);\n")
write("src/direct.cpp", "#include \"tasks.h\"\n" + HAZARD.format(n=1))
write("src/config.h", "#define HEADER \"tasks.h\"\n")
write("src/computed.cpp", "#include \"config.h\"\n#include HEADER\n" + HAZARD.format(n=2))
(root / "first").mkdir()
(root / "second").mkdir()
write("first/chain.h", "#include_next <chain.h>\n")
write("second/chain.h", "#include <tasks.h>\n")
write("src/chained.cpp", "#include <chain.h>\n" + HAZARD.format(n=3))
write("src/forced.cpp", "" + HAZARD.format(n=4))
write("src/guarded.cpp", "#if __has_include(<tasks.h>)\n#include <tasks.h>\n#endif\n" + HAZARD.format(n=5))
# What a parse says besides findings.
write("src/unused.cpp", "int unused() { return 1; } // NOLINT(coro-missing-await)\n")
write("src/absent.cpp", "#ifdef _WIN32\n#include <nowhere.h>\n#endif\nint absent() { return 1; }\n")
LEFT_OUT.append("absent")
# A macro puts the name of a header together: not understood.
write("src/odd.cpp", "#define STR(x) #x\n#define PLACE(x) STR(x.h)\n#include PLACE(tasks)\n" + HAZARD.format(n=6))

entries = []
for file in sorted((root / "src").glob("*.c*")):
    flags = ["-include", "tasks.h"] if file.stem == "forced" else []
    language = ["clang", "-Isrc"] if file.suffix == ".c" else \
        ["clang++", "-std=c++20", "-Isrc", "-Ifirst", "-Isecond", "-isystem", includes, *flags]
    name = f"src/{file.name}"
    entries.append({"directory": str(root), "file": name, "arguments": [*language, "-c", name, "-o", f"{file.stem}.o"]})
write("compile_commands.json", json.dumps(entries))


def check(*options: str) -> tuple[dict, int, int]:
    """The report, how many units were left out, and how many came from the cache."""
    ran = subprocess.run([tool, "check", "--format", "json", "--statistics", "-j2", *options],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def count(what: str) -> int:
        return sum(int(line.split()[0]) for line in ran.stderr.splitlines() if what in line)
    report = json.loads(ran.stdout)
    report.pop("seconds", None)
    return report, count("units left out"), count("units not changed")


def forget() -> None:
    subprocess.run(["rm", "-rf", ".coro-tidy", "cache"], check=True)


def same(found: dict, what: str) -> None:
    assert found == plain, f"{what}: {json.dumps(found, indent=1)}\nis not\n{json.dumps(plain, indent=1)}"


plain, out, _ = check("--no-keyword-scan", "--no-cache")
assert out == 0, out
places = {(f["location"]["file"], f["check"]) for f in plain["findings"]}
for name in ("direct", "computed", "chained", "forced", "guarded", "odd"):
    assert (f"src/{name}.cpp", "coro-await-twice") in places, f"{name}: {places}"
assert any(place == "src/unused.cpp" for place, _ in places), places
notes = json.dumps([f for f in plain["findings"] if f["check"] == "coro-blocking-call"])
for name in ("naps", "square", "made"):
    assert f"src/{name}.cpp" in notes, f"{name} is no part of {notes}"

forget()
cold, out, _ = check("--cache-dir", "cache")
same(cold, "cold")
assert out == len(LEFT_OUT), (out, LEFT_OUT)
warm, out, known = check("--cache-dir", "cache")
same(warm, "warm")
assert (out, known) == (len(LEFT_OUT), len(entries)), (out, known)
# What was left out depends on what was looked at.
write("src/links/beside.h", "#include <tasks.h>\nconst int beside = 1;\n")
changed, out, known = check("--cache-dir", "cache")
same(changed, "changed")
assert (out, known) == (len(LEFT_OUT) - 1, len(entries) - 1), (out, known)
write("src/links/beside.h", "const int beside = 1;\n")

# Without an index nobody needs the others; without a cache it is the same.
forget()
plain, _, _ = check("--no-index", "--no-cache", "--no-keyword-scan")
alone, out, _ = check("--no-index", "--no-cache")
same(alone, "alone")
assert out == len(LEFT_OUT) + len(NEEDED), out
together, out, _ = check("--no-index", "--no-cache", "--no-isolate")
assert out == len(LEFT_OUT) + len(NEEDED), out

# A unit that comes to be needed is parsed, and stays up to date after that.
forget()
check("--cache-dir", "cache")
write("src/co.cpp", (root / "src/co.cpp").read_text().replace("made(1)", "plain_0()"))
write("src/plain_0.cpp", "#include \"util.h\"\n#include <unistd.h>\nint plain_0() { return sleep(4); }\n")
plain, _, _ = check("--no-cache", "--no-keyword-scan", "-p", "compile_commands.json")
forget()
check("--cache-dir", "cache")
write("src/plain_0.cpp", "#include \"util.h\"\nint plain_0() { return 4; }\n")
mended, _, _ = check("--cache-dir", "cache")
assert "plain_0.cpp" in json.dumps(plain) and "plain_0.cpp" not in json.dumps(mended), mended

# A header that is not there is told.
write("src/plain_1.cpp", "#include \"nowhere.h\"\nint plain_1() { return 1; }\n")
broken, _, _ = check("--cache-dir", "cache")
assert [p["file"] for p in broken["problems"]] == ["src/plain_1.cpp"], broken["problems"]
write("src/plain_1.cpp", "int plain_1() { return 1; }\n")

# Models and options by which more could be found, and a configuration that has an error.
for name, text in ((".coro-models.yaml", "library: mine\nfunctions:\n  - {name: plain_1, nonblocking: true}\n"),
                   (".clang-tidy", "CheckOptions: {coro-resume-under-lock.MinConfidence: low}\n"),
                   (".clang-tidy", "CheckOptions: [\n")):
    write(name, text)
    _, out, _ = check("--cache-dir", "cache")
    assert out == 0, f"{name}: {out} units left out"
    (root / name).unlink()
write(".clang-tidy", "Checks: 'coro-*'\n")
_, out, _ = check("--cache-dir", "cache", "--no-index")
assert out == len(LEFT_OUT) + len(NEEDED), out
