# Kernels, unpatched: the one for hypervisor and guest, and others for tests. Sourced, not run.

kernel_cross=powerpc64le-linux-gnu-
# Objects in a whole build, for the progress line only (counted on 6.1.192).
kernel_objects=1072
# Raise when the commands below change what comes out.
kernel_recipe=1

# select_kernel NAME: which one the functions below make. Later configurations add to earlier ones; lines in kernel_without are left out.
select_kernel() {
    kernel_source_package=linux-source-6.1 kernel_configs=(firmware/kernel/uvmem.config) kernel_without=() kernel_step=kernel
    case $1 in
        uvmem) ;;
        # BASE_FULL is !BASE_SMALL there.
        6.12) kernel_source_package=linux-source-6.12 kernel_without=(CONFIG_BASE_FULL=y) kernel_step=6.12-kernel ;;
        selftest) kernel_configs+=(firmware/kernel/selftest.config) kernel_step=selftest-kernel ;;
        big-endian)
            kernel_without=(CONFIG_CPU_LITTLE_ENDIAN=y) kernel_configs+=(firmware/kernel/big-endian.config) kernel_step=big-endian-kernel
            ;;
        *) die "no kernel is called $1; there are uvmem, 6.12, selftest, big-endian" ;;
    esac
}

select_kernel uvmem

kernel_version() { dpkg-query -W -f '${Version}' "$kernel_source_package"; }

kernel_key() {
    {
        echo "$kernel_recipe"
        kernel_version
        dpkg-query -W -f '${Package} ${Version}\n' gcc-12-powerpc64le-linux-gnu binutils-powerpc64le-linux-gnu
        hash_files "${kernel_configs[@]}"
    } | key_of
}

unpack_kernel_source() {
    say "kernel: unpacking $kernel_source_package $(kernel_version)"
    tar -xJf "/usr/src/$kernel_source_package.tar.xz" -C "$1" --strip-components=1 ||
        die "cannot unpack the kernel source into $1; it needs 1.5 GB of disk"
}

# kernel_make DIR TARGETS...: fixed user, host and time, so that the image depends on its inputs alone.
kernel_make() {
    local dir=$1
    shift
    env KBUILD_BUILD_USER=uvmem KBUILD_BUILD_HOST=uvmem KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 1970' \
        KBUILD_BUILD_VERSION=1 LC_ALL=C \
        make -C "$kernel_source" O="$dir" ARCH=powerpc CROSS_COMPILE="$kernel_cross" "$@"
}

# An option that Kconfig drops (renamed, or a dependency is off) is an error, not a surprise at run time.
check_kernel_config() {
    local line dropped=()
    while read -r line; do
        grep -qxF "$line" "$1/.config" || dropped+=("$line")
    done < <(grep -h '^CONFIG_' "$1/allconfig")
    [ ${#dropped[@]} = 0 ] || die "${kernel_configs[*]}: $kernel_source_package does not accept ${dropped[*]}"
}

# kernel_make_shown DIR LOG WHAT TARGETS...: a make that takes minutes.
kernel_make_shown() {
    local dir=$1 log=$2 what=$3
    shift 3
    local done_objects percent last=-10
    # A process group of its own, so that an interrupted set-up leaves no make behind.
    set -m
    kernel_make "$dir" -j"$(nproc)" "$@" >"$log" 2>&1 &
    set +m
    make_pid=$!
    trap 'kill -- "-$make_pid" 2>/dev/null' EXIT
    trap 'exit 130' INT TERM
    while kill -0 "$make_pid" 2>/dev/null; do
        sleep 2
        done_objects=$(grep -cE '^ +(CC|AS) ' "$log" || true)
        percent=$((done_objects * 100 / kernel_objects))
        [ "$percent" -gt 99 ] && percent=99
        if [ -t 1 ] || [ "$percent" -ge $((last + 5)) ]; then
            progress "$what: $percent % ($done_objects objects)"
            last=$percent
        fi
    done
    progress_end
    trap - INT TERM EXIT
    if ! wait "$make_pid"; then
        grep -E 'error|Error|No space' "$log" | tail -n 5 >&2
        die "$what: build failed; the full log is $log"
    fi
}

build_kernel() {
    local dir=$1 log=$1/build.log
    (cd "$root" && cat "${kernel_configs[@]}") | grep -vxF -f <(printf '%s\n' "${kernel_without[@]}") >"$dir/allconfig"
    run_logged "$log" "kernel configuration" kernel_make "$dir" -s KCONFIG_ALLCONFIG="$dir/allconfig" allnoconfig
    check_kernel_config "$dir"
    kernel_make_shown "$dir" "$log" kernel vmlinux modules
}

make_kernel() {
    kernel_source=$cache/linux-$(kernel_version)
    kernel_dir=$cache/$kernel_step-$(kernel_key)
    if [ -e "$kernel_dir/.complete" ]; then
        touch "$kernel_dir"
        return 0
    fi
    cached_step "$kernel_source" unpack_kernel_source
    cached_step "$kernel_dir" build_kernel
    say "kernel: built, $(stat -c %s "$kernel_dir/vmlinux" | numfmt --to=iec) image"
}
