#!/usr/bin/env bash
# Programs of other projects whose results are known: Valgrind's instruction tests with the outputs its authors recorded on hardware, and QEMU's tests/tcg.
# They are built from the source packages of Debian (or from folders), run under Linux on the emulated POWER9 and under qemu-ppc64le, and tabulated beside
# each other. Nothing of them is kept in the repository. Exit code 0: every program that should pass on the emulator does.
# usage: ./scripts/vectors.sh [NAME...]
#   UVMEM_VECTORS    a folder with unpacked valgrind-* and qemu-* sources; without it: apt-get source into the cache
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/emulator.sh
. scripts/lib/packages.sh
. scripts/lib/sources.sh
. scripts/lib/vectors.sh

scripts/setup.sh
install_missing gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross qemu-user cpio
work=$root/build/vectors
rm -rf "$work"
mkdir -p "$work/guest/vectors" "$work/ours" "$work/peer"
sources=${UVMEM_VECTORS:-}
[ -n "$sources" ] || sources=$(debian_sources valgrind qemu)

list=$work/list
: >"$list"
build_valgrind "$sources" "$work"
build_qemu_tcg "$sources" "$work"
if [ $# -gt 0 ]; then
    grep -E "^($(IFS='|' && echo "$*"))	" "$list" >"$list.some" || die "no vector of that name; see $list"
    mv "$list.some" "$list"
fi
say "$(wc -l <"$list") programs; qemu-ppc64le"
run_peer "$work"
say "the emulator"
run_ours "$work"
tabulate "$work" tests/Power9.Tests/Vectors
