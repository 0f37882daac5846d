#!/bin/sh
# try-package.sh PACKAGE.deb MAJOR FOLDER: installs a package on a clean Debian 12, with apt-get alone, and uses it there.
#
# The clean machine is a minimal system in FOLDER, made by debootstrap once and unpacked anew for each call. Needs root. Prints what is typed
# there, and what came out.
set -eu
package=$(readlink -f "$1") major=$2
mkdir -p "$3"
base=$(readlink -f "$3")
root=$base/root-$major
uri=$(sed -n 's/^URIs: *//p; s/^deb \([^ ]*\) .*/\1/p' /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | head -n 1)
if [ ! -f "$base/minimal.tar" ]; then
  [ "$uri" ] || {
    echo "there is no Debian archive in /etc/apt: name one in /etc/apt/sources.list" >&2
    exit 1
  }
  # Two tests may begin at once.
  made=$(mktemp -d "$base/minimal-XXXXXX")
  debootstrap --variant=minbase bookworm "$made/root" "$uri" >"$made/log" 2>&1 || {
    tail -n 5 "$made/log" >&2
    exit 1
  }
  tar -C "$made/root" -cf "$made/tar" .
  mv "$made/tar" "$base/minimal.tar"
  rm -rf "$made"
fi
# Nothing is mounted in there, so that it can be removed at any time.
rm -rf "$root"
mkdir -p "$root" "$base/archives"
tar -C "$root" -xf "$base/minimal.tar"
cp /etc/resolv.conf "$root/etc/"
rm -f "$root/etc/apt/sources.list"
if [ -f /etc/apt/sources.list.d/debian.sources ]; then
  cp /etc/apt/sources.list.d/debian.sources "$root/etc/apt/sources.list.d/"
else
  cp /etc/apt/sources.list "$root/etc/apt/"
fi
# Nobody's data is at stake, so nothing waits for the disk.
echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe"
# Downloads are kept for the next call.
cp "$base"/archives/*.deb "$root/var/cache/apt/archives/" 2>/dev/null || true
cp "$package" "$root/root/package.deb"
cat >"$root/root/main.cpp" <<'END'
#include <coroutine>

struct task {
  struct promise_type {
    task get_return_object() { return {}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  ~task();
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

task work();
task caller() {
  work();
  co_return;
}
END
there() {
  echo "\$ $*"
  chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    sh -c 'cd /root && "$@"' sh "$@" || echo "exit code $?"
}
# A command that must say what is wrong in main.cpp.
finds() {
  printed=$(there "$@")
  printf '%s\n' "$printed"
  case $printed in *'[coro-missing-await]'*) ;; *) failed "$*" ;; esac
}
failed() {
  echo "this did not work on a clean machine: $1" >&2
  exit 1
}
keep='-o APT::Keep-Downloaded-Packages=true'
there apt-get -qq update
# A compiler's standard library, as everyone has who writes C++.
# shellcheck disable=SC2086
there apt-get -qq $keep install -y --no-install-recommends libstdc++-12-dev "clang-tidy-$major" ./package.deb >"$root/install.log" 2>&1
grep -E '^Setting up coro-tidy' "$root/install.log" || {
  tail -n 20 "$root/install.log"
  failed "apt-get install"
}
cp -n "$root"/var/cache/apt/archives/*.deb "$base/archives/" 2>/dev/null || true
there coro-tidy --version
finds coro-tidy check --format concise main.cpp -- -std=c++20
finds "clang-tidy-$major" "--load=libcoro-tidy-$major.so" --checks='-*,coro-*' --quiet main.cpp -- -std=c++20
if [ -x "$root/usr/bin/coro-clangd" ]; then
  there sh -c 'printf "Checks: -*,coro-*\n" >.clang-tidy; printf -- "-std=c++20\n" >compile_flags.txt; coro-clangd --check=main.cpp 2>&1 | grep "All checks"' | tee "$root/clangd.log"
  grep -q "completed, 0 errors" "$root/clangd.log" || failed coro-clangd
fi
there apt-get -qq remove -y "coro-tidy-$major" >/dev/null
if [ -e "$root/usr/bin/coro-tidy" ] || [ -e "$root/usr/share/coro-tidy" ]; then failed "apt-get remove"; fi
echo "removed without a trace"
rm -rf "$root"
