"""watch.py COROTIDY: follows `check --watch` through changes, in a folder with clean.cpp, one.cpp, in_header.h and a
database of the first."""
import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

process = subprocess.Popen([sys.argv[1], "check", "--watch", "--cache-dir", "cache", "--format", "concise"],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
lines: queue.Queue[str] = queue.Queue()
threading.Thread(target=lambda: [lines.put(line) for line in process.stdout], daemon=True).start()
threading.Thread(target=lambda: process.stderr.read(), daemon=True).start()


def run() -> str:
    """What the next run says."""
    text = ""
    while True:
        text += lines.get(timeout=120)
        if text.splitlines()[-1].startswith("Found "):
            return text


def quiet() -> None:
    try:
        raise AssertionError("a run without a change: " + lines.get(timeout=1))
    except queue.Empty:
        pass


def expect(text: str, *parts: str) -> None:
    assert all(part in text for part in parts), text


try:
    expect(run(), "Found nothing in 1 file")
    clean = Path("clean.cpp")
    before = clean.read_text()
    clean.write_text(before + "task<> more() { work(); co_return; }\n")
    expect(run(), "clean.cpp:12:17: warning:", "Found 1 problem")
    # As editors save: another file takes the name.
    Path("new.cpp").write_text(before)
    Path("new.cpp").replace(clean)
    expect(run(), "Found nothing in 1 file")

    database = json.loads(Path("compile_commands.json").read_text())
    one = json.loads(json.dumps(database).replace("clean.cpp", "one.cpp"))
    Path("compile_commands.json").write_text(json.dumps(database + one))
    expect(run(), "in_header.h:5:25: warning:", "of 2 files")
    header = Path("in_header.h")
    header.write_text(header.read_text().replace("{ work(); ", "{ co_await work(); "))
    expect(run(), "Found nothing in 2 files")
    # What is no file for a while is waited for, and does not keep the tool busy.
    clean.unlink()
    expect(run(), "clean.cpp: error: the compile database lists this file, but it does not exist", "1 file could not be analysed")
    os.mkfifo(clean)
    quiet()
    clean.unlink()
    clean.write_text("#pragma clang __debug crash\ntask<> f();\n")
    expect(run(), "clean.cpp: error: the analysis crashed", "1 file could not be analysed")
    quiet()
    clean.write_text(before)
    expect(run(), "Found nothing in 2 files")
    commands = Path("compile_commands.json").read_text()
    Path("compile_commands.json").unlink()
    os.mkfifo("compile_commands.json")
    quiet()
    Path("compile_commands.json").unlink()
    Path("compile_commands.json").write_text(commands + "\n")
    expect(run(), "Found nothing in 2 files")

    Path(".clang-tidy").write_text("Checks: nonsense: x\n")
    expect(run(), ".clang-tidy: error:")

    # Nothing happens without a reason.
    quiet()
    assert process.poll() is None
finally:
    process.kill()
    process.wait()
