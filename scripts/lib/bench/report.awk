# Tables of a file of results (measure.sh): medians, and ratios of the values of one round with their spread.
# Goals are lines "goal: WHAT: VALUE, at most|at least LIMIT: met|missed".

{ value[$1, $2, $3, $4, $5] = $6; if ($3 > rounds) rounds = $3; seen[$1, $2] = 1; if (!(($1, $4) in known)) { known[$1, $4] = 1; names[$1] = names[$1] " " $4 } }

function sort(n,    i, j, t) { for (i = 2; i <= n; i++) for (j = i; j > 1 && list[j - 1] > list[j]; j--) { t = list[j]; list[j] = list[j - 1]; list[j - 1] = t } }

# The values of all rounds, least first; how many.
function gather(part, who, what, unit,    r, n) {
    for (r = 1; r <= rounds; r++) if ((part, who, r, what, unit) in value) list[++n] = value[part, who, r, what, unit]
    sort(n)
    return n
}

# Of A's value by B's in the same round.
function ratios(part, who, what, unit, part2, who2, what2,    r, n) {
    for (r = 1; r <= rounds; r++)
        if (value[part, who, r, what, unit] && value[part2, who2, r, what2, unit])
            list[++n] = value[part, who, r, what, unit] / value[part2, who2, r, what2, unit]
    sort(n)
    return n
}

function median(n) { return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2 }
function spread(n, scale, format) {
    if (!n) return "-"
    return sprintf(format " (" format "-" format ")", median(n) / scale, list[1] / scale, list[n] / scale)
}

function goal(what, number, kind, limit) {
    goals = goals sprintf("%-62s %8.2f   %s %-5s  %s\n", what, number, kind, limit, (kind == "at most" ? number <= limit : number >= limit) ? "met" : "MISSED")
}

function story(    i, n, count, who, machines, about, like, rate, r) {
    count = split("qemu uvmem uvmem-secure renode-secure", machines, " ")
    printf "\nStory: from the hypervisor kernel's first line to power-off\n%-14s %-20s %-20s %-20s %9s %11s %9s\n", "machine", "wall s", "CPU s", "first line s", "peak MiB", "beside RAM", "M instr/s"
    for (i = 1; i <= count; i++) {
        who = machines[i]
        if (!(("story", who) in seen)) continue
        printf "%-14s %-20s", who, spread(gather("story", who, "story", "wall-ms"), 1000, "%.2f")
        printf " %-20s", spread(gather("story", who, "story", "cpu-ms"), 1000, "%.2f")
        printf " %-20s", spread(gather("story", who, "first-line", "wall-ms"), 1000, "%.2f")
        printf " %9d", median(gather("story", who, "peak", "kib")) / 1024
        # Renode keeps the machine's RAM in many small mappings, which are not told from its own.
        printf " %11s", who ~ /renode/ ? "-" : sprintf("%d", median(gather("story", who, "beside-ram", "kib")) / 1024)
        # Who does not count instructions executes about as many as are counted here in the same story.
        about = gather("story", who, "all", "instructions") && list[1] ? "" : "~"
        like = about == "" ? who : who ~ /secure/ ? "uvmem-secure" : "uvmem"
        gather("story", like, "all", "instructions")
        printf " %9s\n", about sprintf("%d", list[1] / median(gather("story", who, "story", "cpu-ms")) / 1000)
    }
    n = ratios("story", "uvmem", "story", "cpu-ms", "story", "qemu", "story"); print "CPU time, uvmem / QEMU, normal story:      " spread(n, 1, "%.2f")
    if (n) goal("story: CPU time, of QEMU's", median(n), "at most", 0.7)
    n = ratios("story", "uvmem", "story", "wall-ms", "story", "qemu", "story"); print "wall time, uvmem / QEMU, normal story:     " spread(n, 1, "%.2f")
    if (n) goal("story: wall time, of QEMU's", median(n), "at most", 0.7)
    n = ratios("story", "uvmem-secure", "story", "cpu-ms", "story", "uvmem", "story"); print "CPU time, secure / normal story:           " spread(n, 1, "%.2f")
    if (n) goal("secure story: CPU time, of the normal one's", median(n), "at most", 1.3)
    n = gather("story", "uvmem", "first-line", "wall-ms")
    if (n) goal("first line of the kernel: seconds from process start", median(n) / 1000, "at most", 1.0)
    n = ratios("story", "uvmem-secure", "story", "wall-ms", "story", "renode-secure", "story")
    if (n) { print "speed inside Renode / without, by wall:    " spread(n, 1, "%.2f"); goal("speed inside Renode, of that without, by wall", median(n), "at least", 0.85) }
}

# Speed beside QEMU's of each program, of one machine. The geometric means of the rounds have a spread, too.
function programs(part, who, title, judged,    i, n, count, list_of_names, least, name, r, sum, logs) {
    if (!((part, who) in seen)) return
    printf "\n%s\n%-14s %-18s %-18s %-20s %-20s\n", title, "program", "QEMU CPU s", who " CPU s", "speed by CPU time", "speed by wall time"
    count = split(names[part], list_of_names, " ")
    for (i = 1; i <= count; i++) {
        name = list_of_names[i]
        if (!((part, name) in known) || name == "story" || name == "first-line" || name == "all" || name == "peak" || name == "beside-ram") continue
        printf "%-14s %-18s", name, spread(gather(part, "qemu", name, "cpu-ms"), 1000, "%.2f")
        printf " %-18s", spread(gather(part, who, name, "cpu-ms"), 1000, "%.2f")
        n = ratios(part, "qemu", name, "cpu-ms", part, who, name)
        printf " %-20s", spread(n, 1, "%.2f")
        if (n && (!least || median(n) < least)) { least = median(n); slowest = name }
        if (n && judged && (name == "floating" || name == "vector")) goal(part ": speed of " name ", of QEMU's", median(n), "at least", 1.0)
        printf " %-20s\n", spread(ratios(part, "qemu", name, "wall-ms", part, who, name), 1, "%.2f")
        for (r = 1; r <= rounds; r++)
            if (value[part, who, r, name, "cpu-ms"] && value[part, "qemu", r, name, "cpu-ms"]) {
                sum[r] += log(value[part, "qemu", r, name, "cpu-ms"] / value[part, who, r, name, "cpu-ms"])
                logs[r]++
            }
    }
    n = 0
    for (r = 1; r <= rounds; r++) if (logs[r]) list[++n] = exp(sum[r] / logs[r])
    sort(n)
    printf "%-14s %-18s %-18s %-20s\n", "geom. mean", "", "", spread(n, 1, "%.2f")
    if (n && judged) {
        goal(part ": speed, geometric mean, of QEMU's", median(n), "at least", 1.0)
        goal(part ": speed of the slowest program (" slowest "), of QEMU's", least, "at least", 0.6)
    }
}

# Calls a second of CPU time.
function rate(who, name,    r, n) {
    for (r = 1; r <= rounds; r++)
        if (value["calls", who, r, name, "cpu-ms"]) list[++n] = value["calls", who, r, name, "rounds"] / value["calls", who, r, name, "cpu-ms"] * 1000
    sort(n)
    return n
}
function beside(who, name,    r, n) {
    for (r = 1; r <= rounds; r++)
        if (value["calls", who, r, name, "cpu-ms"] && value["calls", "qemu", r, "hypercalls", "cpu-ms"])
            list[++n] = value["calls", who, r, name, "rounds"] / value["calls", who, r, name, "cpu-ms"] / (value["calls", "qemu", r, "hypercalls", "rounds"] / value["calls", "qemu", r, "hypercalls", "cpu-ms"])
    sort(n)
    return n
}
function calls_line(who, name, what, limit,    n) {
    printf "%-46s %-32s", what, spread(rate(who, name), 1000, "%.0f")
    n = beside(who, name)
    printf " %s\n", spread(n, 1, "%.1f")
    if (n && limit) goal("calls: " what ", rate of QEMU's guest exits", median(n), "at least", limit)
}
function calls() {
    if (!(("calls", "qemu") in seen) && !(("calls", "uvmem") in seen)) return
    printf "\nChanges between a guest and what is above it\n%-46s %-32s %s\n", "call", "thousand a second of CPU time", "by QEMU's guest exits"
    calls_line("qemu", "hypercalls", "QEMU: hypercall of a guest", 0)
    calls_line("uvmem", "hypercalls", "hypercall of a guest", 3)
    calls_line("uvmem-secure", "hypercalls", "hypercall of a secure guest, reflected", 0)
    calls_line("uvmem-secure", "ultracalls", "ultracall", 3)
    calls_line("uvmem-secure", "shares", "share and unshare of a page", 0)
}

function only(part, who, what, unit) { return value[part, who, 1, what, unit] }

# Work of four processors in the time of one's.
function parallel(    i, r, n, m, count, list_of_names, name) {
    printf "\nFour processors on two host threads, beside one\n%-20s %-20s %-20s %-20s %-18s %s\n", "program on each", "1: wall s", "4: wall s", "throughput", "host CPUs used", "two machines at once"
    count = split(names["parallel"], list_of_names, " ")
    for (i = 1; i <= count; i++) {
        name = list_of_names[i]
        if (name !~ /^all-/) continue
        printf "%-20s %-20s", substr(name, 5), spread(gather("parallel", "uvmem-1", name, "wall-ms"), 1000, "%.2f")
        printf " %-20s", spread(gather("parallel", "uvmem-4", name, "wall-ms"), 1000, "%.2f")
        n = 0
        for (r = 1; r <= rounds; r++)
            if (value["parallel", "uvmem-4", r, name, "wall-ms"])
                list[++n] = value["parallel", "uvmem-4", r, name, "rounds"] * value["parallel", "uvmem-1", r, name, "wall-ms"] / value["parallel", "uvmem-4", r, name, "wall-ms"]
        sort(n)
        printf " %-20s", spread(n, 1, "%.2f")
        if (n) goal("parallel: throughput of 4 processors, " substr(name, 5), median(n), "at least", 1.6)
        n = 0
        for (r = 1; r <= rounds; r++)
            if (value["parallel", "uvmem-4", r, name, "wall-ms"]) list[++n] = value["parallel", "uvmem-4", r, name, "cpu-ms"] / value["parallel", "uvmem-4", r, name, "wall-ms"]
        sort(n)
        printf " %-18s", spread(n, 1, "%.2f")
        n = 0
        for (r = 1; r <= rounds; r++)
            if (value["parallel", "uvmem-twin", r, name, "wall-ms"])
                list[++n] = 4 * value["parallel", "uvmem-1", r, name, "wall-ms"] / (value["parallel", "uvmem-twin", r, name, "wall-ms"] + value["parallel", "uvmem-other", r, name, "wall-ms"])
        sort(n)
        printf " %s\n", spread(n, 1, "%.2f")
    }
}

function scaling(    power, who, i, count, list_of_names, cpu, executed, first, cost, pause) {
    printf "\nScaling\n%-14s %16s %18s %10s %18s\n", "instructions", "executed, M", "CPU ns for each", "peak MiB", "longest pause ms"
    count = split(names["scaling"], list_of_names, " ")
    for (power = 8; power <= 11; power++) {
        who = "uvmem-" power
        if (!(("scaling", who) in seen)) continue
        cpu = 0
        for (i = 1; i <= count; i++) if (list_of_names[i] != "story") cpu += only("scaling", who, list_of_names[i], "cpu-ms")
        executed = only("scaling", who, "all", "instructions") - only("scaling", "uvmem-off", "all", "instructions")
        cost = cpu * 1e6 / executed
        if (!first) first = cost
        if (only("scaling", who, "longest-pause", "ms") > pause) pause = only("scaling", who, "longest-pause", "ms")
        printf "10^%-11d %16d %18.2f %10d %18.1f\n", power, executed / 1e6, cost, only("scaling", who, "peak", "kib") / 1024, only("scaling", who, "longest-pause", "ms")
    }
    goal("scaling: cost of an instruction in the longest run, of 10^8's", cost / first, "at most", 1.1)
    goal("scaling: longest pause, ms", pause, "at most", 10)
}

END {
    if (("story", "uvmem") in seen) story()
    programs("compute", "uvmem", "Programs in the hypervisor", 1)
    programs("guest", "uvmem", "Programs in a guest", 1)
    programs("guest", "uvmem-secure", "Programs in a secure guest, beside a normal guest on QEMU", 0)
    calls()
    if (("parallel", "uvmem-4") in seen) parallel()
    if (("scaling", "uvmem-8") in seen) scaling()
    printf "\nGoals (medians of %d rounds)\n%s", rounds, goals
}
