// Reads a record; RunRecorder.cs describes the format.
const Kind = { End: 0, Text: 1, Call: 2, Activity: 3, UltraCallBegun: 4, UltraCall: 5, ReverseCall: 6, Reflection: 7, Result: 8, Interrupt: 9, Injection: 10, PageState: 11, Violation: 12, Life: 13, Remark: 14, Slot: 15 };
const Frame = 65536;

class Bytes {
    constructor(bytes) { this.bytes = bytes; this.at = 0; }

    // Numbers above 2^53 are BigInt; only arguments of calls are so large.
    number() {
        const begin = this.at;
        let value = 0, scale = 1, next;
        do {
            next = this.bytes[this.at++];
            value += (next & 0x7f) * scale;
            scale *= 128;
        } while (next > 0x7f);
        if (value <= Number.MAX_SAFE_INTEGER)
            return value;
        let big = 0n;
        for (let n = this.at - 1; n >= begin; n--)
            big = (big << 7n) | BigInt(this.bytes[n] & 0x7f);
        return big;
    }

    signed() {
        const value = this.number();
        return value % 2 ? -(value + 1) / 2 : value / 2;
    }

    text() {
        const length = this.number();
        this.at += length;
        return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
    }
}

async function unpack(base64) {
    const packed = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
}

function readRecord(bytes) {
    const from = new Bytes(bytes);
    from.text();
    from.number();
    const list = () => Array.from({ length: from.number() }, () => from.text());
    const run = { second: from.number(), states: list(), activities: list(), svmStates: list(), answers: new Map(list().map(text => [parseInt(text), text])), cpus: new Map(), calls: [], svms: new Map(), violations: [], notes: [], end: 0, begin: null };
    const texts = [], calls = [], open = new Map();
    let ticks = 0, cpu = 0, lpid = 0, frame = 0;
    const svm = () => {
        if (!run.svms.has(lpid))
            run.svms.set(lpid, { lpid, lives: [], slots: [], changes: [], lanes: new Map() });
        return run.svms.get(lpid);
    };
    const stack = lane => {
        const key = lpid + ":" + lane;
        if (!open.has(key))
            open.set(key, []);
        return open.get(key);
    };
    const add = call => {
        call.number = run.calls.push(call) - 1;
        return call;
    };
    const readCall = kind => {
        const which = calls[from.number()], lane = from.number() - 1, caller = from.number();
        return { name: which.name, kind, cpu, lpid, lane, begin: ticks, end: ticks, result: null, depth: 0, caller: caller ? texts[caller - 1] : null, args: which.args.map(name => [name, from.number()]) };
    };
    const begin = kind => {
        const call = add(readCall(kind)), calls = stack(call.lane);
        call.depth = calls.length;
        call.end = null;
        calls.push(call);
    };
    const answer = (name, lane, result) => {
        const calls = stack(lane), call = calls[calls.length - 1];
        if (!call || call.name !== name)
            return false;
        calls.pop();
        call.end = ticks;
        call.result = result;
        return true;
    };
    for (;;) {
        const kind = from.bytes[from.at++];
        if (kind === Kind.Text) {
            texts.push(from.text());
            continue;
        }
        if (kind === Kind.Call) {
            const which = { hypercall: from.number(), code: from.number(), name: texts[from.number()], args: [] };
            for (let left = from.number(); left > 0; left--)
                which.args.push(texts[from.number()]);
            calls.push(which);
            continue;
        }
        cpu = from.number() - 1;
        ticks += from.signed();
        from.signed();
        lpid = from.number();
        run.begin ??= ticks;
        switch (kind) {
            case Kind.Activity: {
                if (!run.cpus.has(cpu))
                    run.cpus.set(cpu, { times: [], activities: [], lpids: [] });
                const one = run.cpus.get(cpu), activity = from.number(), last = one.times.length - 1;
                if (last >= 0 && one.activities[last] === activity && one.lpids[last] === lpid)
                    break;
                one.times.push(ticks);
                one.activities.push(activity);
                one.lpids.push(lpid);
                break;
            }
            case Kind.UltraCallBegun: begin("ultracall"); break;
            case Kind.ReverseCall: begin("reverse"); break;
            case Kind.Reflection: begin("hypercall"); break;
            case Kind.UltraCall: {
                const call = readCall("ultracall"), result = from.signed();
                if (!answer(call.name, call.lane, result)) {
                    add(call);
                    call.result = result;
                    call.depth = stack(call.lane).length;
                }
                break;
            }
            case Kind.Result: {
                const name = calls[from.number()].name, lane = from.number() - 1, result = from.signed();
                if (!answer(name, lane, result))
                    add({ name, kind: "hypercall", cpu, lpid, lane, begin: ticks, end: ticks, result, depth: 0, caller: null, args: [] });
                break;
            }
            case Kind.Interrupt:
            case Kind.Injection:
                from.number();
                break;
            case Kind.PageState:
                frame += from.signed();
                svm().changes.push({ ticks, frame, from: from.number(), to: from.number(), order: run.calls.length });
                break;
            case Kind.Violation: {
                const what = texts[from.number()], real = from.number(), instruction = from.number(), world = texts[from.number()], name = from.number();
                run.violations.push({ ticks, cpu, what, real, instruction, world, caller: name ? texts[name - 1] : null });
                break;
            }
            case Kind.Life: {
                const state = from.number(), text = texts[from.number()];
                svm().lives.push({ ticks, state: state - 1, text });
                if (state === 0) {
                    for (const [key, calls] of open) {
                        if (key.startsWith(lpid + ":"))
                            calls.splice(0).forEach(call => { call.end = ticks; });
                    }
                }
                break;
            }
            case Kind.Remark:
                run.notes.push({ ticks, lpid, text: texts[from.number()] });
                break;
            case Kind.Slot:
                svm().slots.push({ ticks, comes: from.number() === 1, id: from.number(), first: from.number(), count: from.number() });
                break;
            default:
                run.end = ticks;
                run.calls.forEach(call => { call.end ??= ticks; });
                return run;
        }
    }
}
