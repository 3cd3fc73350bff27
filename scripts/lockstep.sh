#!/usr/bin/env bash
# The long run of the lock-step with QEMU's powernv9: a boot of the same kernel, in windows from firmware to a KVM guest's first process, and a quarter as much of
# one with the hashed page table. After each instruction the registers are compared, at a window's end all of memory. Ends with the table of windows and
# divergences by class; exit code 0 if each has an explanation.
# usage: ./scripts/lockstep.sh [MILLIONS [WINDOW]]     MILLIONS of instructions, 4 without it: three minutes. WINDOW: only those with this in their names
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/packages.sh

millions=${1:-4}
[[ $millions =~ ^[1-9][0-9]?$ ]] || die "usage: $0 [MILLIONS [WINDOW]], 1 to 99 millions"
scripts/setup.sh --images-only
install_missing qemu-system-ppc gcc libc6-dev
results=$root/build/lockstep
rm -rf "$results"
mkdir -p "$results"
run_logged "$results/build.log" "dotnet build" dotnet build -c Release --nologo -v quiet tests/Power9.Tests/Power9.Tests.csproj
say "$millions million instructions; QEMU boots"
status=0
UVMEM_REQUIRE_ORACLES=1 UVMEM_LOCKSTEP=${millions}000000 UVMEM_LOCKSTEP_WINDOW=${2:-} UVMEM_LOCKSTEP_TABLE=$results/table.txt dotnet test tests/Power9.Tests -c Release --no-build --nologo \
    --filter FullyQualifiedName~LockStepTests --logger "console;verbosity=detailed" 2>&1 | tee "$results/lockstep.log" | grep --line-buffered '^lock-step: ' || status=$?
[ -e "$results/table.txt" ] || { tail -n 20 "$results/lockstep.log" >&2; die "the comparison did not end; all of it is in $results/lockstep.log"; }
cat "$results/table.txt"
awk '$1 == "all" { count += $2; bad += $NF } END { printf "%d instructions in lock-step, %d divergences without explanation\n", count, bad }' "$results/table.txt"
[ "$status" = 0 ] || say "divergences without explanation are in $results/lockstep.log" >&2
exit "$status"
