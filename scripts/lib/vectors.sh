# Building, running and comparing the programs of vectors.sh. Sourced, not run.
# A list has a line for each: name, tab, command. Expected outputs are WORK/expected/NAME.*; without one, exit code 0 is what counts.

cross=powerpc64le-linux-gnu-gcc

# compile OUTPUT FLAGS...: false, with the compiler's messages kept, if it can't be built.
compile() {
    local output=$1
    shift
    nice "$cross" -static -w -o "$output" "$@" >>"$work/compile.log" 2>&1 || { say "not built: $(basename "$output"), see $work/compile.log"; return 1; }
}

build_valgrind() {
    local tests program cpu v name
    tests=$(echo "$1"/valgrind-*/none/tests/ppc64)
    [ -d "$tests" ] || die "no valgrind-*/none/tests/ppc64 in $1"
    mkdir -p "$work/expected"
    for v in "$tests"/*.vgtest; do
        name=$(basename "$v" .vgtest)
        read -r program arguments < <(sed -n 's/^prog: *//p' "$v") || true
        case $program in
            # ISA 3.1, and programs that exist for big-endian only.
            test_isa_3_1_* | test_copy_paste | lsw | ldst_multiple) continue ;;
            test_isa_3_0 | test_mod* | test_darn* | scv* | test_mcr* | test_lxvx*) cpu="-mcpu=power9" ;;
            test_tm | test_touch_tm) cpu="-mcpu=power8 -mhtm -DSUPPORTS_HTM" ;;
            test_dfp* | test_isa_2_06*) cpu="-mcpu=power7" ;;
            *) cpu="-mcpu=power8" ;;
        esac
        if [ ! -e "$work/guest/vectors/$program" ]; then
            # shellcheck disable=SC2086
            compile "$work/guest/vectors/$program" -O -g -mregnames -m64 -maltivec -mhard-dfp $cpu \
                -DHAS_ALTIVEC -DHAS_VSX -DHAS_DFP -DHAS_ISA_2_06 -DHAS_ISA_2_07 -DHAS_ISA_3_00 -DVGP_ppc64le_linux=1 -DVGA_ppc64le=1 -DVGO_linux=1 \
                -I"$tests/../../.." -I"$tests/../../../include" "$tests/$program.c" -lm || continue
        fi
        printf '%s\t./%s %s\n' "$name" "$program" "$arguments" >>"$list"
        for f in "$tests/$name".stdout.exp*; do cp "$f" "$work/expected/$name.${f##*stdout.}"; done
    done
}

# Those that need nothing but a Linux: QEMU's Makefile.target says which.
build_qemu_tcg() {
    local tests program source
    tests=$(echo "$1"/qemu-*/tests/tcg)
    [ -d "$tests" ] || die "no qemu-*/tests/tcg in $1"
    local helpers
    for source in "$tests"/ppc64/*.c "$tests"/multiarch/*.c "$tests"/multiarch/linux/*.c; do
        program=tcg-$(basename "$source" .c)
        helpers=
        case $program in
            # For POWER10.
            tcg-byte_reverse) continue ;;
            tcg-float_*) helpers=$tests/multiarch/libs/float_helpers.c ;;
        esac
        # shellcheck disable=SC2086
        compile "$work/guest/vectors/$program" -O0 -g -mpower8-vector -fno-strict-aliasing -I"$tests/../../include/qemu" -I"$tests/multiarch" \
            "$source" $helpers -lm -lpthread -lrt || continue
        printf '%s\t./%s\n' "$program" "$program" >>"$list"
        source=$tests/ppc64le/${program#tcg-}.ref
        if [ -e "$source" ]; then cp "$source" "$work/expected/$program.ref"; fi
    done
}

run_peer() {
    local name command
    while IFS=$'\t' read -r name command; do
        (cd "$work/guest/vectors" && code=0 && { timeout 120 qemu-ppc64le -cpu power9 $command >"$work/peer/$name" 2>/dev/null </dev/null || code=$?; } && echo $code >"$work/peer/$name.code") 2>/dev/null
    done <"$list"
}

# The root filesystem with the programs on top; each output comes over the console, compressed.
run_ours() {
    cp "$list" "$work/guest/vectors/list"
    cat >"$work/guest/vectors/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /tmp
dmesg -n 1
ifconfig lo 127.0.0.1 up
cd /vectors
while IFS="	" read -r name command; do
    timeout 600 $command >/tmp/out 2>/tmp/err </dev/null
    code=$?
    echo "VECTOR $name $code"
    gzip -9 </tmp/out | base64
    echo "VECTOR END"
done <list
echo "VECTORS DONE"
poweroff -f
INIT
    chmod +x "$work/guest/vectors/init"
    (cd "$work/guest" && find vectors | cpio -o -H newc --quiet) >"$work/vectors.cpio"
    cat "$images/host-initrd.cpio" "$work/vectors.cpio" >"$work/initrd.cpio"
    local code=0
    nice dotnet "$emulator_program" boot --kernel "$images/vmlinux" --initrd "$work/initrd.cpio" --memory 2G --console "file:$work/console" \
        --append "console=hvc0 random.trust_cpu=on rdinit=/vectors/init" >"$work/boot.log" 2>&1 || code=$?
    grep -q '^VECTORS DONE' "$work/console" || die "the emulator did not get to the end (exit code $code); see $work/console and $work/boot.log"
    tr -d '\r' <"$work/console" | awk -v dir="$work/ours" '
        /^VECTOR END/ { close(command); name = ""; next }
        /^VECTOR / { name = $2; print $3 > (dir "/" name ".code"); close(dir "/" name ".code"); command = "base64 -d | gzip -d > " dir "/" name; next }
        name != "" { print | command }'
}

# result WHO NAME: "exact", "N lines differ", "exit code N".
result() {
    local best= lines f code
    code=$(cat "$work/$1/$2.code")
    for f in "$work/expected/$2".*; do
        [ -e "$f" ] || continue
        lines=$(diff "$f" "$work/$1/$2" | grep -c '^[<>]' || true)
        if [ -z "$best" ] || [ "$lines" -lt "$best" ]; then best=$lines; fi
    done
    if [ "$code" != 0 ]; then
        echo "exit code $code"
    elif [ -z "$best" ]; then
        echo "exit code 0"
    elif [ "$best" = 0 ]; then
        echo "exact"
    else
        echo "$best lines differ"
    fi
}

# tabulate WORK NOTES: a table; NOTES/known.txt has, for each program that can't pass, its name, tab, what it gives, tab, the reason.
tabulate() {
    local name ours peer passed=0 peer_passed=0 all=0 bad=0 known
    printf '| program | the emulator | qemu-ppc64le 7.2 | note |\n|---|---|---|---|\n'
    while IFS=$'\t' read -r name _; do
        ours=$(result ours "$name")
        peer=$(result peer "$name")
        all=$((all + 1))
        known=
        case $ours in exact | "exit code 0") passed=$((passed + 1)) ;; *)
            known=$(awk -F'\t' -v name="$name" -v ours="$ours" '$1 == name && $2 == ours { print $3 }' "$2/known.txt" 2>/dev/null || true)
            [ -n "$known" ] || { bad=$((bad + 1)) && known="NOT EXPLAINED"; }
            ;;
        esac
        case $peer in exact | "exit code 0") peer_passed=$((peer_passed + 1)) ;; esac
        printf '| %s | %s | %s | %s |\n' "$name" "$ours" "$peer" "$known"
    done <"$list" 
    say "$all programs: the emulator passes $passed, qemu-ppc64le $peer_passed; $bad without an explanation"
    [ "$bad" = 0 ]
}
