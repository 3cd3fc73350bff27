#!/usr/bin/env bash
# Profiles the normal and the secure story: where guests spend instructions and the host its time, and what the secure story has more.
# usage: ./scripts/profile.sh [OPTIONS OF uvmem boot]     for example --translate on
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/emulator.sh

scripts/setup.sh
out=$root/build/profile
mkdir -p "$out"
append="console=hvc0 random.trust_cpu=on"
machine=(--kernel "$images/vmlinux" --initrd "$images/host-initrd.cpio" --memory 2G --guest-symbols "$images/System.map")
for story in normal secure; do
    uv=()
    [ $story = normal ] || uv=(--ultravisor --secure-memory 1G)
    say "$story story: $out/$story.speedscope.json for https://www.speedscope.app, $out/$story.svg for a browser"
    dotnet "$emulator_program" boot "${machine[@]}" "${uv[@]}" --append "$append uvmem.run=$story" --console "file:$out/$story.console" \
        --profile "$out/$story.speedscope.json" "$@" 2>"$out/$story.log" || { tail -n 5 "$out/$story.log" >&2; die "the $story story ended wrong"; }
    dotnet "$emulator_program" profile "$out/$story.speedscope.json" -o "$out/$story.svg" --title "The $story story"
done
echo
dotnet "$emulator_program" profile "$out/normal.speedscope.json" "$out/secure.speedscope.json"
