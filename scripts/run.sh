#!/usr/bin/env bash
# Sets everything up (what is there already is not made again) and boots the machine.
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/emulator.sh
. scripts/lib/plugin.sh
. scripts/lib/renode.sh
. scripts/lib/rows.sh

usage() {
    cat <<'END'
usage: ./scripts/run.sh [--renode] [--secure | --normal | --interactive | --help] [-- OPTIONS OF uvmem boot]
       ./scripts/run.sh --row NAME

Does all set-up, then boots a Linux hypervisor on the emulated POWER9.
  --secure       a KVM guest goes secure, shares and unshares pages; the default
  --normal       the same machine without an ultravisor: a normal KVM guest, for contrast
  --interactive  a shell on the hypervisor; type  svmhost --secure --shell  for a secure guest
  --row NAME     one row of the acceptance matrix, for example S9 (the retry of kvmppc_share_page), told call by call
  --renode       inside Renode: $RENODE_DIR/renode, or renode in PATH. With none of the stories above it leads to the
                 shell of a secure guest. Ctrl-] leaves the guest's console for Renode's Monitor, exit ends it.
                 Without a terminal, standard input is typed into the shell, then exit.
What stands behind -- goes to uvmem (or to Renode) unchanged, for example
  ./scripts/run.sh -- --log-ucalls build/ucalls.txt --memory 3G
  ./scripts/run.sh -- --translate check         interpreter and translator, compared all the way
Exit code 0: the story was told to its end and the machine powered off. 2: no Renode. Other codes: uvmem --help.
END
}

story=
row=
renode=
while [ $# -gt 0 ]; do
    case $1 in
        --secure | --normal | --interactive) story=${1#--} ;;
        --renode) renode=$(find_renode) || exit 2 ;;
        --row) row=${2:?--row needs the name of a row} && shift ;;
        --help | -h) usage; exit 0 ;;
        --) shift; break ;;
        *) die "unknown option $1; ./scripts/run.sh --help lists them" ;;
    esac
    shift
done

if [ -n "$row" ]; then
    make_rows
    run_rows "$row"
fi

# Entropy from the darn instruction: else Linux collects it from timer jitter, 2.6 s of guest time.
append="console=hvc0 random.trust_cpu=on uvmem.run"

if [ -n "$renode" ]; then
    scripts/setup.sh --images-only
    make_plugin
    case $story in
        secure | normal) run_in_renode "$append=$story" "$@" ;;
        interactive) run_in_renode "$append=shell" "$@" ;;
        *) run_in_renode "$append=secure-shell" "$@" ;;
    esac
    exit
fi

scripts/setup.sh

machine=(--kernel "$images/vmlinux" --initrd "$images/host-initrd.cpio" --memory 2G)
# One kernel runs in hypervisor and guest.
secure=(--ultravisor --secure-memory 1G --guest-symbols "$images/System.map")
# The guest's secret must stand nowhere in normal memory; firmware/README.md.
scan=(--scan "$(cat firmware/marker.hex)")
case ${story:-secure} in
    secure) machine+=("${secure[@]}" "${scan[@]}" --append "$append=secure") ;;
    normal) machine+=(--append "$append=normal") ;;
    interactive) machine+=("${secure[@]}" --interactive --append "$append=shell") ;;
esac
exec dotnet "$emulator_program" boot "${machine[@]}" "$@"
