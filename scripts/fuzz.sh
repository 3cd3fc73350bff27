#!/usr/bin/env bash
# Random hostile callers against the ultravisor and the CPU; options: --help. The first broken property ends the run and is told with the command that shows it again.
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh

command -v dotnet >/dev/null || die "needs the .NET SDK 8 or later (https://dotnet.microsoft.com/download)"
project=tests/Ultravisor.Tests
mkdir -p build
say "build"
run_logged build/fuzz-build.log "dotnet build" dotnet build -c Release --nologo -v quiet "$project/Ultravisor.Tests.csproj"

journal=build/fuzz-case
status=0
dotnet "$project/bin/Release/net8.0/RenodeUvmem.Ultravisor.Tests.dll" --journal "$journal" "$@" || status=$?
# A crash of the process itself: the journal says which case ran.
if [ $status -gt 2 ] && [ -s "$journal" ]; then
    say "the emulator crashed (exit code $status). Again: $(cat "$journal")" >&2
fi
exit $status
