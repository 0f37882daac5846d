"""The program and the configuration that the aspect uses, as a repository."""

def _program_impl(ctx):
    program = ctx.attr.program or ctx.which("coro-tidy")
    if not program:
        fail("coro-tidy is not in the PATH; install it, or name it with 'program'")
    ctx.symlink(program, "coro-tidy")
    config = ctx.attr.config or Label("@coro_tidy_rules//:default.clang-tidy")
    ctx.symlink(config, "config.clang-tidy")
    ctx.file("BUILD", """
exports_files(["coro-tidy", "config.clang-tidy"], visibility = ["//visibility:public"])
""")

coro_tidy_program = repository_rule(
    implementation = _program_impl,
    doc = "Declares the coro-tidy of this machine (or of its PATH) as '@coro_tidy_program'.",
    attrs = {
        "config": attr.label(doc = "a .clang-tidy for all targets; the default has all checks", allow_single_file = True),
        "program": attr.string(doc = "an absolute path; the default is the coro-tidy in the PATH"),
    },
    local = True,
)
