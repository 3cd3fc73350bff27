// The page map: a cell for each 64 KiB page, as it was at the moment that is shown.
const Absent = 255, Given = 254;

class PageMap {
    constructor(view) {
        this.view = view;
        this.run = view.run;
        this.canvas = document.getElementById("map");
        this.svms = [...this.run.svms.values()].filter(svm => svm.slots.length).sort((a, b) => a.lpid - b.lpid);
        document.getElementById("pages").hidden = this.svms.length === 0;
        document.getElementById("pages-none").hidden = this.svms.length !== 0;
        if (this.svms.length === 0)
            return;
        this.pinned = view.page;
        this.hovered = null;
        const select = document.getElementById("svm");
        select.replaceChildren(...this.svms.map(svm => new Option(`partition ${svm.lpid}`, svm.lpid)));
        select.addEventListener("change", () => { this.choose(this.svms[select.selectedIndex]); this.draw(); });
        this.choose(this.svms[0]);
        this.listen();
        view.listen(what => { if (what === "moment" || what === "theme") this.draw(); });
        addEventListener("resize", () => this.draw());
        this.draw();
        this.showHistory();
    }

    // All pages that the SVM ever had, and what happened to them in its order.
    choose(svm) {
        this.svm = svm;
        const ranges = svm.slots.filter(slot => slot.comes).map(slot => [slot.first, slot.first + slot.count]).sort((a, b) => a[0] - b[0]);
        this.ranges = [];
        let cells = 0;
        for (const [first, end] of ranges) {
            const last = this.ranges[this.ranges.length - 1];
            if (last && first <= last.end)
                last.end = Math.max(last.end, end);
            else
                this.ranges.push({ first, end });
        }
        for (const range of this.ranges) {
            range.cell = cells;
            cells += range.end - range.first;
        }
        this.cells = cells;
        this.steps = this.collect();
        this.makeCheckpoints();
    }

    cellOf(frame) {
        const range = this.ranges.find(one => frame >= one.first && frame < one.end);
        return range ? range.cell + frame - range.first : -1;
    }

    frameOf(cell) {
        const range = this.ranges.findLast(one => cell >= one.cell);
        return range.first + cell - range.cell;
    }

    collect() {
        const { svm } = this, steps = [], slots = new Map();

        // At one tick: memory comes, then states change, then calls are answered, then memory goes.
        for (const slot of svm.slots) {
            const there = slot.comes ? slot : slots.get(slot.id);
            if (slot.comes)
                slots.set(slot.id, slot);
            for (let n = 0; there && n < there.count; n++)
                steps.push({ ticks: slot.ticks, order: slot.comes ? 0 : 3, cell: this.cellOf(there.first + n), value: slot.comes ? 0 : Absent });
        }
        for (const change of svm.changes) {
            const cell = this.cellOf(change.frame);
            if (cell >= 0)
                steps.push({ ticks: change.ticks, order: 1, cell, value: change.to });
        }
        for (const call of this.run.calls) {
            if (call.lpid !== svm.lpid || call.name !== "UV_PAGE_IN" || call.result !== 0)
                continue;
            const cell = this.cellOf(Math.floor(call.args.find(([name]) => name === "gpa")[1] / Frame));
            if (cell >= 0)
                steps.push({ ticks: call.end, order: 2, cell, value: Given });
        }
        for (const life of svm.lives) {
            if (life.state < 0)
                steps.push({ ticks: life.ticks, order: 3, cell: -1, value: Absent });
        }
        return steps.sort((a, b) => a.ticks - b.ticks || a.order - b.order);
    }

    apply(states, step) {
        if (step.cell < 0)
            states.fill(Absent);
        else if (step.value !== Given)
            states[step.cell] = step.value;
        else if (states[step.cell] === 0)
            states[step.cell] = Given;
    }

    // Copies of all states now and then: any moment is near one.
    makeCheckpoints() {
        const Every = 4096, states = new Uint8Array(this.cells).fill(Absent);
        this.checkpoints = [];
        this.steps.forEach((step, n) => {
            if (n % Every === 0)
                this.checkpoints.push({ next: n, states: states.slice() });
            this.apply(states, step);
        });
        this.checkpoints.push({ next: this.steps.length, states });
        this.span = this.steps.length ? [this.steps[0].ticks, this.steps[this.steps.length - 1].ticks] : [0, 1];
    }

    statesAt(ticks) {
        const next = above(this.steps.length, ticks, n => this.steps[n].ticks);
        const near = this.checkpoints.findLast(checkpoint => checkpoint.next <= next), states = near.states.slice();
        for (let n = near.next; n < next; n++)
            this.apply(states, this.steps[n]);
        return states;
    }

    colourOf(value) { return value === Absent ? "absent" : value === Given ? "given" : value === 0 ? "zero" : pageColour(this.run.states[value]); }

    nameOf(value) { return value === Absent ? "not there" : value === Given ? "SECURE" : value === 0 ? "SECURE, began as zeros" : this.run.states[value]; }

    // After the end of the last SVM nothing is there to see: the moment just before shows it.
    get moment() { return Math.min(Math.max(this.view.at, this.span[0]), this.span[1] - 1); }

    draw() {
        if (this.svms.length === 0)
            return;
        const room = this.canvas.clientWidth - 2 - 96;
        this.columns = this.cells > 8192 ? 256 : 128;
        this.size = Math.max(2, Math.min(12, Math.floor(room / this.columns)));
        const gap = this.size >= 5 ? 1 : 0;
        this.lines = [];
        for (const range of this.ranges) {
            for (let first = range.first - range.first % this.columns; first < range.end; first += this.columns)
                this.lines.push({ first, from: Math.max(first, range.first), to: Math.min(first + this.columns, range.end), cell: range.cell - range.first });
        }
        const { context } = surface(this.canvas, this.lines.length * this.size + 10);
        this.states = this.statesAt(this.moment);
        const colours = new Map(), counts = new Map();
        this.lines.forEach((line, n) => {
            const y = 5 + n * this.size;
            for (let frame = line.from; frame < line.to; frame++) {
                const value = this.states[frame + line.cell];
                if (!colours.has(value))
                    colours.set(value, colour(this.colourOf(value)));
                counts.set(value, (counts.get(value) ?? 0) + 1);
                context.fillStyle = colours.get(value);
                context.fillRect(90 + (frame - line.first) * this.size, y, this.size - gap, this.size - gap);
            }
        });
        context.fillStyle = colour("quiet");
        context.textAlign = "right";
        const every = Math.max(1, Math.ceil(16 / this.size / 4) * 4);
        this.lines.forEach((line, n) => {
            if (n % every === 0)
                context.fillText(hex(line.from * Frame), 80, 5 + n * this.size + this.size / 2);
        });
        this.outline(context, this.pinned, colour("cursor"));
        this.outline(context, this.hovered, colour("accent"));
        this.drawLegend(counts);
        const slider = document.getElementById("moment"), [first, last] = this.span;
        slider.value = Math.round((this.moment - first) / Math.max(1, last - first) * slider.max);
        slider.setAttribute("aria-valuetext", this.view.time(this.moment));
        document.getElementById("moment-text").textContent = this.view.time(this.moment);
    }

    outline(context, frame, style) {
        const n = frame === null ? -1 : this.lines.findIndex(line => frame >= line.from && frame < line.to);
        if (n < 0)
            return;
        context.strokeStyle = style;
        context.lineWidth = 2;
        context.strokeRect(89 + (frame - this.lines[n].first) * this.size, 4 + n * this.size, this.size + 1, this.size + 1);
    }

    drawLegend(counts) {
        const entries = [[Given, "given"], [0, "zero"]].map(([value, name]) => [this.nameOf(value), name, counts.get(value) ?? 0]);
        const seen = new Set(this.svm.changes.flatMap(change => [change.from, change.to]));

        // One entry a colour: the steps of a share or unshare look the same.
        const byColour = new Map();
        for (const value of [...seen].filter(one => one !== 0).sort((a, b) => a - b)) {
            const entry = byColour.get(this.colourOf(value)) ?? { names: [], count: 0 };
            entry.names.push(this.nameOf(value));
            entry.count += counts.get(value) ?? 0;
            byColour.set(this.colourOf(value), entry);
        }
        for (const [name, entry] of byColour)
            entries.push([entry.names.length > 2 ? `${entry.names[0]} …` : entry.names.join(", "), name, entry.count]);
        if (counts.get(Absent))
            entries.push(["not there", "absent", counts.get(Absent)]);
        legend(document.getElementById("pages-legend"), entries);
    }

    frameAt(event) {
        const box = this.canvas.getBoundingClientRect();
        const line = this.lines[Math.floor((event.clientY - box.top - 6) / this.size)], column = Math.floor((event.clientX - box.left - 91) / this.size);
        const frame = line && column >= 0 && column < this.columns ? line.first + column : -1;
        return line && frame >= line.from && frame < line.to ? frame : null;
    }

    // Whether a call is about a page.
    concerns(call, frame) {
        if (call.lpid !== this.svm.lpid)
            return false;
        const value = name => call.args.find(([one]) => one === name)?.[1], gpa = value("gpa"), gfn = value("gfn");
        if (gfn !== undefined)
            return frame >= gfn && frame < Number(gfn) + Number(value("count") ?? 1);
        return gpa !== undefined && value("size") === undefined && Math.floor(Number(gpa) / Frame) === frame;
    }

    describe(frame) {
        const lines = [`gfn ${hex(frame)}, gpa ${hex(frame * Frame)}`, this.nameOf(this.states[this.cellOf(frame)])];
        const change = this.svm.changes.findLast(one => one.frame === frame && one.ticks <= this.moment);
        if (change)
            lines[1] += ` since ${this.view.time(change.ticks)}`;
        const call = this.run.calls.findLast(one => one.begin <= this.moment && this.concerns(one, frame));
        lines.push(call ? `last call: ${callText(call)}, ${this.view.answer(call)}` : "no call about it yet");
        if (call?.caller)
            lines.push(`from ${call.caller}`);
        return lines;
    }

    showHistory() {
        const panel = document.getElementById("page");
        if (this.pinned === null)
            return;
        const frame = this.pinned, entries = [];
        this.svm.changes.filter(change => change.frame === frame).forEach(change => entries.push({ ticks: change.ticks, order: change.order, text: `${this.run.states[change.from]} → ${this.run.states[change.to]}` }));
        this.run.calls.filter(call => this.concerns(call, frame)).forEach(call => entries.push({ ticks: call.end > call.begin ? call.begin : call.end, order: call.number, text: `${callText(call)}: ${this.view.answer(call)}${call.caller ? ", from " + call.caller : ""}`, bad: failed(call) && !isExpectedFailure(call) }));
        entries.sort((a, b) => a.ticks - b.ticks || a.order - b.order);
        const list = element("ol", "");
        for (const entry of entries) {
            const item = element("li", ""), button = element("button", this.view.time(entry.ticks), "moment");
            button.addEventListener("click", () => this.view.goTo(entry.ticks));
            item.append(button, " ", element("span", entry.text, entry.bad ? "bad" : ""));
            list.append(item);
        }
        panel.replaceChildren(element("b", `History of gfn ${hex(frame)}, gpa ${hex(frame * Frame)}`), list);
        if (entries.length === 0)
            panel.append("Nothing happened to it.");
    }

    pin(frame) {
        this.pinned = this.view.page = frame;
        this.showHistory();
        this.draw();
        this.view.changed("page");
    }

    stepChange(forward) {
        const at = this.moment;
        const next = forward ? this.steps.find(step => step.ticks > at) : this.steps.findLast(step => step.ticks < at);
        if (next)
            this.view.goTo(next.ticks);
    }

    listen() {
        const { canvas, view } = this, slider = document.getElementById("moment");
        slider.addEventListener("input", () => view.goTo(this.span[0] + slider.value / slider.max * (this.span[1] - this.span[0])));
        document.getElementById("next-change").addEventListener("click", () => this.stepChange(true));
        document.getElementById("previous-change").addEventListener("click", () => this.stepChange(false));
        document.getElementById("play").addEventListener("click", event => this.play(event.target));
        canvas.addEventListener("pointermove", event => {
            this.hovered = this.frameAt(event);
            tip(event, this.hovered === null ? null : this.describe(this.hovered));
            this.draw();
        });
        canvas.addEventListener("pointerleave", event => {
            this.hovered = null;
            tip(event, null);
            this.draw();
        });
        canvas.addEventListener("click", event => {
            const frame = this.frameAt(event);
            if (frame !== null)
                this.pin(frame);
        });
        canvas.addEventListener("keydown", event => {
            const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns }[event.key];
            if (by !== undefined) {
                event.preventDefault();
                const cell = this.cellOf(this.hovered ?? this.pinned ?? this.ranges[0].first);
                this.hovered = this.frameOf(Math.min(Math.max(cell + by, 0), this.cells - 1));
                this.draw();
                document.getElementById("page").replaceChildren(...this.describe(this.hovered).map(line => element("div", line)));
            } else if (event.key === "Enter" && this.hovered !== null) {
                this.pin(this.hovered);
            }
        });
    }

    // The SVM's life in ten seconds.
    play(button) {
        if (this.playing) {
            clearInterval(this.playing);
            this.playing = null;
            button.textContent = "play";
            return;
        }
        const slider = document.getElementById("moment");
        let step = Number(slider.value) >= Number(slider.max) - 1 ? 0 : Number(slider.value);
        button.textContent = "stop";
        this.playing = setInterval(() => {
            step += slider.max / 250;
            this.view.goTo(this.span[0] + Math.min(step / slider.max, 1) * (this.span[1] - this.span[0]));
            if (step >= slider.max)
                this.play(button);
        }, 40);
    }
}
