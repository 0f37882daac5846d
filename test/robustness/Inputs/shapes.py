"""shapes.py TOOL CLANG TASK-HEADERS CLANG-TIDY [--load=MODULE]: code of unusual size, shape, language and mode.

All of it goes through `check` and `map` of the driver, and through a stock clang-tidy with the module.
"""
import json
import os
import subprocess
import sys
import time
from pathlib import Path

PATIENCE = int(os.environ.get("CORO_TIDY_PATIENCE", "1"))  # sanitizers make everything slow

tool, clang, headers = sys.argv[1:4]
clang_tidy = sys.argv[4:]
HAZARD = "task<> hazard() {\n  work();\n  co_return;\n}\n"
START = '#include "task.h"\ntask<> work(); task<int> number(); bool chance(); int plain(int);\n'
# A coroutine header for targets and libraries whose own is not there.
OWN = """
namespace std {
template <class R, class... A> struct coroutine_traits { using promise_type = typename R::promise_type; };
template <class P = void> struct coroutine_handle {
  static coroutine_handle from_address(void *) noexcept;
  void *address() const noexcept;
  operator coroutine_handle<>() const noexcept;
};
template <> struct coroutine_handle<void> { static coroutine_handle from_address(void *) noexcept; void resume() const; };
struct suspend_always {
  bool await_ready() const noexcept { return false; }
  void await_suspend(coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};
}
template <class T = void> struct task {
  struct promise_type {
    task get_return_object();
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void();
    void unhandled_exception();
  };
  ~task();
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};
task<> work();
"""
DEEP, WIDE = 2000, 4000
nested = lambda begin, middle, end, n=DEEP: begin * n + middle + end * n
shapes: dict[str, tuple[str, list[str], bool]] = {}  # name: text, flags, is the hazard reported?


def shape(name: str, text: str, *flags: str, found: bool = True, start: str = START) -> None:
    shapes[name] = (start + text, list(flags), found)


shape("blocks", "task<> f() {" + nested("{ co_await work();", "", "}", 200) + "}" + HAZARD)
shape("branches", "task<> f() {" + nested("if (chance()) {", "co_await work();", "} else { co_await work(); }", 200) + "}" + HAZARD)
shape("loops", "task<> f() {" + nested("while (chance()) {", "co_await work();", "}", 200) + "}" + HAZARD)
shape("lambdas", "void f() {" + nested("(void)[] {", "work();", "};", 100) + "}" + HAZARD)
# The traversal of clang's matchers takes twice as long with each level; the driver does without.
shape("coroutine lambdas", "task<> f() {" + nested("co_await []() -> task<> {", "co_await work();", "}();", 60) + "}" + HAZARD)
# Here the compiler itself takes twice as long with each level.
shape("awaits in awaits", "task<int> one(int); task<int> f() { co_return " + nested("co_await one(", "co_await number()", ")", 12) + "; }" + HAZARD)
shape("try blocks", "task<> f() {" + nested("try { co_await work();", "", "} catch (...) { plain(1); }", 150) + "}" + HAZARD)
shape("classes in functions", "task<> f() {" + nested("struct s { task<> g() { co_await work();", "", "} };", 40) + "}" + HAZARD)
shape("parentheses", "task<int> f() { co_return " + nested("(", "co_await number()", ")", 200) + "; }" + HAZARD)
shape("sum", "int f(int x) { return " + " + ".join(["x"] * DEEP) + "; }" + HAZARD)
shape("sum of awaits", "task<int> f() { co_return " + " + ".join(["co_await number()"] * 400) + "; }" + HAZARD)
shape("chain of calls", "struct s { s &a(); }; task<> f(s &x) { x" + ".a()" * 1000 + "; co_await work(); x" + ".a()" * 1000
      + "; }" + HAZARD)
shape("conditionals", "task<int> f(int x) { co_return " + "".join(f"x == {n} ? {n} : " for n in range(400)) + "co_await number(); }" + HAZARD)
shape("giant function", "task<> f(int x) {" + "".join(f"int v{n} = plain(x); co_await work(); plain(v{n});\n" for n in range(WIDE))
      + "}" + HAZARD)
shape("giant switch", "task<> f(int x) { switch (x) {" + "".join(f"case {n}: co_await work(); break;\n" for n in range(WIDE))
      + "} }" + HAZARD)
shape("many branches", "task<> f(int x) {" + "".join(f"if (x == {n}) {{ int y = plain(x); co_await work(); plain(y); }}\n" for n in range(1500))
      + "}" + HAZARD)
shape("many functions", "".join(f"task<> f{n}(int &x) {{ co_await work(); x = plain({n}); }}\n" for n in range(WIDE)) + HAZARD)
shape("chain of functions", "void f0();" + "".join(f"inline void f{n}() {{ f{n - 1}(); }}\n" for n in range(1, 3000))
      + "task<> g() { f2999(); co_await work(); }" + HAZARD)
shape("circle of functions", "".join(f"void f{n}();" for n in range(500)) + "".join(
    f"void f{n}() {{ f{(n + 1) % 500}(); f{(n + 7) % 500}(); }}\n" for n in range(500)) + "task<> g() { f0(); co_await work(); }" + HAZARD)
shape("many parameters", "task<> f(" + ", ".join(f"int &p{n}" for n in range(1000)) + ") { co_await work(); p0 = p999; }" + HAZARD)
shape("deep templates", "template <int N> struct t : t<N - 1> { int v; task<> f(int &x) { co_await work(); x = v; } };"
      "template <> struct t<0> {}; task<> g(t<300> &a, int &x) { co_await a.f(x); }" + HAZARD)
shape("recursive template coroutine", "template <int N> task<> f() { if constexpr (N > 0) { co_await f<N - 1>(); co_await f<N - 1>(); } }"
      "task<> g() { co_await f<200>(); }" + HAZARD)
shape("macros", "#define CORO(name) task<> name() { AWAIT(work()); DROP; }\n#define AWAIT(x) co_await x\n#define DROP work()\n"
      + "".join(f"CORO(m{n})\n" for n in range(50)) + HAZARD)
shape("macro of keywords", "#define async task<>\n#define await co_await\n#define TWICE(x) x x\nasync f() { TWICE(await work();) }" + HAZARD)
shape("gotos", "task<> f() { a: co_await work(); if (chance()) goto a; if (chance()) goto b; co_await work(); b: goto c; c: co_return; }" + HAZARD)
shape("statement expressions", "task<int> f() { int x = ({ int y = 1; y + 1; }); co_await work(); co_return x; }" + HAZARD)
shape("long line", "task<> f() { " + "co_await work(); " * 3000 + "}" + HAZARD)
shape("awaits in odd places", """
struct pair { int a, b; }; task<pair> both(); task<int *> pointer();
task<int> f(int n) {
  int table[3] = {co_await number(), co_await number(), n};
  auto [a, b] = co_await both();
  switch (int v = co_await number(); v + co_await number()) { case 1: n = (plain(1), co_await number()); }
  for (int i = co_await number(); i < co_await number(); i += co_await number()) n += table[co_await number()];
  if (chance() && co_await number() || !co_await number()) throw co_await number();
  n = chance() ? co_await number() : -co_await number();
  delete co_await pointer(); new int[co_await number()];
  pair p{.a = co_await number(), .b = a + b};
  co_return [&](int x) { return x + p.a; }(co_await number());
}
""" + HAZARD, "-fexceptions")
shape("attributes of coroutines", """
template <class T> struct [[clang::coro_await_elidable, clang::coro_return_type, clang::coro_lifetimebound,
                           clang::coro_only_destroy_when_complete]] own {
  struct [[clang::coro_await_suspend_destroy]] promise_type {
    own get_return_object(); std::suspend_always initial_suspend(); std::suspend_always final_suspend() noexcept;
    void return_value(T); void unhandled_exception();
  };
  bool await_ready() noexcept; void await_suspend(std::coroutine_handle<>) noexcept; T await_resume();
};
own<int> one(const int &x) { co_return x; }
[[clang::coro_wrapper]] own<int> two(const int &x [[clang::lifetimebound]]) { return one(x); }
own<int> three() { co_return co_await one(co_await two(3)); }
""" + HAZARD)
shape("constraints", """
template <class T> concept awaits = requires(T t) { t.await_ready(); t.await_suspend(nullptr); };
template <class T> concept always = requires { requires awaits<T> || !awaits<T>; };
template <always... T> task<> all(T... t) { (co_await t, ...); ((void)co_await work(), ..., t); }
template <class... T> requires (awaits<T> && ...) task<int> sum(T... t) { co_return (0 + ... + co_await t); }
auto f = []<class T>(T t) -> task<> requires always<T> { co_await t; };
task<> g() { co_await all(number(), number()); co_await sum(number(), number()); co_await f(work()); }
""" + HAZARD)
shape("hazards without end", "".join(f"task<> f{n}() {{ work(); co_return; }}\n" for n in range(2000)) + HAZARD)
shape("a table", "int table[] = {" + "1," * 200_000 + "};" + HAZARD)
shape("a long string", 'const char text[] = "' + "x" * 2_000_000 + '";' + HAZARD)
shape("OpenMP", "void f(int n) {\n#pragma omp parallel for\nfor (int i = 0; i < n; ++i) plain(i);\n}" + HAZARD, "-fopenmp")
shape("SEH", "void f() { __try { plain(1); } __except (1) { plain(2); } __try { plain(1); } __finally { plain(2); } }" + OWN + HAZARD,
      "--target=x86_64-pc-windows-msvc", "-fms-extensions", "-nostdinc++", "-nostdinc", start="int plain(int);")
shape("no exceptions", HAZARD, "-fno-exceptions")
shape("no rtti", HAZARD, "-fno-rtti")
shape("newest language", "struct s { task<> f(this auto self) { co_await work(); } };" + HAZARD, "-std=c++2c")
shape("old language", "int f();", "-std=c++17", found=False, start="")
shape("C", "int f(void) { return 0; }\n", "-x", "c", "-std=c11", found=False, start="")
shape("C++ as C", HAZARD, "-x", "c", "-std=c11", found=False)
shape("Objective-C++", "@interface I { int x; } @end\n@implementation I - (void)f { (void)^{ work(); }; } @end\n" + HAZARD,
      "-x", "objective-c++", "-fblocks")
shape("blocks of closures", "void f() { auto b = ^{ return work(); }; b(); }" + HAZARD, "-fblocks")
shape("32 bits", OWN + HAZARD, "-m32", "-nostdinc++", start="")
shape("big endian", OWN + HAZARD, "--target=powerpc64-linux-gnu", "-nostdinc++", "-nostdinc", start="")
shape("WebAssembly", OWN + HAZARD, "--target=wasm32-unknown-unknown", "-nostdinc++", start="")
shape("Microsoft", OWN + "__declspec(dllexport) task<> __cdecl f() { co_await work(); }\n" + HAZARD,
      "--target=x86_64-pc-windows-msvc", "-fms-compatibility", "-fms-extensions", "-nostdinc++", "-nostdinc", start="")
shape("Microsoft, late templates", OWN + "template <class T> task<> f(T &x) { co_await work(); x.y(); }\n" + HAZARD,
      "--target=x86_64-pc-windows-msvc", "-fms-compatibility", "-fdelayed-template-parsing", "-nostdinc++", "-nostdinc", start="")
# As CMake writes it on Windows.
shape("cl.exe", OWN + HAZARD, "cl", "/EHsc", "/W4", "/Zi", "/permissive-", "/Zc:__cplusplus", "/X", "/Fooutput.obj", start="")
shape("attributes of devices", "#define __device__ __attribute__((annotate(\"device\")))\n__device__ int f(int x) { return x; }\n" + HAZARD,
      "-D__CUDACC__", "-gencode=arch=compute_70,code=sm_70", "--expt-relaxed-constexpr")
shape("CUDA", "__attribute__((global)) void kernel(int x) {}\n" + OWN + "void launch();" + HAZARD, "-x", "cuda", "--cuda-host-only",
      "-nocudainc", "-nocudalib", "-nostdinc++", start="")
shape("HIP", OWN + HAZARD, "-x", "hip", "--cuda-host-only", "-nogpuinc", "-nogpulib", "-nostdinc++", start="")
shape("16 bits", OWN + HAZARD, "--target=msp430-none-elf", "-nostdinc++", "-nostdinc", start="")
shape("32 bits of Windows", OWN + "task<> __stdcall f() { co_await work(); }\n" + HAZARD, "--target=i686-pc-windows-msvc", "-fms-extensions",
      "-nostdinc++", "-nostdinc", start="")
shape("freestanding", OWN + HAZARD, "-ffreestanding", "-nostdinc++", "-fno-builtin", "-fno-rtti", "-fno-exceptions", start="")
shape("references counted", "@interface I - (void)f; @end\n@implementation I - (void)f { I *x = self; (void)^{ [x f]; work(); }; } @end\n" + HAZARD,
      "-x", "objective-c++", "-fblocks", "-fobjc-arc", "-fobjc-runtime=gnustep-2.0")
shape("module", "export module m;\n" + OWN + HAZARD, "-x", "c++-module", "-nostdinc++", start="")
shape("global module fragment", 'module;\n#include "task.h"\nexport module m;\ntask<> work();\nexport ' + HAZARD, "-x", "c++-module", start="")
shape("part of a module", "export module m:part;\n" + OWN + HAZARD, "-x", "c++-module", "-nostdinc++", start="")
# Of modules that were built before, by the compiler of the same release.
Path("made.cppm").write_text("module;\n#include \"task.h\"\nexport module made;\nexport { using ::task; task<> work(); }\n")
if subprocess.run([clang, "-std=c++20", f"-I{headers}", "--precompile", "made.cppm", "-o", "made.pcm"]).returncode == 0:
    shape("import", "#include \"task.h\"\nimport made;\n" + HAZARD, f"-fmodule-file=made={Path.cwd()}/made.pcm", start="")
Path("header").mkdir(exist_ok=True)
Path("header/module.modulemap").write_text('module parts { header "parts.h" export * }\n')
Path("header/parts.h").write_text("inline int part(int x) { return x; }\n")
shape("modules of headers", '#include "parts.h"\nint f() { return part(1); }\n' + HAZARD, "-fmodules", "-fcxx-modules", "-Iheader",
      f"-fmodules-cache-path={Path.cwd()}/modules")
shape("import of nothing", "import nothing;\n" + HAZARD, found=False)
shape("empty", "", found=False, start="")
shape("bytes", "\0\1\2\xff" * 5000, found=False)
shape("unclosed", "task<> f() { co_await work(; if (" + "{" * 3000, found=False)
shape("only awaits", "co_await " * 2000, found=False)
shape("unfinished string", 'task<> f() { const char *x = "', found=False)
LIBCXX = Path(clang).resolve().parent.parent / "include" / "c++" / "v1" / "coroutine"
if LIBCXX.exists():
    shape("libc++", "#include <vector>\n#include <string>\ntask<> f(std::vector<int> &v) { for (int &x : v) { co_await work(); ++x; } }" + HAZARD,
          "-nostdinc++", f"-isystem{LIBCXX.parent}")

entries = []
for n, (name, (text, flags, _)) in enumerate(shapes.items()):
    file = Path(f"{n:02}-{name.replace(' ', '-').replace(',', '')}.cpp")
    file.write_bytes(text.encode("latin-1", errors="replace"))
    standard = [] if any(f.startswith("-std=") for f in flags) else ["-std=c++20"]
    if flags[:1] == ["cl"]:
        entries.append({"directory": str(Path.cwd()), "file": str(file),
                        "arguments": ["cl.exe", "/nologo", "/std:c++20", f"/I{headers}", *flags[1:], "/c", str(file)]})
        continue
    entries.append({"directory": str(Path.cwd()), "file": str(file),
                    "arguments": ["c++", *standard, f"-I{headers}", "-fbracket-depth=4096", *flags, "-c", str(file)]})
Path("compile_commands.json").write_text(json.dumps(entries))
Path(".clang-tidy").write_text(json.dumps({"CheckOptions": {"MinConfidence": "low"}}))
began = time.monotonic()
failed = []
for words in (["check", "-q", "--no-cache", "--fail-on", "never", "--timeout", str(100 * PATIENCE), "-o", "json:out.json"],
              ["map", "-q", "--timeout", str(100 * PATIENCE), "--format", "json", "-o", "map.json"]):
    ended = subprocess.run([tool, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for line in ended.stderr.splitlines():
        if any(text in line for text in ("crash", "took longer", "out of memory", "was killed", "longer than", "without a result")):
            failed.append(f"{words[0]}: {line}")
report = json.loads(Path("out.json").read_text())
kinds = {Path(p["file"]).name: p for p in report["problems"]}
found = {Path(f["location"]["file"]).name for f in report["findings"] if f["check"] == "coro-missing-await"}
for entry, (name, (_, _, expected)) in zip(entries, shapes.items()):
    problem = kinds.get(entry["file"])
    if problem and problem["kind"] in ("crash", "timeout", "out-of-memory"):
        failed.append(f"{name}: {problem['message']}")
    elif expected and entry["file"] not in found:
        failed.append(f"{name}: the hazard is not reported; {problem and [e['message'] for e in problem.get('errors', [])][:3]}")
# The module has no process and no limits of its own; its host makes the traversal that takes twice as long with each level.
for entry, (name, (_, _, expected)) in zip(entries, shapes.items()):
    if name == "coroutine lambdas":
        continue
    try:
        ended = subprocess.run([*clang_tidy, "-p", ".", "--quiet", "--checks=-*,coro-*", entry["file"]], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, errors="replace", timeout=100 * PATIENCE)
    except subprocess.TimeoutExpired:
        failed.append(f"module: {name}: it hangs")
        continue
    if ended.returncode not in (0, 1):
        failed.append(f"module: {name}: exit status {ended.returncode}: {ended.stderr[-1000:]}")
    elif expected and "[coro-missing-await]" not in ended.stdout:
        failed.append(f"module: {name}: the hazard is not reported: {ended.stdout[:300]} {ended.stderr[-500:]}")
for one in failed:
    print(one)
sys.exit(1 if failed else 0)
