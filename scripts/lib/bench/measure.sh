# Runs machines and notes when lines came on their consoles. Sourced, not run. Needs $work, $results and the array machines.
# $results has a line for each value: PART MACHINE ROUND WHAT UNIT VALUE.

ticks=$(getconf CLK_TCK)
# Microseconds of the host's clock, milliseconds of CPU time of a process: without a process of their own, for these would take longer than what they measure.
now_us() { now=${EPOCHREALTIME/[.,]/}; }
cpu_ms() {
    local stat
    # One that has ended used no more than before.
    read -r stat 2>/dev/null <"/proc/$1/stat" || return 0
    # shellcheck disable=SC2206 # fields, after the name in brackets
    stat=(${stat##*) })
    cpu=$(((stat[11] + stat[12]) * 1000 / ticks))
}
peak_kib() { awk '/^VmHWM/ { print $2 }' "/proc/$1/status" 2>/dev/null || true; }
# Resident part of the mappings that are as large as the machine's RAM or secure memory: what the guest has touched.
ram_kib() {
    awk '/^[0-9a-f]+-[0-9a-f]+ / { writable = $2 ~ /^rw/ } /^Size:/ { size = $2 } /^Rss:/ && writable && size >= 1000000 { sum += $2 } END { print sum + 0 }' \
        "/proc/$1/smaps" 2>/dev/null || true
}

# Of a process that is still there: kib and ram.
look_at_memory() {
    local peak part_of_ram
    peak=$(peak_kib "$1")
    part_of_ram=$(ram_kib "$1")
    if [ -n "$peak" ] && [ -n "$part_of_ram" ]; then kib=$peak ram=$part_of_ram; fi
}

# The process that does the work: launchers stay in front of some.
worker() {
    local child
    child=$(pgrep -P "$1" | head -n 1) || true
    if [ -n "$child" ]; then worker "$child"; else echo "$1"; fi
}

# note WHAT UNIT VALUE
note() { echo "$part $who $round $1 $2 $3" >>"$results"; }

# What a program's sum must be: by the same source on this host; calls count those that succeeded.
declare -A sums
expected_sum() {
    if [ -z "${sums[$1 $2 $work_part]:-}" ]; then
        case $1 in
            hypercalls | ultracalls | shares) sums[$1 $2 $work_part]=$(printf '%016x' "$2") ;;
            *) sums[$1 $2 $work_part]=$("$images/bench-here" "${1#all-}" "$work_part" | awk 'END { print $NF }') ;;
        esac
    fi
    sum=${sums[$1 $2 $work_part]}
}

# measure MACHINE COMMAND...: of one boot, which must end with RUN PASS and power-off, notes first-line (from process start to the kernel's first line),
# story (from there to power-off), memory, instructions, and each program between its two lines.
measure() {
    who=$1
    shift
    local pipe=$work/pipe cpu=0 pid at line begun first='' kernel=0 cpu_kernel=0 end=0 kib=0 ram=0 program='' rounds from cpu_from ok='' ended=()
    rm -f "$pipe"
    mkfifo "$pipe"
    now_us
    begun=$now
    "$@" </dev/null >"$pipe" 2>"$work/errors" &
    pid=$!
    at=$pid
    exec 9<"$pipe"
    while IFS= read -r line <&9; do
        # Renode ends lines with two.
        line=${line%%$'\r'*}
        line=${line#guest| }
        case $line in
            "bench "*" begin "*)
                now_us
                cpu_ms $at
                from=$now cpu_from=$cpu
                read -r _ program _ rounds <<<"$line"
                ;;
            "bench "*" end "*)
                now_us
                cpu_ms $at
                [ "${line% *}" = "bench $program end" ] || die "$who: '$line' does not end $program"
                ended+=("$program $rounds ${line##* }")
                note "$program" wall-ms $(((now - from) / 1000))
                note "$program" cpu-ms $((cpu - cpu_from))
                note "$program" rounds "$rounds"
                ;;
            # Of the hypervisor: a guest's comes later.
            *"Linux version"*)
                [ -z "$first" ] || continue
                now_us
                first=1 kernel=$now
                at=$(worker $pid)
                cpu_ms $at
                cpu_kernel=$cpu
                note first-line wall-ms $(((now - begun) / 1000))
                ;;
            # The machine is still there, most likely: the last moments to look at its memory.
            "CASE "*" END"*) look_at_memory $at ;;
            "RUN PASS")
                ok=1
                cpu_ms $at
                look_at_memory $at
                ;;
            # After RUN PASS it is the hypervisor's.
            *"reboot: Power down"*)
                [ -n "$ok" ] || continue
                now_us
                cpu_ms $at
                end=$now
                note story wall-ms $(((now - kernel) / 1000))
                note story cpu-ms $((cpu - cpu_kernel))
                ;;
        esac
    done
    exec 9<&-
    wait "$pid" || true
    if [ -z "$ok" ] || [ "$end" = 0 ]; then
        tail -n 5 "$work/errors" >&2
        die "$who did not get to the end of part $part"
    fi
    # Not earlier: who reads late takes the time late.
    for line in "${ended[@]}"; do
        read -r program rounds from <<<"$line"
        expected_sum "$program" "$rounds"
        [ "$from" = "$sum" ] || die "$who: $program gives $from instead of $sum"
    done
    note peak kib "$kib"
    note beside-ram kib $((kib - ram))
    # What only this machine tells of itself.
    awk '$1 == "instructions" && NF == 2 { gsub(",", "", $2); print "all instructions", $2 }
        /^ *longest of them/ { print "longest-pause ms", $(NF - 1) }' "$work/errors" >"$work/told"
    while read -r line; do note $line; done <"$work/told"
}

append="console=hvc0 random.trust_cpu=on"
boot=(--kernel "$images/vmlinux" --initrd "$images/host-initrd.cpio" --memory 2G)

# on_qemu RUN WORDS: QEMU's powernv9; on_uvmem RUN WORDS OPTIONS...: this machine. RUN and WORDS are of firmware/README.md.
on_qemu() {
    measure qemu qemu-system-ppc64 -M powernv9 -m 2G -smp 1 -nographic -monitor none -serial stdio -kernel "$images/vmlinux" -initrd "$images/host-initrd.cpio" \
        -append "$append xive=off uvmem.peer uvmem.run=$1 $2"
}
on_uvmem() {
    local name=$1 run=$2 words=$3
    shift 3
    # shellcheck disable=SC2086 # several options
    measure "$name" dotnet "$emulator_program" boot "${boot[@]}" --append "$append uvmem.run=$run $words" "$@" ${UVMEM_BENCH_OPTIONS:-}
}
secure=(--ultravisor --secure-memory 1G)
