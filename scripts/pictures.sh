#!/usr/bin/env bash
# Takes README's pictures: the secure story in a browser (Debian's chromium-headless-shell, which it installs).
# The trace's picture needs Chrome's trace viewer: UVMEM_TRACE2HTML names Catapult's tracing/bin/trace2html; without it that picture stays.
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/packages.sh

scripts/setup.sh --images-only
command -v chromium-headless-shell chromium >/dev/null || install_missing chromium-headless-shell
export UVMEM_PICTURES=$PWD/plugin/Uvmem/Pictures
exec dotnet test tests/Boot.Tests -c Release --nologo --filter FullyQualifiedName~BrowserTests
