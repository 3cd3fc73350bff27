#!/usr/bin/env bash
# Makes the Renode plugin: build/renode/ and build/renode-uvmem-VERSION.zip, the same folder to unpack beside an installed Renode.
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/packages.sh
. scripts/lib/emulator.sh
. scripts/lib/plugin.sh

[ $# = 0 ] || die "unknown option $1; there is none"
make_plugin
install_missing zip

version=$(dotnet msbuild plugin/Renode/Renode.csproj -getProperty:Version)
name=renode-uvmem-$version
staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT
cp -r "$plugin_dir" "$staged/$name"
# The same content gives the same bytes.
find "$staged" -exec touch -d '1980-01-01 00:00:00 UTC' {} +
rm -f "build/$name.zip"
(cd "$staged" && find "$name" -type f | LC_ALL=C sort | TZ=UTC zip -q -X -@ "$root/build/$name.zip") || die "cannot write build/$name.zip; is the disk full?"
say "build/renode/ and build/$name.zip"
