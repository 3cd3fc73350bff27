#!/usr/bin/env bash
# Runs Debian's QEMU (powernv9) and this machine in turns on the same kernel and root file systems and compares them;
# with RENODE_DIR set, the machine inside that Renode too.
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/packages.sh
. scripts/lib/emulator.sh
. scripts/lib/plugin.sh
. scripts/lib/renode.sh
. scripts/lib/bench/measure.sh
. scripts/lib/bench/parts.sh

usage() {
    cat <<END
usage: ./scripts/bench.sh [OPTIONS] [ROUNDS] [PART...]     (3 rounds of all parts)
parts:
  story     the demonstration in a guest, normal and secure; memory; time to the first line
  compute   programs in the hypervisor (firmware/README.md, bench)
  guest     the same programs in a guest
  calls     hypercalls and ultracalls
  parallel  the same programs on four processors at once, on two host threads, beside one processor, and beside two machines at once
  scaling   cost of an instruction, memory and pauses in runs of 10^8 to 10^10 instructions
options:
  --programs NAME,NAME   of compute and guest only these
  --work N               N thousandths of the usual work (1000)
  --long                 scaling up to 10^11, too
  --results FILE         append all values to FILE (build/bench.txt, which is begun anew)
  --report FILE          only print the tables of such a file
  --picture FILE         also draw the speed of the programs, as SVG
UVMEM_BENCH_OPTIONS has more options for uvmem boot, such as "--translate off".
END
}

rounds='' parts='' programs='' work_part=1000 results='' report='' picture='' scales="8 9 10"
while [ $# -gt 0 ]; do
    case $1 in
        --programs) programs=${2:?} && shift ;;
        --work) work_part=${2:?} && shift ;;
        --long) scales+=" 11" ;;
        --results) results=$(realpath "${2:?}") && shift ;;
        --report) report=$(realpath "${2:?}") && shift ;;
        --picture) picture=$(realpath "${2:?}") && shift ;;
        --help | -h) usage; exit 0 ;;
        [0-9]*) rounds=$1 ;;
        *)
            [[ " $all_parts " == *" $1 "* ]] || die "there is no part $1; ./scripts/bench.sh --help lists them"
            parts+=" $1"
            ;;
    esac
    shift
done
rounds=${rounds:-3}
[[ $rounds =~ ^[1-9][0-9]?$ ]] || die "ROUNDS is $rounds, expected 1 to 99"
[[ $work_part =~ ^[1-9][0-9]*$ ]] || die "--work is $work_part, expected a number"

tables() {
    awk -f scripts/lib/bench/report.awk "$1"
    [ -z "$picture" ] || awk -f scripts/lib/bench/picture.awk "$1" >"$picture"
    echo
    echo "Numbers are medians (minimum-maximum). CPU time is of all threads of the process. M instr/s: of CPU time; QEMU does not count its own, the number"
    echo "of the same story here is taken. Peak memory is the whole process; beside RAM: without the machine's RAM and secure memory that was touched."
}
if [ -n "$report" ]; then
    tables "$report"
    exit
fi

scripts/setup.sh
install_missing qemu-system-ppc
renode=''
if [ -n "${RENODE_DIR:-}" ]; then
    renode=$(find_renode) || exit 2
    make_plugin
fi
if [ -z "$results" ]; then
    results=$root/build/bench.txt
    rm -f "$results"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Renode spins on a standard input that has ended.
mkfifo "$work/open"
exec 7<>"$work/open"

for ((round = 1; round <= rounds; round++)); do
    for part in ${parts:-$all_parts}; do
        say "round $round of $rounds: $part"
        "part_$part"
    done
done
tables "$results"
