#!/usr/bin/env bash
# The long run of the random comparison with qemu-ppc64le and qemu-ppc64: every user instruction, CASES blocks each in each byte order and each
# of three generators (random state, floating point, decimal), and sequences; a tenth
# of them also as traces of the translator. Ends with the numbers of cases and mismatches.
# usage: ./scripts/differential.sh [CASES [SEED]]     1000 cases take about 5 minutes
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/packages.sh

cases=${1:-1000} seed=${2:-$(date +%Y%m%d)}
[[ $cases =~ ^[1-9][0-9]*$ && $seed =~ ^[0-9]+$ ]] || die "usage: $0 [CASES [SEED]], both numbers"
install_missing qemu-user gcc-powerpc64le-linux-gnu
results=build/differential
rm -rf "$results"
mkdir -p "$results"
run_logged "$results/build.log" "dotnet build" dotnet build -c Release --nologo -v quiet tests/Power9.Tests/Power9.Tests.csproj
say "$cases cases for each instruction, seed $seed"
status=0
UVMEM_REQUIRE_ORACLES=1 UVMEM_DIFFERENTIAL_CASES=$cases UVMEM_DIFFERENTIAL_SEED=$seed nice dotnet test tests/Power9.Tests -c Release --no-build --nologo \
    --filter 'FullyQualifiedName~Differential' --results-directory "$results" --logger "trx;LogFileName=differential.trx" \
    >"$results/differential.log" 2>&1 || status=$?

# Each test prints one line; the results file has them all, and once more in its summary.
grep -oE '<StdOut>[0-9]+ cases of [0-9]+ rows, [0-9]+ mismatches, [0-9]+ cases not compared' "$results/differential.trx" |
    sed 's/<StdOut>//' | awk '{ cases += $1; bad += $6; left += $8 } END { printf "%d cases, %d mismatches, %d not compared for a listed rule\n", cases, bad, left }'
[ $status = 0 ] || say "mismatches and failures are in $results/differential.log"
exit $status
