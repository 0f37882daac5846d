"""An aspect that runs coro-tidy on C++ targets: summary, link and check as actions.

    bazel build //... --aspects=@coro_tidy_rules//:coro_tidy.bzl%coro_tidy_aspect --output_groups=coro_tidy

- CoroTidySummary, one a source: what other units need to know of it.
- CoroTidyLink, one a target: the summaries of the target and of all that it depends on, as one index.
- CoroTidyCheck, one a source: the findings, as JSON for `coro-tidy merge`.

A check depends on the source, its headers and that index. When a body changes and its summary does not, nothing that depends on it runs.
"""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "CPP_COMPILE_ACTION_NAME")
load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

CoroTidyInfo = provider(
    doc = "What coro-tidy made of a target and of what it depends on.",
    fields = {
        "reports": "depset of reports, one a source",
        "sources": "depset of the sources and headers that the reports speak of",
        "summaries": "depset of summaries, one a source",
    },
)

_SOURCES = ["cc", "cpp", "cxx", "c++", "C"]

def _flags(target, ctx):
    toolchain = find_cpp_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    cpp = ctx.fragments.cpp
    own = [ctx.expand_make_variables("copts", word, {}) for word in getattr(ctx.rule.attr, "copts", [])]
    flags = cc_common.get_memory_inefficient_command_line(
        feature_configuration = features,
        action_name = CPP_COMPILE_ACTION_NAME,
        variables = cc_common.create_compile_variables(
            feature_configuration = features,
            cc_toolchain = toolchain,
            user_compile_flags = cpp.copts + cpp.cxxopts + own,
        ),
    )
    context = target[CcInfo].compilation_context
    args = ctx.actions.args()
    args.add_all(flags)
    args.add_all(context.defines, before_each = "-D")
    args.add_all(context.local_defines, before_each = "-D")
    args.add_all(context.quote_includes, before_each = "-iquote")
    args.add_all(context.includes, before_each = "-I")
    args.add_all(context.system_includes, before_each = "-isystem")
    return args, toolchain

def _run(ctx, source, inputs, toolchain, output, mnemonic, command, flags):
    """One action: the command on the source, with what is listed in a file of their own."""
    listed = ctx.actions.declare_file(output.basename + ".inputs-list", sibling = output)
    lines = ctx.actions.args()
    lines.set_param_file_format("multiline")
    lines.add_all(inputs)
    ctx.actions.write(listed, lines)
    args = ctx.actions.args()
    args.add_all([source, listed, output, ctx.file._program])
    ctx.actions.run(
        executable = ctx.file._run,
        arguments = [args, command, flags],
        inputs = depset([listed], transitive = [inputs, toolchain.all_files]),
        tools = [ctx.file._program],
        outputs = [output],
        mnemonic = mnemonic,
        progress_message = "coro-tidy: %s of %s" % (mnemonic, source.short_path),
    )

def _aspect_impl(target, ctx):
    deps = [
        dep[CoroTidyInfo]
        for attr in ["deps", "implementation_deps", "srcs"]
        for dep in getattr(ctx.rule.attr, attr, [])
        if CoroTidyInfo in dep
    ]
    summaries, reports, files = [], [], depset()
    known = depset(transitive = [dep.summaries for dep in deps])
    sources = []
    if CcInfo in target and ctx.rule.kind.startswith("cc_") and hasattr(ctx.rule.files, "srcs"):
        sources = [file for file in ctx.rule.files.srcs if file.extension in _SOURCES]
    if sources:
        flags, toolchain = _flags(target, ctx)
        headers = depset(
            [file for file in ctx.rule.files.srcs if file.extension not in _SOURCES + ["a", "so", "o", "lo"]],
            transitive = [target[CcInfo].compilation_context.headers],
        )
        files = depset(sources, transitive = [headers])
        units = []
        for source in sources:
            name = "%s.coro-tidy/%s" % (ctx.label.name, source.short_path.replace("../", "external/"))
            summary = ctx.actions.declare_file(name + ".summary")
            args = ctx.actions.args()
            args.add_all(["index", "-q", "--no-cache", "--root", ".", "-o", summary, source, "--"])
            _run(ctx, source, depset([source], transitive = [headers]), toolchain, summary, "CoroTidySummary", args, flags)
            summaries.append(summary)
            units.append((name, source))

        known = depset(summaries, transitive = [known])
        index = ctx.actions.declare_file(ctx.label.name + ".coro-tidy/index")
        args = ctx.actions.args()
        args.add_all(["link", "-q", "--root", ".", "-o", index])
        args.add_all(known)
        ctx.actions.run(
            executable = ctx.file._program,
            arguments = [args],
            inputs = known,
            outputs = [index],
            mnemonic = "CoroTidyLink",
            progress_message = "coro-tidy: link for %s" % ctx.label,
        )
        for name, source in units:
            report = ctx.actions.declare_file(name + ".json")
            args = ctx.actions.args()
            args.add_all(["check", "-q", "--no-cache", "--fail-on", "never", "--config-file", ctx.file._config])
            args.add("--index", index)
            args.add(report, format = "-ojson:%s")
            args.add_all([source, "--"])
            inputs = depset([source, index, ctx.file._config], transitive = [headers])
            _run(ctx, source, inputs, toolchain, report, "CoroTidyCheck", args, flags)
            reports.append(report)
    all_reports = depset(reports, transitive = [dep.reports for dep in deps])
    return [
        CoroTidyInfo(
            reports = all_reports,
            sources = depset(transitive = [files] + [dep.sources for dep in deps]),
            summaries = known,
        ),
        OutputGroupInfo(coro_tidy = all_reports),
    ]

coro_tidy_aspect = aspect(
    implementation = _aspect_impl,
    doc = "Summarises, links and checks each C++ target and all that it depends on.",
    attr_aspects = ["deps", "implementation_deps", "srcs"],
    attrs = {
        "_cc_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
        "_config": attr.label(default = "@coro_tidy_program//:config.clang-tidy", allow_single_file = True),
        "_program": attr.label(default = "@coro_tidy_program//:coro-tidy", allow_single_file = True),
        "_run": attr.label(default = "@coro_tidy_rules//:run.sh", allow_single_file = True),
    },
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
)

def _test_impl(ctx):
    reports = depset(transitive = [dep[CoroTidyInfo].reports for dep in ctx.attr.deps])
    sources = depset(transitive = [dep[CoroTidyInfo].sources for dep in ctx.attr.deps])
    listed = ctx.actions.declare_file(ctx.label.name + ".reports")
    lines = ctx.actions.args()
    lines.set_param_file_format("multiline")
    lines.add_all(reports, map_each = _runfile)
    ctx.actions.write(listed, lines)
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, """#!/bin/sh
xargs -- "$(readlink -f '%s')" merge --fail-on '%s' < '%s'
""" % (_runfile(ctx.file._program), ctx.attr.fail_on, _runfile(listed)), is_executable = True)
    runfiles = ctx.runfiles([listed, ctx.file._program], transitive_files = depset(transitive = [reports, sources]))
    return [DefaultInfo(executable = script, runfiles = runfiles)]

def _runfile(file):
    return file.short_path

coro_tidy_test = rule(
    implementation = _test_impl,
    doc = "A test that fails if coro-tidy finds something in 'deps' or in what they depend on.",
    attrs = {
        "deps": attr.label_list(aspects = [coro_tidy_aspect], providers = [CcInfo]),
        "fail_on": attr.string(default = "warning", values = ["suggestion", "warning", "error", "never"]),
        "_program": attr.label(default = "@coro_tidy_program//:coro-tidy", allow_single_file = True),
    },
    test = True,
)
