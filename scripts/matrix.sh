#!/usr/bin/env bash
# All rows of the acceptance matrix that hold, each in a boot of its own; or those named. About 10 s each. Ends with: N passed, N failed.
# usage: ./scripts/matrix.sh [ROW...]
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh

scripts/setup.sh
mkdir -p build/rows
say "build"
run_logged build/row-build.log "dotnet build" dotnet build -c Release --nologo -v quiet tests/Boot.Tests/Boot.Tests.csproj
program=tests/Boot.Tests/bin/Release/net8.0/RenodeUvmem.Boot.Tests.dll
mapfile -t rows < <(if [ $# = 0 ]; then dotnet "$program" --list; else printf '%s\n' "$@"; fi)
passed=0 failed=0
for row in "${rows[@]}"; do
    if dotnet "$program" "$row" >"build/rows/$row.txt" 2>&1; then
        passed=$((passed + 1))
        say "$row: pass ($((passed + failed)) of ${#rows[@]})"
    else
        failed=$((failed + 1))
        say "$row: FAIL, see build/rows/$row.txt"
    fi
done
say "$passed passed, $failed failed"
[ $failed = 0 ]
