# Debian's own ppc64el programs, unpacked without running any of them. Sourced, not run.

ppc64el_packages=(busybox-static qemu-system-ppc qemu-system-data e2fsprogs)
# Raise when the commands below change what comes out.
ppc64el_recipe=1

# apt with its architecture, lists, status and cache pointed at a private folder; this machine's stays as it is.
# Signatures are checked with Debian's archive keys as ever.
ppc64el_apt() {
    local dir=$1
    shift
    apt-get -q -y -o APT::Architecture=ppc64el -o APT::Architectures=ppc64el \
        -o Dir::State="$dir/state" -o Dir::State::status="$dir/status" -o Dir::Cache="$dir/cache" \
        -o Dir::Etc::sourcelist="$dir/sources.list" -o Dir::Etc::sourceparts=- \
        -o Dir::Etc::preferences=- -o Dir::Etc::preferencesparts=- \
        -o APT::Sandbox::User=root -o Debug::NoLocking=1 -o Acquire::Languages=none \
        -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false \
        -o Acquire::IndexTargets::deb::DEP-11-icons::DefaultEnabled=false \
        "$@"
}

# The release's main suite, from the mirror this machine itself uses.
write_ppc64el_sources() {
    local uri
    # shellcheck disable=SC2016 # apt's own variables
    uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Codename: bookworm' \
        'Component: main' | head -n 1)
    [ -n "$uri" ] || die "apt knows no Debian 12 (bookworm) main repository; run apt-get update, or add one"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri bookworm main" >"$1"
}

# An empty system in DIR, whose apt knows the release's packages.
begin_ppc64el() {
    local dir=$1
    rm -rf "$dir/state" "$dir/cache" "$dir/root"
    mkdir -p "$dir/state/lists/partial" "$dir/cache/archives/partial" "$dir/root"
    : >"$dir/status"
    write_ppc64el_sources "$dir/sources.list"
    run_logged "$dir/apt.log" "downloading Debian's ppc64el package list" ppc64el_apt "$dir" update
}

unpack_ppc64el() {
    local dir=$1 deb
    say "ppc64el: downloading ${ppc64el_packages[*]}"
    begin_ppc64el "$dir"
    run_logged "$dir/apt.log" "downloading Debian's ppc64el packages" \
        ppc64el_apt "$dir" install --download-only --no-install-recommends "${ppc64el_packages[@]}"
    for deb in "$dir"/cache/archives/*.deb; do
        dpkg-deb -x "$deb" "$dir/root" || die "cannot unpack $deb; is the disk full?"
        dpkg-deb -W --showformat='${Package} ${Version}\n' "$deb"
    done >"$dir/versions"
    rm -rf "$dir/state" "$dir/cache"
}

# ppc64el_closure ROOT PROGRAM: PROGRAM, its interpreter and every shared library it needs, as paths below ROOT.
ppc64el_closure() {
    local base=$1 queue=("$2") seen=" " file name found
    while [ ${#queue[@]} -gt 0 ]; do
        file=${queue[0]}
        queue=("${queue[@]:1}")
        case $seen in *" $file "*) continue ;; esac
        seen+="$file "
        echo "$file"
        for name in $(powerpc64le-linux-gnu-readelf -dl "$base/$file" |
            sed -n 's/.*Shared library: \[\(.*\)\]/\1/p; s/.*program interpreter: .*\/\(.*\)\]/\1/p'); do
            found=$(cd "$base" && find lib lib64 usr/lib -name "$name" \( -type f -o -type l \) 2>/dev/null | sort | head -n 1)
            [ -n "$found" ] || die "no ppc64el package holds $name, which $file needs"
            queue+=("$found")
        done
    done
}

make_ppc64el() {
    ppc64el_dir=$cache/ppc64el-$(printf '%s\n' "$ppc64el_recipe" "${ppc64el_packages[@]}" | key_of)
    cached_step "$ppc64el_dir" unpack_ppc64el
}
