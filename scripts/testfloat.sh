#!/usr/bin/env bash
# Floating point against Berkeley TestFloat 3e: builds its generator of cases (with SoftFloat, which computes the expected results) outside of the
# repository, from Debian's source package of QEMU, which has both, or from a folder; then runs all functions in all rounding modes.
# usage: ./scripts/testfloat.sh [CASES]     CASES of each function and mode; without it all of level 1: some hundred million, two hours
#   UVMEM_VECTORS    a folder with berkeley-softfloat-3 and berkeley-testfloat-3 somewhere in it
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/packages.sh
. scripts/lib/sources.sh

limit=${1:-0}
[[ $limit =~ ^[0-9]+$ ]] || die "usage: $0 [CASES]"
install_missing make gcc libc6-dev
sources=${UVMEM_VECTORS:-}
[ -n "$sources" ] || sources=$(debian_sources qemu)
testfloat=$(find "$sources" -maxdepth 5 -type d -name berkeley-testfloat-3 | head -n 1)
[ -n "$testfloat" ] || die "no berkeley-testfloat-3 in $sources"
build=build/Linux-x86_64-GCC
[ "$(uname -m)" = x86_64 ] || die "TestFloat's makefiles are for x86-64 here"
say "TestFloat: $testfloat"
run_logged "$root/build/testfloat.log" "SoftFloat" nice make -s -C "$testfloat/../berkeley-softfloat-3/$build" softfloat.a
run_logged "$root/build/testfloat.log" "TestFloat" nice make -s -C "$testfloat/$build" testfloat_gen
results=build/testfloat
rm -rf "$results"
mkdir -p "$results"
run_logged "$results/build.log" "dotnet build" dotnet build -c Release --nologo -v quiet tests/Power9.Tests/Power9.Tests.csproj
status=0
UVMEM_TESTFLOAT=$testfloat/$build/testfloat_gen UVMEM_TESTFLOAT_LIMIT=$limit nice dotnet test tests/Power9.Tests -c Release --no-build --nologo \
    --filter FullyQualifiedName~TestFloat --results-directory "$results" --logger "trx;LogFileName=testfloat.trx" >"$results/testfloat.log" 2>&1 || status=$?
grep -oE '<StdOut>[0-9]+ cases, [0-9]+ mismatches' "$results/testfloat.trx" |
    sed 's/<StdOut>//' | awk '{ cases += $1; bad += $3 } END { printf "%d functions and instructions, %d cases, %d mismatches\n", NR, cases, bad }'
[ $status = 0 ] || say "mismatches are in $results/testfloat.log"
exit $status
