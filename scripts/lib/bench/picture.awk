# An SVG picture of a file of results (measure.sh): speed by CPU time of each program beside QEMU's, medians as bars, from least to most as a line over each.

{ value[$1, $2, $3, $4, $5] = $6; if ($3 > rounds) rounds = $3 }
$5 == "rounds" && ($1 == "compute" || $1 == "guest") && !($4 in known) { known[$4] = 1; programs[++count] = $4 }
$5 == "cpu-ms" && $2 == "qemu" && $4 == "story" && $1 == "story" { stories = 1 }

function ratios(part, who, what,    r, n, i, j, t) {
    n = 0
    for (r = 1; r <= rounds; r++)
        if (value[part, who, r, what, "cpu-ms"] && value[part, "qemu", r, what, "cpu-ms"])
            list[++n] = value[part, "qemu", r, what, "cpu-ms"] / value[part, who, r, what, "cpu-ms"]
    for (i = 2; i <= n; i++) for (j = i; j > 1 && list[j - 1] > list[j]; j--) { t = list[j]; list[j] = list[j - 1]; list[j - 1] = t }
    return n
}
function at(speed) { return left + (speed < most ? speed : most) * scale }
function bar(part, who, what, colour,    n, middle) {
    n = ratios(part, who, what)
    if (!n) return
    middle = n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
    body = body sprintf("<rect x='%d' y='%d' width='%.1f' height='12' fill='%s'/>", left, y, at(middle) - left, colour)
    body = body sprintf("<path d='M%.1f %dH%.1f' stroke='#333'/>", at(list[1]), y + 6, at(list[n]))
    body = body sprintf("<text x='%.1f' y='%d'>%.2f</text>\n", (at(list[n]) > at(middle) ? at(list[n]) : at(middle)) + 4, y + 10, middle)
    y += 14
}
function group(name,    begun) {
    begun = y
    if (name == "story") {
        bar("story", "uvmem", name, colours[2])
    } else {
        bar("compute", "uvmem", name, colours[1])
        bar("guest", "uvmem", name, colours[2])
        bar("guest", "uvmem-secure", name, colours[3])
    }
    body = body sprintf("<text x='%d' y='%d' text-anchor='end'>%s</text>\n", left - 8, (begun + y) / 2 + 3, name)
    y += 8
}

END {
    split("#4878a8 #6aa84f #b0603c", colours, " ")
    split("in the hypervisor|in a guest|in a secure guest", titles, "|")
    left = 110; scale = 120; most = 4; y = 46
    for (i = 1; i <= count; i++) group(programs[i])
    if (stories) group("story")
    printf "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='11'>\n<rect width='100%%' height='100%%' fill='white'/>\n", left + most * scale + 60, y + 16
    printf "<text x='%d' y='16' font-size='13'>Speed by CPU time, QEMU 7.2 (powernv9) = 1</text>\n", left
    for (i = 1; i <= 3; i++)
        printf "<rect x='%d' y='24' width='10' height='10' fill='%s'/><text x='%d' y='33'>%s</text>\n", left + (i - 1) * 130, colours[i], left + (i - 1) * 130 + 14, titles[i]
    for (i = 1; i <= most; i++)
        printf "<path d='M%d 40V%d' stroke='%s'/><text x='%d' y='%d' text-anchor='middle'>%d</text>\n", at(i), y, i == 1 ? "#c00" : "#ddd", at(i), y + 12, i
    print body "</svg>"
}
