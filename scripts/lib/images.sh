# Cross-builds firmware/ and packs the two root file systems. Sourced, not run.
# Needs make_kernel and make_ppc64el to have run.

# Raise when the commands below change what comes out.
images_recipe=3

disk_modules=(crc16 crc32c_generic mbcache jbd2 ext4)
guest_modules=("${disk_modules[@]}" netfs 9pnet 9pnet_virtio 9p rng-core virtio-rng virtio_balloon)
host_modules=("${disk_modules[@]}" loop tun lzo_compress lzo_decompress crypto_acompress lzo lzo-rle zsmalloc zram)

firmware_files() { (cd "$root" && find firmware -type f ! -name '*.md' | LC_ALL=C sort); }

images_key() {
    local files
    mapfile -t files < <(firmware_files)
    { echo "$images_recipe" "${kernel_dir##*/}" "${ppc64el_dir##*/}"; hash_files "${files[@]}"; } | key_of
}

# The marker's bytes, each XORed with 0x5A: no program image holds the marker itself (firmware/README.md).
write_marker_header() {
    local hex byte i
    hex=$(cat "$root/firmware/marker.hex")
    [[ $hex =~ ^[0-9a-f]{32}$ ]] || die "firmware/marker.hex must hold 32 hex digits"
    echo "/* Made from firmware/marker.hex. */"
    echo "#define MARKER_MASK 0x5a"
    printf '#define MARKER_MASKED {'
    for ((i = 0; i < 32; i += 2)); do
        byte=$((16#${hex:i:2} ^ 0x5a))
        printf ' 0x%02x,' "$byte"
    done
    echo " }"
}

# Offsets in the kernel's structures, "name number" a line: firmware/kernel/layout.
build_layout() {
    local dir=$1
    mkdir -p "$dir/layout"
    cp "$root"/firmware/kernel/layout/* "$dir/layout/"
    run_logged "$dir/build.log" "compiling the kernel's layout" kernel_make "$kernel_dir" M="$dir/layout" layout.s
    sed -nE 's/.*"->([^ ]+) ([0-9]+)".*/\1 \2/p' "$dir/layout/layout.s" >"$dir/kernel-layout.txt"
    [ -s "$dir/kernel-layout.txt" ] || die "firmware/kernel/layout made no kernel-layout.txt"
}

# Once for the machine, once for this host: the sums of the one are checked by the other.
build_bench() {
    local dir=$1 flags=(-O3 -ffp-contract=off -fno-math-errno -s -std=gnu11 -Wall -Wextra -Werror -D_GNU_SOURCE)
    run_logged "$dir/build.log" "building bench" "${kernel_cross}gcc" "${flags[@]}" -mcpu=power9 -static -o "$dir/bench" "$root"/firmware/common/bench/*.c -lm
    run_logged "$dir/build.log" "building bench for this host" gcc "${flags[@]}" -o "$dir/bench-here" "$root"/firmware/common/bench/*.c -lm
}

build_programs() {
    local dir=$1
    mkdir -p "$dir/uvdemo"
    cp "$root"/firmware/guest/uvdemo/* "$dir/uvdemo/"
    write_marker_header >"$dir/marker.h"
    build_layout "$dir"
    run_logged "$dir/build.log" "building the guest's kernel module" kernel_make "$kernel_dir" M="$dir/uvdemo" modules
    local cc=("${kernel_cross}gcc" -O2 -static -s -std=gnu11 -Wall -Wextra -Werror -D_GNU_SOURCE "-I$dir" "-I$root/firmware/common"
        "-I$root/firmware/guest/uvdemo")
    run_logged "$dir/build.log" "building the guest's program" "${cc[@]}" -o "$dir/svmdemo" "$root"/firmware/guest/svmdemo/*.c
    run_logged "$dir/build.log" "building the host's program" "${cc[@]}" -o "$dir/svmhost" "$root"/firmware/host/svmhost/*.c
    run_logged "$dir/build.log" "building bulk" "${cc[@]}" -o "$dir/bulk" "$root"/firmware/common/bulk/*.c
    run_logged "$dir/build.log" "building smpstress" "${cc[@]}" -o "$dir/smpstress" "$root"/firmware/common/smpstress/*.c
    run_logged "$dir/build.log" "building calls" "${cc[@]}" -o "$dir/calls" "$root"/firmware/guest/calls/*.c
    build_bench "$dir"
    run_logged "$dir/build.log" "building the guest's kexec" "${cc[@]}" -o "$dir/kexec" "$root"/firmware/guest/kexec/*.c
}

# pack FOLDER FILE: an uncompressed cpio that depends on names and contents alone.
pack() {
    find "$1" -exec touch -h -d @0 {} +
    (cd "$1" && find . -mindepth 1 | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0 --reproducible) >"$2" ||
        die "cannot write $2; is the disk full?"
}

# A root with busybox and the mount points every init needs; init has busybox link its other applets.
make_base_root() {
    local at=$1
    mkdir -p "$at"/{bin,dev,proc,sys,tmp}
    cp "$ppc64el_dir/root/bin/busybox" "$at/bin/busybox"
    ln -s busybox "$at/bin/sh"
}

# copy_modules TO NAME...: kernel modules, by name.
copy_modules() {
    local to=$1 name file
    shift
    mkdir -p "$to"
    for name; do
        file=$(find "$kernel_dir" -name "$name.ko")
        [ -n "$file" ] || die "the kernel has no module $name"
        cp "$file" "$to/"
    done
}

# What a guest has besides its root, when a script of the hypervisor asks for it.
build_guest_tasks() {
    local dir=$1
    mkdir -p "$dir/tasks/bin"
    cp -r "$root/firmware/guest/tasks" "$dir/tasks/tasks"
    install -m 755 "$dir/programs/bulk" "$dir/programs/kexec" "$dir/programs/smpstress" "$dir/programs/calls" "$dir/tasks/bin/"
    copy_modules "$dir/tasks/modules" "${guest_modules[@]}"
    pack "$dir/tasks" "$dir/guest-tasks.cpio"
}

# copy_program PROGRAM: with its interpreter and libraries.
copy_program() {
    local file
    while read -r file; do
        case $file in
            usr/bin/*) cp "$ppc64el_dir/root/$file" "$dir/host/$file" ;;
            sbin/*) cp "$ppc64el_dir/root/$file" "$dir/host/usr/bin/" ;;
            */ld64.so.*) cp -L "$ppc64el_dir/root/$file" "$dir/host/lib64/" ;;
            *) cp -L "$ppc64el_dir/root/$file" "$dir/host/lib/powerpc64le-linux-gnu/" ;;
        esac
    done < <(ppc64el_closure "$ppc64el_dir/root" "$1")
}

build_images() {
    local dir=$1 program
    make_base_root "$dir/guest"
    install -m 755 "$root/firmware/guest/init" "$dir/guest/init"
    install -m 755 "$dir/programs/svmdemo" "$dir/guest/bin/svmdemo"
    install -m 644 "$dir/programs/uvdemo/uvdemo.ko" "$dir/guest/uvdemo.ko"
    pack "$dir/guest" "$dir/guest-initrd.cpio"

    make_base_root "$dir/host"
    mkdir -p "$dir/host/lib64" "$dir/host/lib/powerpc64le-linux-gnu" "$dir/host/usr/bin" "$dir/host/usr/share/qemu" "$dir/host/boot"
    for program in usr/bin/qemu-system-ppc64 sbin/mke2fs sbin/e2fsck; do
        copy_program "$program"
    done
    cp "$ppc64el_dir"/root/usr/share/qemu/{vof,slof}.bin "$dir/host/usr/share/qemu/"
    cp "$kernel_dir/vmlinux" "$dir/host/boot/vmlinux"
    cp "$dir/guest-initrd.cpio" "$dir/host/boot/guest-initrd.cpio"
    install -m 755 "$root/firmware/host/init" "$dir/host/init"
    install -m 755 "$dir/programs/svmhost" "$dir/programs/bulk" "$dir/programs/smpstress" "$dir/programs/bench" "$dir/host/bin/"
    build_guest_tasks "$dir"
    cp "$dir/guest-tasks.cpio" "$dir/host/boot/"
    mkdir "$dir/host/uvmem"
    cp -r "$root/firmware/host/scripts" "$root/firmware/host/actions" "$root/firmware/host/word" "$dir/host/uvmem/"
    copy_modules "$dir/host/modules" "${host_modules[@]}"
    pack "$dir/host" "$dir/host-initrd.cpio"
    rm -rf "$dir/host" "$dir/guest" "$dir/tasks"
}

build_all_images() {
    say "images: building guest programs and root file systems"
    mkdir -p "$1/programs"
    build_programs "$1/programs"
    build_images "$1"
}

# Leaves build/images as the inputs say, each file whole; the stamp is written last.
make_root_images() {
    local key dir file
    key=$(images_key)
    dir=$cache/images-$key
    cached_step "$dir" build_all_images
    [ "$(cat "$images/.key" 2>/dev/null)" = "$key" ] && return 0
    for file in "$kernel_dir/vmlinux" "$kernel_dir/System.map" "$dir/host-initrd.cpio" "$dir/guest-initrd.cpio" "$dir/programs/kernel-layout.txt" "$dir/programs/bench-here"; do
        install_file "$file" "$images/$(basename "$file")"
    done
    echo "$key" >"$images/.key"
    say "images: in $images"
    prune images 4
    prune kernel 2
}
