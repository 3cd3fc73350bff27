#!/usr/bin/env bash
# Runs Debian's QEMU (powernv9) and this machine in turns on the same kernel and root file systems and compares them;
# with RENODE_DIR set, the machine inside that Renode too.
# usage: ./scripts/bench.sh [ROUNDS]   (default 3)
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/packages.sh
. scripts/lib/emulator.sh
. scripts/lib/plugin.sh
. scripts/lib/renode.sh

rounds=${1:-3}
[[ $rounds =~ ^[1-9][0-9]?$ ]] || die "ROUNDS is $rounds, expected 1 to 99"
scripts/setup.sh
install_missing qemu-system-ppc
renode=
if [ -n "${RENODE_DIR:-}" ]; then
    renode=$(find_renode) || exit 2
    make_plugin
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Renode spins on a standard input that has ended.
mkfifo "$work/open"
exec 7<>"$work/open"
ticks=$(getconf CLK_TCK)
now_us() { local t=$EPOCHREALTIME; echo $((10#${t/[.,]/})); }
cpu_ticks() { awk '{ sub(/^.*\) /, ""); print $12 + $13 }' "/proc/$1/stat" 2>/dev/null || echo 0; }
peak_kib() { awk '/^VmHWM/ { print $2 }' "/proc/$1/status" 2>/dev/null || true; }
# Resident part of the mappings that are as large as the machine's RAM or secure memory: what the guest has touched.
ram_kib() {
    awk '/^[0-9a-f]+-[0-9a-f]+ / { writable = $2 ~ /^rw/ } /^Size:/ { size = $2 } /^Rss:/ && writable && size >= 1000000 { sum += $2 } END { print sum + 0 }' \
        "/proc/$1/smaps" 2>/dev/null || true
}

# The process that does the work: launchers stay in front of some.
worker() {
    local child
    child=$(pgrep -P "$1" | head -n 1) || true
    if [ -n "$child" ]; then worker "$child"; else echo "$1"; fi
}

# in_renode STORY: as scripts/run.sh --renode.
in_renode() {
    exec "$renode" --console --disable-gui --hide-log --plain -e \
        "\$bootargs=\"console=hvc0 random.trust_cpu=on uvmem.run=$1\"; include @$root/platforms/power9-uv.resc; uvmem_console console True True" <&7
}

# story NAME COMMAND...: runs it, its console on standard output, and appends one line to NAME.csv:
# wall and CPU milliseconds from the kernel's first line to power-off, peak memory in KiB, instructions (0: not known),
# memory beside the machine's RAM that was touched, in KiB.
story() {
    local name=$1 pipe=$work/pipe pid at line begin=0 cpu0=0 cpu=0 kib=0 ram=0 end ok=
    shift
    rm -f "$pipe"
    mkfifo "$pipe"
    "$@" </dev/null >"$pipe" 2>"$work/errors" &
    pid=$!
    at=$pid
    exec 9<"$pipe"
    while IFS= read -r line <&9; do
        case $line in
            "guest| "*) ;;
            *"Linux version"*)
                begin=$(now_us)
                at=$(worker $pid)
                cpu0=$(cpu_ticks $at)
                ;;
            *"RUN PASS"*) ok=1 ;;
            # The machine is still there: the last moment to look at it.
            *"reboot: Power down"*) end=$(now_us) cpu=$(cpu_ticks $at) kib=$(peak_kib $at) ram=$(ram_kib $at) ;;
        esac
    done
    exec 9<&-
    wait "$pid" || true
    if [ -z "$ok" ] || [ "$begin" = 0 ]; then
        tail -n 5 "$work/errors" >&2
        die "$name did not tell its story to the end"
    fi
    local instructions
    instructions=$(awk '$1 == "instructions" && NF == 2 { gsub(",", "", $2); print $2 }' "$work/errors")
    echo "$(((end - begin) / 1000)) $(((cpu - cpu0) * 1000 / ticks)) ${kib:-0} ${instructions:-0} $((${kib:-0} - ${ram:-0}))" >>"$work/$name.csv"
}

machine=(dotnet "$emulator_program" boot --kernel "$images/vmlinux" --initrd "$images/host-initrd.cpio" --memory 2G)
peer=(qemu-system-ppc64 -M powernv9 -m 2G -smp 1 -nographic -monitor none -serial stdio
    -kernel "$images/vmlinux" -initrd "$images/host-initrd.cpio")
for ((round = 1; round <= rounds; round++)); do
    say "round $round of $rounds"
    story qemu-normal "${peer[@]}" -append "console=hvc0 random.trust_cpu=on xive=off uvmem.run=normal uvmem.peer"
    story uvmem-normal "${machine[@]}" --append "console=hvc0 random.trust_cpu=on uvmem.run=normal"
    story uvmem-secure "${machine[@]}" --ultravisor --secure-memory 1G --append "console=hvc0 random.trust_cpu=on uvmem.run=secure"
    [ -z "$renode" ] || story renode-secure in_renode secure
done

# column FILE N: minimum, median, maximum.
column() { sort -n -k"$2,$2" "$work/$1.csv" | awk -v c="$2" '{ v[NR] = $c } END { print v[1], v[int((NR + 1) / 2)], v[NR] }'; }
mebibytes() { awk '{ printf "%d", $2 / 1024 }'; }
seconds() { awk '{ printf "%.2f (%.2f-%.2f)", $2 / 1000, $1 / 1000, $3 / 1000 }'; }

echo
echo "From the hypervisor kernel's first line to power-off, $rounds rounds: median (minimum-maximum)"
printf '%-14s %-22s %-22s %10s %15s %16s\n' story "wall s" "CPU s" "peak MiB" "beside RAM MiB" "M instructions/s"
# QEMU does not count its instructions; on the same kernel and the same story they are about as many as here.
instructions=$(awk 'NR == 1 { print $4 }' "$work/uvmem-normal.csv")
names=(qemu-normal uvmem-normal uvmem-secure)
[ -z "$renode" ] || names+=(renode-secure)
for name in "${names[@]}"; do
    [ "$name" != renode-secure ] || instructions=$(awk 'NR == 1 { print $4 }' "$work/uvmem-secure.csv")
    rate=$(awk -v like="$instructions" '{ sum += ($4 ? $4 : like) / $2 / 1000; about = $4 ? "" : "~" } END { printf "%s%.0f", about, sum / NR }' "$work/$name.csv")
    beside=$(column $name 5 | mebibytes)
    # Renode keeps the machine's RAM in many small mappings, which are not told from its own.
    [ "$name" != renode-secure ] || beside=-
    printf '%-14s %-22s %-22s %10s %15s %16s\n' "$name" "$(column $name 1 | seconds)" "$(column $name 2 | seconds)" \
        "$(column $name 3 | mebibytes)" "$beside" "$rate"
done
median() { column "$1" "${2:-2}" | awk '{ print $2 }'; }
echo
[ -z "$renode" ] || awk -v r="$(median renode-secure 1)" -v s="$(median uvmem-secure 1)" -v rc="$(median renode-secure)" -v sc="$(median uvmem-secure)" \
    'BEGIN { printf "speed inside Renode / without, same story: %.2f by wall, %.2f by CPU time\n", s / r, sc / rc }'
awk -v q="$(median qemu-normal)" -v n="$(median uvmem-normal)" -v s="$(median uvmem-secure)" \
    'BEGIN { printf "CPU time, uvmem / QEMU, same story: %.2f\nCPU time, secure / normal story: %.2f\n", n / q, s / n }'
echo "Instructions per second are of CPU time; QEMU does not count its own: the number of the same story here is taken."
echo "Peak memory is the whole process; beside RAM: without the machine's RAM and secure memory that was touched."
