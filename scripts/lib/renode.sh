# Runs the machine inside a Renode. Sourced, not run. Needs plugin.sh.

# Renode's .NET compiles a method again each time that it proves hot; the CPU has hundreds that all do. Compiled once, fully, a boot takes half the time.
export DOTNET_TieredCompilation=0

renode_log=build/renode.log
renode_console=build/renode-console.txt

# Prints the program's path, or says how to get one.
find_renode() {
    local program
    if [ -n "${RENODE_DIR:-}" ]; then
        program=$RENODE_DIR/renode
        [ -x "$program" ] || { say "RENODE_DIR is $RENODE_DIR, but there is no program $program" >&2; return 2; }
    else
        program=$(command -v renode) || {
            say "no Renode here: get 1.16.1 or newer from https://renode.io (Downloads) and put renode into PATH, or set RENODE_DIR to its folder" >&2
            return 2
        }
    fi
    echo "$program"
}

# What a user without a terminal would do: wait for the shell, type, leave it; leave a Monitor that reports an error.
type_into_renode() {
    local typed=
    until grep -q 'There was an error' "$renode_console"; do
        if [ -z "$typed" ] && grep -q '^/ # ' "$renode_console"; then
            cat
            echo exit
            typed=1
        fi
        sleep 0.5
    done
    echo quit
}

# run_in_renode BOOTARGS OPTIONS...: the console on this terminal until the machine is off.
run_in_renode() {
    local bootargs=$1 status=0 folder
    shift
    cd "$root"
    local commands="logFile \$CWD/$renode_log; \$bootargs=\"$bootargs\"; include \$CWD/platforms/power9-uv.resc"
    # Idle time passes at its real speed where somebody types.
    case $bootargs in *shell) commands+="; emulation SetGlobalAdvanceImmediately False" ;; esac
    commands+="; uvmem_console console True True"
    local call=("$renode" --console --disable-gui --hide-log "$@" -e "$commands")
    rm -f "$renode_log" "$renode_console"
    if [ -t 0 ] && [ -t 1 ] && [[ $bootargs == *shell ]]; then
        "${call[@]}"
        return
    fi

    # Renode spins on a standard input that has ended; this one never does.
    folder=$(mktemp -d)
    mkfifo "$folder/typed"
    exec 7<>"$folder/typed"
    rm -r "$folder"
    : >"$renode_console"
    type_into_renode <&0 >&7 &
    typist=$!
    trap 'kill $typist 2>/dev/null' EXIT
    "${call[@]}" --plain <&7 | tee "$renode_console" || status=$?
    [ $status = 0 ] && grep -q '^RUN PASS' "$renode_console"
}
