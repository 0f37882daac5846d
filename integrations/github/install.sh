#!/usr/bin/env bash
# Installs the Debian package that CORO_TIDY_PACKAGE names.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
curl --fail --silent --show-error --location --output "$folder/coro-tidy.deb" "$CORO_TIDY_PACKAGE" || {
  echo "::error title=coro-tidy::cannot fetch the package from $CORO_TIDY_PACKAGE"
  exit 2
}
sudo apt-get install -y "$folder/coro-tidy.deb"
