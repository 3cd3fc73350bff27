# Shared by the set-up scripts: messages, keys and cached steps. Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${UVMEM_CACHE:-$root/build/cache}
images=$root/build/images

say() { printf '%s\n' "$*"; }

# One clear line that says what to do, then out.
die() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

# Ends a long step's progress line; without a terminal progress is whole lines.
progress() {
    if [ -t 1 ]; then printf '\r\033[K%s' "$*"; else printf '%s\n' "$*"; fi
}
progress_end() { if [ -t 1 ]; then printf '\r\033[K'; fi; }

# 16 hex digits over everything given on standard input.
key_of() { sha256sum | cut -c1-16; }

# Content of files, independent of where the repository lies and of time stamps.
hash_files() { (cd "$root" && cat /dev/null "$@" | sha256sum && printf '%s\n' "$@"); }

# run_logged LOG WHAT COMMAND...: quiet on success; on failure the log's end and one line.
run_logged() {
    local log=$1 what=$2
    shift 2
    if ! "$@" >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        die "$what failed; the full log is $log"
    fi
}

# cached_step DIR FUNCTION: FUNCTION fills DIR, unless a run before completed it.
# The mark is written last, so an interrupted step is never taken as complete.
cached_step() {
    local dir=$1 function=$2
    if [ -e "$dir/.complete" ]; then
        touch "$dir"
        return 0
    fi
    mkdir -p "$dir" || die "cannot write $dir; set UVMEM_CACHE to a writable folder"
    "$function" "$dir"
    : >"$dir/.complete"
}

# prune PREFIX KEEP: of the cached steps of that name, all but the most recently used few go.
prune() {
    local dir
    while read -r dir; do
        rm -rf "$dir"
    done < <(ls -dt "$cache/$1"-* 2>/dev/null | tail -n "+$(($2 + 1))")
}

# install_file FROM TO: TO is either the old file or the whole new one.
install_file() {
    cp --reflink=auto "$1" "$2.new" && mv "$2.new" "$2" || die "cannot write $2; is the disk full?"
}
