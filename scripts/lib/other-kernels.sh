# Kernels beside the one of build/images, for tests: build/kernels/NAME with vmlinux, System.map where there is one, and
# host-initrd.cpio. Sourced, not run. Needs kernel.sh, ppc64el.sh and images.sh, and that their steps have run.

other_kernels="debian 6.12 selftest big-endian"

# Debian's own kernel, which has no ultravisor calls, and its KVM modules.
debian_kernel_package=linux-image-powerpc64le
debian_kernel_modules=(kvm kvm-hv)
# Raise when the commands below change what comes out.
debian_kernel_recipe=1

unpack_debian_kernel() {
    local dir=$1 package
    begin_ppc64el "$dir"
    package=$(ppc64el_apt "$dir" install --simulate --no-install-recommends "$debian_kernel_package" 2>"$dir/apt.log" |
        sed -n 's/^Inst \(linux-image-[0-9][^ ]*\) .*/\1/p')
    [ -n "$package" ] || die "Debian's ppc64el archive has no kernel behind $debian_kernel_package"
    say "kernel debian: downloading $package"
    (cd "$dir" && run_logged "$dir/apt.log" "downloading Debian's kernel" ppc64el_apt "$dir" download "$package")
    dpkg-deb -x "$dir"/linux-image-*.deb "$dir/root" || die "cannot unpack Debian's kernel into $dir; is the disk full?"
    rm -rf "$dir/state" "$dir/cache" "$dir"/linux-image-*.deb
}

# The hypervisor's modules, in the order in which they need each other, and the kernel for guests, too.
lay_debian_kernel() {
    local to=$1 from=$2 name number=0 file
    mkdir -p "$to/root/modules/first" "$to/root/boot"
    for name in "${debian_kernel_modules[@]}"; do
        file=$(find "$from/root/lib/modules" -name "$name.ko")
        [ -n "$file" ] || die "Debian's kernel has no module $name"
        cp "$file" "$to/root/modules/first/$((number++))-$name.ko"
    done
    cp "$from"/root/boot/vmlinux-* "$to/root/boot/vmlinux"
    cp "$from"/root/boot/vmlinux-* "$to/vmlinux"
}

make_debian_kernel() {
    local step
    step=$cache/debian-kernel-$(printf '%s\n' "$debian_kernel_recipe" "$debian_kernel_package" | key_of)
    cached_step "$step" unpack_debian_kernel
    make_other debian "${step##*/}" lay_debian_kernel "$step"
}

# The kernel's own self-tests: those in the kernel, and its programs for this processor, from the source of the kernel that runs.
selftest_folders="alignment cache_shape copyloops dscr math mm pmu primitives ptrace security signal stringloops switch_endian syscalls vphn"
# ptrace-hwbreak watches stores through plain pointers, of which GCC 12 would leave one of four.
selftest_cflags="-fno-tree-dse -fno-dse -fno-tree-dce -fno-store-merging"
selftest_recipe=4

build_selftests() {
    local dir=$1
    mkdir -p "$dir/out"
    # Static: the hypervisor's root has the libraries of QEMU, not of whatever these want.
    run_logged "$dir/build.log" "building the kernel's self-tests" env CFLAGS="-static $selftest_cflags" make -k -j"$(nproc)" \
        -C "$kernel_source/tools/testing/selftests/powerpc" ARCH=powerpc CROSS_COMPILE="$kernel_cross" OUTPUT="$dir/out" \
        SUB_DIRS="$selftest_folders"
}

# Debian's perf, with the libraries that the hypervisor's root does not have.
perf_recipe=1

unpack_perf() {
    local dir=$1 deb
    say "perf: downloading linux-perf"
    begin_ppc64el "$dir"
    run_logged "$dir/apt.log" "downloading Debian's perf" ppc64el_apt "$dir" install --download-only --no-install-recommends linux-perf
    for deb in "$dir"/cache/archives/*.deb; do
        dpkg-deb -x "$deb" "$dir/root" || die "cannot unpack $deb; is the disk full?"
    done
    rm -rf "$dir/state" "$dir/cache"
}

lay_perf() {
    local from=$1 to=$2 file
    mkdir -p "$to"/{usr/bin,lib64,lib/powerpc64le-linux-gnu}
    while read -r file; do
        case $file in
            usr/bin/*) cp "$from/root/$file" "$to/$file" ;;
            */ld64.so.*) cp -L "$from/root/$file" "$to/lib64/" ;;
            *) cp -L "$from/root/$file" "$to/lib/powerpc64le-linux-gnu/" ;;
        esac
    done < <(ppc64el_closure "$from/root" usr/bin/perf)
}

lay_selftests() {
    local to=$1 from=$2 program
    lay_perf "$3" "$to/root"
    while read -r program; do
        mkdir -p "$to/root/selftests/$(dirname "$program")"
        "${kernel_cross}strip" "$from/out/$program" -o "$to/root/selftests/$program"
    done < <(cd "$from/out" && find . -type f -executable | LC_ALL=C sort)
    cp "$kernel_dir/vmlinux" "$kernel_dir/System.map" "$to/"
}

make_selftest_kernel() {
    local step perf
    step=$cache/selftests-$(echo "$selftest_recipe $selftest_folders $(kernel_version)" | key_of)
    [ -e "$step/.complete" ] || say "kernel selftest: building its programs"
    cached_step "$step" build_selftests
    select_kernel selftest
    make_kernel
    perf=$cache/perf-$(echo "$perf_recipe" | key_of)
    cached_step "$perf" unpack_perf
    make_other selftest "${step##*/} ${perf##*/} ${kernel_dir##*/} $(declare -f lay_perf | key_of)" lay_selftests "$step" "$perf"
}

# Another source with the same configuration: everything that goes with a kernel is made for it.
make_6.12_kernel() {
    install_missing linux-source-6.12
    select_kernel 6.12
    make_kernel
    images=$root/build/kernels/6.12
    mkdir -p "$images"
    make_root_images
}

# The usual hypervisor; its guests are big-endian. Debian has no ppc64 programs, so their root is a program of our own.
lay_big_endian_kernel() {
    local to=$1 cc=(powerpc64-linux-gnu-gcc -O2 -static -s -std=gnu11 -Wall -Wextra -Werror -D_GNU_SOURCE)
    mkdir -p "$to/guest"/{bin,dev,proc} "$to/root/boot"
    write_marker_header >"$to/marker.h"
    run_logged "$cache/big-endian.log" "building the big-endian guest's init" "${cc[@]}" -o "$to/guest/init" "$root"/firmware/guest/big-endian/*.c
    run_logged "$cache/big-endian.log" "building the big-endian guest's program" "${cc[@]}" -o "$to/guest/bin/svmdemo" \
        "-I$to" "-I$root/firmware/common" "-I$root/firmware/guest/uvdemo" "$root"/firmware/guest/svmdemo/*.c
    pack "$to/guest" "$to/root/boot/guest-initrd.cpio"
    cp "$kernel_dir/vmlinux" "$to/root/boot/vmlinux"
    cp "$images/vmlinux" "$images/System.map" "$to/"
    rm -rf "$to/guest" "$to/marker.h"
}

make_big-endian_kernel() {
    install_missing gcc-powerpc64-linux-gnu libc6-dev-ppc64-cross
    select_kernel big-endian
    make_kernel
    make_other big-endian "${kernel_dir##*/}" lay_big_endian_kernel
}

# make_other NAME INPUTS LAY FROM...: LAY fills a folder with the kernel and, in root/, what comes over the hypervisor's root.
make_other() {
    local name=$1 lay=$3 key to=$root/build/kernels/$1
    key=$({ echo "$2"; cat "$images/.key"; declare -f "$lay" pack; } | key_of)
    shift 3
    [ "$(cat "$to/.key" 2>/dev/null)" = "$key" ] && return 0
    rm -rf "$to.new"
    mkdir -p "$to.new/root"
    "$lay" "$to.new" "$@"
    pack "$to.new/root" "$to.new/over.cpio"
    # Linux unpacks archives one after another; a later file replaces an earlier one.
    cat "$images/host-initrd.cpio" "$to.new/over.cpio" >"$to.new/host-initrd.cpio" || die "cannot write $to.new; is the disk full?"
    rm -rf "$to.new/root" "$to.new/over.cpio" "$to"
    echo "$key" >"$to.new/.key"
    mv "$to.new" "$to"
    say "kernel $name: in build/kernels/$name"
}

make_other_kernel() {
    case " $other_kernels " in
        # In a shell of its own, for it selects another kernel.
        *" $1 "*) ("make_${1}_kernel") ;;
        *) die "no other kernel is called $1; there are $other_kernels" ;;
    esac
}
