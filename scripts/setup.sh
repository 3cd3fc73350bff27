#!/usr/bin/env bash
# Makes everything the machine needs: packages, kernel, root file systems, and the emulator itself.
# Cached: what has not changed is not made again. --images-only leaves the emulator out; --kernel NAME, as often as wanted,
# makes another kernel for tests, too: debian (Debian's own), 6.12 (its backport's source), selftest (with the kernel's self-tests).
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/packages.sh
. scripts/lib/kernel.sh
. scripts/lib/ppc64el.sh
. scripts/lib/images.sh
. scripts/lib/other-kernels.sh
. scripts/lib/emulator.sh
trap 'say "setup: stopped by an unexpected error at ${BASH_SOURCE[0]}:$LINENO ($BASH_COMMAND)" >&2' ERR

make_images() {
    install_packages
    mkdir -p "$cache" "$images" || die "cannot write $cache; set UVMEM_CACHE to a writable folder"
    # Two set-ups that share a cache take turns.
    exec 8>"$cache/lock"
    if ! flock -n 8; then
        say "images: waiting for another set-up that uses $cache"
        flock 8
    fi
    make_kernel
    make_ppc64el
    make_root_images
    for kernel in "${kernels[@]}"; do make_other_kernel "$kernel"; done
    exec 8>&-
}

images_only= kernels=()
while [ $# -gt 0 ]; do
    case $1 in
        --images-only) images_only=1 ;;
        --kernel) kernels+=("${2:?--kernel needs a name: $other_kernels}") && shift ;;
        *) die "unknown option $1; there are --images-only and --kernel NAME" ;;
    esac
    shift
done

make_images
[ -n "$images_only" ] || make_emulator
