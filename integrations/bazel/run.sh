#!/bin/sh
# run.sh SOURCE INPUTS OUTPUT COMMAND ARGUMENT…: runs a command of coro-tidy for an action that has the declared inputs and no more.
#
# The local sandboxes of Bazel consist of symbolic links, and what is found behind one lies in the work tree of somebody. So that
# names are the same everywhere, the files that INPUTS lists are copied where they are links; on a remote machine they are not.
# What the machine's folders are called is taken out of the OUTPUT.
set -eu
source=$1 inputs=$2 output=$3
shift 3
here=$(pwd -P)
folder=$here
if [ "$(readlink -f "$source")" != "$here/$source" ]; then
  folder=$here/$output.inputs
  mkdir -p "$folder/$(dirname "$output")"
  # One process for all of them.
  xargs cp --dereference --parents --target-directory="$folder" <"$inputs"
fi
program=$(readlink -f "$1")
shift
cd "$folder"
status=0
TMPDIR=${TMPDIR:-/tmp} "$program" "$@" || status=$?
if [ "$folder" != "$here" ]; then
  cp "$folder/$output" "$here/$output" 2>/dev/null || true
fi
cd "$here"
case $output in
*.json) sed -i -e "s#$folder#.#g" "$output" ;;
esac
# The temporary copy belongs to no output.
[ "$folder" = "$here" ] || rm -rf "$folder"
exit "$status"
