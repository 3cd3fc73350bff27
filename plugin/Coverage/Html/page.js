// No character here that XML would have to escape: the pages are well-formed XML, too.
(function () {
  "use strict";
  var root = document.documentElement;
  function stored() { try { return localStorage.getItem("uvmem-theme"); } catch (e) { return null; } }
  function show(theme) { root.setAttribute("data-theme", theme); }
  show(stored() || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));

  document.addEventListener("DOMContentLoaded", function () {
    document.getElementById("theme").addEventListener("click", function () {
      var next = root.getAttribute("data-theme") === "dark" ? "light" : "dark";
      show(next);
      try { localStorage.setItem("uvmem-theme", next); } catch (e) { return; }
    });

    var rows = Array.from(document.querySelectorAll("table.code tr"));
    if (rows.length === 0) { return; }
    var buttons = Array.from(document.querySelectorAll("button[data-filter]"));
    var context = 3;
    var filter = "";

    function wanted(row) { return filter.split(" ").some(function (name) { return row.classList.contains(name); }); }

    function apply(name) {
      filter = name;
      buttons.forEach(function (button) { button.setAttribute("aria-pressed", String(button.dataset.filter === name)); });
      var keep = rows.map(function () { return name === ""; });
      if (name !== "") {
        rows.forEach(function (row, at) {
          if (!wanted(row)) { return; }
          rows.slice(Math.max(0, at - context), at + context + 1).forEach(function (_, n) { keep[Math.max(0, at - context) + n] = true; });
        });
      }
      rows.forEach(function (row, at) {
        row.classList.toggle("away", !keep[at]);
        row.classList.toggle("gap", name !== "" ? (keep[at] ? at !== 0 ? !keep[at - 1] : false : false) : false);
      });
      location.hash = "";
    }

    function step(by) {
      var marks = rows.filter(function (row) { return filter !== "" ? wanted(row) : row.classList.contains("miss") || row.classList.contains("part"); });
      if (marks.length === 0) { return; }
      var now = rows.indexOf(document.querySelector("tr.here"));
      var next = by === 1
        ? marks.find(function (row) { return Math.sign(rows.indexOf(row) - now) === 1; }) || marks[0]
        : marks.slice().reverse().find(function (row) { return Math.sign(now - rows.indexOf(row)) === 1; }) || marks[marks.length - 1];
      if (now !== -1) { rows[now].classList.remove("here"); }
      next.classList.add("here");
      next.scrollIntoView({ block: "center" });
    }

    buttons.forEach(function (button) { button.addEventListener("click", function () { apply(button.dataset.filter); }); });
    document.querySelectorAll("nav a, .map a").forEach(function (link) {
      link.addEventListener("click", function () { if (filter !== "") { apply(""); } });
    });
    document.getElementById("next").addEventListener("click", function () { step(1); });
    document.getElementById("previous").addEventListener("click", function () { step(-1); });
    document.addEventListener("keydown", function (e) {
      if (e.ctrlKey || e.metaKey || e.altKey) { return; }
      if (e.key === "n") { step(1); }
      if (e.key === "p") { step(-1); }
    });
  });
}());
