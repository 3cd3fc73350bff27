// Tables: a click on a head sorts, a click on a time goes there.
function makeTables(view) {
    for (const table of document.querySelectorAll("table")) {
        [...table.tHead.rows[0].cells].forEach((head, column) => {
            head.tabIndex = 0;
            const sort = () => sortBy(table, head, column);
            head.addEventListener("click", sort);
            head.addEventListener("keydown", event => { if (event.key === "Enter") sort(); });
        });
    }
    document.querySelectorAll(".moment[data-ticks]").forEach(button => button.addEventListener("click", () => {
        view.goTo(Number(button.dataset.ticks));
        document.getElementById("timeline-head").scrollIntoView({ behavior: "smooth" });
    }));
}

function sortBy(table, head, column) {
    const number = head.classList.contains("n"), down = head.ariaSort ? head.ariaSort === "ascending" : number;
    const value = row => {
        const text = row.cells[column].textContent;
        return number ? Number(text.replaceAll(",", "")) : text;
    };
    const rows = [...table.tBodies[0].rows].sort((a, b) => (value(a) > value(b) ? 1 : value(a) < value(b) ? -1 : 0) * (down ? -1 : 1));
    [...head.parentNode.cells].forEach(other => { other.ariaSort = null; });
    head.ariaSort = down ? "descending" : "ascending";
    table.tBodies[0].append(...rows);
}
