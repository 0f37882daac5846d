#!/bin/sh
# checksums.sh sign FOLDER [KEY]    writes SHA256SUMS over all files in FOLDER, and its signature SHA256SUMS.asc
# checksums.sh verify FOLDER        checks both
set -eu
usage() {
  sed -n '2,3s/^# //p' "$0" >&2
  exit 2
}
[ $# -ge 2 ] || usage
command=$1 folder=$2 key=${3-}
cd "$folder"
case $command in
sign)
  rm -f SHA256SUMS SHA256SUMS.asc
  find . -maxdepth 1 -type f ! -name .SHA256SUMS -printf '%P\n' | LC_ALL=C sort | while read -r file; do sha256sum "$file"; done >.SHA256SUMS
  [ -s .SHA256SUMS ] || {
    rm .SHA256SUMS
    echo "there is nothing to sign in $folder" >&2
    exit 1
  }
  mv .SHA256SUMS SHA256SUMS
  gpg --batch --yes --armor ${key:+--local-user "$key"} --detach-sign SHA256SUMS
  ;;
verify)
  # Another file in the folder is not covered, and no reason to trust it.
  gpg --batch --verify SHA256SUMS.asc SHA256SUMS
  sha256sum --check --strict SHA256SUMS
  find . -maxdepth 1 -type f -printf '%P\n' | while read -r file; do
    case $file in SHA256SUMS | SHA256SUMS.asc) continue ;; esac
    cut -c67- SHA256SUMS | grep -qxF -- "$file" || {
      echo "$file: not signed" >&2
      exit 1
    }
  done
  ;;
*) usage ;;
esac
