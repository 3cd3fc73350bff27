#!/usr/bin/env bash
# Takes README's pictures of the report: the secure story in a browser (Debian's chromium-headless-shell, which it installs).
# trace.png is not among them: it shows the trace in Chrome's trace viewer, which no package brings. profile.png is build/profile/secure.svg of scripts/profile.sh.
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/packages.sh

scripts/setup.sh --images-only
command -v chromium-headless-shell chromium >/dev/null || install_missing chromium-headless-shell
export UVMEM_PICTURES=$PWD/plugin/Uvmem/Pictures
exec dotnet test tests/Boot.Tests -c Release --nologo --filter FullyQualifiedName~BrowserTests
