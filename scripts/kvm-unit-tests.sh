#!/usr/bin/env bash
# kvm-unit-tests for PowerPC on the bare emulated machine, little-endian, beside QEMU's powernv9. It has no Debian package: give a checkout of
# https://gitlab.com/kvm-unit-tests/kvm-unit-tests; a copy of it is built.
# usage: ./scripts/kvm-unit-tests.sh FOLDER [TEST...]     or UVMEM_KVM_UNIT_TESTS=FOLDER
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/emulator.sh
. scripts/lib/packages.sh

source=${1:-${UVMEM_KVM_UNIT_TESTS:-}}
[ -d "$source/powerpc" ] || die "usage: $0 FOLDER [TEST...], FOLDER a checkout of kvm-unit-tests"
shift || true
install_missing make gcc-powerpc64le-linux-gnu binutils-powerpc64le-linux-gnu qemu-system-ppc
scripts/setup.sh
work=$root/build/kvm-unit-tests
rm -rf "$work"
mkdir -p "$work"
cp -r "$source" "$work/source"
(cd "$work/source" && run_logged "$work/build.log" "configure" ./configure --arch=ppc64 --endian=little --cross-prefix=powerpc64le-linux-gnu- &&
    run_logged "$work/build.log" "make" nice make -s)

# test, processors, arguments: those of powerpc/unittests.cfg that are not for pseries.
tests='selftest 2 setup smp=2 mem=1024
emulator 1
interrupts 1
mmu 2
smp 2
atomics 2
timebase 1
sprs 1
sieve 1'

count() { grep -c "^$1: " "$2" 2>/dev/null || true; }
printf '| test | the emulator: pass, fail, skip | powernv9 of QEMU: pass, fail, skip |\n|---|---|---|\n'
bad=0
while read -r name cpus arguments; do
    [ $# = 0 ] || [[ " $* " == *" $name "* ]] || continue
    # Firmware loads a kernel above the interrupt vectors, to which the program copies its own.
    powerpc64le-linux-gnu-objcopy --change-section-lma '*+0x20000000' "$work/source/powerpc/$name.elf" "$work/$name.elf" 2>/dev/null
    nice dotnet "$emulator_program" boot --kernel "$work/$name.elf" --memory 1G --cpus "$cpus" --append "$arguments" --max-instructions 20G \
        --console "file:$work/$name.ours" >"$work/$name.log" 2>&1 </dev/null || true
    timeout 120 nice qemu-system-ppc64 -machine powernv9 -accel tcg -nodefaults -display none -serial stdio -m 1g -smp "$cpus" \
        -device ipmi-bmc-sim,id=bmc0 -device isa-ipmi-bt,bmc=bmc0,irq=10 -kernel "$work/source/powerpc/$name.elf" -append "$arguments" \
        >"$work/$name.peer" 2>/dev/null </dev/null || true
    for who in ours peer; do
        tr -d '\r' <"$work/$name.$who" >"$work/$name.$who.txt"
        grep -q '^EXIT: STATUS' "$work/$name.$who.txt" && ended= || ended=", did not end"
        printf -v "$who" '%s, %s, %s%s' "$(count PASS "$work/$name.$who.txt")" "$(count FAIL "$work/$name.$who.txt")" "$(count SKIP "$work/$name.$who.txt")" "$ended"
    done
    printf '| %s | %s | %s |\n' "$name" "$ours" "$peer"
    [[ $ours == *", 0, "* && $ours != *end ]] || bad=1
done <<<"$tests"
grep -h '^FAIL' "$work"/*.ours.txt || true
exit $bad
