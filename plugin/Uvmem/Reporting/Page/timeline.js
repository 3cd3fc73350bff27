// The time line: CPUs by what they do, lives of SVMs, calls one within another, failures, page states.
const LabelWidth = 128, AxisHeight = 24, RowGap = 3;
const ActivityColours = ["hypervisor", "guest", "secure", "ultravisor", "stopped"];
const CallColours = { ultracall: "ultracall", reverse: "reverse", hypercall: "hypercall" };
const LifeColours = ["zero", "secure", "sharedinv", "failed"];

function pageColour(state) {
    const rules = [[/^SECURE$/, "given"], [/^PAGEDOUT$/, "pagedout"], [/^SHARED$/, "shared"], [/^SHARED_INV$/, "sharedinv"], [/^SHARED_IMPLICIT$/, "implicit"], [/^SHARED_IMPLICIT_INV$/, "implicitinv"], [/^HV_SHAR/, "sharing"], [/^HV_UNSHAR/, "unsharing"]];
    return (rules.find(([pattern]) => pattern.test(state)) ?? [null, "pseudo"])[1];
}

// Linux makes it for each page that it moves and ignores the answer.
function isExpectedFailure(call) { return call.name === "UV_PAGE_INVAL"; }

function failed(call) { return call.result !== null && call.result !== 0; }

class Timeline {
    constructor(view) {
        this.view = view;
        this.run = view.run;
        this.canvas = document.getElementById("timeline");
        this.failures = this.run.calls.filter(failed);
        this.rows = [];
        this.layOut();
        this.listen();
        view.listen(() => this.draw());
        addEventListener("resize", () => this.draw());
        legend(document.getElementById("timeline-legend"), [
            ["hypervisor", "hypervisor"], ["guest", "guest"], ["secure guest", "secure"], ["ultravisor, ultracall", "ultravisor"], ["hypercall by the ultravisor", "reverse"], ["hypercall of an SVM", "hypercall"], ["failed", "failed"],
        ]);
        this.draw();
    }

    row(height, row) {
        const last = this.rows[this.rows.length - 1];
        this.rows.push({ ...row, height, top: last ? last.top + last.height + (row.joined ? 0 : RowGap) : AxisHeight });
    }

    layOut() {
        for (const [number, cpu] of [...this.run.cpus].sort((a, b) => a[0] - b[0])) {
            if (number < 0)
                continue;
            this.prepareCpu(cpu);
            this.row(24, { kind: "cpu", label: `CPU ${number}`, cpu });
        }
        for (const svm of [...this.run.svms.values()].sort((a, b) => a.lpid - b.lpid)) {
            if (svm.lives.length === 0)
                continue;
            svm.lifeSpans = svm.lives.filter(life => life.state >= 0).map(life => ({ ...life, begin: life.ticks, end: (svm.lives.find(next => next.ticks > life.ticks || svm.lives.indexOf(next) > svm.lives.indexOf(life)) ?? { ticks: this.run.end }).ticks }));
            this.row(20, { kind: "life", label: `SVM ${svm.lpid}`, svm });
            const lanes = new Map();
            for (const call of this.run.calls) {
                if (call.lpid !== svm.lpid || call.lane < 0 || (call.name === "UV_RETURN" && !failed(call)))
                    continue;
                const key = call.lane;
                if (!lanes.has(key))
                    lanes.set(key, []);
                (lanes.get(key)[call.depth] ??= []).push(call);
            }
            for (const [lane, depths] of [...lanes].sort((a, b) => a[0] - b[0]))
                depths.forEach((calls, depth) => this.row(17, { kind: "calls", label: depth === 0 ? (lanes.size > 1 ? `calls, lane ${lane}` : "calls") : "", calls: calls ?? [], joined: depth > 0 }));
            this.prepareCounts(svm);
            if (svm.counts.length)
                this.row(46, { kind: "pages", label: `pages, to ${commas(svm.most)}`, svm });
        }
        const other = this.run.calls.filter(call => call.lane < 0);
        if (other.length)
            this.row(17, { kind: "calls", label: "other calls", calls: other });
        this.row(17, { kind: "failures", label: "failures", calls: this.failures });
        if (this.run.violations.length)
            this.row(17, { kind: "violations", label: "violations", list: this.run.violations });
        const last = this.rows[this.rows.length - 1];
        this.height = last.top + last.height + 6;
    }

    // Time of each activity before each change, so that the share of any span is two look-ups.
    prepareCpu(cpu) {
        const count = cpu.times.length;
        cpu.before = ActivityColours.map(() => new Float64Array(count + 1));
        for (let n = 0; n < count; n++) {
            const next = n + 1 < count ? cpu.times[n + 1] : this.run.end;
            for (let activity = 0; activity < ActivityColours.length; activity++)
                cpu.before[activity][n + 1] = cpu.before[activity][n] + (cpu.activities[n] === activity ? next - cpu.times[n] : 0);
        }
        cpu.visits = cpu.times.filter((_, n) => cpu.activities[n] === 3);
    }

    // Pages by colour after each change, but for those that are secure and rest.
    prepareCounts(svm) {
        const now = new Map();
        svm.counts = [];
        svm.most = 1;
        const ends = svm.lives.filter(life => life.state < 0).map(life => ({ ticks: life.ticks, ends: true }));
        for (const change of [...svm.changes, ...ends].sort((a, b) => a.ticks - b.ticks)) {
            if (change.ends) {
                now.clear();
            } else {
                const [from, to] = [pageColour(this.run.states[change.from]), pageColour(this.run.states[change.to])];
                now.set(from, (now.get(from) ?? 0) - 1);
                now.set(to, (now.get(to) ?? 0) + 1);
            }
            const last = svm.counts[svm.counts.length - 1];
            const counts = Object.fromEntries([...now].filter(([name, count]) => name !== "given" && count > 0));
            svm.most = Math.max(svm.most, ...Object.values(counts));
            if (last && last.ticks === change.ticks)
                last.counts = counts;
            else
                svm.counts.push({ ticks: change.ticks, counts });
        }
    }

    x(ticks) { return LabelWidth + (ticks - this.view.from) / (this.view.to - this.view.from) * (this.width - LabelWidth); }

    ticks(x) { return this.view.from + (x - LabelWidth) / (this.width - LabelWidth) * (this.view.to - this.view.from); }

    draw() {
        const { context, width } = surface(this.canvas, this.height);
        this.context = context;
        this.width = width;
        this.colours = Object.fromEntries([...ActivityColours, ...Object.values(CallColours), ...LifeColours, "failed", "cursor", "text", "quiet", "line", "row", "page", "pagedout", "shared", "sharedinv", "implicit", "implicitinv", "sharing", "unsharing", "pseudo"].map(name => [name, colour(name)]));
        this.drawAxis();
        for (const row of this.rows) {
            context.save();
            context.beginPath();
            context.rect(LabelWidth, row.top, width - LabelWidth, row.height);
            context.clip();
            context.fillStyle = this.colours.row;
            context.fillRect(LabelWidth, row.top, width - LabelWidth, row.height);
            this["draw_" + row.kind](row);
            context.restore();
            context.fillStyle = this.colours.text;
            context.textAlign = "right";
            if (row.label)
                context.fillText(row.label, LabelWidth - 10, row.top + Math.min(row.height, 24) / 2);
        }
        this.drawCursor();
        const length = this.view.to - this.view.from;
        document.getElementById("span").textContent = `${this.view.time(this.view.from)} to ${this.view.time(this.view.to)}: ${this.view.length(length)}`;
    }

    drawAxis() {
        const { context, view } = this, second = this.run.second;
        const room = (view.to - view.from) / second / Math.max(2, (this.width - LabelWidth) / 120);
        const power = 10 ** Math.floor(Math.log10(room)), step = [1, 2, 5, 10].map(n => n * power).find(n => n >= room);
        const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        context.textAlign = "center";
        for (let n = Math.ceil(view.from / second / step); n * step * second <= view.to; n++) {
            const x = this.x(n * step * second);
            context.fillStyle = this.colours.line;
            context.fillRect(Math.round(x), AxisHeight - 5, 1, this.height - AxisHeight);
            if (x < LabelWidth + 30 || x > this.width - 34)
                continue;
            context.fillStyle = this.colours.quiet;
            context.fillText((n * step).toFixed(digits) + " s", x, 10);
        }
    }

    drawCursor() {
        const x = this.x(this.view.at), { context } = this;
        if (x < LabelWidth || x > this.width)
            return;
        context.fillStyle = this.colours.cursor;
        context.fillRect(Math.round(x), 4, 1, this.height);
        context.beginPath();
        context.moveTo(x - 5, 2);
        context.lineTo(x + 5, 2);
        context.lineTo(x, 9);
        context.fill();
    }

    draw_cpu(row) {
        const { cpu } = row, { context, view } = this;
        const at = n => cpu.times[n], first = Math.max(0, above(cpu.times.length, view.from, at) - 1), last = above(cpu.times.length, view.to, at);
        const height = row.height - 6;
        if (last - first < 500) {
            for (let n = first; n < last; n++) {
                const begin = this.x(cpu.times[n]), end = this.x(n + 1 < cpu.times.length ? cpu.times[n + 1] : this.run.end);
                if (end - begin <= 0)
                    continue;
                context.fillStyle = this.colours[ActivityColours[cpu.activities[n]]];
                context.fillRect(begin, row.top, Math.max(end - begin, .5), height);
                const lpid = cpu.lpids[n] ? " " + cpu.lpids[n] : "";
                this.write(["hypervisor", "guest", "secure guest", "ultravisor", "stopped"][cpu.activities[n]] + lpid, begin, end, row.top + height / 2);
            }
        } else {
            // More spans than can be seen: each column shows the shares of its time.
            for (let x = LabelWidth; x < this.width; x++) {
                const shares = this.shares(cpu, this.ticks(x), this.ticks(x + 1));
                let y = row.top;
                shares.forEach((share, activity) => {
                    context.fillStyle = this.colours[ActivityColours[activity]];
                    context.fillRect(x, y, 1, share * height);
                    y += share * height;
                });
            }
        }
        context.fillStyle = this.colours.ultravisor;
        this.marks(cpu.visits.length, n => cpu.visits[n], n => cpu.visits[n], x => context.fillRect(x, row.top + height + 1, 1.5, 5));
    }

    shares(cpu, from, to) {
        const until = (activity, ticks) => {
            const n = above(cpu.times.length, ticks, k => cpu.times[k]) - 1;
            if (n < 0)
                return 0;
            return cpu.before[activity][n] + (cpu.activities[n] === activity ? Math.min(ticks, this.run.end) - cpu.times[n] : 0);
        };
        return ActivityColours.map((_, activity) => (until(activity, to) - until(activity, from)) / (to - from));
    }

    draw_life(row) {
        for (const life of row.svm.lifeSpans) {
            const [begin, end] = [this.x(life.begin), this.x(life.end)];
            this.context.fillStyle = this.colours[LifeColours[life.state]];
            this.context.fillRect(begin, row.top + 1, Math.max(end - begin, 1.5), row.height - 2);
            this.write(this.run.svmStates[life.state].toLowerCase(), begin, end, row.top + row.height / 2);
        }
    }

    // Calls one after the other. What is narrower than a point is one mark, and the next looked at is the first behind that point.
    marks(count, begin, end, narrow, wide) {
        for (let n = above(count, this.view.from, end) - (wide ? 0 : 0); n < count && begin(n) <= this.view.to;) {
            const left = this.x(begin(n)), right = this.x(end(n));
            if (wide && right - left >= 2) {
                wide(n, left, right);
                n++;
                continue;
            }
            narrow(left, n);
            const next = above(count, this.ticks(left + 1.5), begin);
            n = Math.max(n + 1, wide ? Math.min(next, this.firstWide(count, n + 1, next, begin, end)) : next);
        }
    }

    // Spans that are wide enough must not hide behind a narrow one just before them.
    firstWide(count, from, to, begin, end) {
        const last = to - 1;
        return last > from && this.x(end(last)) - this.x(begin(last)) >= 2 ? last : to;
    }

    draw_calls(row) {
        const { calls } = row, { context } = this, height = row.height - 2;
        this.marks(calls.length, n => calls[n].begin, n => calls[n].end, (x, n) => {
            context.fillStyle = this.colours[failed(calls[n]) ? "failed" : CallColours[calls[n].kind]];
            context.fillRect(x, row.top + 1, 1.5, height);
        }, (n, left, right) => {
            context.fillStyle = this.colours[CallColours[calls[n].kind]];
            context.fillRect(left, row.top + 1, Math.max(right - left - .5, 1), height);
            if (failed(calls[n])) {
                context.fillStyle = this.colours.failed;
                context.fillRect(left, row.top + height - 2, right - left - .5, 3);
            }
            this.write(callText(calls[n]), left, right, row.top + 1 + height / 2, calls[n].name);
        });
        const selected = this.view.selected;
        if (selected && calls.includes(selected)) {
            context.strokeStyle = this.colours.cursor;
            context.lineWidth = 2;
            context.strokeRect(this.x(selected.begin) - 1, row.top + 1, Math.max(this.x(selected.end) - this.x(selected.begin), 3) + 1, height);
        }
    }

    draw_failures(row) {
        for (const [expected, name] of [[true, "quiet"], [false, "failed"]]) {
            const calls = row.calls.filter(call => isExpectedFailure(call) === expected);
            this.context.fillStyle = this.colours[name];
            this.marks(calls.length, n => calls[n].end, n => calls[n].end, x => this.context.fillRect(x - 1, row.top + (expected ? 6 : 1), expected ? 1.5 : 3, row.height - (expected ? 11 : 2)));
        }
    }

    draw_violations(row) {
        this.context.fillStyle = this.colours.failed;
        this.marks(row.list.length, n => row.list[n].ticks, n => row.list[n].ticks, x => this.context.fillRect(x - 1, row.top + 1, 3, row.height - 2));
    }

    // A line for each colour, on a logarithmic scale: one page that is paged out is seen beside a thousand that are shared.
    draw_pages(row) {
        const { svm } = row, { context } = this, height = row.height - 8;
        const y = count => row.top + row.height - 3 - Math.log2(1 + count) / Math.log2(1 + svm.most) * height;
        const names = [...new Set(svm.counts.flatMap(one => Object.keys(one.counts)))];
        const at = n => svm.counts[n].ticks;
        context.lineWidth = 1.5;
        for (const name of names) {
            context.strokeStyle = this.colours[name];
            context.beginPath();
            let before = null;
            for (let x = LabelWidth; x <= this.width; x++) {
                const n = above(svm.counts.length, this.ticks(x), at) - 1;
                const first = above(svm.counts.length, this.ticks(x - 1), at) - 1;
                let count = n < 0 ? 0 : svm.counts[n].counts[name] ?? 0;

                // A peak within a column is shown, too.
                for (let k = Math.max(first + 1, n - 64); k < n; k++)
                    count = Math.max(count, svm.counts[k].counts[name] ?? 0);
                if (before === null)
                    context.moveTo(x, y(count));
                else if (before !== count)
                    context.lineTo(x, y(before));
                context.lineTo(x, y(count));
                before = count;
            }
            context.stroke();
        }
    }

    // A text within a span, if it has room; a shorter one if that has.
    write(text, begin, end, y, shorter) {
        const left = Math.max(begin, LabelWidth) + 4, room = Math.min(end, this.width) - left - 3;
        if (room < 12)
            return;
        const { context } = this, fits = [text, shorter ?? ""].find(one => one && context.measureText(one).width <= room);
        if (!fits)
            return;
        context.fillStyle = document.documentElement.dataset.theme === "dark" ? "#0b0f14" : "#10151b";
        context.textAlign = "left";
        context.fillText(fits, left, y);
    }

    // What is at a point: words for it, and the call if it is one.
    find(x, y) {
        const row = this.rows.find(one => y >= one.top && y < one.top + one.height);
        if (!row || x < LabelWidth)
            return null;
        const ticks = this.ticks(x), reach = this.ticks(x + 3) - ticks;
        if (row.kind === "calls" || row.kind === "failures") {
            const near = row.calls.length && this.nearest(row.calls, ticks, reach);
            return near ? { call: near, lines: this.describe(near) } : null;
        }
        if (row.kind === "violations") {
            const one = row.list.find(violation => Math.abs(violation.ticks - ticks) <= reach);
            return one ? { ticks: one.ticks, lines: [`violation: ${one.what} of secure memory ${hex(one.real)}`, `${one.world}${one.caller ? ", " + one.caller : ""}, instruction at ${hex(one.instruction)}`, this.view.time(one.ticks)] } : null;
        }
        if (row.kind === "cpu") {
            const n = above(row.cpu.times.length, ticks, k => row.cpu.times[k]) - 1;
            if (n < 0)
                return null;
            const end = row.cpu.times[n + 1] ?? this.run.end, shares = this.shares(row.cpu, ticks - reach / 6, ticks + reach / 6);
            if (this.x(end) - this.x(row.cpu.times[n]) < 3)
                return { lines: ["around here", ...shares.map((share, k) => [share, k]).filter(([share]) => share > .005).map(([share, k]) => `${["hypervisor", "guest", "secure guest", "ultravisor", "stopped"][k]} ${(share * 100).toFixed(0)} %`)] };
            return { lines: [`${["hypervisor", "guest", "secure guest", "ultravisor", "stopped"][row.cpu.activities[n]]}${row.cpu.lpids[n] ? " " + row.cpu.lpids[n] : ""}`, `${commas(end - row.cpu.times[n])} ticks`, `from ${this.view.time(row.cpu.times[n])}`] };
        }
        if (row.kind === "life") {
            const life = row.svm.lifeSpans.find(one => one.begin <= ticks && one.end >= ticks);
            return life ? { lines: [this.run.svmStates[life.state].toLowerCase(), life.text, `from ${this.view.time(life.begin)} to ${this.view.time(life.end)}`] } : null;
        }
        const n = above(row.svm.counts.length, ticks, k => row.svm.counts[k].ticks) - 1;
        return n < 0 ? null : { lines: ["pages", ...Object.entries(row.svm.counts[n].counts).map(([name, count]) => `${commas(count)} ${this.words(name)}`)] };
    }

    words(name) {
        return { pagedout: "paged out", shared: "shared", sharedinv: "shared, without a page", implicit: "shared for RTAS", implicitinv: "shared for RTAS, without a page", sharing: "being shared", unsharing: "being unshared", pseudo: "shared in the hypervisor's eyes only" }[name] ?? name;
    }

    nearest(calls, ticks, reach) {
        const n = above(calls.length, ticks, k => calls[k].begin);
        for (const k of [n - 1, n, n - 2]) {
            const call = calls[k];
            if (call && call.begin - reach <= ticks && call.end + reach >= ticks)
                return call;
        }
        return null;
    }

    describe(call) {
        const lines = [callText(call), this.view.answer(call)];
        if (call.caller)
            lines.push(`from ${call.caller}, CPU ${call.cpu}`);
        lines.push(`${commas(call.end - call.begin)} ticks, at ${this.view.time(call.begin)}`);
        return lines;
    }

    select(call) {
        this.view.goTo(call.end, call);
        this.describeSelection(call);
    }

    // The call and what was called within it.
    describeSelection(call) {
        const panel = document.getElementById("selection");
        const [name, ...rest] = this.describe(call);
        panel.replaceChildren(element("b", name), " ", element("span", rest.join(" · "), failed(call) ? "bad" : ""));
        const inside = [];
        for (let n = call.number + 1; n < this.run.calls.length && this.run.calls[n].begin <= call.end; n++) {
            const other = this.run.calls[n];
            if (other.lpid === call.lpid && other.lane === call.lane && other.depth === call.depth + 1 && call.end > call.begin && other.name !== "UV_RETURN")
                inside.push(other);
        }
        if (inside.length === 0)
            return;
        const list = element("ol", "");
        for (const one of inside.slice(0, 500)) {
            const button = element("button", `${callText(one)}: ${this.view.answer(one)}`, "moment");
            button.onclick = () => this.select(one);
            const item = element("li", "");
            item.append(button);
            list.append(item);
        }
        panel.append(element("div", `${commas(inside.length)} ${inside.length === 1 ? "call" : "calls"} within it:`, "quiet"), list);
    }

    step(calls, forward, skip) {
        const from = this.view.selected ? this.view.selected.number : -1;
        const at = this.view.selected ? null : this.view.at;
        const candidates = calls.filter(call => !skip?.(call));
        const next = forward
            ? candidates.find(call => at === null ? call.number > from : call.begin > at) ?? candidates[0]
            : candidates.findLast(call => at === null ? call.number < from : call.begin < at) ?? candidates[candidates.length - 1];
        if (next)
            this.select(next);
    }

    stepFailure(forward) {
        this.step(this.failures, forward, this.failures.every(isExpectedFailure) ? null : isExpectedFailure);
    }

    listen() {
        const { canvas, view } = this, place = event => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left - 1, event.clientY - box.top - 1]; };
        let drag = null;
        canvas.addEventListener("wheel", event => {
            event.preventDefault();
            if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
                view.move((event.deltaX || event.deltaY) / this.width);
            else
                view.zoom(1.0016 ** event.deltaY, this.ticks(Math.max(place(event)[0], LabelWidth)));
        }, { passive: false });
        canvas.addEventListener("pointerdown", event => {
            drag = { x: event.clientX, from: view.from, to: view.to, moved: false };
            canvas.setPointerCapture(event.pointerId);
        });
        canvas.addEventListener("pointermove", event => {
            if (!drag) {
                tip(event, this.find(...place(event))?.lines);
                return;
            }
            const by = (drag.x - event.clientX) / (this.width - LabelWidth) * (drag.to - drag.from);
            drag.moved ||= Math.abs(drag.x - event.clientX) > 3;
            if (drag.moved) {
                tip(event, null);
                view.show(drag.from + by, drag.to + by);
            }
        });
        canvas.addEventListener("pointerup", event => {
            const wasClick = drag && !drag.moved;
            drag = null;
            if (!wasClick)
                return;
            const [x, y] = place(event), found = this.find(x, y);
            if (found?.call)
                this.select(found.call);
            else if (x >= LabelWidth)
                view.goTo(found?.ticks ?? this.ticks(x));
        });
        canvas.addEventListener("pointerleave", event => tip(event, null));
        canvas.addEventListener("keydown", event => {
            const actions = {
                ArrowLeft: () => view.move(-.1), ArrowRight: () => view.move(.1), "+": () => view.zoom(.6, view.at), "=": () => view.zoom(.6, view.at), "-": () => view.zoom(1 / .6, view.at),
                Home: () => view.show(...view.whole), "]": () => this.step(this.run.calls, true), "[": () => this.step(this.run.calls, false), n: () => this.stepFailure(true), p: () => this.stepFailure(false),
            };
            if (!actions[event.key] || event.ctrlKey || event.metaKey || event.altKey)
                return;
            event.preventDefault();
            actions[event.key]();
        });
        const bind = (id, action) => document.getElementById(id).addEventListener("click", action);
        bind("fit", () => view.show(...view.whole));
        bind("fit-svm", () => this.showSvms());
        bind("in", () => view.zoom(.5, (view.from + view.to) / 2));
        bind("out", () => view.zoom(2, (view.from + view.to) / 2));
        bind("next-failure", () => this.stepFailure(true));
        bind("previous-failure", () => this.stepFailure(false));
    }

    showSvms() {
        const lives = [...this.run.svms.values()].flatMap(svm => svm.lives.map(life => life.ticks));
        if (lives.length === 0)
            return;
        const [first, last] = [Math.min(...lives), Math.max(...lives)], edge = (last - first) * .02;
        this.view.show(first - edge, last + edge);
    }
}
