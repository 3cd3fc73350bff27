# What is measured, in each round. Sourced, not run. Needs measure.sh.

all_parts="story compute guest calls parallel scaling"

# in_renode STORY: as scripts/run.sh --renode.
in_renode() {
    exec "$renode" --console --disable-gui --hide-log --plain -e \
        "\$bootargs=\"$append uvmem.run=$1\"; include @$root/platforms/power9-uv.resc; uvmem_console console True True" <&7
}

# The demonstration in a normal and a secure guest.
part_story() {
    on_qemu normal ""
    on_uvmem uvmem normal ""
    on_uvmem uvmem-secure secure "" "${secure[@]}"
    [ -z "$renode" ] || measure renode-secure in_renode secure
}

work_words() { echo "uvmem.part=$work_part${programs:+ uvmem.programs=$programs}"; }

# Programs in the hypervisor's Linux.
part_compute() {
    on_qemu script:bench "$(work_words)"
    on_uvmem uvmem script:bench "$(work_words)"
}

# The same programs in a guest.
part_guest() {
    on_qemu script:normal-bench-guest "$(work_words)"
    on_uvmem uvmem script:normal-bench-guest "$(work_words)"
    on_uvmem uvmem-secure script:bench-guest "$(work_words)" "${secure[@]}"
}

# Changes between a guest and what is above it.
part_calls() {
    on_qemu script:normal-calls "uvmem.part=$work_part"
    on_uvmem uvmem script:normal-calls "uvmem.part=$work_part"
    on_uvmem uvmem-secure script:calls "uvmem.part=$work_part" "${secure[@]}"
}

# Four processors on two of the host's, beside one; and what two of the host's have for machines of one processor that know nothing of each other.
part_parallel() {
    on_uvmem uvmem-1 script:bench-smp "$(work_words)"
    on_uvmem uvmem-4 script:bench-smp "$(work_words)" --cpus 4 --parallel 2
    (
        work=$work/twin
        mkdir -p "$work"
        on_uvmem uvmem-twin script:bench-smp "$(work_words)"
    ) &
    local twin=$!
    on_uvmem uvmem-other script:bench-smp "$(work_words)"
    wait $twin
}

# Powers of ten of instructions, in one round: the longest takes minutes. A thousandth of the programs' work is some 11.5 million.
part_scaling() {
    [ "$round" = 1 ] || return 0
    local power count work_part=1
    on_uvmem uvmem-off off "" --pauses
    for power in $scales; do
        count=$((10 ** power))
        work_part=$((count / 11500000))
        on_uvmem "uvmem-$power" script:bench "uvmem.part=$work_part uvmem.programs=integer,floating,vector,system-calls,forks" --pauses
    done
}
