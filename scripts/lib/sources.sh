# Source packages of this machine's Debian, with apt settings of their own: the machine's stay as they are. Sourced, not run.

# debian_sources PACKAGE...: prints a folder of the cache with their unpacked sources.
debian_sources() {
    local dir=$cache/sources p
    for p in "$@"; do
        [ -e "$dir/.$p" ] && continue
        mkdir -p "$dir/apt/lists/partial" "$dir/apt/parts"
        # The same archives, for sources.
        local f
        for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
            [ -e "$f" ] && sed -n 's/^deb /deb-src /p' "$f" >"$dir/apt/parts/$(basename "$f" .list).list"
        done
        for f in /etc/apt/sources.list.d/*.sources; do
            [ -e "$f" ] && sed 's/^Types:.*/Types: deb-src/' "$f" >"$dir/apt/parts/$(basename "$f")"
        done
        local settings=(-q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$dir/apt/parts" -o Dir::State::Lists="$dir/apt/lists" -o APT::Sandbox::User=root)
        run_logged "$dir/apt.log" "apt-get update" apt-get "${settings[@]}" update
        (cd "$dir" && run_logged "$dir/apt.log" "apt-get source $p" apt-get "${settings[@]}" source --download-only "$p")
        rm -rf "${dir:?}/$p"-[0-9]*/
        (cd "$dir" && for f in "$p"_*.orig.tar.*; do tar xf "$f"; done)
        : >"$dir/.$p"
    done
    printf '%s\n' "$dir"
}
