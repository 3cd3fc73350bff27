#!/usr/bin/env bash
# Sets everything up, then builds, checks the format and runs all tests, boots of the whole machine included.
# The last line is "N passed, N failed, N skipped". Exit code 0: nothing failed.
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/packages.sh
trap 'say "test: stopped by an unexpected error at ${BASH_SOURCE[0]}:$LINENO ($BASH_COMMAND)" >&2' ERR

# What tests compare with, beside the compilers that set-up needs anyway.
oracle_packages=(qemu-user device-tree-compiler xz-utils gcc-powerpc64le-linux-gnu binutils-powerpc64le-linux-gnu libc6-dev-ppc64el-cross)

# Boots take minutes: their suite comes last, test by test.
suites=(tests/Power9.Tests tests/Ultravisor.Tests tests/Platform.Tests tests/Boot.Tests)

[ $# = 0 ] || die "unknown option $1; test.sh takes none"

scripts/setup.sh
install_packages "${oracle_packages[@]}"
# A missing oracle is a failure here, not a reason to skip.
export UVMEM_REQUIRE_ORACLES=1

results=$root/build/test-results
rm -rf "$results"
mkdir -p "$results"
passed=0 failed=0 skipped=0

# count TRX: adds a suite's results; a suite that left none has crashed, which is one failure.
count() {
    local counters total executed good
    counters=$(grep -o '<Counters [^>]*>' "$1" 2>/dev/null | head -n 1) || true
    total=$(sed -n 's/.* total="\([0-9]*\)".*/\1/p' <<<"$counters")
    executed=$(sed -n 's/.* executed="\([0-9]*\)".*/\1/p' <<<"$counters")
    good=$(sed -n 's/.* passed="\([0-9]*\)".*/\1/p' <<<"$counters")
    if [ "${total:-0}" = 0 ]; then
        failed=$((failed + 1))
        return
    fi
    passed=$((passed + good))
    failed=$((failed + executed - good))
    skipped=$((skipped + total - executed))
}

run_suite() {
    local suite=$1 name verbosity=minimal before=$failed status=0
    name=$(basename "$suite")
    [ "$name" = Boot.Tests ] && verbosity=normal
    say "$name: running"
    dotnet test --no-build -c Release --nologo "$suite/$name.csproj" --results-directory "$results" \
        --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=$verbosity" || status=$?
    count "$results/$name.trx"
    # Something outside of any test went wrong, such as a crash after the last one.
    if [ "$status" != 0 ] && [ "$failed" = "$before" ]; then failed=$((failed + 1)); fi
    say "$name: so far $passed passed, $failed failed, $skipped skipped"
}

format=0
say "format: dotnet format --verify-no-changes"
dotnet format RenodeUvmem.sln --verify-no-changes --no-restore || format=1

# A test project that the list above lacks would never run.
for project in tests/*/*.csproj; do
    [[ " ${suites[*]} " == *" $(dirname "$project") "* ]] || die "scripts/test.sh does not list $(dirname "$project")"
done
for suite in "${suites[@]}"; do run_suite "$suite"; done

[ "$format" = 0 ] || say "format: the files named above are not as dotnet format would have them"
say "$passed passed, $failed failed, $skipped skipped"
if [ "$failed" != 0 ] || [ "$format" != 0 ]; then exit 1; fi
