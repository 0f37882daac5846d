#!/usr/bin/env bash
# Runs coro-tidy for a workflow of GitHub: annotations on standard output, the
# summary of the job, a SARIF file. What the inputs hold comes in by the
# environment, so that none of it is taken for code.
set -euo pipefail

if ! command -v coro-tidy >/dev/null; then
  echo "::error title=coro-tidy::coro-tidy is not in the PATH: install it in an earlier step, or set the input 'package'"
  exit 2
fi

command=(coro-tidy check -p "${CORO_TIDY_BUILD_DIR:-build}" --format github
  -o "jsonl:$RUNNER_TEMP/coro-tidy.jsonl" -o "markdown:$RUNNER_TEMP/coro-tidy.md")
if [ -n "${CORO_TIDY_SARIF:-}" ]; then
  command+=(-o "sarif:$CORO_TIDY_SARIF")
fi
# GITHUB_BASE_REF is the branch that a pull request goes to; it is empty elsewhere.
if [ "${CORO_TIDY_ALL:-false}" != true ] && [ -n "${GITHUB_BASE_REF:-}" ]; then
  base=origin/$GITHUB_BASE_REF
  if ! git merge-base "$base" HEAD >/dev/null 2>&1; then
    git fetch --quiet --unshallow origin 2>/dev/null || git fetch --quiet origin
    git fetch --quiet origin "+refs/heads/$GITHUB_BASE_REF:refs/remotes/$base"
  fi
  command+=("--changed=$base")
fi
# Options are words, as on a command line.
read -r -a options <<<"${CORO_TIDY_OPTIONS:-}"

# Another step of the job may have left its own.
rm -f "$RUNNER_TEMP/coro-tidy.jsonl" "$RUNNER_TEMP/coro-tidy.md"
status=0
"${command[@]}" "${options[@]}" || status=$?

if [ -f "$RUNNER_TEMP/coro-tidy.md" ]; then
  cat "$RUNNER_TEMP/coro-tidy.md" >>"$GITHUB_STEP_SUMMARY"
  echo "findings=$(grep -c '"type":"finding"' "$RUNNER_TEMP/coro-tidy.jsonl" || true)" >>"$GITHUB_OUTPUT"
fi
# 2 is "not all could be analysed": that fails whatever is wanted of findings.
if [ "$status" -eq 1 ] && [ "${CORO_TIDY_FAIL:-true}" = false ]; then
  status=0
fi
exit "$status"
