#!/usr/bin/env bash
# Installs the Debian package that CORO_TIDY_PACKAGE names.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
curl --fail --silent --show-error --location --output "$folder/coro-tidy.deb" "$CORO_TIDY_PACKAGE" || {
  echo "::error title=coro-tidy::cannot fetch the package from $CORO_TIDY_PACKAGE"
  exit 2
}
# Hosted runners have sudo; in a container one is root, without it.
as_root=(sudo)
[ "$(id -u)" -ne 0 ] || as_root=()
"${as_root[@]}" apt-get -qq update
"${as_root[@]}" apt-get install -y "$folder/coro-tidy.deb"
