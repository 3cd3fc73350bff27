// What the parts of the page share: the span and the moment that are shown, colours, words.
class View {
    constructor(run) {
        this.run = run;
        this.whole = [run.begin, Math.max(run.end, run.begin + 1)];
        [this.from, this.to] = this.whole;
        const ends = [...run.svms.values()].flatMap(svm => svm.lives.map(life => life.ticks));
        this.at = ends.length ? Math.max(...ends) - 1 : run.end;
        this.selected = null;
        this.listeners = [];
        this.readAddress();
    }

    listen(listener) { this.listeners.push(listener); }

    changed(what) {
        this.listeners.forEach(listener => listener(what));
        clearTimeout(this.saving);
        this.saving = setTimeout(() => history.replaceState(null, "", this.address()), 300);
    }

    show(from, to) {
        const [first, last] = this.whole, length = Math.min(Math.max(to - from, 64), last - first);
        this.from = Math.min(Math.max(from, first), last - length);
        this.to = this.from + length;
        this.changed("span");
    }

    zoom(factor, around) {
        this.show(around - (around - this.from) * factor, around + (this.to - around) * factor);
    }

    move(share) {
        const by = (this.to - this.from) * share;
        this.show(this.from + by, this.to + by);
    }

    // Sets the moment; brings it into sight if it is not.
    goTo(ticks, selected) {
        this.at = Math.min(Math.max(ticks, this.whole[0]), this.whole[1]);
        this.selected = selected ?? null;
        const half = (this.to - this.from) / 2;
        if (this.at < this.from || this.at > this.to)
            this.show(this.at - half, this.at + half);
        this.changed("moment");
    }

    // The view is part of the page's address, so that a link leads back to it.
    readAddress() {
        const words = new URLSearchParams(location.hash.slice(1)), number = name => words.has(name) ? Number(words.get(name)) : null;
        if (number("from") !== null && number("to") > number("from"))
            this.show(number("from"), number("to"));
        if (number("at") !== null)
            this.at = number("at");
        this.page = number("page");
        if (number("call") !== null)
            this.selected = this.run.calls[number("call")] ?? null;
        if (words.has("theme"))
            document.documentElement.dataset.theme = words.get("theme");
    }

    address() {
        const words = new URLSearchParams({ from: Math.round(this.from), to: Math.round(this.to), at: Math.round(this.at) });
        if (this.page !== null)
            words.set("page", this.page);
        if (this.selected)
            words.set("call", this.selected.number);
        if (document.documentElement.dataset.theme)
            words.set("theme", document.documentElement.dataset.theme);
        return "#" + words;
    }

    answer(call) { return call.result === null ? "no answer" : `answer ${this.run.answers.get(call.result) ?? call.result}`; }

    time(ticks) { return (ticks / this.run.second).toFixed(6) + " s"; }

    length(ticks) {
        const seconds = ticks / this.run.second;
        const [scale, unit] = seconds >= 1 ? [1, "s"] : seconds >= 1e-3 ? [1e3, "ms"] : seconds >= 1e-6 ? [1e6, "µs"] : [1e9, "ns"];
        return `${(seconds * scale).toPrecision(3)} ${unit}`;
    }
}

function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim(); }

function commas(number) { return Math.round(number).toLocaleString("en-US"); }

function hex(number) { return "0x" + number.toString(16); }

const decimal = new Set(["lpid", "flags", "order", "slot", "count", "spr", "chip", "operation"]);

function callText(call) {
    const args = call.args.filter(([name]) => name !== "lpid").map(([name, value]) => `${name}=${decimal.has(name) ? value : hex(value)}`);
    return `${call.name}(${args.join(", ")})`;
}

function element(name, text, className) {
    const made = document.createElement(name);
    made.textContent = text;
    if (className)
        made.className = className;
    return made;
}

function legend(list, entries) {
    list.replaceChildren(...entries.map(([name, colourName, count]) => {
        const item = element("li", "", count === 0 ? "none" : "");
        const box = element("i", "");
        box.style.background = `var(--${colourName})`;
        item.append(box, name);
        if (count !== undefined)
            item.append(" ", element("b", commas(count)));
        return item;
    }));
}

// The first place in a sorted list whose value is above the given one.
function above(length, value, at) {
    let low = 0, high = length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (at(middle) > value)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

// A canvas for crisp lines on any screen; draws in CSS pixels.
function surface(canvas, height) {
    const scale = window.devicePixelRatio || 1, width = canvas.clientWidth - 2;
    canvas.style.height = height + 2 + "px";
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext("2d");
    context.scale(scale, scale);
    context.clearRect(0, 0, width, height);
    context.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    context.textBaseline = "middle";
    return { context, width, height };
}

function tip(event, lines) {
    const box = document.getElementById("tip");
    box.hidden = !lines;
    if (!lines)
        return;
    box.replaceChildren(element("b", lines[0]), ...lines.slice(1).map(line => element("div", line)));
    const room = box.getBoundingClientRect();
    box.style.left = Math.max(4, Math.min(event.clientX + 14, innerWidth - room.width - 8)) + "px";
    box.style.top = (event.clientY + 18 + room.height > innerHeight ? event.clientY - room.height - 12 : event.clientY + 18) + "px";
}
