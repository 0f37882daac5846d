#!/usr/bin/env python3
"""Measures the driver beside the compiler and clang-tidy.

    bench.py                    on a generated project of 40 units over Boost.Asio
    bench.py -p BUILD_DIR       on a compile database; nothing in it is changed

All rows are measured in one run, and what counts are their ratios to the compiler: processor time, elapsed time, and the
largest process. On a busy machine only the ratios of processor time mean something.
"""
import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UPSTREAM = ("cppcoreguidelines-avoid-capturing-lambda-coroutines,cppcoreguidelines-avoid-reference-coroutine-parameters,"
            "cppcoreguidelines-no-suspend-with-lock,misc-coroutine-hostile-raii")
TRIVIAL = "misc-misleading-bidirectional"


# --- The generated project ----------------------------------------------------

SERVER = """#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <map>
#include <memory>
#include <string>

namespace app {
namespace asio = boost::asio;
struct Connection {
  asio::ip::tcp::socket socket;
  std::string in;
  std::size_t served = 0;
};
struct Server {
  std::map<int, std::shared_ptr<Connection>> connections;
};
}
"""

UNIT = """#include "app/unit_{n}.h"
{more}#include "app/server.h"

namespace app {{
static asio::awaitable<std::size_t> receive{n}(std::shared_ptr<Connection> c) {{
  std::size_t got = co_await asio::async_read_until(c->socket, asio::dynamic_buffer(c->in), '\\n', asio::use_awaitable);
  c->served += got;
  co_return got;
}}

asio::awaitable<void> serve{n}(Server &server, int id) {{
  std::shared_ptr<Connection> c = server.connections.at(id);
  asio::steady_timer pause(co_await asio::this_coro::executor);
  for (int round = 0; round < {n}; ++round) {{
    std::size_t got = co_await receive{n}(c);
    pause.expires_after(std::chrono::milliseconds(got));
    co_await pause.async_wait(asio::use_awaitable);
    co_await asio::async_write(c->socket, asio::buffer(c->in), asio::use_awaitable);{hazard}
  }}
}}

void start{n}(asio::io_context &context, Server &server, int id) {{
  asio::co_spawn(context, serve{n}(server, id), asio::detached);
}}
}}
"""

# Units of a project are alike, not the same: some use more of the library, some have a hazard.
MORE = ["", "#include <vector>\n", "#include <algorithm>\n#include <optional>\n", "#include <boost/asio/signal_set.hpp>\n"]
HAZARD = "\n    receive{n}(c);"


def generate(folder: Path, units: int, boost: str | None = None) -> None:
    """Writes the project, with its compile database in `folder`."""
    flags = ["-std=c++20", "-Iinclude", *(["-isystem", boost] if boost else [])]
    (folder / "include" / "app").mkdir(parents=True)
    (folder / "src").mkdir()
    (folder / "include" / "app" / "server.h").write_text(SERVER)
    entries = []
    for n in range(units):
        header = f"#pragma once\n#include \"app/server.h\"\nnamespace app {{ asio::awaitable<void> serve{n}(Server &, int); }}\n"
        (folder / "include" / "app" / f"unit_{n}.h").write_text(header)
        source = folder / "src" / f"unit_{n}.cpp"
        source.write_text(UNIT.format(n=n, more=MORE[n % len(MORE)], hazard=HAZARD.format(n=n) if n % 5 == 0 else ""))
        entries.append({"directory": str(folder), "file": str(source),
                        "arguments": ["clang++", *flags, "-c", str(source), "-o", f"unit_{n}.o"]})
    (folder / "compile_commands.json").write_text(json.dumps(entries))


# --- Measuring ----------------------------------------------------------------

@dataclass
class Cost:
    cpu: float = 0
    wall: float = 0
    peak: int = 0  # KiB
    output: str = ""

    def add(self, other: "Cost") -> None:
        self.cpu += other.cpu
        self.wall += other.wall
        self.peak = max(self.peak, other.peak)
        self.output += other.output


def run(command: list[str], folder: str | Path) -> Cost:
    """Runs a command; its children count, and the peak is that of the largest process."""
    with tempfile.TemporaryFile() as output:
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - began
        output.seek(0)
        return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss, output.read().decode(errors="replace"))


class Bench:
    def __init__(self, project: Path, generated: bool, options: argparse.Namespace) -> None:
        self.project, self.generated = project, generated
        self.units = json.loads((project / "compile_commands.json").read_text())
        self.step = options.sample
        self.jobs = options.jobs
        tools = Path(f"/usr/lib/llvm-{options.llvm}/bin")
        self.clang, self.tidy = str(tools / "clang++"), str(tools / "clang-tidy")
        build = ROOT / "build" / f"llvm-{options.llvm}"
        self.tool = str(build / "bin" / "coro-tidy")
        self.module = str(build / "lib" / f"libcoro-tidy-{options.llvm}.so")
        self.rows: list[tuple[str, Cost, str]] = []

    def show(self, name: str, cost: Cost, goal: str = "") -> Cost:
        self.rows.append((name, cost, goal))
        base = self.rows[0][1]
        print(f"{name:<46} {cost.cpu:8.2f} {cost.wall:8.2f} {cost.peak / 1024:7.0f}"
              f" {cost.cpu / base.cpu:8.3f} {cost.peak / base.peak:6.2f}  {goal}", flush=True)
        return cost

    def each(self, command) -> Cost:
        """The sum over all units, from every step-th of them."""
        total = Cost()
        chosen = self.units[::self.step]
        for unit in chosen:
            total.add(run(command(unit), unit["directory"]))
        total.cpu *= len(self.units) / len(chosen)
        total.wall *= len(self.units) / len(chosen)
        return total

    def parse(self, unit: dict) -> list[str]:
        words = unit.get("arguments") or shlex.split(unit["command"])
        output = words.index("-o") if "-o" in words else len(words)
        return [self.clang, "-fsyntax-only", "-w", *words[1:output], *words[output + 2:]]

    def stock(self, checks: str, *more: str):
        return lambda unit: [self.tidy, *more, f"--checks=-*,{checks}", "--quiet", "-p", str(self.project), unit["file"]]

    def check(self, *options: str) -> Cost:
        cost = run([self.tool, "check", "-p", str(self.project), f"-j{self.jobs}", "--statistics", "--format", "concise",
                    *options], self.project)
        if "could not be analysed" in cost.output:
            print(cost.output[-2000:], file=sys.stderr)
        return cost

    def measure(self) -> None:
        print(f"{len(self.units)} units; per-unit tools measured on {len(self.units[::self.step])} of them, coro-tidy on all "
              f"with -j{self.jobs}\n")
        print(f"{'':<46} {'CPU s':>8} {'wall s':>8} {'MiB':>7} {'CPU/c':>8} {'mem/c':>6}  goal")
        self.show("clang++ -fsyntax-only (c)", self.each(self.parse))
        trivial = self.show("clang-tidy, one trivial check", self.each(self.stock(TRIVIAL)))
        self.show("clang-tidy, the four upstream checks", self.each(self.stock(UPSTREAM)))
        module = self.each(self.stock("coro-*", f"--load={self.module}"))
        self.show("clang-tidy, our module", module, f"{module.cpu / trivial.cpu:.2f} of the trivial one (goal 1.05)")
        with tempfile.TemporaryDirectory() as folder:
            cache = ["--cache-dir", folder]
            plain = self.show("coro-tidy, headers not shared", self.check("--no-cache", "--no-shared-headers"), "0.55, mem 0.6")
            cold = self.show("coro-tidy, cold", self.check(*cache), "0.15, mem 0.6")
            warm = self.show("coro-tidy, warm", self.check(*cache), "0.01")
            def findings(cost: Cost) -> list[str]:
                return [line for line in cost.output.splitlines() if ": warning:" in line or ": suggestion:" in line]
            for name, cost in (("shared", cold), ("warm", warm)):
                assert findings(cost) == findings(plain), f"{name}: other findings than those of a plain parse"
            if self.generated:
                self.change(self.project / "src" / "unit_7.cpp")
                self.show("coro-tidy, one source changed", self.check(*cache), "0.03")
                self.change(self.project / "include" / "app" / "server.h")
                self.show("coro-tidy, a header of all changed", self.check(*cache))
        shared = [line.strip() for line in cold.output.splitlines() if "shared headers" in line]
        print(f"\n{len(findings(plain))} findings, the same with and without shared headers and from the cache; "
              f"{shared[0] if shared else 'no unit could share headers'}")

    @staticmethod
    def change(file: Path) -> None:
        file.write_text(file.read_text() + "// changed\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-p", dest="build", type=Path, help="the folder of a compile database")
    parser.add_argument("--units", type=int, default=40, help="of the generated project")
    parser.add_argument("--sample", type=int, default=1, metavar="N",
                        help="measure the tools that do one unit at a time on every N-th only")
    parser.add_argument("-j", dest="jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--llvm", default="22")
    parser.add_argument("--boost", metavar="DIR", help="a folder with Boost's headers, in place of the system's")
    options = parser.parse_args()
    if options.build:
        Bench(options.build.resolve(), False, options).measure()
        return 0
    folder = ROOT / "build" / "bench"
    shutil.rmtree(folder, ignore_errors=True)
    generate(folder, options.units, options.boost)
    Bench(folder, True, options).measure()
    return 0


if __name__ == "__main__":
    sys.exit(main())
