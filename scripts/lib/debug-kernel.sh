# The same kernel once more with DWARF line information, for coverage. Sourced, not run. Needs kernel.sh and make_kernel to have run.

# Raise when the commands below change what comes out.
debug_kernel_recipe=1
# The configuration stays as it is, so that the kernel's code does, too: -g does not change the instructions that GCC generates. What it changes are addresses
# of data, in two places that go without: a variable that is only written is kept (mtime in initramfs.c), and kexec's purgatory is data of the kernel as a whole file.
debug_kernel_flags=(KCFLAGS=-g KAFLAGS=-g CFLAGS_initramfs.o=-g0 AFLAGS_trampoline_64.o=-g0)

debug_kernel_key() { echo "$debug_kernel_recipe ${debug_kernel_flags[*]} ${kernel_dir##*/}" | key_of; }

# code_of VMLINUX: addresses, sizes and bytes of all that can be executed, as a hash.
code_of() {
    local name
    {
        "${kernel_cross}readelf" -SW "$1" | awk '$0 ~ / AX / { sub(/^ *\[ *[0-9]+\] */, ""); print $1, $3, $5 }' | tee /dev/fd/3 | while read -r name _; do
            "${kernel_cross}objcopy" -O binary --only-section="$name" "$1" /dev/stdout
        done
    } 3>&1 | sha256sum
}

build_debug_kernel() {
    local dir=$1
    mkdir -p "$dir/tree"
    cp "$kernel_dir/.config" "$dir/tree/.config"
    run_logged "$dir/configuration.log" "kernel configuration" kernel_make "$dir/tree" -s olddefconfig
    cmp -s "$kernel_dir/.config" "$dir/tree/.config" || die "the kernel's configuration changed on the way to $dir/tree; see both .config"
    kernel_make_shown "$dir/tree" "$dir/build.log" "kernel with debug information" "${debug_kernel_flags[@]}" vmlinux
    [ "$(code_of "$dir/tree/vmlinux")" = "$(code_of "$kernel_dir/vmlinux")" ] ||
        die "the code of $dir/tree/vmlinux is not that of $kernel_dir/vmlinux: their addresses can't be compared"
    "${kernel_cross}objcopy" --compress-debug-sections=none "$dir/tree/vmlinux" "$dir/vmlinux.debug"
    rm -rf "$dir/tree"
}

make_debug_kernel() {
    debug_kernel_dir=$cache/debug-kernel-$(debug_kernel_key)
    if [ -e "$debug_kernel_dir/.complete" ]; then
        touch "$debug_kernel_dir"
        return 0
    fi
    cached_step "$kernel_source" unpack_kernel_source
    cached_step "$debug_kernel_dir" build_debug_kernel
    say "kernel with debug information: built, its code is that of the kernel"
    prune debug-kernel 2
}
