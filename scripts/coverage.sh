#!/usr/bin/env bash
# What the tests run of the kernel's own code: boots everything that Boot.Tests boots, and says by source line and branch what ran.
# Arguments go to dotnet test, e.g. --filter Matrix.
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/packages.sh
. scripts/lib/kernel.sh
. scripts/lib/debug-kernel.sh
. scripts/lib/emulator.sh

scripts/setup.sh
exec 8>"$cache/lock"
flock 8
make_kernel
make_debug_kernel
exec 8>&-

out=build/coverage
rm -rf "$out"
mkdir -p "$out/runs"
say "Boot.Tests, recorded"
status=0
UVMEM_COVERAGE=$root/$out/runs dotnet test tests/Boot.Tests -c Release --nologo -v quiet "$@" >"$out/test.log" 2>&1 || status=$?
# Rows that fail have run, too: the report is made all the same.
[ $status = 0 ] || { tail -n 20 "$out/test.log" >&2; say "tests failed, see $out/test.log" >&2; }
[ -n "$(ls -A "$out/runs")" ] || die "no boot was recorded, see $out/test.log"

dotnet "$emulator_program" coverage "$out"/runs/*.cov --merge "$out/all.cov" --debug-info "$debug_kernel_dir/vmlinux.debug" --source "$kernel_source" \
    --unreachable tests/Boot.Tests/unreachable.txt --html "$out" >"$out/report.txt"
cat "$out/report.txt"
say "report: $out/report.txt, pages: $out/index.html"
exit $status
