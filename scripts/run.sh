#!/usr/bin/env bash
# Sets everything up (what is there already is not made again) and boots the machine.
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/emulator.sh

usage() {
    cat <<'END'
usage: ./scripts/run.sh [--secure | --normal | --interactive | --renode | --help] [-- OPTIONS OF uvmem boot]

Does all set-up, then boots a Linux hypervisor on the emulated POWER9.
  --secure       a KVM guest goes secure, shares and unshares pages; the default
  --normal       the same machine without an ultravisor: a normal KVM guest, for contrast
  --interactive  a shell on the hypervisor; type  svmhost --secure --shell  for a secure guest
  --renode       inside Renode: not there yet
What stands behind -- goes to uvmem unchanged, for example
  ./scripts/run.sh -- --log-ucalls build/ucalls.txt --memory 3G
Exit code 0: the story was told to its end and the machine powered off. Other codes: uvmem --help.
END
}

story=secure
while [ $# -gt 0 ]; do
    case $1 in
        --secure | --normal | --interactive) story=${1#--} ;;
        --renode) die "--renode: the Renode adapter is not there yet; without the option the same machine runs on its own" ;;
        --help | -h) usage; exit 0 ;;
        --) shift; break ;;
        *) die "unknown option $1; ./scripts/run.sh --help lists them" ;;
    esac
    shift
done

scripts/setup.sh

machine=(--kernel "$images/vmlinux" --initrd "$images/host-initrd.cpio" --memory 2G)
# One kernel runs in hypervisor and guest.
secure=(--ultravisor --secure-memory 1G --guest-symbols "$images/System.map")
# The guest's secret must stand nowhere in normal memory; firmware/README.md.
scan=(--scan "$(cat firmware/marker.hex)")
# Entropy from the darn instruction: else Linux collects it from timer jitter, 2.6 s of guest time.
entropy=random.trust_cpu=on
case $story in
    secure) machine+=("${secure[@]}" "${scan[@]}" --append "console=hvc0 $entropy uvmem.run=secure") ;;
    normal) machine+=(--append "console=hvc0 $entropy uvmem.run=normal") ;;
    interactive) machine+=("${secure[@]}" --interactive --append "console=hvc0 $entropy uvmem.run=shell") ;;
esac
exec dotnet "$emulator_program" boot "${machine[@]}" "$@"
