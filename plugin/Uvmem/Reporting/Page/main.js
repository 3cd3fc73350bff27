// Light or dark: the reader's system decides until the button is used.
function currentTheme() { return document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"); }

async function main() {
    const run = readRecord(await unpack(document.getElementById("record").textContent.trim()));
    const view = new View(run);
    document.documentElement.dataset.theme = currentTheme();
    const timeline = new Timeline(view);
    if (!/\bfrom=/.test(location.hash))
        timeline.showSvms();
    if (view.selected)
        timeline.describeSelection(view.selected);
    const map = new PageMap(view);
    makeTables(view);
    document.getElementById("theme").addEventListener("click", () => {
        document.documentElement.dataset.theme = currentTheme() === "dark" ? "light" : "dark";
        view.changed("theme");
    });

    // For whoever waits for the page: what was read.
    Object.assign(document.documentElement.dataset, { ready: "yes", calls: run.calls.length, changes: [...run.svms.values()].reduce((sum, svm) => sum + svm.changes.length, 0), violations: run.violations.length, cells: map.cells ?? 0 });
}

main().catch(error => {
    const problem = document.getElementById("problem");
    problem.hidden = false;
    problem.textContent = `The record in this page can't be shown: ${error.message}`;
});
