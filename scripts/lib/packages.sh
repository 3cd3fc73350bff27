# The build tools and the kernel source, from this machine's own Debian. Sourced, not run.

build_packages=(make bc flex bison cpio xz-utils gcc libc6-dev perl
    gcc-powerpc64le-linux-gnu binutils-powerpc64le-linux-gnu libc6-dev-ppc64el-cross
    linux-source-6.1)

installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "needs root to install packages: run as root once, or install them: apt-get install ${missing[*]-}"
    fi
}

install_packages() {
    install_missing "${build_packages[@]}"
}

# install_missing PACKAGE...: by apt, those that are not there.
install_missing() {
    local missing=() p
    for p in "$@"; do installed "$p" || missing+=("$p"); done
    [ ${#missing[@]} = 0 ] && return 0
    command -v apt-get >/dev/null || die "needs Debian 12 (no apt-get here)"
    say "packages: installing ${missing[*]}"
    mkdir -p "$cache"
    local get=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends)
    # Fresh images have no package lists, kept ones may name files that are gone.
    if ! as_root "${get[@]}" install "${missing[@]}" >"$cache/apt.log" 2>&1; then
        run_logged "$cache/apt.log" "apt-get update" as_root apt-get -q update
        run_logged "$cache/apt.log" "apt-get install ${missing[*]}" as_root "${get[@]}" install "${missing[@]}"
    fi
}
