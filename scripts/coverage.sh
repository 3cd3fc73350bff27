#!/usr/bin/env bash
# What the tests run of the kernel's own code, by source line and branch: boots the rows of the acceptance matrix, guests with devices and with memory that comes and goes,
# and a machine without an ultravisor. With arguments, what dotnet test boots of Boot.Tests: --filter Life. Rows that fail have run, too: there is a report all the same.
# usage: ./scripts/coverage.sh [ARGUMENTS OF dotnet test]
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/packages.sh
. scripts/lib/kernel.sh
. scripts/lib/debug-kernel.sh
. scripts/lib/emulator.sh
. scripts/lib/rows.sh

scripts/setup.sh
exec 8>"$cache/lock"
flock 8
make_kernel
make_debug_kernel
exec 8>&-

out=build/coverage
rm -rf "$out"
mkdir -p "$out/runs"
status=0

# boot NAME RUN [OPTIONS]: one boot of uvmem.
boot() {
    local name=$1 run=$2
    shift 2
    dotnet "$emulator_program" boot --kernel "$images/vmlinux" --initrd "$images/host-initrd.cpio" --append "console=hvc0 random.trust_cpu=on uvmem.run=$run" \
        --coverage "$out/runs/$name.cov" "$@" >"$out/$name.txt" 2>&1 || { status=1; say "$name: FAIL, see $out/$name.txt"; }
}

if [ $# = 0 ]; then
    make_rows
    say "rows, recorded"
    (UVMEM_COVERAGE=$root/$out/runs run_rows --into "$out/rows") || status=1
    say "other boots, recorded"
    boot devices script:devices,hotplug --ultravisor
    boot plain normal
else
    say "Boot.Tests, recorded"
    UVMEM_COVERAGE=$root/$out/runs dotnet test tests/Boot.Tests -c Release --nologo -v quiet "$@" >"$out/test.log" 2>&1 || status=$?
    [ $status = 0 ] || { tail -n 20 "$out/test.log" >&2; say "tests failed, see $out/test.log" >&2; }
fi
[ -n "$(ls -A "$out/runs")" ] || die "no boot was recorded"

dotnet "$emulator_program" coverage "$out"/runs/*.cov --merge "$out/all.cov" --debug-info "$debug_kernel_dir/vmlinux.debug" --source "$kernel_source" \
    --unreachable tests/Boot.Tests/unreachable.txt --html "$out" >"$out/report.txt"
cat "$out/report.txt"
say "report: $out/report.txt, pages: $out/index.html"
exit $status
