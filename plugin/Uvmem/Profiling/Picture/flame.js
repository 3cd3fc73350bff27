// A click on a frame widens it to the whole width, with its callers above; a click on the background shows all again. picture.svg#NAME begins with the first frame of that name.
(() => {
    const number = (frame, name) => Number(frame.dataset[name]);
    const fitting = (name, width) => {
        const fits = Math.floor((width - 7) / 6.5);
        return fits >= name.length ? name : fits >= 4 ? name.slice(0, fits - 1) + "\u2026" : "";
    };
    function label(frame, x, width) {
        let text = frame.querySelector("text");
        const words = fitting(frame.dataset.n, width);
        if (!text && words) {
            text = document.createElementNS("http://www.w3.org/2000/svg", "text");
            text.setAttribute("y", number(frame, "d") * 18 + 12.5);
            frame.append(text);
        }
        if (text) {
            text.setAttribute("x", x + 4);
            text.textContent = words;
        }
    }
    function show(section, left, part, depth) {
        const whole = Number(section.dataset.width);
        for (const frame of section.querySelectorAll(".f")) {
            const rect = frame.querySelector("rect");
            const above = number(frame, "d") < depth;
            const from = Math.max((number(frame, "x") - left) / part, 0);
            const to = Math.min((number(frame, "x") + number(frame, "w") - left) / part, 1);
            const width = (to - from) * whole;
            frame.style.display = width < 0.3 || (!above && number(frame, "w") > part * 1.000001) ? "none" : "";
            frame.classList.toggle("above", above);
            rect.setAttribute("x", from * whole);
            rect.setAttribute("width", Math.max(width - 0.5, 0.3));
            label(frame, from * whole, width);
        }
    }
    function widen(frame) {
        show(frame.closest(".section"), number(frame, "x"), number(frame, "w"), number(frame, "d"));
    }
    const paper = document.querySelector(".paper");
    for (const section of document.querySelectorAll(".section")) {
        paper.addEventListener("click", () => show(section, 0, 1, 0));
        section.addEventListener("click", event => {
            const frame = event.target.closest(".f");
            if (frame)
                widen(frame);
        });
    }
    const wanted = decodeURIComponent(location.hash.slice(1));
    const first = [...document.querySelectorAll(".f")].find(frame => frame.dataset.n === wanted);
    if (first)
        widen(first);
})();
