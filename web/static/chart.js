// Charts: drawn from the tables beside them, which hold the numbers for whoever does not see a chart.
(() => {
  "use strict";
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const numbers = (table) => {
    const rows = [...table.tBodies[0].rows].reverse();
    return [...table.tHead.rows[0].cells].map((_, at) => rows.map((row) => Number(row.cells[at].dataset.value)));
  };

  const bars = (label, name, side) => ({
    label, stroke: colour(name), fill: colour(name), points: { show: false },
    paths: uPlot.paths.bars({ size: [0.38, 26], align: side, gap: 1, radius: 0.15 }),
  });

  const draw = (place) => {
    const table = document.getElementById(place.dataset.chart);
    const labels = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    const axis = { stroke: colour("--pico-muted-color"), font: "12px Inter, sans-serif", ticks: { show: false } };
    const grid = { stroke: colour("--pico-muted-border-color"), width: 1 };
    const day = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "short" });
    place.replaceChildren();
    place.classList.add("drawn");
    new uPlot({
      width: place.clientWidth, height: 220, legend: { show: false }, cursor: { show: false },
      scales: { x: { range: (_, first, last) => [first - 43200, last + 43200] }, y: { range: (_, least, most) => [0, Math.max(most, 4)] } },
      axes: [
        { ...axis, grid: { show: false }, space: 60, values: (_, moments) => moments.map((one) => day.format(one * 1000)) },
        { ...axis, grid, size: 56, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6] },
      ],
      series: [{}, bars(labels[1], "--pico-primary", -1), bars(labels[2], "--busy", 1)],
    }, numbers(table), place);
  };

  const all = () => document.querySelectorAll("[data-chart]").forEach(draw);
  all();
  let width = window.innerWidth;
  window.addEventListener("resize", () => { if (window.innerWidth !== width) { width = window.innerWidth; all(); } });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
})();
