#!/usr/bin/env bash
# Records which tests run which instructions into plugin/Uvmem/Isa/covered-by.txt, and prints the report of uvmem isa --coverage. Floating point
# is compared with TestFloat, too, if UVMEM_TESTFLOAT names testfloat_gen (scripts/testfloat.sh builds it).
# usage: ./scripts/isa-coverage.sh
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/packages.sh

install_missing qemu-user gcc-powerpc64le-linux-gnu binutils-powerpc64le-linux-gnu
mkdir -p build
run_logged build/isa-coverage.log "dotnet build" dotnet build -c Release --nologo -v quiet tests/Power9.Tests/Power9.Tests.csproj
run_logged build/isa-coverage.log "the tests of the CPU" env UVMEM_REQUIRE_ORACLES=1 UVMEM_TESTFLOAT_LIMIT=1000 UVMEM_RECORD_INSTRUCTIONS="$root/build/covered-by.txt" \
    nice dotnet test tests/Power9.Tests -c Release --no-build --nologo
install_file build/covered-by.txt plugin/Uvmem/Isa/covered-by.txt
run_logged build/isa-coverage.log "dotnet build" dotnet build -c Release --nologo -v quiet plugin/Uvmem/Uvmem.csproj
exec dotnet plugin/Uvmem/bin/Release/net8.0/uvmem.dll isa --coverage
