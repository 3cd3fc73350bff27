#!/usr/bin/env bash
# Sets everything up, builds, checks the format and runs all tests, the full boot among them.
# The last line is "N passed, N failed, N skipped". Arguments go to dotnet test, e.g. --filter Matrix.
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/packages.sh

# Debian's own kernel is a download; those that take minutes to build are tested if they are there (scripts/setup.sh --kernel).
scripts/setup.sh --images-only --kernel debian

# Independent oracles of the tests: QEMU's user mode for instructions, its powernv9 for the system level (gcc makes the clock that it runs by), dtc for the device tree.
install_missing qemu-user qemu-system-ppc gcc libc6-dev device-tree-compiler

results=build/test-results
rm -rf "$results"
mkdir -p "$results"
export UVMEM_REQUIRE_ORACLES=1 DOTNET_NOLOGO=1
record=$root/$results/covered-by.txt

say "build"
run_logged "$results/build.log" "dotnet build" dotnet build -c Release --nologo -v quiet
failed=0
if [ $# = 0 ]; then
    say "format"
    if ! dotnet format --no-restore --verify-no-changes --verbosity quiet >"$results/format.log" 2>&1; then
        head -n 20 "$results/format.log" >&2
        say "dotnet format would change files: run it and commit" >&2
        failed=1
    fi
fi

# One suite at a time: those that boot want the machine for themselves.
passed_total=0 failed_total=$failed skipped_total=0
for project in tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    begin=$SECONDS
    say "$name"
    status=0
    UVMEM_RECORD_INSTRUCTIONS=$([ "$name" = Power9.Tests ] && echo "$record") dotnet test "$project" -c Release --no-build --nologo -v quiet --results-directory "$results" \
        --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" "$@" >"$results/$name.log" 2>&1 || status=$?
    if [ ! -e "$results/$name.trx" ]; then
        # A filter that matches nothing in a suite leaves no result.
        [ $# -gt 0 ] && [ $status = 0 ] && continue
        tail -n 20 "$results/$name.log" >&2
        say "$name: no result, see $results/$name.log" >&2
        failed_total=$((failed_total + 1))
        continue
    fi
    counters=$(grep -o '<Counters [^>]*' "$results/$name.trx" | head -n 1)
    count() { grep -o " $1=\"[0-9]*\"" <<<"$counters" | grep -o '[0-9]*'; }
    total=$(count total) passed=$(count passed) executed=$(count executed)
    bad=$((executed - passed))
    # A crash of the test host loses its tests: it counts as a failure, too.
    [ $status != 0 ] && [ $bad = 0 ] && bad=1
    passed_total=$((passed_total + passed)) failed_total=$((failed_total + bad)) skipped_total=$((skipped_total + total - executed))
    say "$name: $passed passed, $bad failed, $((total - executed)) skipped, $((SECONDS - begin)) s"
    if [ $bad -gt 0 ]; then
        grep -E '^ +Failed |Error Message|Expected|But was|^   at RenodeUvmem' "$results/$name.log" | head -n 60 >&2 || true
        say "$name: all of it in $results/$name.log" >&2
    fi
    # Cases of one test make one line.
    grep -E '^ +Skipped ' "$results/$name.log" | sed -E 's/(\(| \[).*//' | sort | uniq -c || true
done

# What these tests ran of the instruction table: everything, and what the committed record says of the tests that ran.
if [ $# = 0 ] && [ -e "$record" ]; then
    if ! dotnet plugin/Uvmem/bin/Release/net8.0/uvmem.dll isa --coverage "$record" >"$results/isa-coverage.txt"; then
        tail -n 5 "$results/isa-coverage.txt" >&2
        failed_total=$((failed_total + 1))
    fi
    claims() { awk -F'\t' '{ n = split($2, tests, " "); for (k = 1; k <= n; k++) print $1, tests[k] }' "$1" | sort; }
    # Some need what is not here, or run until something happens: QEMU's interrupts come when they like.
    if ! claims plugin/Uvmem/Isa/covered-by.txt | grep -v ' TestFloatTests\.\| RandomProgramTests\.\| LockStepTests\.\| SequenceTests\.A_wrong_trace' | comm -23 - <(claims "$record.all") | tee "$results/isa-claims.txt" | awk 'END { exit NR > 0 }'; then
        say "these tests did not run these instructions; ./scripts/isa-coverage.sh records anew" >&2
        failed_total=$((failed_total + 1))
    fi
fi

say "$passed_total passed, $failed_total failed, $skipped_total skipped"
[ "$failed_total" = 0 ]
